//! Small parts of proofs: base64, comparing secrets, and the key inside a certificate.

/// Octets of standard base64 (RFC 4648 section 4), blanks left out; none for anything else.
#[must_use]
pub fn der_of_base64(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut n_held) = (0_u32, 0);
    for byte in text.trim_end().trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'\n' | b'\r' | b' ' => continue,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        n_held += 6;
        if n_held >= 8 {
            n_held -= 8;
            octets.push(u8::try_from((held >> n_held) & 0xff).ok()?);
        }
    }
    (n_held < 6).then_some(octets)
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differing == 0
}

/// One value in DER (X.690 8.1): its tag, its content, and what stands behind it.
fn value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let n_octets = usize::from(first & 0x7f);
        let octets = rest.get(..n_octets).filter(|octets| (1..=4).contains(&octets.len()))?;
        let length = octets.iter().fold(0_usize, |all, octet| (all << 8) | usize::from(*octet));
        (length, &rest[n_octets..])
    };
    Some((*tag, rest.get(..length)?, &rest[length..]))
}

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const VERSION: u8 = 0xa0;

/// The key inside a SubjectPublicKeyInfo (RFC 5280 4.1.2.7): what its bit string holds.
pub(super) fn key_of_info(info: &[u8]) -> Option<&[u8]> {
    let (SEQUENCE, inside, _) = value(info)? else { return None };
    let (SEQUENCE, _, rest) = value(inside)? else { return None };
    let (BIT_STRING, bits, _) = value(rest)? else { return None };
    // Whole octets: no bit of the last one is left over.
    bits.split_first().filter(|(unused, _)| **unused == 0).map(|(_, key)| key)
}

/// The key inside a certificate (RFC 5280 4.1): the seventh value of what is signed, or the sixth
/// where no version is named.
pub(super) fn key_of_certificate(certificate: &[u8]) -> Option<&[u8]> {
    let (SEQUENCE, inside, _) = value(certificate)? else { return None };
    let (SEQUENCE, mut fields, _) = value(inside)? else { return None };
    if let Some((VERSION, _, rest)) = value(fields) {
        fields = rest;
    }
    // Serial number, algorithm, issuer, validity, subject.
    for _ in 0..5 {
        fields = value(fields)?.2;
    }
    key_of_info(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_and_nothing_else() {
        assert_eq!(der_of_base64("Zm9v\nYmE=").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(der_of_base64("").as_deref(), Some(&b""[..]));
        for bad in ["Z", "Zm9v_", "Zm=9", "\u{e9}"] {
            assert_eq!(der_of_base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same(b"abc", b"abc") && same(b"", b""));
        assert!(!same(b"abc", b"abd") && !same(b"abc", b"ab") && !same(b"", b"a"));
    }

    #[test]
    fn no_octets_that_are_no_certificate_make_it_panic() {
        let whole: Vec<u8> = (0..=255).collect();
        for end in 0..whole.len() {
            assert_eq!(key_of_certificate(&whole[..end]), None);
            assert_eq!(key_of_info(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
            assert_eq!(key_of_certificate(&vec![0x30; end]), None);
        }
    }
}
