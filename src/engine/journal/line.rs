//! One line: a hand-over, `2026-11-23T13:00:00.25Z DELIVERY ATTEMPT accepted`, or that somebody left,
//! `2026-11-23T13:05:00Z SUBSCRIPTION withdrawn`.

use jiff::Timestamp;

use crate::store::deliveries::Record;

/// Longest line that is looked at, in octets; a whole one has less than 150.
pub(super) const LINE_MAX: usize = 512;

/// How a hand-over ended. What was refused, or never left, is not journaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The relay took the message.
    Accepted,
    /// Nobody knows: there was no answer after the whole message.
    Uncertain,
}

impl Ending {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Uncertain => "uncertain",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Accepted, Self::Uncertain].into_iter().find(|ending| ending.as_str() == word)
    }
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A hand-over was made.
    HandOver(HandOver),
    /// Somebody left a list.
    Withdrawal(Withdrawal),
}

/// Somebody left a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When that was written down, to the millisecond.
    pub at: Timestamp,
    /// Row id of the subscription.
    pub subscription: String,
}

/// The last word of a line that says so.
const WITHDRAWN: &str = "withdrawn";

impl From<HandOver> for Entry {
    fn from(own: HandOver) -> Self {
        Self::HandOver(own)
    }
}

impl Entry {
    /// When it was.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::HandOver(own) => own.at,
            Self::Withdrawal(own) => own.at,
        }
    }

    /// The hand-over, where it is one.
    #[must_use]
    pub const fn hand_over(&self) -> Option<&HandOver> {
        match self {
            Self::HandOver(own) => Some(own),
            Self::Withdrawal(_) => None,
        }
    }

    /// The withdrawal, where it is one.
    #[must_use]
    pub const fn withdrawal(&self) -> Option<&Withdrawal> {
        match self {
            Self::HandOver(_) => None,
            Self::Withdrawal(own) => Some(own),
        }
    }

    /// Appends its line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::HandOver(own) => own.write(out),
            Self::Withdrawal(Withdrawal { at, subscription }) => {
                out.extend_from_slice(format!("{at} {subscription} {WITHDRAWN}\n").as_bytes());
            }
        }
    }

    /// Reads a line without its end; none for one that was torn, or damaged in any other way.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        if line.len() > LINE_MAX {
            return None;
        }
        let words: Vec<&str> = std::str::from_utf8(line).ok()?.split(' ').collect();
        let [at, id, rest @ ..] = words.as_slice() else { return None };
        let at = at.parse().ok()?;
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let id = is_id.then(|| (*id).to_owned())?;
        match rest {
            [WITHDRAWN] => Some(Self::Withdrawal(Withdrawal { at, subscription: id })),
            [attempt, ending] => {
                let attempt = attempt.parse().ok().filter(|attempt| *attempt >= 1)?;
                let ending = Ending::parse(ending)?;
                Some(Self::HandOver(HandOver { at, delivery: id, attempt, ending }))
            }
            _ => None,
        }
    }
}

/// A hand-over that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// When it ended, to the millisecond.
    pub at: Timestamp,
    /// The delivery or the nudge: the left side of the Message-ID.
    pub delivery: String,
    /// Which hand-over of the delivery it was, from 1: a delivery that was deferred before the
    /// backup is in the database and was accepted all the same.
    pub attempt: i64,
    /// How it ended.
    pub ending: Ending,
}

impl HandOver {
    /// The hand-over that an outcome tells of; none where the message certainly was not taken.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        let ending = match record.state {
            "sent" => Ending::Accepted,
            "uncertain" => Ending::Uncertain,
            _ => return None,
        };
        Some(Self {
            at: Timestamp::from_millisecond(record.at).ok()?,
            delivery: record.delivery_id.clone(),
            attempt: record.attempt.as_ref()?.number,
            ending,
        })
    }

    /// Appends its line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Self { at, delivery, attempt, ending } = self;
        out.extend_from_slice(
            format!("{at} {delivery} {attempt} {}\n", ending.as_str()).as_bytes(),
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one() -> Entry {
        Entry::HandOver(HandOver {
            at: "2026-11-23T13:00:00.25Z".parse().expect("an instant"),
            delivery: "01a205b3-d000-8547-befa-c20c5563d36b".to_owned(),
            attempt: 2,
            ending: Ending::Uncertain,
        })
    }

    fn left() -> Entry {
        Entry::Withdrawal(Withdrawal {
            at: "2026-11-23T13:05:00Z".parse().expect("an instant"),
            subscription: "0193f0c2-7a10-7c3e-9a51-5d0f5d2a1b77".to_owned(),
        })
    }

    fn line(of: &Entry) -> Vec<u8> {
        let mut out = Vec::new();
        of.write(&mut out);
        out
    }

    #[test]
    fn a_line_is_short_plain_and_read_as_it_was_written() {
        let text = line(&one());
        let expected = "2026-11-23T13:00:00.25Z 01a205b3-d000-8547-befa-c20c5563d36b 2 uncertain\n";
        assert_eq!(String::from_utf8_lossy(&text), expected);
        assert_eq!(Entry::parse(text.trim_ascii_end()), Some(one()));
        let text = line(&left());
        let expected = "2026-11-23T13:05:00Z 0193f0c2-7a10-7c3e-9a51-5d0f5d2a1b77 withdrawn\n";
        assert_eq!(String::from_utf8_lossy(&text), expected);
        assert_eq!(Entry::parse(text.trim_ascii_end()), Some(left()));
    }

    #[test]
    fn a_torn_line_is_none() {
        for entry in [one(), left()] {
            let text = line(&entry);
            let whole = text.trim_ascii_end();
            for end in 0..whole.len() {
                assert_eq!(Entry::parse(&whole[..end]), None, "{end} octets");
            }
            assert_eq!(Entry::parse(&[whole, b" "].concat()), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_line_it_is_read_or_passed_over(bytes: Vec<u8>, at in 0_usize..80) {
            // Most random octets are far from a line; so a whole one is damaged as well.
            let mut damaged = line(&if at % 2 == 0 { one() } else { left() });
            for (offset, byte) in bytes.iter().take(3).enumerate() {
                let last = damaged.len() - 1;
                damaged[(at + offset).min(last)] = *byte;
            }
            for bytes in [bytes, damaged] {
                if let Some(read) = Entry::parse(&bytes) {
                    prop_assert_eq!(Entry::parse(line(&read).trim_ascii_end()), Some(read));
                }
            }
        }
    }
}
