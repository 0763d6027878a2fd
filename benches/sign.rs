//! What signing every mail costs (DKIM, RFC 6376; Ed25519 by RFC 8463).
//!
//! First the limit: SHA-256 over a real brief as it is, and one signature over something of the length of
//! its header, by the cryptography alone. Then what the product does for each mail, on one core and on all of them
//! as a delivery does it. No input, no output.

#[path = "support/known.rs"]
mod known;
#[path = "support/rate.rs"]
mod rate;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use back_office_brief::clock::chance;
use back_office_brief::domain::address::Domain;
use back_office_brief::engine::deliver::cast::Recipient;
use back_office_brief::engine::links::WayOut;
use back_office_brief::mail::dkim::{Key, Selector, Signer, Usage, generate};
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::mould::Mould;
use jiff::Timestamp;
use known::Known;
use rate::measure;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};

/// Mails a second that signing must keep up with: 0.6 of what `smtp-source` does on two cores.
const NEEDED: f64 = 0.6 * 11_000.0;
/// Octets of the header fields that are signed, and of the signature's own field.
const HEADER: usize = 1_600;
/// Mails signed at once, as many as a relay has connections.
const CONNECTIONS: usize = 8;
/// Mails that each of them signs.
const MAILS: usize = 250;

fn main() {
    let message = message();
    let rsa = generate::rsa(&mut chance()).expect("a key");
    let ed25519 = generate::ed25519(&mut chance()).expect("a key");
    println!("### Signing\n\n{}", rate::HEAD);
    limit(&message, &rsa, &ed25519);
    let (rsa, ed25519) = (key(&rsa, "rsa"), key(&ed25519, "ed25519"));
    row("the product, Ed25519", &message, std::slice::from_ref(&ed25519));
    row("the product, RSA-2048", &message, std::slice::from_ref(&rsa));
    let keys = [rsa, ed25519];
    row("the product, both", &message, &keys);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rate = together(&message, &Signer::of(&keys));
    println!(
        "\nBoth signatures on {CONNECTIONS} connections: {rate:.0} mails a second on {cores} cores, \
         {:.2} of the {NEEDED:.0} that are wanted.\n",
        rate / NEEDED
    );
}

/// The arithmetic that no implementation is spared.
fn limit(message: &[u8], rsa: &SecretString, ed25519: &SecretString) {
    let der = |text: &SecretString| {
        PrivatePkcs8KeyDer::from_pem_slice(text.expose_secret().as_bytes()).expect("our own PEM")
    };
    let chance = SystemRandom::new();
    let octets = format!("{} octets", message.len());
    let hash = measure(|| digest(&SHA256, message));
    println!("{}", hash.row("limit: SHA-256 of a brief", &octets));
    let header = &message[..HEADER];
    let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der(ed25519).secret_pkcs8_der());
    let key = key.expect("our own key");
    let rate = measure(|| (digest(&SHA256, message), key.sign(digest(&SHA256, header).as_ref())));
    println!("{}", rate.row("limit: the same and an Ed25519 signature", &share(rate)));
    let key = RsaKeyPair::from_pkcs8(der(rsa).secret_pkcs8_der()).expect("our own key");
    let rate = measure(|| {
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PKCS1_SHA256, &chance, header, &mut signature).expect("a valid key");
        (digest(&SHA256, message), signature)
    });
    println!("{}", rate.row("limit: the same and an RSA-2048 signature", &share(rate)));
}

/// One row of what the product does, a copy of the message included.
fn row(what: &str, message: &[u8], keys: &[Key]) {
    let signer = Signer::of(keys);
    let rate = measure(|| {
        let mut own = message.to_vec();
        signer.sign(&mut own, Timestamp::UNIX_EPOCH).expect("it signs");
        own
    });
    println!("{}", rate.row(what, &share(rate)));
}

/// Mails a second when several connections sign at once.
fn together(message: &[u8], signer: &Signer) -> f64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let begun = Instant::now();
    runtime.block_on(async {
        let connections: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let (signer, message) = (signer.clone(), message.to_vec());
                tokio::spawn(async move {
                    for _ in 0..MAILS {
                        let own = message.clone();
                        signer.sign_apart(own, Timestamp::UNIX_EPOCH).await.expect("it signs");
                    }
                })
            })
            .collect();
        for connection in connections {
            connection.await.expect("it ends");
        }
    });
    let mails = u32::try_from(CONNECTIONS * MAILS).expect("a small number");
    f64::from(mails) / begun.elapsed().as_secs_f64()
}

/// How many cores it takes to keep up.
fn share(rate: rate::Rate) -> String {
    format!("{:.2} cores at {NEEDED:.0} mails a second", NEEDED / rate.per_second())
}

/// A key as the product reads it; its file is gone again.
fn key(text: &SecretString, selector: &str) -> Key {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("key.pem");
    fs::write(&file, text.expose_secret()).expect("it can be written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let selector = Selector::parse(selector).expect("a selector");
    let domain = Domain::parse("brief.example").expect("a domain");
    Key::read(&file, selector, domain, Usage::Sign).expect("our own key")
}

/// One recipient's whole message.
fn message() -> Vec<u8> {
    let known = Known::new(12, 12);
    let composed = known.engine.compose_leader(known.facts(), None).expect("it composes");
    let mould = Mould::from_bytes(composed.body.mould).expect("what was made can be read");
    let domain = &known.engine.settings.mail.domain;
    let id = MessageId::of_delivery("019aaaaa-0000-7000-8000-000000000001", domain);
    let organization = Some(known.snapshot.organization.name.as_str());
    let to = Recipient {
        email: "leader-1@o1.s1.example",
        name: "Grace Hopper",
        organization,
        way_out: WayOut::Subscription("019aaaaa-0000-7000-8000-000000000002"),
        iso_week: "2026-W48",
    };
    let mut message = Vec::new();
    let sender = known.engine.sender().expect("keys");
    sender.cast(&mould, to, id.expect("a row id"), &mut message).expect("a valid address");
    message
}
