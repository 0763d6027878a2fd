//! DKIM keys in words.

use super::super::answers::{Kind, Known, Missing, Nothing, Record as Published};
use super::super::finding::Finding;
use super::Expected;
use super::key::Key;
use super::record::{Record, decode, encode};

const CHECK: &str = "dkim";
/// Receivers must not use a shorter key (RFC 8301 3.2).
const BITS_MIN: usize = 1024;
/// Signers should not use a shorter key (RFC 8301 3.2).
const BITS_ADVISED: usize = 2048;
/// Receivers need not be able to use a longer key (RFC 8301 3.2).
const BITS_MAX: usize = 4096;

/// Checks that a key is published as it should be.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, expected: &Expected) -> Result<Vec<Finding>, Missing> {
    let name = expected.name();
    let found = match known.answer(Kind::Txt, &name)? {
        Ok(found) => found,
        Err(Nothing::Failed(why)) => return Ok(vec![Finding::unanswered(CHECK, &name, why)]),
        Err(nothing) => {
            let words = format!("{name} {}", nothing.words(Kind::Txt));
            return Ok(vec![Finding::failure(CHECK, words, publish(expected))]);
        }
    };
    let texts: Vec<&String> = found
        .records
        .iter()
        .filter_map(|record| match record {
            Published::Txt(text) => Some(text),
            _ => None,
        })
        .collect();
    let text = match texts.as_slice() {
        [text] => *text,
        texts => {
            let words =
                format!("{name} has {} records, and receivers use any of them", texts.len());
            let advice = "keep one; a second key gets a selector of its own (RFC 6376 3.6.2.2)";
            return Ok(vec![Finding::failure(CHECK, words, advice)]);
        }
    };
    let at = match &found.alias {
        Some(alias) => format!("{name} (an alias of {alias})"),
        None => name,
    };
    Ok(match Record::parse(text) {
        Ok(record) => judge(&at, &record, expected),
        Err(error) => {
            let words = format!("{at} cannot be used: {error}");
            vec![Finding::failure(CHECK, words, publish(expected))]
        }
    })
}

fn publish(expected: &Expected) -> String {
    match &expected.public_key {
        Some(key) => {
            let kind = match decode(key) {
                Some(octets) if octets.len() == 32 => "ed25519",
                _ => "rsa",
            };
            format!("publish there the TXT record \"v=DKIM1; k={kind}; p={key}\"")
        }
        None => "publish there the TXT record that whoever signs the mail gives you, or correct \
                 the selector: it is the s= of a DKIM-Signature"
            .to_owned(),
    }
}

fn judge(at: &str, record: &Record, expected: &Expected) -> Vec<Finding> {
    let Some(key) = &record.key else {
        let advice = "sign with another selector, or publish its key anew";
        return vec![Finding::failure(CHECK, format!("{at} is revoked: its p= is empty"), advice)];
    };
    let mut found = vec![length(at, key)];
    let mut fail = |words: String, advice: &str| {
        found.push(Finding::failure(CHECK, format!("{at} {words}"), advice));
    };
    if !record.hashes.is_empty() && !record.hashes.iter().any(|hash| hash == "sha256") {
        let words = format!("allows h={} only", record.hashes.join(":"));
        fail(words, "take h= out, or add sha256: nothing else is signed with (RFC 8301 3.1)");
    }
    if !record.services.is_empty() && !record.services.iter().any(|s| s == "*" || s == "email") {
        let words = format!("is for s={} and not for mail", record.services.join(":"));
        fail(words, "take s= out, or write s=email");
    }
    let wanted = expected.public_key.as_deref().map(|key| (key, decode(key)));
    if let Some((text, wanted)) = wanted
        && wanted.as_deref() != Some(key.octets())
    {
        let words =
            format!("is not the key that we sign with: it begins {}", begin(&encode(key.octets())));
        let advice = format!(
            "publish the key that begins {}, whole, or sign with the other one",
            begin(text)
        );
        fail(words, &advice);
    }
    if record.is_test {
        let words = format!("{at} says t=y: receivers treat the mail as if it were not signed");
        found.push(Finding::warning(CHECK, words, "take t=y out once signatures are valid"));
    }
    found
}

fn begin(text: &str) -> String {
    // RSA keys of one length begin alike for 44 characters.
    text.chars().filter(|c| !c.is_ascii_whitespace()).take(56).collect()
}

fn length(at: &str, key: &Key) -> Finding {
    match key {
        Key::Ed25519(_) => Finding::well(CHECK, format!("{at} holds an Ed25519 key")),
        Key::Rsa { bits, .. } => {
            let words = format!("{at} holds an RSA key of {bits} bits");
            let advice =
                "make a key of 2048 bits, publish it under a new selector and sign with it";
            match *bits {
                ..BITS_MIN => Finding::failure(CHECK, words + ", which receivers refuse", advice),
                BITS_MIN..BITS_ADVISED => Finding::warning(CHECK, words, advice),
                BITS_ADVISED..=BITS_MAX => Finding::well(CHECK, words),
                _ => Finding::warning(CHECK, words + ", which not every receiver can use", advice),
            }
        }
    }
}
