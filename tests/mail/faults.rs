//! A relay that is away, slow, half gone or hostile: no wait without end, and no wrong verdict.

use std::time::{Duration, Instant};

use crate::smtp::{Act, At, Script, SmtpServer};
use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::{Courier, Mailer};
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{CauseKind, Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

const MESSAGE: &[u8] = b"Subject: x\r\n\r\nx\r\n";

fn courier(url: &str, timeouts: Timeouts) -> Courier {
    let helo = Domain::parse("brief.example").ok();
    Relay::open(url, &RelayOptions { helo, timeouts }).expect("a relay").courier()
}

fn impatient() -> Timeouts {
    Timeouts::all(Duration::from_millis(400))
}

async fn send(courier: &mut Courier, message: &[u8]) -> Outcome {
    let domain = Domain::parse("brief.example").expect("a domain");
    let envelope = Envelope::new(
        EmailAddress::parse("bounce@brief.example").expect("an address"),
        EmailAddress::parse("anna@client.example").expect("an address"),
        MessageId::of_delivery("d1", &domain).expect("an id"),
    );
    courier.send(&envelope, message).await
}

fn not_sent(outcome: &Outcome) -> (Stage, CauseKind) {
    match outcome {
        Outcome::NotSent { stage, cause } => (*stage, cause.kind),
        other => panic!("expected NotSent, got {other:?}"),
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_the_relays_fault_and_says_so() {
    // RFC 6761 6.4: `invalid` leads nowhere, whatever the name servers.
    let url = "smtp://relay.invalid:25?tls=required";
    let patient = Timeouts::all(Duration::from_secs(20));
    let outcome = send(&mut courier(url, patient), MESSAGE).await;
    assert_eq!(not_sent(&outcome), (Stage::Connect, CauseKind::Network));
    assert_eq!(outcome.fault(), Fault::Relay);
    let Outcome::NotSent { cause, .. } = outcome else { unreachable!("it was not sent") };
    assert!(cause.text.contains("relay.invalid:25: its name leads to no address"), "{cause}");
    assert!(cause.text.contains("check the name servers"), "{cause}");
}

#[tokio::test]
async fn a_reply_without_end_is_waited_for_no_longer_than_a_late_one() {
    let stages = [
        (At::Greeting, Some(Stage::Greeting)),
        (At::Ehlo, Some(Stage::Ehlo)),
        (At::Mail, Some(Stage::Mail)),
        (At::Rcpt, Some(Stage::Rcpt)),
        (At::Data, Some(Stage::Data)),
        (At::Dot, None),
    ];
    let mut cases = tokio::task::JoinSet::new();
    for drip in ["250-again\r\n", "250 o"] {
        for (at, stage) in stages {
            cases.spawn(async move {
                let script = Script::new().at(at, "", Act::Drip(drip)).offering("PIPELINING");
                let server = SmtpServer::start(script).await;
                let began = Instant::now();
                let outcome = send(&mut courier(&server.url(), impatient()), MESSAGE).await;
                assert!(began.elapsed() < Duration::from_secs(8), "{at:?} {drip:?}");
                match stage {
                    Some(stage) => assert_eq!(not_sent(&outcome).0, stage, "{outcome:?}"),
                    None => assert_eq!(outcome.fault(), Fault::Uncertain, "{outcome:?}"),
                }
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn replies_of_any_length_use_no_more_memory_than_a_reply_has() {
    let flood = "250-all work and no play\r\n".repeat(20_000);
    for (at, stage) in [(At::Ehlo, Stage::Ehlo), (At::Mail, Stage::Mail), (At::Data, Stage::Data)] {
        let server = SmtpServer::start(Script::new().at(at, "", Act::reply(&flood))).await;
        let patient = Timeouts { quit: Duration::from_millis(50), ..Timeouts::RFC_5321 };
        let outcome = send(&mut courier(&server.url(), patient), MESSAGE).await;
        assert_eq!(not_sent(&outcome), (stage, CauseKind::Protocol), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_peer_that_falls_silent_while_tls_or_a_login_begins_is_given_up() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("smtps://{}", silent.local_addr().expect("an address"));
    let outcome = send(&mut courier(&url, impatient()), MESSAGE).await;
    assert_eq!(not_sent(&outcome), (Stage::Tls, CauseKind::Timeout));
    assert_eq!(outcome.fault(), Fault::Relay);

    let script = Script::new().with_start_tls().at(At::StartTls, "", Act::Hang);
    let server = SmtpServer::start(script).await;
    let url = format!("{}?tls=required", server.url());
    let outcome = send(&mut courier(&url, impatient()), MESSAGE).await;
    assert_eq!(not_sent(&outcome), (Stage::StartTls, CauseKind::Timeout));

    let script = Script::new().with_login("u", "p").at(At::Auth, "", Act::Hang);
    let server = SmtpServer::start(script).await;
    let url = format!("smtp://u:p@{}", server.address);
    let outcome = send(&mut courier(&url, impatient()), MESSAGE).await;
    assert_eq!(not_sent(&outcome), (Stage::Auth, CauseKind::Timeout));
    assert_eq!(outcome.fault(), Fault::Relay, "a login that was not answered is not a wrong one");
}

/// Takes a connection up to DATA with a small window, and then leaves it to the test.
async fn up_to_data(listener: &TcpListener) -> TcpStream {
    let (mut stream, _) = listener.accept().await.expect("a client");
    stream.set_nodelay(true).expect("a socket");
    stream.write_all(b"220 hi\r\n").await.expect("written");
    let mut buffer = [0; 1024];
    for reply in ["250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"] {
        assert_ne!(stream.read(&mut buffer).await.expect("a command"), 0);
        stream.write_all(reply.as_bytes()).await.expect("written");
    }
    stream
}

fn narrow_listener() -> TcpListener {
    listener(2048)
}

/// Takes so many octets, about, that nobody has read.
fn listener(window: u32) -> TcpListener {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(window).expect("a small window");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    socket.listen(1).expect("listening")
}

fn lines(n: usize) -> Vec<u8> {
    [[b'x'; 70].as_slice(), b"\r\n"].concat().repeat(n)
}

#[tokio::test]
async fn a_relay_that_takes_an_octet_at_a_time_is_given_up_and_has_no_message() {
    let listener = narrow_listener();
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let reading = tokio::spawn(async move {
        let mut stream = up_to_data(&listener).await;
        let mut octet = [0];
        let mut end = Vec::new();
        while stream.read_exact(&mut octet).await.is_ok() {
            end.push(octet[0]);
            if end.len() < 50 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        end.ends_with(b"\r\n.\r\n")
    });
    let timeouts = Timeouts { dot: Duration::from_secs(60), ..impatient() };
    let began = Instant::now();
    let outcome = send(&mut courier(&url, timeouts), &lines(200_000)).await;
    assert_eq!(not_sent(&outcome), (Stage::Message, CauseKind::Timeout));
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "the time for the dot is not for the message"
    );
    assert!(!reading.await.expect("no panic"), "the relay saw the end of a message not sent");
}

#[tokio::test]
async fn a_slow_relay_that_comes_to_an_end_has_the_message() {
    let listener = narrow_listener();
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let reading = tokio::spawn(async move {
        let mut stream = up_to_data(&listener).await;
        let mut all = Vec::new();
        let mut some = [0; 64 * 1024];
        while !all.ends_with(b"\r\n.\r\n") {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let n = stream.read(&mut some).await.expect("more");
            assert_ne!(n, 0, "the client went away");
            all.extend_from_slice(&some[..n]);
        }
        stream.write_all(b"250 at last\r\n").await.expect("written");
        all.len()
    });
    let patient = Timeouts { quit: Duration::from_millis(50), ..Timeouts::RFC_5321 };
    let outcome = send(&mut courier(&url, patient), &lines(10_000)).await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    assert_eq!(reading.await.expect("no panic"), lines(10_000).len() + 3);
}

#[tokio::test]
async fn the_time_to_answer_the_dot_begins_when_the_message_has_left() {
    let script = Script::new().at(At::Dot, "", Act::Slowly(format!("250 {}", "x".repeat(300))));
    let server = SmtpServer::start(script).await;
    let short = Duration::from_millis(100);
    let timeouts = Timeouts { block: short, dot: Duration::from_secs(30), ..impatient() };
    let timeouts =
        Timeouts { mail: timeouts.dot, rcpt: timeouts.dot, data: timeouts.dot, ..timeouts };
    let outcome = send(&mut courier(&server.url(), timeouts), MESSAGE).await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
}

#[tokio::test]
async fn a_relay_that_takes_a_part_of_the_message_each_time_is_slow_and_not_away() {
    let message = lines(400_000);
    let total = message.len() + ".\r\n".len();
    let listener = listener(256 << 10);
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let reading = tokio::spawn(async move {
        let mut stream = up_to_data(&listener).await;
        let mut some = vec![0; 2 << 20];
        let (mut left, mut part) = (total, 0);
        while left > 0 {
            // A part of it in each eighth of the time that a part may take.
            tokio::time::sleep(Duration::from_millis(120)).await;
            part = left.min(some.len());
            stream.read_exact(&mut some[..part]).await.expect("more");
            left -= part;
        }
        assert!(some[..part].ends_with(b"\r\n.\r\n"));
        stream.write_all(b"250 at last\r\n").await.expect("written");
    });
    let patient = Duration::from_secs(30);
    let block = Duration::from_secs(1);
    let timeouts = Timeouts { block, quit: Duration::from_millis(50), ..Timeouts::all(patient) };
    let began = Instant::now();
    let outcome = send(&mut courier(&url, timeouts), &message).await;
    assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    assert!(began.elapsed() > block, "it was too quick to show anything");
    reading.await.expect("no panic");
}

#[tokio::test]
async fn a_connection_that_is_reset_in_the_middle_of_a_message_has_no_message() {
    let listener = narrow_listener();
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    let reading = tokio::spawn(async move {
        let mut stream = up_to_data(&listener).await;
        stream.read_exact(&mut [0; 100]).await.expect("the beginning");
        // What is unread when the stream is dropped makes the system send a reset.
        tokio::time::sleep(Duration::from_millis(50)).await;
    });
    let outcome = send(&mut courier(&url, Timeouts::RFC_5321), &lines(200_000)).await;
    assert_eq!(not_sent(&outcome), (Stage::Message, CauseKind::Network), "{outcome:?}");
    assert_eq!(outcome.fault(), Fault::Relay);
    reading.await.expect("no panic");
}
