//! Text that people typed, made fit to stand in one line of a brief.

/// The text on one line: control characters and line breaks become blanks, marks that change the
/// direction or hide text are removed, runs of blanks become one, and the ends are trimmed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Direction marks and overrides, joiners at no place in a name, byte-order marks, tags, soft hyphens.
const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

/// The longest beginning of at most `most` characters that ends at a word; a single longer word is
/// cut inside. Punctuation that would dangle is dropped with the cut.
#[must_use]
pub fn cut_at_word(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    // A blank right after the head means that the head ends at a word already.
    let whole = if text[end..].starts_with(' ') {
        head
    } else {
        head.rfind(' ').map_or(head, |blank| &head[..blank])
    };
    let trimmed = whole.trim_end_matches([' ', ',', ';', ':', '-', '(', '&', '/']);
    if trimmed.is_empty() { head.trim_end().to_owned() } else { trimmed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_become_blanks_and_hidden_marks_go() {
        assert_eq!(one_line("  a\r\n\tb\u{202E}c\u{200F} \u{0007} d\n"), "a bc d");
        assert_eq!(one_line("\u{FEFF}\n"), "");
        assert_eq!(one_line("שלום עולם"), "שלום עולם");
    }

    #[test]
    fn a_cut_ends_at_a_word() {
        assert_eq!(cut_at_word("ERP cutover north region", 18), "ERP cutover north");
        assert_eq!(cut_at_word("ERP cutover", 11), "ERP cutover");
        assert_eq!(cut_at_word("Donaudampfschifffahrtsgesellschaft", 18).chars().count(), 18);
        assert_eq!(cut_at_word("Sales, billing and tax", 7), "Sales");
        assert_eq!(cut_at_word("ab", 0), "");
    }
}
