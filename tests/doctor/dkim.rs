//! DKIM keys (RFC 6376 3.6.1, RFC 8301, RFC 8463).

use back_office_brief::mail::authentication::answers::{Found, Known, Missing, Record};
use back_office_brief::mail::authentication::dkim::{Expected, findings};
use back_office_brief::mail::authentication::finding::Level;

use crate::support::{doctor, keys, zone};

/// The doctor's report on another key record.
fn with(record: &str) -> crate::support::Report {
    let line = format!("brief2026._domainkey.northfield.example TXT {record}");
    doctor(&zone(&["_domainkey"], &line))
}

#[test]
fn the_length_of_a_key_is_told() {
    let of = |bits: usize| with(&format!("v=DKIM1; k=rsa; p={}", keys::rsa(bits)));
    of(512).has("dkim", "fail", "an RSA key of 512 bits, which receivers refuse");
    of(1024).has("dkim", "warn", "an RSA key of 1024 bits");
    of(2048).has("dkim", "ok", "an RSA key of 2048 bits");
    of(4096).has("dkim", "ok", "an RSA key of 4096 bits");
    of(8192).has("dkim", "warn", "which not every receiver can use");
}

#[test]
fn an_ed25519_key_has_32_octets() {
    with("k=ed25519; p=ppA6e9sRHPNEmQ23CbMOuthy0H9Rg4B4KFbw1wuErxg=").has(
        "dkim",
        "ok",
        "holds an Ed25519 key",
    );
    with("k=ed25519; p=ppA6e9sRHPNE").has("dkim", "fail", "9 octets where an Ed25519 key has 32");
}

#[test]
fn what_receivers_cannot_use_is_a_failure() {
    let key = keys::rsa(2048);
    with("v=DKIM1; p=").has("dkim", "fail", "is revoked: its p= is empty");
    with("v=DKIM1; k=rsa").has("dkim", "fail", "it has no p=");
    with(&format!("v=DKIM2; p={key}")).has("dkim", "fail", "v=DKIM1 must come first");
    with(&format!("k=rsa; v=DKIM1; p={key}")).has("dkim", "fail", "v=DKIM1 must come first");
    with(&format!("k=dsa; p={key}")).has("dkim", "fail", "k=dsa is no kind of key");
    with("p=!!!").has("dkim", "fail", "p= is no base64");
    with("p=aGVsbG8=").has("dkim", "fail", "p= holds no RSA key");
    with(&format!("h=sha1; p={key}")).has("dkim", "fail", "allows h=sha1 only");
    with(&format!("s=tlsrpt; p={key}")).has("dkim", "fail", "is for s=tlsrpt and not for mail");
    with(&format!("p={key}; p={key}")).has("dkim", "fail", "the tag p stands twice");
}

#[test]
fn a_test_is_a_warning() {
    let key = keys::rsa(2048);
    with(&format!("t=y:s; p={key}")).has("dkim", "warn", "says t=y").has("dkim", "ok", "2048");
    with(&format!("t=s; h=sha1:sha256; s=email; n=x; p={key}")).has_no("dkim", "warn");
}

#[test]
fn a_selector_that_is_not_there_is_a_failure() {
    let report = doctor(&zone(&["_domainkey"], ""));
    report.has("dkim", "fail", "brief2026._domainkey.northfield.example does not exist");
    let below = "x.brief2026._domainkey.northfield.example TXT x";
    doctor(&zone(&["_domainkey"], below)).has("dkim", "fail", "has no TXT record");
}

#[test]
fn two_records_at_one_selector_are_a_failure() {
    let more = "brief2026._domainkey.northfield.example TXT v=DKIM1; p=";
    doctor(&zone(&[], more)).has("dkim", "fail", "has 2 records");
}

#[test]
fn a_key_by_way_of_an_alias_is_well() {
    let more = format!(
        "brief2026._domainkey.northfield.example CNAME k1.keys.relay.example\n\
         k1.keys.relay.example TXT v=DKIM1; p={}",
        keys::rsa(2048)
    );
    let report = doctor(&zone(&["_domainkey"], &more));
    report.has("dkim", "ok", "(an alias of k1.keys.relay.example) holds an RSA key of 2048 bits");
    let dangling = "brief2026._domainkey.northfield.example CNAME gone.example";
    doctor(&zone(&["_domainkey"], dangling)).has("dkim", "fail", "does not exist");
}

#[test]
fn another_key_than_ours_is_a_failure() {
    let ours = keys::rsa(2048);
    let of = |published: &str| {
        let expected = Expected {
            selector: "s".to_owned(),
            domain: "northfield.example".to_owned(),
            public_key: Some(ours.clone()),
        };
        let mut known = Known::default();
        let Err(Missing(question)) = findings::check(&known, &expected) else {
            panic!("the key is asked for")
        };
        let records = vec![Record::Txt(format!("v=DKIM1; p={published}"))];
        known.add(question, Ok(Found { records, alias: None }));
        findings::check(&known, &expected).expect("all is known")
    };
    // Blanks in the published key do not make it another one.
    let (begin, end) = ours.split_at(100);
    assert!(of(&format!("{begin} {end}")).iter().all(|own| own.level == Level::Well));
    let found = of(&keys::rsa(4096));
    let other = found.iter().find(|own| own.level == Level::Failure).expect("a failure");
    assert!(other.found.contains("is not the key that we sign with"), "{other:?}");
}
