//! `brief dkim` and what `brief doctor` says of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;

use crate::support::{Place, Ran};

const NOW: &str = "2026-11-23T06:00:00Z";

/// What follows a heading of the printed steps, up to the next.
fn step(printed: &str, number: usize) -> &str {
    let from = printed.find(&format!("\n{number}. ")).expect("the step") + 1;
    let rest = &printed[from..];
    &rest[..rest.find(&format!("\n{}. ", number + 1)).unwrap_or(rest.len())]
}

#[test]
fn keys_are_made_published_listed_and_shown_again() {
    let place = Place::new();
    let ran = place.run(&["dkim", "generate", "--now", NOW]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for kind in ["rsa", "ed25519"] {
        let file = place.path().join(format!("var/dkim/brief-202611-{kind}.pem"));
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{kind}");
        let secret = fs::read_to_string(&file).unwrap();
        assert!(secret.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{kind}");
        assert!(!ran.out.contains(secret.lines().nth(1).unwrap()), "no secret is printed");
    }
    let folder = fs::metadata(place.path().join("var/dkim")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    assert!(
        ran.out.contains("mail.from is not set: brief.example is a placeholder"),
        "{}",
        ran.out
    );

    let settings = step(&ran.out, 2).split_once("\n\n").unwrap().1;
    assert!(!settings.contains("domain"), "the sender's own goes without saying: {settings}");
    place.write("config/local.toml", settings);
    let shown = place.json(&["dkim", "show", "--json"]);
    let names: Vec<&str> =
        shown.as_array().unwrap().iter().map(|k| k["record"]["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "brief-202611-rsa._domainkey.brief.example",
            "brief-202611-ed25519._domainkey.brief.example"
        ]
    );
    for key in shown.as_array().unwrap() {
        assert_eq!(key["use"], "published", "it is published first");
        let value = key["record"]["value"].as_str().unwrap();
        assert!(DomainKey::parse(value.as_bytes()).is_ok(), "{value}");
        let strings = key["record"]["strings"].as_array().unwrap();
        let strings: Vec<&str> = strings.iter().map(|s| s.as_str().unwrap()).collect();
        assert!(strings.iter().all(|s| s.len() <= 255));
        assert_eq!(strings.concat(), value);
        let line = key["record"]["zone_line"].as_str().unwrap();
        assert!(step(&ran.out, 1).contains(&format!("Value      {value}\nZone file  {line}\n")));
    }
    let text = place.run(&["dkim", "show"]).out;
    assert!(text.contains("brief-202611-rsa: RSA-2048, use = \"published\", var/dkim/"), "{text}");
}

#[test]
fn a_key_file_is_never_written_over() {
    let place = Place::new();
    let args = ["dkim", "generate", "--selector", "s", "--algorithm", "ed25519", "--dir", "keys"];
    assert_eq!(place.run(&args).code, 0);
    let before = fs::read(place.path().join("keys/s.pem")).unwrap();
    let again = place.run(&args);
    assert_eq!(again.code, 1);
    assert_eq!(
        again.err,
        "error: keys/s.pem exists and is not written over; use another --selector, or --dir\n"
    );
    assert_eq!(fs::read(place.path().join("keys/s.pem")).unwrap(), before);
    place.write("keys/t-ed25519.pem", "something");
    let half = place.run(&["dkim", "generate", "--selector", "t", "--dir", "keys"]);
    assert_eq!(half.code, 1, "{half:?}");
    assert!(!place.path().join("keys/t-rsa.pem").exists(), "both or none");
    place.write("file", "in the way");
    let ran = place.run(&["dkim", "generate", "--algorithm", "ed25519", "--dir", "file"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("file cannot be made; name a folder that can be with --dir"),
        "{ran:?}"
    );
}

#[test]
fn one_key_has_the_selector_and_the_domain_that_are_given() {
    let place = Place::new();
    let args = ["dkim", "generate", "--selector", "Autumn", "--algorithm", "ed25519"];
    let made = place.json(&[&args[..], &["--domain", "mail.brief.example", "--json"]].concat());
    assert_eq!(made[0]["selector"], "autumn");
    assert_eq!(made[0]["record"]["name"], "autumn._domainkey.mail.brief.example");
    assert_eq!(made[0]["key"], "var/dkim/autumn.pem");
    let other = ["dkim", "generate", "--algorithm", "ed25519", "--domain", "mail.brief.example"];
    let printed = place.run(&other).out;
    assert!(step(&printed, 2).contains("\ndomain = \"mail.brief.example\"\n"), "{printed}");
    assert!(!printed.contains("placeholder"), "{printed}");
    for (flag, wrong, told) in [
        ("--selector", "a b", "it must be letters, digits and hyphens"),
        ("--domain", "localhost", "it must be a full domain name"),
        ("--algorithm", "dsa", "possible values: rsa, ed25519, both"),
    ] {
        let ran = place.run(&["dkim", "generate", flag, wrong]);
        assert_eq!(ran.code, 2, "{flag}");
        assert!(ran.err.contains(told), "{flag}: {}", ran.err);
    }
    let long = "a".repeat(60);
    let ran = place.run(&["dkim", "generate", "--selector", &long]);
    assert_eq!(ran.code, 1, "with its ending it is too long: {ran:?}");
    assert!(ran.err.contains("--selector") && ran.err.contains("63 at most"), "{}", ran.err);
}

#[test]
fn without_keys_there_is_nothing_to_show() {
    let ran = Place::new().run(&["dkim", "show"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("No key is configured: mail is not signed."), "{}", ran.out);
}

/// The line of `brief doctor` about signatures, with its advice.
fn diagnosis(place: &Place, variables: &[(&str, &str)]) -> (String, String) {
    let mut command = place.brief(&["doctor", "--json"]);
    for (name, value) in variables {
        command.env(name, value);
    }
    let ran = Ran::from(command.output().unwrap());
    let checks: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let own = checks.as_array().unwrap().iter().find(|check| check["check"] == "dkim").unwrap();
    (own["state"].as_str().unwrap().to_owned(), own.to_string())
}

#[test]
fn the_doctor_warns_of_unsigned_mail_that_leaves_the_machine() {
    let place = Place::new();
    assert_eq!(diagnosis(&place, &[]).0, "ok", "it stays here");
    // Nobody listens there: the check of the relay fails at once, this one does not ask it.
    let away = [
        ("BRIEF__RELAY__URL", "smtps://relay.invalid:1"),
        ("BRIEF__MAIL__FROM", "a@brief.example"),
        ("BRIEF__MAIL__REPLY_TO", "a@brief.example"),
        ("BRIEF__MAIL__POSTAL_ADDRESS", "1 Example Street"),
        ("BRIEF__MAIL__DOMAIN", "brief.example"),
        ("BRIEF__WEB__PUBLIC_URL", "https://brief.example"),
    ];
    let (state, text) = diagnosis(&place, &away);
    assert_eq!(state, "warn", "{text}");
    assert!(text.contains("brief dkim generate"), "{text}");
    assert_eq!(place.run(&["dkim", "generate", "--selector", "s"]).code, 0);
    let list = |entries: &str| format!("[{}]", entries.replace("KEY", "key = \"var/dkim/s"));
    let with = |entries: &str| {
        let list = list(entries);
        diagnosis(&place, &[&away[..], &[("BRIEF__MAIL__DKIM", list.as_str())]].concat())
    };
    let ed25519 = "{ selector = \"s-ed25519\", KEY-ed25519.pem\" }";
    let (state, text) = with(ed25519);
    assert_eq!(state, "warn", "{text}");
    assert!(text.contains("let an RSA key sign too"), "{text}");
    let (state, text) = with(&format!("{ed25519}, {{ selector = \"s-rsa\", KEY-rsa.pem\" }}"));
    assert_eq!(state, "ok", "{text}");
    assert!(
        text.contains(
            "every mail is signed: RSA-2048 as s-rsa at brief.example, Ed25519 as s-ed25519 at \
             brief.example"
        ),
        "{text}"
    );
    let (state, text) = with("{ selector = \"s\", KEY-rsa.pem\", use = \"published\" }");
    assert_eq!(state, "warn", "{text}");
    assert!(text.contains("mail is not signed; one more key is published"), "{text}");
}
