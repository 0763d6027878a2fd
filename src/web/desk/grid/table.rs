//! The assessment grid as its table shows it.

use jiff::civil::Date;

use crate::domain::brief::numbers::{days_or_weeks, full_date};
use crate::domain::codes::Category;
use crate::domain::register::closing::question;
use crate::engine::register::{CellView, Grid, GridRow};

use crate::web::desk::labels;
use crate::web::desk::workplace::part;

/// The table of one implementation.
#[derive(Debug, Clone)]
pub(in crate::web::desk) struct Table {
    /// Slug of the implementation.
    pub(in crate::web::desk) slug: String,
    pub(in crate::web::desk) name: String,
    /// Pattern and its question, a column each.
    pub(in crate::web::desk) heads: Vec<(&'static str, &'static str)>,
    pub(in crate::web::desk) rows: Vec<Row>,
    /// Whether anything was looked at, so that it can be confirmed.
    pub(in crate::web::desk) is_known: bool,
}

/// One area.
#[derive(Debug, Clone)]
pub(in crate::web::desk) struct Row {
    pub(in crate::web::desk) code: &'static str,
    pub(in crate::web::desk) area: String,
    /// "weight 4", "not in scope".
    pub(in crate::web::desk) weight: String,
    pub(in crate::web::desk) cells: Vec<Cell>,
    pub(in crate::web::desk) is_known: bool,
}

/// One question about an area.
#[derive(Debug, Clone)]
pub(in crate::web::desk) struct Cell {
    pub(in crate::web::desk) code: &'static str,
    pub(in crate::web::desk) pattern: &'static str,
    /// "3"; "seen" where only the look is known; empty where there was none.
    pub(in crate::web::desk) level: String,
    /// "2 weeks old, 90%".
    pub(in crate::web::desk) age: String,
    /// `fresh`, `fading` or `unseen`.
    pub(in crate::web::desk) look: &'static str,
    /// Whether it passes: level 3 and more.
    pub(in crate::web::desk) is_short: bool,
    /// The gap that a shortfall is: external id, and the same as a part of a path.
    pub(in crate::web::desk) gap: Option<(String, String)>,
    /// Whether it was looked at and is in scope, so that it can be confirmed.
    pub(in crate::web::desk) is_known: bool,
}

pub(in crate::web::desk) fn table(grid: &Grid) -> Table {
    let rows: Vec<Row> = grid.rows.iter().map(|row| of_row(row, grid.as_of)).collect();
    Table {
        slug: grid.implementation.clone(),
        name: grid.name.clone(),
        heads: Category::ALL.iter().map(|own| (labels::pattern(*own), question(*own))).collect(),
        is_known: rows.iter().any(|row| row.is_known),
        rows,
    }
}

fn of_row(row: &GridRow, today: Date) -> Row {
    let cells: Vec<Cell> =
        row.cells.iter().map(|cell| of_cell(cell, row.weight.is_some(), today)).collect();
    Row {
        code: row.area.as_str(),
        area: labels::area(row.area),
        weight: match row.weight {
            Some(weight) => format!("weight {weight}"),
            None => "not in scope".to_owned(),
        },
        is_known: cells.iter().any(|cell| cell.is_known),
        cells,
    }
}

fn of_cell(cell: &CellView, is_in_scope: bool, today: Date) -> Cell {
    let age = match (cell.age_days, cell.held_on) {
        (Some(..=0), _) => "today".to_owned(),
        (Some(days), _) => format!("{} old", days_or_weeks(days)),
        (None, Some(day)) if day > today => full_date(day),
        (None, _) => "not looked at".to_owned(),
    };
    let is_seen = cell.held_on.is_some();
    Cell {
        code: cell.category.as_str(),
        pattern: labels::pattern(cell.category),
        level: match cell.level {
            Some(level) => level.to_string(),
            None if is_seen => "seen".to_owned(),
            None => String::new(),
        },
        age: if is_seen && cell.fresh_pct < 100 {
            format!("{age}, counts {}%", cell.fresh_pct)
        } else {
            age
        },
        look: match cell.fresh_pct {
            100.. => "fresh",
            1.. => "fading",
            _ => "unseen",
        },
        is_short: cell.level.is_some_and(|level| level < 3),
        gap: cell.gap.as_ref().map(|gap| (gap.clone(), part(gap))),
        is_known: is_in_scope && is_seen,
    }
}
