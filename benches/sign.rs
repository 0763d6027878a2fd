//! What signing every mail will cost (DKIM, RFC 6376; Ed25519 by RFC 8463).
//!
//! The product does not sign yet. What is measured is the arithmetic that no implementation is spared:
//! the relaxed form of a real brief, its SHA-256, and one signature over the header, by the
//! cryptography that is built in for TLS already. One core, no input, no output.

#[path = "support/known.rs"]
mod known;
#[path = "support/rate.rs"]
mod rate;
#[path = "support/relaxed.rs"]
mod relaxed;

use std::process::Command;

use back_office_brief::engine::deliver::cast::Recipient;
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::mould::Mould;
use known::Known;
use rate::measure;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};

/// Mails a second that signing must keep up with: 0.6 of what `smtp-source` does on two cores.
const NEEDED: f64 = 0.6 * 11_000.0;

fn main() {
    let message = message();
    println!("### Signing: what it will cost (the product does not sign yet)\n\n{}", rate::HEAD);
    let row = |what: &str, rate: rate::Rate, note: &str| println!("{}", rate.row(what, note));
    let octets = format!("{} octets", message.len());
    row("relaxed form and SHA-256 of a brief", measure(|| relaxed::hashes(&message)), &octets);
    let chance = SystemRandom::new();
    let key = Ed25519KeyPair::generate_pkcs8(&chance).expect("a key");
    let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).expect("our own key");
    let ed25519 = measure(|| key.sign(digest(&SHA256, &relaxed::hashes(&message)).as_ref()));
    row("the same and an Ed25519 signature", ed25519, &share(ed25519));
    let Some(key) = rsa_key() else {
        println!("\nSKIPPED: RSA-2048. The program `openssl`, which makes the key, is not here.\n");
        return;
    };
    let rsa = measure(|| {
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &chance, &relaxed::hashes(&message), &mut signature)
            .expect("a valid key");
        signature
    });
    row("the same and an RSA-2048 signature", rsa, &share(rsa));
    let both = 1.0 / (ed25519.per_second().recip() + rsa.per_second().recip());
    println!("\nBoth signatures on each mail: {both:.0} mails a second on one core.\n");
}

/// How many cores it takes to keep up.
fn share(rate: rate::Rate) -> String {
    format!("{:.2} cores at {NEEDED:.0} mails a second", NEEDED / rate.per_second())
}

/// One recipient's whole message.
fn message() -> Vec<u8> {
    let known = Known::new(12, 12);
    let composed = known.engine.compose_leader(known.facts()).expect("it composes");
    let mould = Mould::from_bytes(composed.body.mould).expect("what was made can be read");
    let domain = &known.engine.settings.mail.domain;
    let id = MessageId::of_delivery("019aaaaa-0000-7000-8000-000000000001", domain);
    let organization = Some(known.snapshot.organization.name.as_str());
    let to = Recipient {
        email: "leader-1@o1.s1.example",
        name: "Grace Hopper",
        organization,
        subscription: Some("019aaaaa-0000-7000-8000-000000000002"),
        iso_week: "2026-W48",
    };
    let mut message = Vec::new();
    let sender = known.engine.sender().expect("keys");
    sender.cast(&mould, to, id.expect("a row id"), &mut message).expect("a valid address");
    message
}

/// A key that is made for this run and kept nowhere.
fn rsa_key() -> Option<RsaKeyPair> {
    let made = Command::new("openssl")
        .args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        .args(["-outform", "DER"])
        .output()
        .ok()?;
    assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
    // Versions differ in the form they write.
    let key = RsaKeyPair::from_der(&made.stdout);
    Some(key.or_else(|_| RsaKeyPair::from_pkcs8(&made.stdout)).expect("PKCS#1 or PKCS#8"))
}
