//! The words of a nudge that somebody typed: when, then, in one sentence (MODEL 6.6).

use crate::domain::line::is_unprintable;
use crate::domain::one_line::one_line;
use crate::domain::plain;

/// Most words.
pub const WORDS: usize = 25;
/// Most characters: as many as so many words have, and some more.
pub const CHARACTERS: usize = 220;

/// The sentence as it is sent. A missing full stop is put behind it.
///
/// # Errors
/// What is wrong with it, to be read behind the field's name.
pub fn checked(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    if typed.chars().any(|c| c == '\n' || c == '\r' || c == '\u{2028}' || c == '\u{2029}') {
        return Err("stands on several lines; write one sentence on one line".to_owned());
    }
    let is_hidden = |c: char| c != ' ' && (is_unprintable(c) || c.is_control());
    if typed.chars().any(is_hidden) || one_line(typed) != collapsed(typed) {
        return Err(
            "holds a character that does not show, or that turns the text round; type it anew"
                .to_owned(),
        );
    }
    let text = one_line(typed);
    if text.is_empty() {
        return Err("is missing; write one sentence that begins with “When”".to_owned());
    }
    let length = text.chars().count();
    if length > CHARACTERS {
        return Err(format!("has {length} characters; at most {CHARACTERS} fit"));
    }
    if text.split(' ').any(reads_as_link) {
        return Err(
            "holds a link or an address; a nudge asks for one act and leads nowhere".to_owned()
        );
    }
    let words = plain::count_words(&text);
    if words > WORDS {
        return Err(format!("has {words} words; at most {WORDS} fit"));
    }
    if plain::sentences(&text).len() != 1 {
        return Err("is more than one sentence; ask for one act".to_owned());
    }
    let (cue, act) = text.split_once(',').unwrap_or((&text, ""));
    if !cue.starts_with("When ") || plain::count_words(cue) < 3 || plain::count_words(act) == 0 {
        return Err(
            "does not say when and then; write it like “When finance meets this week, name one \
                    deputy.”"
                .to_owned(),
        );
    }
    Ok(if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") })
}

/// Every run of blanks as one.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether mail programs would make a link of a word.
fn reads_as_link(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let lower = word.to_lowercase();
    let is_host = || {
        let host = lower.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let Some((name, last)) = host.rsplit_once('.') else { return false };
        let is_label = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        name.split('.').all(is_label)
            && last.chars().count() >= 2
            && last.chars().all(char::is_alphabetic)
    };
    lower.contains("://")
        || lower.contains('@')
        || lower.starts_with("www.")
        || ["mailto:", "javascript:", "tel:", "data:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
        || is_host()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_of_when_and_then_is_taken_as_it_is() {
        for (typed, sent) in [
            ("When finance meets, name one deputy.", "When finance meets, name one deputy."),
            ("  When finance meets,  name one deputy ", "When finance meets, name one deputy."),
            (
                "When payroll runs, ask J. Park, e.g. by phone.",
                "When payroll runs, ask J. Park, e.g. by phone.",
            ),
            (
                "When you open Friday's stand-up, who owns <b>it</b>?",
                "When you open Friday's stand-up, who owns <b>it</b>?",
            ),
            (
                "When Müller & Söhne invoice, compare 2.5 % of them.",
                "When Müller & Söhne invoice, compare 2.5 % of them.",
            ),
        ] {
            assert_eq!(checked(typed).as_deref(), Ok(sent));
        }
    }

    #[test]
    fn what_is_no_nudge_is_refused_with_what_to_do() {
        let long = format!("When finance meets, name {}.", "one ".repeat(24));
        let wide = format!("When finance meets, name {}.", "x".repeat(220));
        for (typed, said) in [
            ("", "is missing"),
            (" \u{a0} ", "is missing"),
            ("Name one deputy.", "when and then"),
            ("When finance meets name one deputy.", "when and then"),
            ("When, name one deputy.", "when and then"),
            ("When finance meets,", "when and then"),
            ("When finance meets, name one. Then send it.", "more than one sentence"),
            ("When finance meets,\nname one.", "several lines"),
            ("When finance meets, name one.\r\nBcc: x@evil.example", "several lines"),
            ("When finance meets, name \u{202E}one.", "does not show"),
            ("When finance meets, name\u{0} one.", "does not show"),
            ("When finance meets, name\u{200B} one.", "does not show"),
            ("When finance meets, open https://evil.example/x.", "link"),
            ("When finance meets, open evil.example now.", "link"),
            ("When finance meets, open www.evil.", "link"),
            ("When finance meets, write to a@b.", "link"),
            (long.as_str(), "28 words"),
            (wide.as_str(), "characters"),
        ] {
            let problem = checked(typed).expect_err(typed);
            assert!(problem.contains(said), "{typed:?}: {problem}");
        }
    }
}
