//! What a sender learns from a relay that behaves, misbehaves, or is silent, at each stage.

use std::time::Duration;

use crate::smtp::{Act, At, Script, SmtpServer};
use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::{Courier, Mailer};
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{CauseKind, Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};

const MESSAGE: &[u8] = b"Subject: x\r\n\r\nfirst\r\n.dot\r\n..two\r\nlast\r\n";

fn relay_with(url: &str, patience: Duration) -> Relay {
    let timeouts = Timeouts::all(patience);
    let helo = Domain::parse("brief.example").ok();
    Relay::open(url, &RelayOptions { helo, timeouts }).expect("a relay")
}

/// Waits longer than any busy machine needs, so that only a fault makes it give up.
fn relay(url: &str) -> Relay {
    relay_with(url, Duration::from_secs(20))
}

/// For servers that are silent: no test waits for an RFC's minutes.
fn impatient(url: &str) -> Relay {
    relay_with(url, Duration::from_millis(400))
}

fn to(address: &str) -> Envelope {
    let domain = Domain::parse("brief.example").expect("a domain");
    Envelope::new(
        EmailAddress::parse("bounce@brief.example").expect("an address"),
        EmailAddress::parse(address).expect("an address"),
        MessageId::of_delivery("0193-d1", &domain).expect("an id"),
    )
}

async fn send(courier: &mut Courier, address: &str) -> Outcome {
    courier.send(&to(address), MESSAGE).await
}

/// Sends one message to a server that does `act` at `at`, then one to a server that behaves again;
/// once to a relay that takes commands one by one and once to one that takes them together, which
/// must not make a difference.
async fn once(at: At, act: Act) -> Outcome {
    let one_by_one = once_with(Script::new(), at, act.clone()).await;
    let together = once_with(Script::new().offering("PIPELINING"), at, act.clone()).await;
    assert_eq!(one_by_one, together, "{at:?} {act:?}");
    one_by_one
}

async fn once_with(script: Script, at: At, act: Act) -> Outcome {
    let is_silent = matches!(act, Act::Hang);
    let server = SmtpServer::start(script.at(at, "", act)).await;
    let url = server.url();
    let relay = if is_silent { impatient(&url) } else { relay(&url) };
    let mut courier = relay.courier();
    let outcome = send(&mut courier, "anna@client.example").await;
    server.now_plays(Script::new());
    let next = send(&mut courier, "bert@client.example").await;
    assert_eq!(next.fault(), Fault::None, "the next message suffers from the last: {next:?}");
    let last = server.received().pop().expect("the next message arrived");
    assert_eq!(last.to, "bert@client.example");
    assert_eq!(last.bytes, MESSAGE);
    outcome
}

fn not_sent(outcome: &Outcome) -> (Stage, CauseKind) {
    match outcome {
        Outcome::NotSent { stage, cause } => (*stage, cause.kind),
        other => panic!("expected NotSent, got {other:?}"),
    }
}

fn refused(outcome: &Outcome) -> (Stage, bool, String) {
    match outcome {
        Outcome::Refused { stage, permanent, reply } => (*stage, *permanent, reply.to_string()),
        other => panic!("expected Refused, got {other:?}"),
    }
}

const EVERY_STAGE: [(At, Stage); 6] = [
    (At::Greeting, Stage::Greeting),
    (At::Ehlo, Stage::Ehlo),
    (At::Mail, Stage::Mail),
    (At::Rcpt, Stage::Rcpt),
    (At::Data, Stage::Data),
    (At::Dot, Stage::Message),
];

#[tokio::test]
async fn an_accepted_message_arrives_octet_for_octet_with_the_relays_words() {
    let server = SmtpServer::start(Script::new()).await;
    let mut courier = relay(&server.url()).courier();
    let outcome = send(&mut courier, "anna@client.example").await;
    let Outcome::Accepted { reply } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply.to_string(), "250 2.0.0 queued as 1");
    let received = server.received();
    assert_eq!(received[0].bytes, MESSAGE, "dots at line starts and the last line end are kept");
    assert_eq!(received[0].from, "bounce@brief.example");
    assert_eq!(received[0].to, "anna@client.example");
    assert_eq!(received[0].parameters, "");
    assert!(!received[0].encrypted);
}

#[tokio::test]
async fn one_connection_carries_many_messages_and_is_renewed_at_its_cap() {
    let server = SmtpServer::start(Script::new()).await;
    let mut courier = relay(&format!("{}?per_connection=3", server.url())).courier();
    for n in 0..7 {
        let outcome = send(&mut courier, &format!("r{n}@client.example")).await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
    }
    courier.close().await;
    assert_eq!(server.n_messages(), 7);
    assert_eq!(server.n_connections(), 3);
    let quits = server.commands().iter().filter(|line| *line == "QUIT").count();
    assert_eq!(quits, 3, "every connection is ended with QUIT");
}

#[tokio::test]
async fn a_refusal_keeps_its_stage_code_and_words() {
    for (at, stage) in EVERY_STAGE {
        for (line, permanent, words) in [
            ("450 4.2.1 come back later", false, "450 4.2.1 come back later"),
            ("550-5.1.1 no such\r\n550 5.1.1 person here", true, "550 5.1.1 no such person here"),
            ("554 no", true, "554 no"),
        ] {
            let outcome = once(at, Act::reply(line)).await;
            assert_eq!(refused(&outcome), (stage, permanent, words.to_owned()));
        }
    }
}

#[tokio::test]
async fn silence_before_the_end_of_the_message_means_not_sent_and_after_it_unknown() {
    for (at, stage) in EVERY_STAGE {
        let outcome = once(at, Act::Hang).await;
        if at == At::Dot {
            let Outcome::Unknown { cause } = outcome else { panic!("{outcome:?}") };
            assert_eq!(cause.kind, CauseKind::Timeout);
        } else {
            assert_eq!(not_sent(&outcome), (stage, CauseKind::Timeout));
        }
    }
}

#[tokio::test]
async fn a_closed_connection_means_not_sent_before_the_dot_and_unknown_after_it() {
    for (at, stage) in EVERY_STAGE {
        let outcome = once(at, Act::Close).await;
        if at == At::Dot {
            let Outcome::Unknown { cause } = outcome else { panic!("{outcome:?}") };
            assert_eq!(cause.kind, CauseKind::Network);
        } else {
            assert_eq!(not_sent(&outcome), (stage, CauseKind::Network));
        }
    }
}

#[tokio::test]
async fn garbage_is_never_taken_for_an_answer() {
    for garbage in ["hello there", "99 x", "\u{1}\u{2}", "250-one\r\n251 two", "2500 x"] {
        for (at, stage) in EVERY_STAGE {
            let outcome = once(at, Act::reply(garbage)).await;
            if at == At::Dot {
                assert_eq!(outcome.fault(), Fault::Uncertain, "{garbage:?} {outcome:?}");
            } else {
                assert_eq!(not_sent(&outcome).0, stage, "{garbage:?}");
                assert_eq!(not_sent(&outcome).1, CauseKind::Protocol, "{garbage:?} {outcome:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_out_of_order_is_not_acceptance() {
    let data = once(At::Data, Act::reply("250 ok")).await;
    assert_eq!(not_sent(&data), (Stage::Data, CauseKind::Protocol));
    let rcpt = once(At::Rcpt, Act::reply("354 go")).await;
    assert_eq!(not_sent(&rcpt), (Stage::Rcpt, CauseKind::Protocol));
    let dot = once(At::Dot, Act::reply("354 go")).await;
    assert_eq!(dot.fault(), Fault::Uncertain);
    let greeting = once(At::Greeting, Act::reply("250 hi")).await;
    assert_eq!(not_sent(&greeting), (Stage::Greeting, CauseKind::Protocol));
}

#[tokio::test]
async fn slow_many_lined_bare_and_latin_1_answers_are_understood() {
    for (at, line) in [
        (At::Greeting, "220-welcome\r\n220 to us"),
        (At::Mail, "250-2.1.0 one\r\n250-2.1.0 two\r\n250 2.1.0 three"),
        (At::Dot, "250 2.0.0 queued"),
    ] {
        let outcome = once(at, Act::Slowly(line.to_owned())).await;
        assert_eq!(outcome.fault(), Fault::None, "{at:?} {outcome:?}");
    }
    for (at, bare) in
        [(At::Greeting, "220"), (At::Rcpt, "250"), (At::Data, "354"), (At::Dot, "250")]
    {
        let outcome = once(at, Act::reply(bare)).await;
        assert_eq!(outcome.fault(), Fault::None, "{at:?} {outcome:?}");
    }
    for (at, code) in [(At::Greeting, 220), (At::Rcpt, 250), (At::Data, 354), (At::Dot, 250)] {
        let long = format!("{code} {}", "x".repeat(5000));
        let outcome = once(at, Act::reply(long)).await;
        assert_eq!(outcome.fault(), Fault::None, "{at:?} {outcome:?}");
        let outcome = once(at, Act::reply(format!("{code} no carriage return\n"))).await;
        assert_eq!(outcome.fault(), Fault::None, "{at:?} {outcome:?}");
    }
    let outcome = once(At::Dot, Act::reply(b"250 2.0.0 angenommen, sch\xf6n")).await;
    let Outcome::Accepted { reply } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply.text, "angenommen, sch?n");
}

#[tokio::test]
async fn each_recipient_gets_the_answer_meant_for_it() {
    let script = Script::new()
        .at(At::Rcpt, "gone@", Act::reply("550 5.1.1 gone"))
        .at(At::Dot, "full@", Act::reply("452 4.2.2 full"))
        .at(At::Dot, "lost@", Act::Close);
    let server = SmtpServer::start(script).await;
    let mut courier = relay(&server.url()).courier();
    let mut faults = Vec::new();
    for who in [
        "a@x.example",
        "gone@x.example",
        "b@x.example",
        "full@x.example",
        "lost@x.example",
        "c@x.example",
    ] {
        faults.push(send(&mut courier, who).await.fault());
    }
    use Fault::{None, Recipient, Uncertain};
    assert_eq!(faults, [None, Recipient, None, Recipient, Uncertain, None]);
    let arrived: Vec<String> = server.received().into_iter().map(|message| message.to).collect();
    let wanted = ["a@x.example", "b@x.example", "full@x.example", "lost@x.example", "c@x.example"];
    assert_eq!(arrived, wanted);
    assert_eq!(server.n_connections(), 2, "only the one in doubt costs a connection");
}

#[tokio::test]
async fn a_refusal_costs_no_connection_but_many_of_them_do() {
    for script in [Script::new(), Script::new().offering("PIPELINING")] {
        let script = script.at(At::Rcpt, "gone", Act::reply("550 5.1.1 gone"));
        let server = SmtpServer::start(script).await;
        let mut courier = relay(&server.url()).courier();
        for n in 0..9 {
            let outcome = send(&mut courier, &format!("gone{n}@x.example")).await;
            assert_eq!(refused(&outcome), (Stage::Rcpt, true, "550 5.1.1 gone".to_owned()));
            let outcome = send(&mut courier, &format!("r{n}@x.example")).await;
            assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
        }
        assert_eq!((server.n_messages(), server.n_connections()), (9, 3), "four to each");
    }
}

#[tokio::test]
async fn a_connection_that_the_relay_closed_while_idle_costs_nothing() {
    for stale in [Act::Close, Act::reply("421 4.4.2 idle too long")] {
        let server = SmtpServer::start(Script::new()).await;
        let mut courier = relay(&server.url()).courier();
        assert_eq!(send(&mut courier, "a@x.example").await.fault(), Fault::None);
        server.now_plays(Script::new().times(1, At::Mail, "", stale));
        let outcome = send(&mut courier, "b@x.example").await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
        assert_eq!((server.n_messages(), server.n_connections()), (2, 2));
    }
}

#[tokio::test]
async fn a_send_that_was_dropped_half_way_leaves_no_reply_behind() {
    let server = SmtpServer::start(Script::new().times(1, At::Dot, "slow@", Act::Hang)).await;
    let mut courier = relay(&server.url()).courier();
    assert_eq!(send(&mut courier, "a@x.example").await.fault(), Fault::None);
    let arrived = async {
        while server.n_messages() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        outcome = send(&mut courier, "slow@x.example") => panic!("still waiting: {outcome:?}"),
        () = arrived => {}
    }
    let outcome = send(&mut courier, "b@x.example").await;
    let Outcome::Accepted { reply } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply.to_string(), "250 2.0.0 queued as 3", "its own answer, not an earlier one");
}

#[tokio::test]
async fn nobody_listening_is_the_relays_fault_and_not_sent() {
    let server = SmtpServer::start(Script::new()).await;
    let url = server.url();
    drop(server);
    tokio::task::yield_now().await;
    let outcome = send(&mut relay(&url).courier(), "a@x.example").await;
    assert_eq!(not_sent(&outcome), (Stage::Connect, CauseKind::Network));
    assert_eq!(outcome.fault(), Fault::Relay);
}

#[tokio::test]
async fn a_large_message_that_stops_in_the_middle_was_not_sent() {
    // The server reads nothing after 354, so the message cannot all leave this machine.
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.expect("a client");
        stream.write_all(b"220 hi\r\n").await.expect("written");
        let mut buffer = [0; 1024];
        for reply in ["250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"] {
            let n = stream.read(&mut buffer).await.expect("a command");
            assert_ne!(n, 0);
            stream.write_all(reply.as_bytes()).await.expect("written");
        }
        std::future::pending::<()>().await;
    });
    let mut courier = impatient(&format!("smtp://{address}")).courier();
    let line = [b'x'; 70].as_slice();
    let large = [line, b"\r\n"].concat().repeat(400_000);
    let outcome = courier.send(&to("a@x.example"), &large).await;
    assert_eq!(not_sent(&outcome), (Stage::Message, CauseKind::Timeout));
    server.abort();
}

#[tokio::test]
async fn an_address_that_needs_smtputf8_fails_cleanly_where_it_is_not_offered() {
    let server = SmtpServer::start(Script::new()).await;
    let mut courier = relay(&server.url()).courier();
    let outcome = send(&mut courier, "jörg@client.example").await;
    assert!(refused(&outcome).1);
    assert!(refused(&outcome).2.starts_with("553 5.6.7 "), "{outcome:?}");
    assert_eq!(outcome.fault(), Fault::Recipient);
    assert!(!server.commands().iter().any(|line| line.starts_with("MAIL")));

    let server = SmtpServer::start(Script::new().offering("SMTPUTF8")).await;
    let mut courier = relay(&server.url()).courier();
    assert_eq!(send(&mut courier, "jörg@client.example").await.fault(), Fault::None);
    assert_eq!(server.received()[0].to, "jörg@client.example");
    assert_eq!(server.received()[0].parameters, "SMTPUTF8");
}

/// Whoever has other things to do learns soon that nothing was sent, however patient the endpoint is.
#[tokio::test]
async fn a_hasty_sender_is_never_in_doubt_about_what_did_not_begin() {
    let haste = Duration::from_millis(300);
    for at in [At::Greeting, At::Ehlo, At::Mail, At::Rcpt, At::Data] {
        for script in [Script::new(), Script::new().offering("PIPELINING")] {
            let server = SmtpServer::start(script.at(at, "", Act::Hang)).await;
            let outcome =
                send(&mut relay(&server.url()).hasty_courier(haste), "ann@client.example").await;
            assert!(matches!(outcome, Outcome::NotSent { .. }), "{at:?}: {outcome:?}");
            assert_eq!(outcome.fault(), Fault::Relay);
        }
    }
    // What has begun is waited for.
    let slow = Act::Slowly("250 2.0.0 taken, after a while of thinking about it".to_owned());
    let server = SmtpServer::start(Script::new().at(At::Dot, "", slow)).await;
    let sent = send(&mut relay(&server.url()).hasty_courier(haste), "ann@client.example").await;
    assert!(matches!(sent, Outcome::Accepted { .. }), "{sent:?}");
}
