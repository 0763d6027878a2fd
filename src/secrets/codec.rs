//! Octets as text: base64url for links, base32 for the local part of an address (RFC 4648).
//!
//! No padding, and one text only for the same octets: leftover bits must be zero. Else whoever
//! changes the last character of a token would have another valid one.

/// How many bits a character stands for, and which characters they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// RFC 4648 section 5, for URLs.
    Base64Url,
    /// RFC 4648 section 6 in lower case; either case is read, since a local part may come back in
    /// capitals.
    Base32,
}

const BASE64_URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";

impl Codec {
    const fn symbols(self) -> (&'static [u8], u32) {
        match self {
            Self::Base64Url => (BASE64_URL, 6),
            Self::Base32 => (BASE32, 5),
        }
    }

    /// Writes octets as text.
    pub fn encode(self, octets: &[u8]) -> String {
        let (symbols, bits) = self.symbols();
        let mut text = String::with_capacity(octets.len() * 2);
        let (mut held, mut n_held) = (0_u32, 0);
        let mut push = |held: u32, n_held: u32| {
            let index = (held >> n_held) as usize & (symbols.len() - 1);
            text.push(char::from(symbols[index]));
        };
        for octet in octets {
            held = (held << 8) | u32::from(*octet);
            n_held += 8;
            while n_held >= bits {
                n_held -= bits;
                push(held, n_held);
            }
            held &= (1 << n_held) - 1;
        }
        if n_held > 0 {
            push(held << (bits - n_held), 0);
        }
        text
    }

    /// Reads text back; none for anything that [`encode`](Self::encode) does not write.
    pub fn decode(self, text: &str) -> Option<Vec<u8>> {
        let (symbols, bits) = self.symbols();
        let mut octets = Vec::with_capacity(text.len());
        let (mut held, mut n_held) = (0_u32, 0);
        for byte in text.bytes() {
            let byte = if self == Self::Base32 { byte.to_ascii_lowercase() } else { byte };
            let value = symbols.iter().position(|symbol| *symbol == byte)?;
            held = (held << bits) | u32::try_from(value).ok()?;
            n_held += bits;
            if n_held >= 8 {
                n_held -= 8;
                octets.push(u8::try_from((held >> n_held) & 0xff).ok()?);
                held &= (1 << n_held) - 1;
            }
        }
        // A whole character too many, or bits that no octet has.
        (n_held < bits && held == 0).then_some(octets)
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
