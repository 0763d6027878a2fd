//! The transport that writes files.

use std::fs;

use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::{Courier, Mailer};
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{CauseKind, Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};

fn courier(folder: &std::path::Path) -> Courier {
    let helo = Domain::parse("brief.example").ok();
    let options = RelayOptions { helo, timeouts: Timeouts::RFC_5321 };
    let url = format!("file://{}", folder.display());
    Relay::open(&url, &options).expect("a relay").courier()
}

fn envelope(delivery: &str) -> Envelope {
    let domain = Domain::parse("brief.example").expect("a domain");
    let address = EmailAddress::parse("anna@client.example").expect("an address");
    let id = MessageId::of_delivery(delivery, &domain).expect("an id");
    Envelope::new(address.clone(), address, id)
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn one_file_for_each_delivery_and_a_resend_replaces_it() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("var/outbox");
    let mut courier = courier(&folder);
    for (delivery, bytes) in [("d1", b"one".as_slice()), ("d2", b"two"), ("d1", b"one again")] {
        let outcome = courier.send(&envelope(delivery), bytes).await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    }
    assert_eq!(files(&folder), ["d1.eml", "d2.eml"]);
    assert_eq!(fs::read(folder.join("d1.eml")).expect("a file"), b"one again");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_and_nothing_was_sent() {
    let home = tempfile::tempdir().expect("a folder");
    let in_the_way = home.path().join("file");
    fs::write(&in_the_way, "").expect("written");
    // Nobody can make a folder at the second, not even root.
    for folder in [in_the_way.as_path(), std::path::Path::new("/proc/1/outbox")] {
        let outcome = courier(folder).send(&envelope("d1"), b"x").await;
        let Outcome::NotSent { stage, cause } = &outcome else { panic!("{outcome:?}") };
        assert_eq!((*stage, cause.kind), (Stage::File, CauseKind::File));
        assert!(cause.text.contains(&folder.display().to_string()), "{cause}");
        assert_eq!(outcome.fault(), Fault::Relay);
    }
}

#[tokio::test]
async fn a_half_written_message_is_never_left_behind() {
    let home = tempfile::tempdir().expect("a folder");
    // A folder stands where the file should: the write works, the rename cannot.
    fs::create_dir(home.path().join("d1.eml")).expect("a folder");
    fs::write(home.path().join("d1.eml/x"), "").expect("written");
    let outcome = courier(home.path()).send(&envelope("d1"), b"x").await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert_eq!(files(home.path()), ["d1.eml"], "no temporary file stays");
}
