//! Mails as they leave: the weekly run and a test mail, both by the real binary.

use std::fs;
use std::path::Path;

use crate::receiver::{Zone, judge};
use crate::support::Place;

const RECORDED: &str = "2026-11-16T15:00:00Z";
const MONDAY: &str = "2026-11-23T14:00:00Z";

const ORGANIZATIONS: &str = "\
external_id,name,currency,time_zone
northfield,Northfield,USD,America/Chicago
";
const GAPS: &str = "\
external_id,organization,area,category,severity,title,owner,opened_on,status
G1,northfield,billing,no_source,4,Two price lists disagree,D. Ruiz,2026-11-02,open
";

/// A place whose mail is signed with two new keys, and the zone with their records.
fn signing_place() -> (Place, Zone) {
    let place = Place::new();
    let made = place.json(&["dkim", "generate", "--selector", "s", "--json"]);
    let zone = Zone::default();
    let mut settings = String::new();
    for key in made.as_array().unwrap() {
        let text = |name: &str| key[name].as_str().unwrap();
        settings.push_str(&format!(
            "[[mail.dkim]]\nselector = \"{}\"\nkey = \"{}\"\n",
            text("selector"),
            text("key")
        ));
        let record = |name: &str| key["record"][name].as_str().unwrap();
        zone.publish(record("name"), record("value"));
    }
    place.write("config/local.toml", &settings);
    place.write("data/organizations.csv", ORGANIZATIONS);
    place.write("data/gaps.csv", GAPS);
    let ran = place.run(&["import", "data", "--now", RECORDED]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (place, zone)
}

fn mails(folder: &Path) -> Vec<Vec<u8>> {
    let mut files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "eml"));
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn assert_signed(message: &[u8], zone: &Zone) {
    let judged = judge(message, zone);
    let algorithms: Vec<&str> = judged.iter().map(|j| j.algorithm).collect();
    assert_eq!(algorithms, ["rsa-sha256", "ed25519-sha256"]);
    assert!(judged.iter().all(|j| j.passes && j.domain == "brief.example"), "{judged:?}");
}

#[test]
fn every_brief_of_a_run_is_signed() {
    let (place, zone) = signing_place();
    for reader in ["coo", "cfo", "ceo"] {
        let address = format!("{reader}@northfield.example");
        let add = ["subscriptions", "add", &address, "--organization", "northfield", "--confirmed"];
        let ran = place.run(&[&add[..], &["--now", RECORDED]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let ran = place.run(&["run", "--once", "--now", MONDAY]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let mails = mails(&place.path().join("var/outbox"));
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        assert_signed(mail, &zone);
        let times: Vec<u64> = judge(mail, &zone).iter().map(|judged| judged.time).collect();
        assert_eq!(times, [1_795_442_400; 2], "the run's own time, in seconds");
    }
}

#[test]
fn a_test_mail_is_signed_and_a_preview_is_not() {
    let (place, zone) = signing_place();
    let send = ["send-test", "northfield", "--to", "me@client.example", "--now", MONDAY];
    let ran = place.run(&send);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mails = mails(&place.path().join("var/outbox"));
    assert_eq!(mails.len(), 1);
    assert_signed(&mails[0], &zone);
    let preview = place.run(&["preview", "northfield", "--now", MONDAY, "--format", "eml"]);
    assert_eq!(preview.code, 0, "{}", preview.err);
    assert!(preview.out.contains("Subject: ") && !preview.out.contains("DKIM-Signature"));
}
