//! What a cell may hold, before anyone asks what it means.

use super::formula::unguarded;

/// Longest cell, in bytes. A longer one rejects its row.
pub const MAX_CELL: usize = 64 * 1024;

/// A cell as the rest of the program sees it: trimmed, without control characters, without the
/// apostrophe of a guarded formula. Line breaks and tabs stay in prose and become spaces elsewhere.
///
/// # Errors
/// What the cell holds that it may not.
pub fn clean(cell: &str, prose: bool) -> Result<String, String> {
    if cell.len() > MAX_CELL {
        return Err(format!(
            "the cell holds {} bytes; the most is {MAX_CELL}. An unclosed quote may have swallowed other rows",
            cell.len()
        ));
    }
    let cell = unguarded(cell.trim());
    if let Some(bad) = cell.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(match bad {
            '\0' => "the cell holds a NUL character; remove it".to_owned(),
            other => {
                format!("the cell holds the control character U+{:04X}; remove it", other as u32)
            }
        });
    }
    if prose {
        return Ok(cell.replace("\r\n", "\n").replace('\r', "\n"));
    }
    if cell.contains(['\n', '\r', '\t']) {
        return Ok(cell.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(cell.to_owned())
}

/// At most `length` characters, cut at a word where there is one, without a trailing mark.
#[must_use]
pub fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let end = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let at_word = text[end..].starts_with(char::is_whitespace);
    let kept = match head.rfind(char::is_whitespace) {
        Some(space) if !at_word && space > 0 => &head[..space],
        _ => head,
    };
    kept.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '('))
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_at_a_word() {
        assert_eq!(cut("Price lists differ", 18), "Price lists differ");
        assert_eq!(cut("Price lists differ by region", 22), "Price lists differ by");
        assert_eq!(cut("Price lists, differ", 14), "Price lists");
        assert_eq!(cut("Donaudampfschiff", 5), "Donau");
        assert_eq!(cut("zwölf Boxkämpfer", 5), "zwölf");
    }

    #[test]
    fn control_characters_are_refused_and_line_breaks_folded() {
        assert_eq!(clean(" a\r\n b ", false).unwrap(), "a b");
        assert_eq!(clean(" a\r\n b ", true).unwrap(), "a\n b");
        assert!(clean("a\0b", false).unwrap_err().contains("NUL"));
        assert!(clean("a\u{1b}[31m", true).unwrap_err().contains("U+001B"));
        assert!(clean(&"x".repeat(MAX_CELL + 1), true).unwrap_err().contains("65537"));
        assert_eq!(clean("'=1+1", false).unwrap(), "=1+1");
    }
}
