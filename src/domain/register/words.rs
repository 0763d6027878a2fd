//! Text as it was typed, made fit to be kept, or refused with its limit.

use crate::domain::line::is_unprintable;
use crate::domain::one_line::one_line;

/// Longest title of a gap, in characters: it reads after "Open:" (MODEL 2).
pub const TITLE: usize = 60;
/// Longest short name (MODEL 2).
pub const SHORT_NAME: usize = crate::domain::snapshot::SHORT_NAME_CHARS;
/// Longest text on one line that is not printed in a brief: a step, a promise, a source.
pub const LINE: usize = 500;
/// Longest id, group or name of a thing.
pub const NAME: usize = 200;
/// Longest text of several lines: a description, notes, evidence, a reason.
pub const TEXT: usize = 10_000;

/// Text on one line, which has to be there.
///
/// # Errors
/// It is empty or too long.
pub fn needed(text: &str, most: usize) -> Result<String, String> {
    short(text, most)?.ok_or_else(|| "is missing; write something here".to_owned())
}

/// Text on one line; none where nothing is left of it.
///
/// # Errors
/// It is too long.
pub fn short(text: &str, most: usize) -> Result<Option<String>, String> {
    fitting(one_line(text), most)
}

/// Text of several lines; none where nothing is left of it. Line breaks stay, other marks that do not
/// print go.
///
/// # Errors
/// It is too long.
pub fn long(text: &str, most: usize) -> Result<Option<String>, String> {
    let lines = text.lines().map(|line| {
        let kept: String = line
            .chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !is_unprintable(*c))
            .collect();
        kept.trim_end().to_owned()
    });
    let lines: Vec<String> = lines.collect();
    fitting(lines.join("\n").trim().to_owned(), most)
}

fn fitting(text: String, most: usize) -> Result<Option<String>, String> {
    let length = text.chars().count();
    if length > most {
        return Err(format!("has {length} characters; at most {most} fit"));
    }
    Ok((!text.is_empty()).then_some(text))
}

/// An https address, which others may follow.
///
/// # Errors
/// What it should look like.
pub fn link(text: &str) -> Result<String, String> {
    let link = needed(text, 2_000)?;
    let host = link
        .strip_prefix("https://")
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_plain = !link.contains(|c: char| c.is_whitespace() || "<>\"'\\`".contains(c));
    let has_host = host.is_some_and(|h| {
        h.contains('.') && !h.contains('@') && !h.starts_with('.') && !h.ends_with('.')
    });
    if is_plain && has_host {
        return Ok(link);
    }
    Err("is not an address to follow; write it in full, like https://files.example.com/report"
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(needed(&"ü".repeat(60), TITLE).unwrap().chars().count(), 60);
        assert_eq!(
            needed(&"ü".repeat(61), TITLE).unwrap_err(),
            "has 61 characters; at most 60 fit"
        );
        assert!(needed(" \u{202E}\n", TITLE).unwrap_err().starts_with("is missing"));
    }

    #[test]
    fn lines_stay_and_hidden_marks_go() {
        assert_eq!(long("\r\n a\tb \r\n\u{202E}c\u{7}\n\n", TEXT), Ok(Some("a b\nc".to_owned())));
        assert_eq!(long(" \n ", TEXT), Ok(None));
    }

    #[test]
    fn a_link_is_https_and_goes_somewhere() {
        for good in ["https://files.example.com", "https://files.example.com/a?b=1#c"] {
            assert_eq!(link(good).as_deref(), Ok(good));
        }
        for bad in [
            "http://files.example.com",
            "javascript:alert(1)",
            "https://",
            "https://x",
            "files.example.com",
            "https://a.example/<b>",
            "https://a@evil.example",
            "https://a.example/ b",
            "https://.example",
        ] {
            assert!(link(bad).is_err(), "{bad}");
        }
    }
}
