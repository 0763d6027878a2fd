//! Where the gaps are: areas by patterns.

use jiff::civil::Date;

use crate::domain::brief::numbers::{ago, capitalized, counted};
use crate::domain::codes::Category;
use crate::domain::course::Course;
use crate::domain::course::grid::Cell;
use crate::domain::why::words::{pattern, pattern_in_full};

pub(super) struct GridView {
    /// Short and in full.
    pub heads: Vec<(&'static str, &'static str)>,
    pub rows: Vec<RowView>,
}

pub(super) struct RowView {
    pub area: String,
    pub weight: i64,
    pub cells: Vec<CellView>,
}

pub(super) struct CellView {
    /// "2", "–" where nothing is open, "?" where nobody looked.
    pub mark: String,
    /// The same in words, with when it was looked at.
    pub words: String,
    /// `open`, `stale`, `unseen` or `clear`.
    pub class: &'static str,
}

impl GridView {
    pub fn of(course: &Course, today: Date) -> Self {
        let heads = Category::ALL.iter().map(|own| (pattern(*own), pattern_in_full(*own)));
        let rows = course.grid.rows.iter().map(|row| RowView {
            area: capitalized(row.area.words()),
            weight: row.weight,
            cells: row.cells.iter().map(|own| cell(own, today)).collect(),
        });
        Self { heads: heads.collect(), rows: rows.collect() }
    }
}

fn cell(cell: &Cell, today: Date) -> CellView {
    let looked = match cell.looked_on {
        Some(day) => format!("looked at {}", ago(day, today)),
        None => "not looked at".to_owned(),
    };
    let open = match cell.open {
        0 => "nothing open".to_owned(),
        n => counted(n, "open gap", "open gaps"),
    };
    let (mark, class) = match (cell.open, cell.looked_on) {
        (1.., _) => (cell.open.to_string(), "open"),
        (_, None) => ("?".to_owned(), "unseen"),
        (_, Some(_)) if cell.fresh_pct < 100 => ("\u{2013}".to_owned(), "stale"),
        _ => ("\u{2013}".to_owned(), "clear"),
    };
    CellView { mark, words: format!("{open}, {looked}"), class }
}
