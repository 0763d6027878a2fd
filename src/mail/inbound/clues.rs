//! Our own marks in what comes back: the bounce address, the envelope id, the Message-ID.

use super::fields::Fields;
use crate::domain::address::{AddressError, Domain, EmailAddress};

/// What comes before the token in the local part of a bounce address.
pub const BOUNCE: &str = "b+";
/// Most characters of a mark.
const MOST: usize = 120;

/// By what our marks are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    /// The domain of bounce addresses and Message-IDs.
    pub domain: Domain,
}

impl Ours {
    /// The bounce address with a token in it, for `MAIL FROM` of one delivery.
    ///
    /// # Errors
    /// When the token is too long or holds what no address may.
    pub fn bounce_address(&self, token: &str) -> Result<EmailAddress, AddressError> {
        EmailAddress::parse(&format!("{BOUNCE}{token}@{}", self.domain))
    }
}

/// A mark of ours, by which a delivery may be found. Anybody can write one: only whoever keeps the
/// keys and the rows can tell whether it is genuine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clue {
    /// The token of a bounce address, `b+TOKEN@DOMAIN`.
    Token(String),
    /// The id of a delivery from `Original-Envelope-Id` (RFC 3464 2.2.1) or from a Message-ID.
    Delivery(String),
}

/// Tokens of bounce addresses of ours in some fields.
pub(super) fn tokens(fields: &Fields, names: &[&str], ours: &Ours) -> Vec<Clue> {
    let values = names.iter().flat_map(|name| fields.all(name));
    values.flat_map(|value| tokens_in(value, ours)).collect()
}

/// The tokens in one text.
#[must_use]
pub fn tokens_in(text: &str, ours: &Ours) -> Vec<Clue> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let local = &text[..at];
        let is_mark =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '.' | '=');
        let start = local
            .rfind(|c| !is_mark(c))
            .map_or(0, |last| last + local[last..].chars().next().map_or(1, char::len_utf8));
        let local = &local[start..];
        let token = local.get(BOUNCE.len()..).filter(|_| {
            local.get(..BOUNCE.len()).is_some_and(|head| head.eq_ignore_ascii_case(BOUNCE))
        });
        if let Some(token) = token.filter(|token| (1..=MOST).contains(&token.len()))
            && is_of(&text[at + 1..], &ours.domain)
        {
            found.push(Clue::Token(token.to_owned()));
        }
    }
    found
}

/// Whether a text begins with a domain and something else behind it.
fn is_of(text: &str, domain: &Domain) -> bool {
    let name = domain.as_str();
    let head = text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    head && !text[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
        && !is_longer(&text[name.len()..])
}

/// Whether a name goes on behind a dot.
fn is_longer(rest: &str) -> bool {
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

/// The deliveries of Message-IDs of ours in some fields.
pub(super) fn message_ids(fields: &Fields, names: &[&str], ours: &Ours) -> Vec<Clue> {
    let values = names.iter().flat_map(|name| fields.all(name));
    values.flat_map(|value| message_ids_in(value, ours)).collect()
}

/// The deliveries of the Message-IDs in one text. Some systems lose the angle brackets.
#[must_use]
pub fn message_ids_in(text: &str, ours: &Ours) -> Vec<Clue> {
    let own = text.split(['<', '>', ' ', ',', ';']).filter_map(|id| {
        let (delivery, domain) = id.rsplit_once('@')?;
        domain.eq_ignore_ascii_case(ours.domain.as_str()).then_some(delivery)
    });
    own.filter_map(delivery).collect()
}

/// The delivery that an envelope id names; written as xtext (RFC 3461 section 4) or plainly.
pub(super) fn envelope_id(value: &str) -> Option<Clue> {
    let mut id = String::new();
    let mut rest = value.trim().trim_start_matches('<').trim_end_matches('>');
    while let Some((before, after)) = rest.split_once('+') {
        id.push_str(before);
        let octet = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok())?;
        id.push(char::from(octet));
        rest = &after[2..];
    }
    id.push_str(rest);
    delivery(&id)
}

/// An id that may be one of a delivery: a UUID as text (RFC 9562 section 4).
fn delivery(id: &str) -> Option<Clue> {
    let fits = id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    fits.then(|| Clue::Delivery(id.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Ours {
        Ours { domain: Domain::parse("brief.example").expect("a domain") }
    }

    #[test]
    fn bounce_addresses_of_ours_are_found_and_no_others() {
        let found = |text| tokens_in(text, &ours());
        for text in [
            "<b+abc123@brief.example>",
            "B+abc123@Brief.EXAMPLE",
            "\"b+abc123@brief.example\" <x@y.example>",
            "rfc822;b+abc123@brief.example, other",
        ] {
            let found = found(text);
            let Some(Clue::Token(token)) = found.first() else { panic!("{text}: {found:?}") };
            assert_eq!((token.to_lowercase().as_str(), found.len()), ("abc123", 1));
        }
        for text in [
            "b+@brief.example",
            "ab+abc@brief.example",
            "b+abc@brief.example.attacker.example",
            "b+abc@brief.examples",
            "b+abc@other.example",
            "b+a\u{e9}c@brief.example",
            "b@brief.example",
            "@brief.example",
            "\u{e9}@brief.example",
            "b+abc@",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found(&format!("b+{}@brief.example", "a".repeat(200))), []);
    }

    #[test]
    fn a_token_comes_back_from_the_address_it_was_put_into() {
        let address = ours().bounce_address("mfzwizlg5xq3").expect("an address");
        assert_eq!(address.as_str(), "b+mfzwizlg5xq3@brief.example");
        let found = tokens_in(address.as_str(), &ours());
        assert_eq!(found, [Clue::Token("mfzwizlg5xq3".to_owned())]);
        assert!(ours().bounce_address("a b").is_err());
        assert!(ours().bounce_address(&"a".repeat(80)).is_err());
    }

    #[test]
    fn message_ids_and_envelope_ids_name_a_delivery() {
        const ID: &str = "01a205b3-d000-8547-befa-c20c5563d36b";
        let ids = |text: String| message_ids_in(&text, &ours());
        let one = || vec![Clue::Delivery(ID.to_owned())];
        assert_eq!(ids(format!("<x@y> <{}@BRIEF.example>", ID.to_uppercase())), one());
        assert_eq!(ids(format!("{ID}@brief.example")), one());
        assert_eq!(ids(format!("<a@{ID}@brief.example> <{ID}@brief.example.x> <{ID}> <")), []);
        assert_eq!(ids("<01a2@brief.example>".to_owned()), []);
        assert_eq!(envelope_id(ID), one().pop());
        assert_eq!(envelope_id(&ID.replace('-', "+2D")), one().pop());
        for other in ["a+zz", "a+\u{e9}", "two words", "4T2k9y1Pz7"] {
            assert_eq!(envelope_id(other), None, "{other}");
        }
        assert_eq!(envelope_id(""), None);
    }
}
