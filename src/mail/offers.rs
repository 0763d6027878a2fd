//! What a relay says it can do, read from its answer to EHLO (RFC 5321 4.1.1.1).
//!
//! lettre keeps only the few keywords that it uses itself, so all are read here.

/// The abilities of one connection. After STARTTLS they are those of the encrypted part only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offers {
    /// Several commands may be sent before the first answer is read (RFC 2920).
    pub pipelining: bool,
    /// Delivery status notifications can be asked for (RFC 3461).
    pub dsn: bool,
    /// The size of a message may be declared (RFC 1870).
    pub size: bool,
    /// Largest message taken, in octets; none where none was named (RFC 1870 section 3).
    pub size_max: Option<u64>,
    /// Messages may hold octets above 127 (RFC 6152).
    pub eight_bit: bool,
    /// Addresses may hold characters beyond ASCII (RFC 6531).
    pub utf8_addresses: bool,
}

impl Offers {
    /// Reads a whole answer to EHLO: the first line is a greeting, each further one a keyword.
    #[must_use]
    pub fn read(answer: &[u8]) -> Self {
        let mut offers = Self::default();
        for line in answer.split(|&octet| octet == b'\n').skip(1) {
            let line = String::from_utf8_lossy(line.get(4..).unwrap_or_default());
            let mut words = line.split_ascii_whitespace();
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "PIPELINING" => offers.pipelining = true,
                "DSN" => offers.dsn = true,
                "SIZE" => {
                    offers.size = true;
                    // Zero says that there is no fixed limit.
                    let most = words.next().and_then(|digits| digits.parse().ok());
                    offers.size_max = most.filter(|&most| most != 0);
                }
                "8BITMIME" => offers.eight_bit = true,
                "SMTPUTF8" => offers.utf8_addresses = true,
                _ => {}
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
        let offers = Offers::read(
            b"250-mx.example hello\r\n250-8BITMIME\r\n250-dsn\r\n250-SMTPUTF8\r\n\
              250-SIZE 10240000\r\n250 Pipelining\r\n",
        );
        let all = Offers {
            pipelining: true,
            dsn: true,
            size: true,
            size_max: Some(10_240_000),
            eight_bit: true,
            utf8_addresses: true,
        };
        assert_eq!(offers, all);
    }

    #[test]
    fn a_name_in_the_first_line_or_a_longer_word_is_no_offer() {
        assert_eq!(Offers::read(b"250 PIPELINING\r\n"), Offers::default());
        assert_eq!(Offers::read(b"250-mx\r\n250-XPIPELININGS\r\n250 DSNX\r\n"), Offers::default());
        assert_eq!(Offers::read(b"250-mx\r\n250\r\n25\r\n\r\n"), Offers::default());
        assert_eq!(Offers::read(b""), Offers::default());
    }

    #[test]
    fn a_size_without_a_number_or_of_zero_sets_no_limit() {
        for line in ["250 SIZE\r\n", "250 SIZE 0\r\n", "250 SIZE many\r\n"] {
            let offers = Offers::read(format!("250-mx\r\n{line}").as_bytes());
            assert!(offers.size, "{line:?}");
            assert_eq!(offers.size_max, None, "{line:?}");
        }
    }
}
