//! Tables in the HTML part.

use super::tone;
use crate::domain::brief::{Table, Toned};
use crate::render::sentence;

/// A data table.
pub struct TableView<'a> {
    pub head: Vec<Head>,
    pub rows: Vec<Vec<Cell<'a>>>,
    pub after: &'a [String],
}

/// A column's head.
pub struct Head {
    pub text: String,
    /// As in [`Cell`].
    pub is_long: bool,
}

impl Head {
    fn of(text: &str) -> Self {
        Self {
            text: sentence::capitalized(&text.to_lowercase()),
            is_long: has_long_word(text),
        }
    }
}

/// One cell.
pub struct Cell<'a> {
    pub text: &'a str,
    pub tone: &'static str,
    /// Holds a word that no narrow column has room for.
    pub is_long: bool,
    /// Figures that read as one: "66 +3".
    pub is_short: bool,
}

impl<'a> TableView<'a> {
    /// Of a table whose heads are in capitals or not.
    pub fn of(table: &'a Table) -> Self {
        let cell = |own: &'a Toned| Cell {
            text: &own.text,
            tone: tone(own.tone),
            is_short: own.text.chars().count() <= 6,
            is_long: has_long_word(&own.text),
        };
        Self {
            head: table.head.iter().map(|text| Head::of(text)).collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            after: &table.after,
        }
    }
}

/// Longer words are broken anywhere; shorter ones never, so that a name stays readable.
fn has_long_word(text: &str) -> bool {
    text.split(' ').any(|word| 14 < word.chars().count())
}
