//! Tables in the HTML part.

use super::tone;
use crate::domain::brief::{Table, Toned};
use crate::render::sentence;

/// A data table.
pub struct TableView<'a> {
    pub head: Vec<String>,
    pub rows: Vec<Vec<Cell<'a>>>,
    pub after: &'a [String],
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
            is_long: own.text.split(' ').any(|word| 14 < word.chars().count()),
        };
        Self {
            head: table
                .head
                .iter()
                .map(|text| sentence::capitalized(&text.to_lowercase()))
                .collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
            after: &table.after,
        }
    }
}
