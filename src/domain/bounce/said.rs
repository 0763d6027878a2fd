//! Reading what a mail system said of a message: codes where there are any, and a few words that
//! leave no doubt.

use super::verdict::is_vague;
use crate::domain::status::EnhancedCode;

/// Most octets that are read; nobody says more of one recipient.
const MOST: usize = 8_000;

/// What was said of one recipient.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// The enhanced code.
    pub status: Option<EnhancedCode>,
    /// The reply code of SMTP, 400 to 599.
    pub code: Option<u16>,
    /// What the words say.
    pub hint: Option<Hint>,
}

/// What words can say that codes leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// We are blocked, or our mail is refused for what it is.
    Sender,
    /// Too much mail at once.
    TooFast,
    /// The mailbox is full.
    Full,
    /// There is no such mailbox.
    NoSuchUser,
}

/// Words in lower case, with what they say. The first that is found counts, so that whatever blames
/// the sender comes before what blames the address.
const WORDS: &[(Hint, &[&str])] = &[
    (
        Hint::Sender,
        &[
            "spamhaus",
            "blocklist",
            "blacklist",
            "block list",
            "black list",
            "blocked using",
            "dnsbl",
            "banned sending ip",
            "poor reputation",
            "sender reputation",
            "low reputation",
            "bad reputation",
            "rejected as spam",
            "detected as spam",
            "message rejected due to",
            "spam message",
            "likely unsolicited",
            "unsolicited mail",
            "spf",
            "dkim",
            "dmarc",
            "relay access denied",
            "relaying denied",
            "unable to relay",
            "relay not permitted",
            "sender address rejected",
            "sender verify failed",
            "sender rejected",
            "sender denied",
        ],
    ),
    (Hint::TooFast, &["at a rate that", "too quickly", "too many messages", "rate limit"]),
    (
        Hint::Full,
        &[
            "mailbox full",
            "mailbox is full",
            "mailbox quota",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded storage",
            "out of storage space",
            "is over its quota",
            "inbox is full",
        ],
    ),
    (
        Hint::NoSuchUser,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "no such address",
            "user not found",
            "recipient not found",
            "mailbox not found",
            "mailbox does not exist",
            "user does not exist",
            "user doesn't exist",
            "account does not exist",
            "address does not exist",
            "recipient does not exist",
            "nullmx",
            "invalid mailbox",
            "invalid recipient",
            "unknown recipient",
            "recipient unknown",
            "no mailbox here by that name",
            "doesn't have a yahoo.com account",
            "account has been disabled",
            "account is disabled",
            "mailbox is disabled",
        ],
    ),
];

impl Said {
    /// Reads a reply, a diagnostic or a paragraph of an old bounce.
    ///
    /// An enhanced code counts only where one can stand: behind a reply code, behind `#`, or at the
    /// start. So no address of a host and no version of a program is taken for one.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(MOST)];
        let (code, behind) = reply_code(text).unzip();
        let status = behind
            .flatten()
            .or_else(|| after_marks(text))
            .or_else(|| leading(text.trim_start()))
            .filter(|status| code.is_none_or(|code| u16::from(status.class) == code / 100));
        Self { status, code, hint: hint(text) }
    }

    /// The same where a report has a field for the code: the field holds, unless it says nothing in
    /// particular or the words name a fault of the sender.
    #[must_use]
    pub fn under(self, field: Option<EnhancedCode>) -> Self {
        let Some(field) = field else { return self };
        let better = self.status.filter(|said| {
            said.class == field.class && (is_vague(field) || said.subject == 7) && !is_vague(*said)
        });
        Self { status: Some(better.unwrap_or(field)), ..self }
    }

    /// Whether the codes say that trying again is of no use.
    #[must_use]
    pub fn is_for_good(self) -> bool {
        match (self.status, self.code) {
            (Some(status), _) => status.class == 5,
            (None, Some(code)) => code / 100 == 5,
            (None, None) => false,
        }
    }
}

fn hint(text: &str) -> Option<Hint> {
    // Replies of several lines are joined with blanks here and there.
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| has_word(&text, word));
    WORDS.iter().find(|(_, words)| says(words)).map(|(hint, _)| *hint)
}

/// Whether a phrase stands in a text without a letter before or behind it.
fn has_word(text: &str, phrase: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + phrase.len()..]);
        !is_letter(before.chars().next_back()) && !is_letter(behind.chars().next())
    })
}

/// The first reply code, with the enhanced code behind it if there is one.
fn reply_code(text: &str) -> Option<(u16, Option<EnhancedCode>)> {
    let bytes = text.as_bytes();
    for at in 0..bytes.len().saturating_sub(2) {
        let digits = &bytes[at..at + 3];
        let is_code =
            matches!(digits[0], b'4' | b'5') && digits[1..].iter().all(u8::is_ascii_digit);
        if !is_code || !can_stand_before(bytes, at) {
            continue;
        }
        let code = digits.iter().fold(0, |all, digit| all * 10 + u16::from(digit - b'0'));
        // Only ASCII was looked at, so this is the edge of a character.
        match (bytes.get(at + 3), text.get(at + 4..)) {
            (None, _) => return Some((code, None)),
            (Some(b' ' | b'-'), rest) => {
                let rest = rest.unwrap_or_default();
                // Some repeat it: `550 550 5.1.1 no`.
                let again = rest.strip_prefix(&text[at..at + 3]).unwrap_or(rest);
                return Some((code, leading(again.trim_start_matches(['#', ' ', '-']))));
            }
            _ => {}
        }
    }
    None
}

/// A reply begins a text, or stands behind a colon, a quote, a bracket or `<<<`.
fn can_stand_before(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|byte| **byte != b' ');
    let is_apart = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    is_apart
        && before.is_none_or(|byte| {
            matches!(byte, b':' | b'\'' | b'"' | b'(' | b'<' | b'\n' | b'\r' | b'\t' | b';')
        })
}

/// An enhanced code behind `#`, as qmail and Exchange write it.
fn after_marks(text: &str) -> Option<EnhancedCode> {
    text.split('#').skip(1).find_map(leading)
}

/// An enhanced code at the very start, with nothing behind it that would make it something else.
fn leading(text: &str) -> Option<EnhancedCode> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let is_word = !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let word = text[..end].trim_end_matches('.');
    EnhancedCode::parse(word).filter(|_| is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> (Option<u16>, String) {
        let said = Said::read(text);
        (said.code, said.status.map(|status| status.to_string()).unwrap_or_default())
    }

    #[test]
    fn codes_are_found_where_they_can_stand() {
        for (text, code, status) in [
            ("550 5.1.1 no", Some(550), "5.1.1"),
            ("550-5.1.1 no", Some(550), "5.1.1"),
            ("550 #5.1.0 Address rejected", Some(550), "5.1.0"),
            ("was: 550 550 5.1.1 no", Some(550), "5.1.1"),
            ("host mx.example[192.0.2.5] said: 550 5.1.1 no", Some(550), "5.1.1"),
            ("<<< 554 5.7.1 no", Some(554), "5.7.1"),
            ("Remote Server returned '550 5.1.10 RESOLVER'", Some(550), "5.1.10"),
            ("Sorry, no mailbox here by that name. (#5.1.1)", None, "5.1.1"),
            ("<exchange.client.example #5.1.1>", None, "5.1.1"),
            ("4.4.7", None, "4.4.7"),
            ("4.4.1 (persistent transient failure)", None, "4.4.1"),
            ("550 4.1.1 contradicts itself", Some(550), ""),
            ("smtp 550 is a number", None, ""),
            ("Exim 4.9.2 at 5.1.1.2", None, ""),
            ("version 5.1.1", None, ""),
            ("port 5.1.1b", None, ""),
            ("room 1550 5.1.1", None, ""),
            ("550", Some(550), ""),
            ("", None, ""),
            ("ü550 5.1.1", None, ""),
            ("#ü5.1.1 #", None, ""),
        ] {
            assert_eq!(codes(text), (code, status.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_field_holds_unless_it_says_nothing_or_hides_a_policy() {
        let field = EnhancedCode::parse;
        let of = |text: &str, code: &str| {
            Said::read(text).under(field(code)).status.map(|s| s.to_string()).unwrap_or_default()
        };
        assert_eq!(of("550 5.1.1 no such user", "5.0.0"), "5.1.1");
        assert_eq!(of("550 5.7.1 blocked", "5.1.1"), "5.7.1");
        assert_eq!(of("550 5.1.2 no", "5.2.1"), "5.2.1");
        assert_eq!(of("550 5.1.1 no", "4.4.7"), "4.4.7");
        assert_eq!(of("no codes", "5.0.0"), "5.0.0");
    }

    #[test]
    fn words_are_words_and_blame_the_sender_first() {
        let hint = |text| Said::read(text).hint;
        assert_eq!(hint("550 User\r\n  unknown"), Some(Hint::NoSuchUser));
        assert_eq!(hint("user unknown; see the SPF record"), Some(Hint::Sender));
        assert_eq!(hint("an unspfed word"), None);
        assert_eq!(hint("452 Mailbox is full"), Some(Hint::Full));
    }
}
