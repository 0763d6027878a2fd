//! What a relay says it can do, read from its answer to EHLO (RFC 5321 4.1.1.1).
//!
//! lettre keeps only the few keywords that it uses itself, so the rest is read here.

/// The abilities of one connection. After STARTTLS they are those of the encrypted part only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// Several commands may be sent before the first answer is read (RFC 2920).
    pub pipelining: bool,
}

impl Offers {
    /// Reads a whole answer to EHLO: the first line is a greeting, each further one a keyword.
    #[must_use]
    pub fn read(answer: &[u8]) -> Self {
        let mut offers = Self::default();
        for line in answer.split(|&octet| octet == b'\n').skip(1) {
            let line = line.get(4..).unwrap_or_default().trim_ascii();
            let keyword = line.split(|&octet| octet == b' ').next().unwrap_or_default();
            if keyword.eq_ignore_ascii_case(b"PIPELINING") {
                offers.pipelining = true;
            }
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use super::Offers;

    #[test]
    fn keywords_are_read_whole_and_without_case() {
        let offers = Offers::read(b"250-mx.example hello\r\n250-8BITMIME\r\n250 Pipelining\r\n");
        assert!(offers.pipelining);
    }

    #[test]
    fn a_name_in_the_first_line_or_a_longer_word_is_no_offer() {
        assert_eq!(Offers::read(b"250 PIPELINING\r\n"), Offers::default());
        assert_eq!(Offers::read(b"250-mx\r\n250 XPIPELININGS\r\n"), Offers::default());
        assert_eq!(Offers::read(b"250-mx\r\n250\r\n25\r\n\r\n"), Offers::default());
        assert_eq!(Offers::read(b""), Offers::default());
    }
}
