//! Text that must stand on one line: names and subjects.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest display name kept, in characters. Longer ones are cut: a client shows about thirty.
const NAME_MAX: usize = 64;

/// A person's or an organization's name, fit for a header: one line, no control character, no
/// direction override, at most 64 characters.
///
/// The only way into a mailbox header; a raw name with a line break could otherwise add a header.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// What is left of `text` once it is cleaned, or `None` when nothing is.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let name = clean(text, NAME_MAX);
        (!name.is_empty()).then_some(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DisplayName {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text).ok_or("is empty; give a name, or leave it out")
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// `text` on one line: every run of blanks and line breaks becomes one space, unprintable
/// characters go, and at most `max_chars` characters stay.
#[must_use]
pub fn clean(text: &str, max_chars: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(max_chars * 4));
    let mut n_chars = 0;
    let words =
        text.split(char::is_whitespace).map(|word| word.chars().filter(|&c| !is_unprintable(c)));
    for word in words {
        let mut at_word_start = true;
        for c in word {
            let gap = usize::from(at_word_start && n_chars > 0);
            if max_chars < n_chars + gap + 1 {
                return kept;
            }
            if gap == 1 {
                kept.push(' ');
            }
            kept.push(c);
            n_chars += gap + 1;
            at_word_start = false;
        }
    }
    kept
}

/// Control characters, direction overrides and marks (Unicode UAX 9), invisible fillers, tags, and
/// the code points that Unicode reserves for internal use.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(code,
            0x00AD | 0x061C | 0x180E | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0xFDD0..=0xFDEF | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests;
