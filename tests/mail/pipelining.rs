//! Commands that leave together (RFC 2920): two round trips, and every reply still counts.

use std::time::Duration;

use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::{Courier, Mailer};
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{CauseKind, Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const MESSAGE: &[u8] = b"Subject: x\r\n\r\nfirst\r\n.dot\r\nlast\r\n";
const STUFFED: &str = "Subject: x\r\n\r\nfirst\r\n..dot\r\nlast\r\n.\r\n";
const GROUP: &str = "MAIL FROM:<bounce@brief.example>\r\nRCPT TO:<anna@client.example>\r\nDATA\r\n";

/// What a relay says next, after it has read what is named beside it.
enum Turn {
    /// Reads until exactly this has arrived, in one or many pieces; anything else is noted.
    Reads(&'static str),
    Says(&'static str),
    /// Says this octet by octet.
    Drips(&'static str),
    /// Waits for the client to close, and notes what came until then.
    Waits,
}
use Turn::{Drips, Reads, Says, Waits};

/// What the relay read beside the turns it was prepared for: empty when all went as planned.
struct Relayed {
    url: String,
    playing: JoinHandle<String>,
}

/// Plays one connection after the greeting and an EHLO answer that offers PIPELINING, and closes.
async fn play(turns: Vec<Turn>) -> Relayed {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let playing = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        drop(listener);
        stream.set_nodelay(true).expect("a socket");
        stream.write_all(b"220 hi\r\n").await.expect("written");
        let mut ehlo = [0; 64];
        assert_ne!(stream.read(&mut ehlo).await.expect("EHLO"), 0);
        stream.write_all(b"250-hi\r\n250 PIPELINING\r\n").await.expect("written");
        let mut surplus = String::new();
        for turn in turns {
            take(turn, &mut stream, &mut surplus).await;
        }
        surplus
    });
    Relayed { url, playing }
}

async fn take(turn: Turn, stream: &mut TcpStream, surplus: &mut String) {
    match turn {
        Reads(wanted) => {
            let mut read = vec![0; wanted.len()];
            stream.read_exact(&mut read).await.expect("what was wanted");
            assert_eq!(String::from_utf8_lossy(&read), wanted);
        }
        Says(line) => stream.write_all(line.as_bytes()).await.expect("written"),
        Drips(line) => {
            for octet in line.bytes() {
                stream.write_all(&[octet]).await.expect("written");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        Waits => {
            let mut rest = Vec::new();
            // A reset says the same as an end: the client has gone.
            let _ = stream.read_to_end(&mut rest).await;
            surplus.push_str(&String::from_utf8_lossy(&rest));
        }
    }
}

fn courier(url: &str, patience: Duration) -> Courier {
    let helo = Domain::parse("brief.example").ok();
    let options = RelayOptions { helo, timeouts: Timeouts::all(patience) };
    Relay::open(url, &options).expect("a relay").courier()
}

/// Sends one message; returns the outcome and what the relay read beyond what the script names.
async fn sent(turns: Vec<Turn>, patience: Duration) -> (Outcome, String) {
    let relayed = play(turns).await;
    let domain = Domain::parse("brief.example").expect("a domain");
    let envelope = Envelope::new(
        EmailAddress::parse("bounce@brief.example").expect("an address"),
        EmailAddress::parse("anna@client.example").expect("an address"),
        MessageId::of_delivery("0193-d1", &domain).expect("an id"),
    );
    let mut courier = courier(&relayed.url, patience);
    let outcome = courier.send(&envelope, MESSAGE).await;
    courier.close().await;
    drop(courier);
    (outcome, relayed.playing.await.expect("the relay saw what it was prepared for"))
}

const PATIENT: Duration = Duration::from_secs(20);
const IMPATIENT: Duration = Duration::from_millis(300);

fn refusal(outcome: &Outcome) -> (Stage, String) {
    match outcome {
        Outcome::Refused { stage, reply, .. } => (*stage, reply.to_string()),
        other => panic!("expected Refused, got {other:?}"),
    }
}

fn not_sent(outcome: &Outcome) -> (Stage, CauseKind) {
    match outcome {
        Outcome::NotSent { stage, cause } => (*stage, cause.kind),
        other => panic!("expected NotSent, got {other:?}"),
    }
}

#[tokio::test]
async fn three_commands_leave_before_the_first_answer_and_the_message_after_the_last() {
    let turns = vec![
        Reads(GROUP),
        Drips("250-2.1.0 ok\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n"),
        Reads(STUFFED),
        Says("250 2.0.0 queued\r\n"),
        Reads("QUIT\r\n"),
        Says("221 bye\r\n"),
        Waits,
    ];
    let (outcome, surplus) = sent(turns, PATIENT).await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    assert_eq!(surplus, "");
}

#[tokio::test]
async fn the_first_refusal_is_the_verdict_and_those_that_follow_from_it_are_not() {
    for (replies, stage, words) in [
        ("550 5.7.1 you\r\n503 5.5.1 no\r\n503 5.5.1 no\r\n", Stage::Mail, "550 5.7.1 you"),
        ("451 4.3.0 me\r\n250 2.1.5 ok\r\n503 5.5.1 no\r\n", Stage::Mail, "451 4.3.0 me"),
        ("250 ok\r\n550 5.1.1 gone\r\n554 5.5.1 no\r\n", Stage::Rcpt, "550 5.1.1 gone"),
        ("250 ok\r\n450 4.2.1 later\r\n503 5.5.1 no\r\n", Stage::Rcpt, "450 4.2.1 later"),
        ("250 ok\r\n250 ok\r\n451 4.3.0 disk\r\n", Stage::Data, "451 4.3.0 disk"),
    ] {
        let turns = vec![
            Reads(GROUP),
            Says(replies),
            Reads("RSET\r\n"),
            Says("250 2.0.0 forgotten\r\n"),
            Reads("QUIT\r\n"),
            Says("221 bye\r\n"),
        ];
        let (outcome, surplus) = sent(turns, PATIENT).await;
        assert_eq!(refusal(&outcome), (stage, words.to_owned()));
        assert_eq!(surplus, "", "nothing of the message follows a refusal");
    }
}

#[tokio::test]
async fn data_taken_after_a_refusal_gets_neither_message_nor_dot() {
    for (replies, stage) in [
        ("250 ok\r\n550 5.1.1 gone\r\n354 go\r\n", Stage::Rcpt),
        ("550 5.7.1 you\r\n250 ok\r\n354 go\r\n", Stage::Mail),
        ("550 5.7.1 you\r\n503 no\r\n354 go\r\n", Stage::Mail),
    ] {
        let (outcome, surplus) = sent(vec![Reads(GROUP), Says(replies), Waits], PATIENT).await;
        assert_eq!(refusal(&outcome).0, stage);
        assert_eq!(surplus, "", "a dot, or a QUIT taken for text, would be a message");
    }
}

#[tokio::test]
async fn an_end_between_the_answers_is_found_where_it_came() {
    for (replies, stage) in
        [("", Stage::Mail), ("250 ok\r\n", Stage::Rcpt), ("250 ok\r\n250 ok\r\n35", Stage::Data)]
    {
        let (outcome, _) = sent(vec![Reads(GROUP), Says(replies)], PATIENT).await;
        assert_eq!(not_sent(&outcome), (stage, CauseKind::Network), "{outcome:?}");
        let (outcome, _) = sent(vec![Reads(GROUP), Says(replies), Waits], IMPATIENT).await;
        assert_eq!(not_sent(&outcome), (stage, CauseKind::Timeout), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refusal_stands_though_the_relay_goes_or_falls_silent_after_it() {
    for replies in ["250 ok\r\n550 5.1.1 gone\r\n", "250 ok\r\n550 5.1.1 gone\r\n55"] {
        let (outcome, _) = sent(vec![Reads(GROUP), Says(replies)], PATIENT).await;
        assert_eq!(refusal(&outcome), (Stage::Rcpt, "550 5.1.1 gone".to_owned()));
        let (outcome, _) = sent(vec![Reads(GROUP), Says(replies), Waits], IMPATIENT).await;
        assert_eq!(refusal(&outcome), (Stage::Rcpt, "550 5.1.1 gone".to_owned()));
    }
}

#[tokio::test]
async fn a_relay_that_shuts_down_in_the_middle_is_the_relays_fault() {
    for (replies, stage) in [
        ("421 4.3.2 bye\r\n", Stage::Mail),
        ("250 ok\r\n421 4.3.2 bye\r\n", Stage::Rcpt),
        ("250 ok\r\n250 ok\r\n421 4.3.2 bye\r\n", Stage::Data),
    ] {
        let (outcome, _) = sent(vec![Reads(GROUP), Says(replies)], PATIENT).await;
        assert_eq!(refusal(&outcome), (stage, "421 4.3.2 bye".to_owned()));
        assert_eq!(outcome.fault(), Fault::Relay);
    }
}

#[tokio::test]
async fn answers_out_of_step_are_never_taken_for_acceptance() {
    for (replies, stage) in [
        ("354 go\r\n250 ok\r\n250 ok\r\n", Stage::Mail),
        ("250 ok\r\n354 go\r\n250 ok\r\n", Stage::Rcpt),
        ("250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n", Stage::Data),
        ("250 ok\r\nhello\r\n354 go\r\n", Stage::Rcpt),
    ] {
        let (outcome, surplus) = sent(vec![Reads(GROUP), Says(replies), Waits], PATIENT).await;
        assert_eq!(not_sent(&outcome), (stage, CauseKind::Protocol), "{outcome:?}");
        assert_eq!(surplus, "");
    }
}

#[tokio::test]
async fn an_answer_given_before_the_message_is_not_the_answer_to_it() {
    for early in
        ["250 ok\r\n250 ok\r\n354 go\r\n250 2.0.0 queued\r\n", "250 ok\r\n250 ok\r\n354 go\r\n25"]
    {
        let (outcome, surplus) = sent(vec![Reads(GROUP), Says(early), Waits], PATIENT).await;
        assert_eq!(not_sent(&outcome), (Stage::Message, CauseKind::Protocol), "{outcome:?}");
        assert_eq!(surplus, "", "the message did not leave");
    }
}

#[tokio::test]
async fn a_relay_gone_before_the_message_leaves_no_doubt() {
    let turns = vec![Reads(GROUP), Says("250 ok\r\n250 ok\r\n354 go\r\n421 4.3.2 bye\r\n")];
    let (outcome, _) = sent(turns, PATIENT).await;
    assert_eq!(not_sent(&outcome).0, Stage::Message, "{outcome:?}");
    assert_eq!(outcome.fault(), Fault::Relay);
}
