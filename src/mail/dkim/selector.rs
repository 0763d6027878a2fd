//! Under which name a key is published, and for which domain it may speak.

use std::fmt;

use crate::domain::address::Domain;

/// Longest label of a domain name, in octets (RFC 1035 2.3.4).
const LABEL_MAX: usize = 63;
/// Longest domain name in its written form, in octets (RFC 1035 2.3.4).
const NAME_MAX: usize = 253;

/// Tells the keys of one domain apart: `s=` of a signature, the first labels of the record's name
/// (RFC 6376 3.1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector(String);

/// A text that is no selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be letters, digits and hyphens, such as brief-202611, 63 at most; dots may stand between"
)]
pub struct SelectorError;

impl Selector {
    /// Reads a selector; it is written in small letters, as names are compared without case.
    ///
    /// # Errors
    /// [`SelectorError`] for anything that is no row of host name labels (RFC 5321 4.1.2 sub-domain).
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let is_label = |label: &str| {
            (1..=LABEL_MAX).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let fits = text.len() <= NAME_MAX && text.split('.').all(is_label);
        fits.then(|| Self(text.to_ascii_lowercase())).ok_or(SelectorError)
    }

    /// The selector.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the record of this selector's key, without a dot at the end (RFC 6376 3.6.2.1);
    /// none when it would be too long for a domain name.
    #[must_use]
    pub fn record_name(&self, domain: &Domain) -> Option<String> {
        let name = format!("{}._domainkey.{}", self.0, domain.as_str());
        (name.len() <= NAME_MAX).then_some(name)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a signature of `domain` speaks for an author at `from` (RFC 9989, relaxed alignment).
///
/// Receivers compare organizational domains, which only a walk through the DNS can tell. Without one
/// what is certain is the same name, or one of the two above the other.
#[must_use]
pub fn is_aligned(domain: &str, from: &str) -> bool {
    let is_below = |name: &str, above: &str| {
        name.strip_suffix(above).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_below(domain, from) || is_below(from, domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_a_row_of_labels_in_small_letters() {
        for (written, read) in [("Brief-202611", "brief-202611"), ("a.b", "a.b"), ("1", "1")] {
            assert_eq!(Selector::parse(written).map(|s| s.0).as_deref(), Ok(read));
        }
        let long = "a".repeat(64);
        for none in ["", ".", "a.", "-a", "a-", "a b", "a_b", "ü", "a\"b", "a;b", long.as_str()] {
            assert!(Selector::parse(none).is_err(), "{none:?}");
        }
    }

    #[test]
    fn a_name_that_does_not_fit_is_none() {
        let domain = Domain::parse(&format!("{}.example", ["a"; 100].join("."))).unwrap();
        let short = Selector::parse("s").unwrap();
        assert!(short.record_name(&domain).is_some());
        let long = Selector::parse(&"s".repeat(63)).unwrap();
        assert!(long.record_name(&domain).is_none());
    }

    #[test]
    fn a_domain_is_aligned_with_itself_and_with_what_is_above_or_below() {
        for (domain, from) in
            [("a.example", "a.example"), ("a.example", "b.a.example"), ("b.a.example", "a.example")]
        {
            assert!(is_aligned(domain, from), "{domain} {from}");
        }
        for (domain, from) in [
            ("a.example", "b.example"),
            ("a.example", "ba.example"),
            ("x.a.example", "y.a.example"),
        ] {
            assert!(!is_aligned(domain, from), "{domain} {from}");
        }
    }
}
