//! `brief doctor` and `brief migrate` on whole and broken installations.

use serde_json::Value;

use crate::support::{Place, Ran};

fn state<'a>(checks: &'a Value, name: &str) -> &'a str {
    let found = checks.as_array().unwrap().iter().find(|check| check["check"] == name);
    found.unwrap_or_else(|| panic!("{name} in {checks}"))["state"].as_str().unwrap()
}

#[test]
fn a_fresh_directory_is_sound_but_keeps_its_mail() {
    let place = Place::new();
    let checks = place.json(&["doctor", "--json"]);
    assert_eq!(state(&checks, "configuration"), "warn");
    assert_eq!(state(&checks, "database"), "warn");
    assert_eq!(state(&checks, "relay"), "ok");
    assert!(!place.path().join("var/brief.db").exists(), "doctor only looks");
}

#[test]
fn the_schema_is_made_once() {
    let place = Place::new();
    let check = place.run(&["migrate", "--check"]);
    assert_eq!(check.code, 1, "{check:?}");
    let applied = place.run(&["migrate"]).out;
    assert!(applied.starts_with("Migrations applied: init, "), "{applied}");
    assert_eq!(place.run(&["migrate"]).out, "The schema is up to date.\n");
    assert_eq!(place.run(&["migrate", "--check"]).code, 0);
    let checks = place.json(&["doctor", "--json"]);
    assert_eq!(state(&checks, "database"), "ok");
    assert_eq!(state(&checks, "time zones"), "ok");
    assert!(!place.path().join("var/brief.db-wal").exists(), "the log is folded in");
}

#[test]
fn what_is_broken_is_a_failure_with_advice() {
    let place = Place::new();
    place.write("file", "in the way");
    let ran = Ran::from(
        place
            .brief(&["doctor"])
            .env("BRIEF__RELAY__URL", "file://file/outbox")
            .env("BRIEF__DATABASE__URL", "sqlite://file")
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("FAIL  relay"), "{}", ran.out);
    assert!(ran.out.contains("make the directory writable"), "{}", ran.out);
    assert!(ran.out.contains("FAIL  database"), "{}", ran.out);
}

#[test]
fn a_relay_that_does_not_answer_is_named_without_its_password() {
    let place = Place::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("smtp://brief:hunter2@127.0.0.1:{port}");
    let output = place.brief(&["doctor"]).env("BRIEF__RELAY__URL", &url).output().unwrap();
    let ran = Ran::from(output);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("FAIL  relay") && ran.out.contains("127.0.0.1"), "{}", ran.out);
    assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
}

#[test]
fn a_mailbox_for_what_comes_back_is_looked_into() {
    let place = Place::new();
    let of = |name: &str, value: &str| {
        let output = place.brief(&["doctor", "--json"]).env(name, value).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let missing = of("BRIEF__BOUNCE__MAILDIR", "bounces");
    assert_eq!(state(&missing, "bounces"), "fail");
    assert!(missing.to_string().contains("bounces/new cannot be listed"), "{missing}");
    std::fs::create_dir_all(place.path().join("bounces/new")).unwrap();
    place.write("bounces/new/1", "unread");
    assert_eq!(state(&of("BRIEF__BOUNCE__MAILDIR", "bounces"), "bounces"), "ok");
    assert!(place.path().join("bounces/new/1").exists(), "doctor only looks");

    let server = imap_server();
    let url = format!("imap://b:secret@127.0.0.1:{server}/Bounces");
    assert_eq!(state(&of("BRIEF__BOUNCE__IMAP_URL", &url), "bounces"), "ok");
    let refused = of("BRIEF__BOUNCE__IMAP_URL", &url.replace("secret", "hunter2"));
    assert_eq!(state(&refused, "bounces"), "fail");
    assert!(!refused.to_string().contains("hunter2"), "{refused}");
}

/// The port of a server that lets `b` in with `secret`.
fn imap_server() -> u16 {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut answers = stream.unwrap();
            answers.write_all(b"* OK ready\r\n").unwrap();
            for line in BufReader::new(answers.try_clone().unwrap()).lines() {
                let Ok(line) = line else { break };
                let tag = line.split(' ').next().unwrap_or_default();
                let is_refused = line.contains("LOGIN") && !line.contains("\"secret\"");
                let data = match line.contains("SELECT") {
                    true => "* 0 EXISTS\r\n* FLAGS ()\r\n",
                    false if line.contains("CAPABILITY") => "* CAPABILITY IMAP4rev1\r\n",
                    false => "",
                };
                let end = if is_refused { "NO wrong" } else { "OK done" };
                if answers.write_all(format!("{data}{tag} {end}\r\n").as_bytes()).is_err() {
                    break;
                }
            }
        }
    });
    port
}

#[test]
fn a_configuration_that_cannot_be_used_is_a_finding_too() {
    let place = Place::new();
    place.write("config/local.toml", "[relay]\nconections = 1\n[mail]\nfrom = 3\n");
    let ran = place.run(&["doctor", "--json"]);
    assert_eq!(ran.code, 1);
    let checks: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(state(&checks, "configuration"), "fail");
    assert!(checks[0]["found"].as_str().unwrap().contains("relay.conections"));
}
