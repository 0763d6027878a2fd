//! Octets as text: base64url for links, base32 for the local part of an address (RFC 4648).
//!
//! No padding, and one text only for the same octets: leftover bits must be zero. Else whoever
//! changes the last character of a token would have another valid one.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};

/// How octets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// RFC 4648 section 5, for URLs.
    Base64Url,
    /// RFC 4648 section 6 in lower case; either case is read, since a local part may come back in
    /// capitals.
    Base32,
}

impl Codec {
    /// Writes octets as text.
    pub fn encode(self, octets: &[u8]) -> String {
        match self {
            Self::Base64Url => BASE64URL_NOPAD.encode(octets),
            Self::Base32 => BASE32_NOPAD.encode(octets).to_ascii_lowercase(),
        }
    }

    /// Reads text back; none for anything that [`encode`](Self::encode) does not write.
    pub fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64Url => BASE64URL_NOPAD.decode(text.as_bytes()).ok(),
            Self::Base32 => BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_come_out() {
        for (plain, base32, base64) in [
            ("", "", ""),
            ("f", "my", "Zg"),
            ("fo", "mzxq", "Zm8"),
            ("foo", "mzxw6", "Zm9v"),
            ("foob", "mzxw6yq", "Zm9vYg"),
            ("fooba", "mzxw6ytb", "Zm9vYmE"),
            ("foobar", "mzxw6ytboi", "Zm9vYmFy"),
        ] {
            assert_eq!(Codec::Base32.encode(plain.as_bytes()), base32);
            assert_eq!(Codec::Base64Url.encode(plain.as_bytes()), base64);
            assert_eq!(Codec::Base32.decode(base32).as_deref(), Some(plain.as_bytes()));
            assert_eq!(Codec::Base64Url.decode(base64).as_deref(), Some(plain.as_bytes()));
        }
    }

    #[test]
    fn only_what_was_written_is_read() {
        assert_eq!(Codec::Base32.decode("MZXW6").as_deref(), Some(&b"foo"[..]));
        for bad in ["Zh", "Z", "Zg=", "Zg==", "Zm8 ", "Zm+v", "Zm/v", "Zmñ"] {
            assert_eq!(Codec::Base64Url.decode(bad), None, "{bad}");
        }
        for bad in ["mz", "m", "my======", "m1", "mzxw6y"] {
            assert_eq!(Codec::Base32.decode(bad), None, "{bad}");
        }
    }
}
