//! Domain names as they are compared and asked for.

use std::net::IpAddr;

/// Longest name in octets, written with dots (RFC 1035 2.3.4, less the root).
const NAME_MAX: usize = 253;
/// Longest label in octets (RFC 1035 2.3.4).
const LABEL_MAX: usize = 63;

/// A name in lower case and without the dot of the root.
#[must_use]
pub fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether a name fits into a question: labels of 1 to 63 printable octets, 253 in all.
#[must_use]
pub fn can_be_asked(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.split('.').all(|label| {
            (1..=LABEL_MAX).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_graphic())
        })
}

/// The name without its first label; none of a single label.
#[must_use]
pub fn parent(name: &str) -> Option<&str> {
    name.split_once('.').map(|(_, parent)| parent)
}

/// How many labels a name has.
#[must_use]
pub fn labels(name: &str) -> usize {
    name.split('.').count()
}

/// Whether a name is the other one or lies below it.
#[must_use]
pub fn is_within(name: &str, above: &str) -> bool {
    let (name, above) = (plain(name), plain(above));
    name == above || name.strip_suffix(&above).is_some_and(|rest| rest.ends_with('.'))
}

/// The name under which an address is looked up (RFC 1035 3.5, RFC 3596 2.5).
#[must_use]
pub fn reverse(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let nibbles: Vec<String> = ip
                .octets()
                .iter()
                .rev()
                .flat_map(|octet| [octet & 15, octet >> 4])
                .map(|nibble| format!("{nibble:x}"))
                .collect();
            format!("{}.ip6.arpa", nibbles.join("."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_turned_around() {
        let of = |text: &str| reverse(text.parse().expect("an address"));
        assert_eq!(of("192.0.2.1"), "1.2.0.192.in-addr.arpa");
        assert_eq!(of("::ffff:192.0.2.1"), "1.2.0.192.in-addr.arpa");
        assert_eq!(
            of("2001:db8::567:89ab"),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
        );
    }

    #[test]
    fn names_are_compared_by_labels() {
        assert!(is_within("Mail.Example.org.", "example.org") && is_within("a.b", "a.b"));
        assert!(!is_within("badexample.org", "example.org") && !is_within("org", "example.org"));
        assert!(!can_be_asked("") && !can_be_asked("a..b") && !can_be_asked("a b.c"));
        assert!(!can_be_asked(&format!("{}.org", "a".repeat(64))) && can_be_asked("_dmarc.a"));
    }
}
