//! TLS and logins: what is checked, and what never leaves in clear.

use std::io::Write;
use std::time::Duration;

use crate::smtp::{Act, At, Script, SmtpServer};
use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::mail::courier::Mailer;
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::envelope::Envelope;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::outcome::{CauseKind, Fault, Outcome, Stage};
use back_office_brief::mail::relay::{Relay, RelayOptions};
use tempfile::NamedTempFile;

fn options() -> RelayOptions {
    let quick = Duration::from_secs(2);
    RelayOptions {
        helo: Domain::parse("brief.example").ok(),
        timeouts: Timeouts { hello: quick, tls: quick, quit: quick, ..Timeouts::RFC_5321 },
    }
}

async fn send(url: &str) -> Outcome {
    let domain = Domain::parse("brief.example").expect("a domain");
    let envelope = Envelope::new(
        EmailAddress::parse("bounce@brief.example").expect("an address"),
        EmailAddress::parse("anna@client.example").expect("an address"),
        MessageId::of_delivery("d1", &domain).expect("an id"),
    );
    let mut courier = Relay::open(url, &options()).expect("a relay").courier();
    let outcome = courier.send(&envelope, b"Subject: x\r\n\r\nx\r\n").await;
    courier.close().await;
    outcome
}

fn file_with(pem: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(pem.as_bytes()).expect("written");
    file
}

fn stage_and_kind(outcome: &Outcome) -> (Stage, CauseKind) {
    match outcome {
        Outcome::NotSent { stage, cause } => (*stage, cause.kind),
        other => panic!("expected NotSent, got {other:?}"),
    }
}

#[tokio::test]
async fn implicit_tls_and_starttls_encrypt_and_carry_the_login() {
    for (scheme, tls, script) in [
        ("smtps", "", Script::new().with_implicit_tls()),
        ("smtp", "&tls=required", Script::new().with_start_tls()),
        ("smtp", "&tls=opportunistic", Script::new().with_start_tls()),
    ] {
        let server = SmtpServer::start(script.with_login("brief", "p@ss:w/rd")).await;
        let ca = file_with(&server.certificate);
        let url = format!(
            "{scheme}://brief:p%40ss%3Aw%2Frd@localhost:{}?ca_file={}{tls}",
            server.address.port(),
            ca.path().display()
        );
        let outcome = send(&url).await;
        assert_eq!(outcome.fault(), Fault::None, "{outcome:?}");
        let received = server.received();
        assert!(received[0].encrypted);
        assert_eq!(received[0].user.as_deref(), Some("brief"));
    }
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_stops_the_mail() {
    for (scheme, tls, script) in [
        ("smtps", "", Script::new().with_implicit_tls()),
        ("smtp", "?tls=required", Script::new().with_start_tls()),
        ("smtp", "?tls=opportunistic", Script::new().with_start_tls()),
    ] {
        let server = SmtpServer::start(script).await;
        let outcome = send(&format!("{scheme}://localhost:{}{tls}", server.address.port())).await;
        assert_eq!(stage_and_kind(&outcome), (Stage::Tls, CauseKind::Tls), "{outcome:?}");
        assert_eq!(outcome.fault(), Fault::Setup);
        assert_eq!(server.n_messages(), 0);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_stops_the_mail() {
    let server = SmtpServer::start(Script::new().with_implicit_tls()).await;
    let ca = file_with(&server.certificate);
    let url =
        format!("smtps://127.0.0.1:{}?ca_file={}", server.address.port(), ca.path().display());
    assert_eq!(stage_and_kind(&send(&url).await), (Stage::Tls, CauseKind::Tls));
}

#[tokio::test]
async fn required_tls_that_is_not_offered_stops_the_mail() {
    let server = SmtpServer::start(Script::new()).await;
    let outcome = send(&format!("{}?tls=required", server.url())).await;
    assert_eq!(stage_and_kind(&outcome), (Stage::StartTls, CauseKind::Setup));
    assert_eq!(outcome.fault(), Fault::Setup);
    let opportunistic = send(&format!("{}?tls=opportunistic", server.url())).await;
    assert_eq!(opportunistic.fault(), Fault::None, "{opportunistic:?}");
}

#[tokio::test]
async fn what_is_smuggled_in_behind_starttls_ends_the_conversation() {
    let smuggled = Act::reply("220 go\r\n250-evil\r\n250 AUTH PLAIN");
    let server =
        SmtpServer::start(Script::new().with_start_tls().at(At::StartTls, "", smuggled)).await;
    let ca = file_with(&server.certificate);
    let url = format!(
        "smtp://localhost:{}?tls=required&ca_file={}",
        server.address.port(),
        ca.path().display()
    );
    let outcome = send(&url).await;
    assert_eq!(stage_and_kind(&outcome), (Stage::StartTls, CauseKind::Protocol));
    assert_eq!(outcome.fault(), Fault::Setup);
}

#[tokio::test]
async fn logins_by_each_mechanism_and_a_wrong_one() {
    for auth in ["plain", "login", "xoauth2"] {
        let server = SmtpServer::start(Script::new().with_login("u", "secret")).await;
        let place = server.address;
        let good = send(&format!("smtp://u:secret@{place}?auth={auth}")).await;
        assert_eq!(good.fault(), Fault::None, "{auth} {good:?}");
        let bad = send(&format!("smtp://u:wrong@{place}?auth={auth}")).await;
        let Outcome::Refused { stage, permanent, reply } = &bad else { panic!("{bad:?}") };
        assert_eq!((*stage, *permanent, reply.code), (Stage::Auth, true, 535));
        assert_eq!(bad.fault(), Fault::Setup, "a wrong password is nobody's bounce");
        assert_eq!(server.n_messages(), 1);
    }
    let without = SmtpServer::start(Script::new()).await;
    let outcome = send(&format!("smtp://u:secret@{}", without.address)).await;
    assert_eq!(stage_and_kind(&outcome), (Stage::Auth, CauseKind::Setup));
}

#[test]
fn a_url_is_read_in_full_or_refused_with_what_to_write() {
    let open = |url: &str| Relay::open(url, &options()).map(|relay| relay.to_string());
    for (url, shown) in [
        ("file://var/outbox", "file://var/outbox"),
        ("file:///srv/out", "file:///srv/out"),
        ("smtp://localhost", "smtp://localhost:587"),
        ("smtp://[::1]:2525", "smtp://[::1]:2525"),
        ("smtps://relay.client.example/", "smtps://relay.client.example:465"),
        ("smtp://user:geheim@relay.client.example:2587", "smtp://relay.client.example:2587"),
        ("smtp://mailpit:1025?tls=none", "smtp://mailpit:1025"),
    ] {
        assert_eq!(open(url).as_deref(), Ok(shown));
        let relay = Relay::open(url, &options()).expect("checked above");
        assert!(!format!("{relay:?} {relay}").contains("geheim"), "a password is shown");
    }
    for (url, told) in [
        ("", "no scheme"),
        ("http://x", "no scheme"),
        ("file://", "no folder"),
        ("smtp://", "no host"),
        ("smtp://a b", "no host"),
        ("smtp://h:0", "port"),
        ("smtp://h:99999", "port"),
        ("smtp://[::1", "["),
        ("smtp://user@h", "without a password"),
        ("smtp://user:a%zz@h", "%25"),
        ("smtp://h?tls=yes", "\"tls\""),
        ("smtp://h?color=red", "\"color\""),
        ("smtp://h?auth=plain", "\"auth\""),
        ("smtp://h?tls=none&tls=none", "twice"),
        ("smtp://h?per_connection=0", "1 or more"),
        ("smtps://h?tls=none", "always has TLS"),
        ("smtp://u:geheim@relay.client.example?tls=none", "unencrypted"),
        ("smtps://h?ca_file=/nonexistent.pem", "/nonexistent.pem"),
    ] {
        let error = open(url).expect_err(url).to_owned().to_string();
        assert!(error.contains(told), "{url}: {error}");
        assert!(error.contains("relay.url"), "{url}: {error}");
        assert!(!error.contains("geheim"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_whose_time_is_over_stops_the_mail_for_everyone_and_says_why() {
    for (scheme, tls, script) in [
        ("smtps", "", Script::new().with_implicit_tls()),
        ("smtp", "&tls=required", Script::new().with_start_tls()),
    ] {
        let server = SmtpServer::start(script.with_expired_certificate()).await;
        let ca = file_with(&server.certificate);
        let (port, ca) = (server.address.port(), ca.path().display());
        let outcome = send(&format!("{scheme}://localhost:{port}?ca_file={ca}{tls}")).await;
        assert_eq!(stage_and_kind(&outcome), (Stage::Tls, CauseKind::Tls), "{outcome:?}");
        assert_eq!(outcome.fault(), Fault::Setup);
        let Outcome::NotSent { cause, .. } = outcome else { unreachable!("it was not sent") };
        assert!(cause.text.contains("expired"), "{cause}");
        assert_eq!(server.n_messages(), 0);
    }
}
