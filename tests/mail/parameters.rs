//! What a relay is told beside the addresses: only what it offered to understand.

use std::time::Duration;

use crate::smtp::{Act, At, Script, SmtpServer};
use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::Mailer;
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};

const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.a line\r\n";
const DELIVERY: &str = "019a5b1e-7c00-7000-8000-0000000000d1";

async fn sent(script: Script, to: &str) -> (Outcome, Vec<String>) {
    let server = SmtpServer::start(script).await;
    let timeouts = Timeouts::all(Duration::from_secs(20));
    let helo = Domain::parse("brief.example").expect("a domain");
    let envelope = Envelope::new(
        EmailAddress::parse("bounce@brief.example").expect("an address"),
        EmailAddress::parse(to).expect("an address"),
        MessageId::of_delivery(DELIVERY, &helo).expect("an id"),
    );
    let options = RelayOptions { helo: Some(helo), timeouts };
    let mut courier = Relay::open(&server.url(), &options).expect("a relay").courier();
    let outcome = courier.send(&envelope, MESSAGE).await;
    courier.close().await;
    let mut commands = server.commands();
    commands.retain(|line| line.starts_with("MAIL") || line.starts_with("RCPT"));
    (outcome, commands)
}

#[tokio::test]
async fn nothing_is_said_that_was_not_offered() {
    let (outcome, commands) = sent(Script::new(), "anna+x@client.example").await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    let bare = ["MAIL FROM:<bounce@brief.example>", "RCPT TO:<anna+x@client.example>"];
    assert_eq!(commands, bare);
}

#[tokio::test]
async fn a_report_is_asked_for_that_names_the_delivery_and_the_address() {
    for script in [Script::new(), Script::new().offering("PIPELINING")] {
        let (outcome, commands) = sent(script.offering("DSN"), "an+na=x@client.example").await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
        let mail = format!("MAIL FROM:<bounce@brief.example> RET=HDRS ENVID={DELIVERY}");
        let rcpt = "RCPT TO:<an+na=x@client.example> NOTIFY=FAILURE,DELAY \
                    ORCPT=rfc822;an+2Bna+3Dx@client.example";
        assert_eq!(commands, [mail, rcpt.to_owned()]);
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_is_not_called_an_rfc_822_address() {
    let script = Script::new().offering("DSN").offering("SMTPUTF8");
    let (outcome, commands) = sent(script, "jörg@client.example").await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    assert_eq!(commands[1], "RCPT TO:<jörg@client.example> NOTIFY=FAILURE,DELAY");
}

#[tokio::test]
async fn the_size_is_declared_and_one_above_the_limit_never_leaves() {
    let length = MESSAGE.len();
    for offer in ["SIZE".to_owned(), "SIZE 0".to_owned(), format!("SIZE {length}")] {
        let (outcome, commands) = sent(Script::new().offering(&offer), "a@client.example").await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
        assert_eq!(commands[0], format!("MAIL FROM:<bounce@brief.example> SIZE={length}"));
    }
    let script = Script::new().offering(&format!("SIZE {}", length - 1));
    let (outcome, commands) = sent(script, "a@client.example").await;
    assert_eq!(outcome.fault(), Fault::Recipient);
    let Outcome::Refused { permanent: true, reply, .. } = outcome else { panic!("{outcome:?}") };
    let words =
        format!("552 5.3.4 the message has {length} octets, the relay takes {}", length - 1);
    assert_eq!(reply.to_string(), words);
    assert!(commands.is_empty(), "{commands:?}");
}

#[tokio::test]
async fn a_relay_that_finds_one_message_too_large_is_not_a_fault_of_the_settings() {
    let script = Script::new().at(At::Mail, "", Act::reply("552 5.3.4 too big"));
    let (outcome, _) = sent(script, "a@client.example").await;
    let Outcome::Refused { stage, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!((*stage, outcome.fault()), (Stage::Mail, Fault::Recipient));
}
