//! What providers call with: who is believed, and what is read of it.

use back_office_brief::mail::inbound::webhook::ses::{Envelope, Told};
use back_office_brief::mail::inbound::webhook::{Call, Refusal, mailgun, postmark, sendgrid};
use back_office_brief::mail::inbound::{Clue, Inbound};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use ring::{digest, hmac};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::samples::{DELIVERY, TOKEN, ours};

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:brief-bounces";
const CERTIFICATE: &[u8] = include_bytes!("../data/hooks/sns.pem");

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/hooks/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect(name)
}

/// What it means, the code, and how the delivery is found.
fn told(events: &[Inbound]) -> Vec<(String, String, &'static str)> {
    events
        .iter()
        .map(|event| {
            let finding = event.finding(Some("anna@client.example"));
            let status = finding.status.map(|status| status.to_string()).unwrap_or_default();
            let clue = match event.clues.first() {
                Some(Clue::Token(token)) if token == TOKEN => "token",
                Some(Clue::Delivery(id)) if id == DELIVERY => "id",
                Some(_) => "?",
                None => "",
            };
            (finding.meaning.to_string(), status, clue)
        })
        .collect()
}

fn one(meaning: &str, status: &str, clue: &'static str) -> Vec<(String, String, &'static str)> {
    vec![(meaning.to_owned(), status.to_owned(), clue)]
}

fn base64(octets: &[u8]) -> String {
    const SYMBOLS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in octets.chunks(3) {
        let held = three.iter().fold(0_u32, |all, o| (all << 8) | u32::from(*o))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            let symbol = SYMBOLS[(held >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= three.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

fn ses(name: &str) -> Result<Told, Refusal> {
    Envelope::read(&file(name), Some(TOPIC))?.verify(CERTIFICATE, &ours())
}

#[test]
fn ses_is_believed_with_the_signature_of_sns_in_both_versions() {
    for (name, meaning, status) in [
        ("sns-bounce.json", "hard", "5.1.1"),
        ("sns-bounce-version-1.json", "hard", "5.1.1"),
        ("sns-full.json", "soft", "4.2.2"),
        ("sns-complaint.json", "complaint", ""),
    ] {
        let Ok(Told::Events(events)) = ses(name) else { panic!("{name}") };
        assert_eq!(told(&events), one(meaning, status, "token"), "{name}");
    }
    for name in ["sns-delivery.json", "sns-greeting.json"] {
        assert_eq!(ses(name), Ok(Told::Events(Vec::new())), "{name}");
    }
    let Ok(Told::Confirm(url)) = ses("sns-confirmation.json") else { panic!("no question") };
    assert_eq!(url.host_str(), Some("sns.eu-central-1.amazonaws.com"));
    assert_eq!(
        ses("sns-confirmation-elsewhere.json"),
        Err(Refusal::Forged),
        "signed, and elsewhere"
    );
}

#[test]
fn ses_is_refused_when_anything_signed_was_changed() {
    let envelope: Value = serde_json::from_slice(&file("sns-bounce.json")).unwrap();
    let read = |value: &Value, topic: Option<&str>| {
        Envelope::read(value.to_string().as_bytes(), topic)?.verify(CERTIFICATE, &ours())
    };
    assert!(read(&envelope, Some(TOPIC)).is_ok());
    assert_eq!(read(&envelope, None).unwrap_err(), Refusal::NotConfigured);
    assert_eq!(read(&envelope, Some("arn:aws:sns:eu-central-1:1:x")).unwrap_err(), Refusal::Forged);
    for (field, value) in [
        ("Message", "{}"),
        ("MessageId", "x"),
        ("Timestamp", "2026-11-24T13:00:04.000Z"),
        ("Type", "UnsubscribeConfirmation"),
        ("Type", "Other"),
        ("Subject", "added"),
        ("Signature", "AAAA"),
        ("Signature", "no base64!"),
        ("SignatureVersion", "1"),
        ("SignatureVersion", "3"),
    ] {
        let mut changed = envelope.clone();
        changed[field] = json!(value);
        assert_eq!(read(&changed, Some(TOPIC)).unwrap_err(), Refusal::Forged, "{field} {value}");
    }
    assert_eq!(read(&json!({}), Some(TOPIC)).unwrap_err(), Refusal::Malformed);
    let mut elsewhere = envelope.clone();
    elsewhere["SigningCertURL"] = json!("https://attacker.example/x.pem");
    let envelope = Envelope::read(elsewhere.to_string().as_bytes(), Some(TOPIC)).unwrap();
    assert_eq!(envelope.certificate(), Err(Refusal::Forged));
    let own = rcgen::generate_simple_self_signed(vec!["x.example".to_owned()]).unwrap().cert.pem();
    let envelope = Envelope::read(&file("sns-bounce.json"), Some(TOPIC)).unwrap();
    for certificate in
        [own.as_bytes(), b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        assert_eq!(envelope.verify(certificate, &ours()), Err(Refusal::Forged));
    }
}

/// A body that SendGrid signed, and the headers beside it.
struct Signed {
    key: sendgrid::PublicKey,
    signature: String,
    body: Vec<u8>,
}

fn signed(body: &Value) -> Signed {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
    // SubjectPublicKeyInfo of a P-256 key is this head and the point (RFC 5480 2).
    let head = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    let info = [&head[..], pair.public_key().as_ref()].concat();
    let body = body.to_string().into_bytes();
    let signature = pair.sign(&random, &[b"1795438804", &body[..]].concat()).unwrap();
    let key = sendgrid::PublicKey::parse(&base64(&info)).expect("a key");
    Signed { key, signature: base64(signature.as_ref()), body }
}

impl Signed {
    fn read(&self, at: &str, body: &[u8]) -> Result<Vec<Inbound>, Refusal> {
        let header = |name: &str| match name {
            "x-twilio-email-event-webhook-signature" => Some(self.signature.clone()),
            "x-twilio-email-event-webhook-timestamp" => Some(at.to_owned()),
            _ => None,
        };
        sendgrid::read(&Call { header: &header, body }, Some(&self.key), &ours())
    }
}

#[test]
fn sendgrid_is_believed_with_its_signature_and_every_event_is_read() {
    let id = format!("<{DELIVERY}@brief.example>");
    let event = |event: &str, more: Value| {
        let mut value = json!({ "email": "anna@client.example", "smtp-id": id, "event": event,
            "timestamp": 1_795_438_804, "sg_event_id": format!("{event}-{more}") });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let body = json!([
        event(
            "bounce",
            json!({ "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user" })
        ),
        event("bounce", json!({ "type": "blocked", "reason": "blocked" })),
        event("deferred", json!({ "status": "4.2.2", "reason": "452 4.2.2 full" })),
        event("dropped", json!({ "reason": "Bounced Address" })),
        event("dropped", json!({ "reason": "Unsubscribed Address" })),
        event("spamreport", json!({})),
        event("open", json!({})),
        json!("nonsense"),
    ]);
    let signed = signed(&body);
    let events = signed.read("1795438804", &signed.body).unwrap();
    let read: Vec<_> =
        told(&events).into_iter().map(|(meaning, _, clue)| (meaning, clue)).collect();
    let expected = ["hard", "sender", "delayed", "hard", "complaint"].map(|m| (m.to_owned(), "id"));
    assert_eq!(read, expected);
    let mut digests: Vec<_> = events.iter().map(|event| &event.digest).collect();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 5, "each event counts by itself");
    assert_eq!(signed.read("1795438805", &signed.body).unwrap_err(), Refusal::Forged);
    assert_eq!(signed.read("1795438804", b"[]").unwrap_err(), Refusal::Forged);
    let none = |_: &str| None;
    let call = Call { header: &none, body: &signed.body };
    assert_eq!(sendgrid::read(&call, Some(&signed.key), &ours()).unwrap_err(), Refusal::Forged);
    assert_eq!(sendgrid::read(&call, None, &ours()).unwrap_err(), Refusal::NotConfigured);
    for key in ["", "AAAA", "no base64", &base64(&[0x30; 91])] {
        assert!(sendgrid::PublicKey::parse(key).is_none(), "{key}");
    }
}

#[test]
fn mailgun_is_believed_with_its_signature_and_a_token_counts_once() {
    let key = SecretString::from("key-0123456789abcdef");
    let sign = |at: &str, token: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key-0123456789abcdef");
        let tag = hmac::sign(&key, format!("{at}{token}").as_bytes());
        tag.as_ref().iter().map(|octet| format!("{octet:02x}")).collect::<String>()
    };
    let body = |token: &str, signature: &str, data: Value| {
        let signature =
            json!({ "timestamp": "1795438804", "token": token, "signature": signature });
        json!({ "signature": signature, "event-data": data }).to_string().into_bytes()
    };
    let data = |event: &str, severity: &str, code: u16, message: &str| {
        json!({ "event": event, "severity": severity, "reason": "bounce", "recipient": "anna@client.example",
            "delivery-status": { "code": code, "message": message },
            "envelope": { "sender": format!("b+{TOKEN}@brief.example") },
            "message": { "headers": { "message-id": format!("{DELIVERY}@brief.example") } } })
    };
    let none = |_: &str| None;
    let read = |body: &[u8]| mailgun::read(&Call { header: &none, body }, Some(&key), &ours());
    let good = sign("1795438804", "t1");
    let hard =
        read(&body("t1", &good, data("failed", "permanent", 550, "5.1.1 no such user"))).unwrap();
    assert_eq!(told(&hard), one("hard", "5.1.1", "token"));
    let again = read(&body("t1", &good, data("complained", "", 0, ""))).unwrap();
    assert_eq!(told(&again), one("complaint", "", "token"));
    assert_eq!(
        again[0].digest, hard[0].digest,
        "the signature does not cover the event: it counts once"
    );
    let later = read(&body("t1", &good, data("failed", "temporary", 452, "4.2.2 full"))).unwrap();
    assert_eq!(told(&later), one("delayed", "4.2.2", "token"));
    assert_eq!(read(&body("t1", &good, data("opened", "", 0, ""))).unwrap(), []);
    let event = || data("failed", "permanent", 550, "no");
    for (token, signature) in
        [("t2", good.as_str()), ("t1", ""), ("t1", "zz"), ("", &sign("1795438804", ""))]
    {
        assert_eq!(read(&body(token, signature, event())).unwrap_err(), Refusal::Forged, "{token}");
    }
    assert_eq!(read(b"{}").unwrap_err(), Refusal::Forged);
    assert_eq!(read(b"nonsense").unwrap_err(), Refusal::Malformed);
    let call = Call { header: &none, body: &body("t1", &good, event()) };
    assert_eq!(mailgun::read(&call, None, &ours()).unwrap_err(), Refusal::NotConfigured);
}

#[test]
fn postmark_is_believed_with_its_password() {
    let login = SecretString::from("postmark:0123456789abcdef");
    let read = |body: &Value, authorization: Option<&str>| {
        let header =
            |name: &str| authorization.filter(|_| name == "authorization").map(str::to_owned);
        let body = body.to_string().into_bytes();
        postmark::read(&Call { header: &header, body: &body }, Some(&login), &ours())
    };
    let good = format!("Basic {}", base64(b"postmark:0123456789abcdef"));
    let bounce = |kind: &str, details: &str| {
        json!({ "RecordType": "Bounce", "ID": 4_323_372_036_854_775_807_u64, "Type": kind,
            "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Email": "anna@client.example",
            "From": "brief@brief.example", "Details": details,
            "Content": format!("Return-Path: <>\r\n\r\nMessage-ID: <{DELIVERY}@brief.example>\r\n") })
    };
    for (kind, details, meaning, status) in [
        ("HardBounce", "smtp;550 5.1.1 The email account does not exist", "hard", "5.1.1"),
        ("SoftBounce", "smtp;552 5.2.2 mailbox full", "soft", "5.2.2"),
        ("Transient", "", "soft", "4.0.0"),
        ("Blocked", "smtp;554 5.7.1 blocked", "sender", "5.7.1"),
        ("SpamNotification", "", "sender", "5.7.0"),
    ] {
        let events = read(&bounce(kind, details), Some(&good)).unwrap();
        assert_eq!(told(&events), one(meaning, status, "id"), "{kind}");
    }
    let mut complaint = bounce("SpamComplaint", "");
    complaint["RecordType"] = json!("SpamComplaint");
    assert_eq!(told(&read(&complaint, Some(&good)).unwrap()), one("complaint", "", "id"));
    assert_eq!(told(&read(&bounce("AutoResponder", ""), Some(&good)).unwrap())[0].0, "auto_reply");
    assert_eq!(read(&json!({ "RecordType": "Delivery" }), Some(&good)).unwrap(), []);
    let wrong = format!("Basic {}", base64(b"postmark:0123456789abcdeg"));
    for authorization in
        [None, Some(wrong.as_str()), Some("Basic !"), Some("Bearer x"), Some("Basic ")]
    {
        let refused = read(&bounce("HardBounce", ""), authorization).unwrap_err();
        assert_eq!(refused, Refusal::Forged, "{authorization:?}");
    }
}

#[test]
fn no_body_that_is_signed_makes_it_panic() {
    let digest = digest::digest(&digest::SHA256, b"seed");
    let noise: Vec<Value> = digest.as_ref().iter().map(|octet| json!(octet)).collect();
    let odd = [
        json!({}),
        json!({ "event": noise }),
        json!({ "event": "bounce", "reason": 5, "status": [] }),
        json!(null),
    ];
    let signed = signed(&json!(odd));
    assert!(signed.read("1795438804", &signed.body).is_ok());
}
