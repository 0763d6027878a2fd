//! What may be said about an edition under review: its note, why it is left out, and the figures that a
//! correction names (DESIGN 2.3).

use super::brief::Corrected;
use super::brief::limits::ALL;
use super::line::clean;
use super::plain::count_words;
use super::register::Refusals;

/// Longest note, in characters: a brief has room for about forty words.
pub const NOTE_CHARS: usize = 280;
/// Most words of a note: what is longer is cut where the brief is drawn.
pub const NOTE_WORDS: usize = ALL.note_words;
/// Longest reason and longest sentence on how a mistake happened, in characters.
pub const REASON_CHARS: usize = 280;
/// Longest name of a figure, and longest figure, in characters.
pub const FIGURE_CHARS: usize = 60;
/// Longest name of whoever decides, in characters.
pub const NAME_CHARS: usize = 64;

/// A note on one line; empty where nothing is left of it, which takes the last one back.
///
/// # Errors
/// It is too long: a sentence that reads after "the note".
pub fn note(text: &str) -> Result<String, String> {
    let words = clean(text, usize::MAX / 8);
    let n_chars = words.chars().count();
    if n_chars > NOTE_CHARS {
        return Err(format!("has {n_chars} characters; shorten it to {NOTE_CHARS}"));
    }
    let n_words = count_words(&words);
    if n_words > NOTE_WORDS {
        return Err(format!("has {n_words} words; shorten it to {NOTE_WORDS}"));
    }
    Ok(words)
}

/// Why an edition is left out, or how a mistake happened: one line, or nothing.
///
/// # Errors
/// It is too long: a sentence that reads after the field's name.
pub fn reason(text: &str) -> Result<Option<String>, String> {
    let words = clean(text, usize::MAX / 8);
    let n_chars = words.chars().count();
    if n_chars > REASON_CHARS {
        return Err(format!("has {n_chars} characters; shorten it to {REASON_CHARS}"));
    }
    Ok((!words.is_empty()).then_some(words))
}

/// The figures that a correction names, from rows of "figure", "was" and "is"; a row without anything
/// is none.
///
/// # Errors
/// [`Refusals`] with the row, for one of which a part is missing or too long.
pub fn figures<'t>(
    rows: impl IntoIterator<Item = (&'t str, &'t str, &'t str)>,
) -> Result<Vec<Corrected>, Refusals> {
    let mut refused = Refusals::default();
    let mut figures = Vec::new();
    for (row, (figure, was, is)) in rows.into_iter().enumerate() {
        let mut part = |field: &'static str, text: &str| {
            let words = clean(text, usize::MAX / 8);
            let n_chars = words.chars().count();
            if n_chars > FIGURE_CHARS {
                let problem = format!("has {n_chars} characters; shorten it to {FIGURE_CHARS}");
                refused.add_in(row, field, problem);
            }
            (field, words)
        };
        let parts = [part("figure", figure), part("was", was), part("is", is)];
        if parts.iter().all(|(_, words)| words.is_empty()) {
            continue;
        }
        for (field, _) in parts.iter().filter(|(_, words)| words.is_empty()) {
            refused.add_in(
                row,
                field,
                "is missing; a figure needs its name, what it was and what it is",
            );
        }
        let [(_, figure), (_, was), (_, is)] = parts;
        figures.push(Corrected { figure, was, is });
    }
    refused.or(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_and_as_long_as_a_brief_holds() {
        assert_eq!(
            note(" Two\r\nlines \u{202e}and a mark\u{0} "),
            Ok("Two lines and a mark".to_owned())
        );
        assert_eq!(note(" \n "), Ok(String::new()));
        assert_eq!(note(&"a".repeat(280)), Ok("a".repeat(280)));
        assert_eq!(note(&"a".repeat(281)), Err("has 281 characters; shorten it to 280".to_owned()));
        assert_eq!(note(&"a ".repeat(61)), Err("has 61 words; shorten it to 60".to_owned()));
    }

    #[test]
    fn a_reason_is_there_or_not() {
        assert_eq!(reason("  "), Ok(None));
        assert_eq!(reason("holiday\tweek"), Ok(Some("holiday week".to_owned())));
        assert!(reason(&"x".repeat(281)).is_err());
    }

    #[test]
    fn a_figure_is_whole_or_refused_in_its_row() {
        let rows = [("Readiness", "66 of 100", "61 of 100"), ("", " ", ""), ("Range", "", "$1")];
        let refused = figures(rows).unwrap_err();
        assert_eq!(refused.0.len(), 1);
        assert_eq!((refused.0[0].entry, refused.0[0].field), (Some(2), "was"));
        let figures = figures(rows.into_iter().take(2)).unwrap();
        assert_eq!((figures.len(), figures[0].is.as_str()), (1, "61 of 100"));
        assert!(super::figures([("x", &*"9".repeat(61), "1")]).unwrap_err().is_about("was"));
    }
}
