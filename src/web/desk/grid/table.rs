//! The assessment grid as its table shows it.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::domain::brief::numbers::{days_or_weeks, full_date};
use crate::domain::codes::{Category, GapStatus, Severity};
use crate::domain::facts::Facts;
use crate::domain::register::assessment::{Named, backed};
use crate::domain::register::closing::question;
use crate::engine::register::{CellView, GapLine, Grid, GridRow};

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
    /// Whether it can be confirmed: it was looked at, is in scope, and a shortfall still has its gap.
    pub(in crate::web::desk) is_known: bool,
    /// Whether it was looked at and has to be asked anew.
    pub(in crate::web::desk) is_over: bool,
}

/// How gaps stand, by external id.
#[derive(Debug, Clone, Default)]
pub(in crate::web::desk) struct Standing(HashMap<String, (Severity, GapStatus)>);

impl Standing {
    /// By the facts, which hold what is not closed.
    pub(in crate::web::desk) fn of_facts(facts: &Facts) -> Self {
        let of = facts.gaps.iter().map(|gap| (gap.external_id.clone(), (gap.severity, gap.status)));
        Self(of.collect())
    }

    /// By the list of all gaps.
    pub(super) fn of_lines(lines: Vec<GapLine>) -> Self {
        Self(lines.into_iter().map(|own| (own.external_id, (own.severity, own.status))).collect())
    }

    /// Whether a look at a cell still holds as it was written down.
    pub(super) fn holds(&self, cell: &CellView) -> bool {
        let named = cell.gap.as_deref().and_then(|id| {
            let (severity, status) = *self.0.get(id)?;
            Some(Named { external_id: id, severity, status })
        });
        cell.held_on.is_some() && cell.level.is_none_or(|level| backed(level, named).is_ok())
    }
}

pub(in crate::web::desk) fn table(grid: &Grid, gaps: &Standing) -> Table {
    let rows: Vec<Row> = grid.rows.iter().map(|row| of_row(row, gaps, grid.as_of)).collect();
    Table {
        slug: grid.implementation.clone(),
        name: grid.name.clone(),
        heads: Category::ALL.iter().map(|own| (labels::pattern(*own), question(*own))).collect(),
        is_known: rows.iter().any(|row| row.is_known),
        rows,
    }
}

fn of_row(row: &GridRow, gaps: &Standing, today: Date) -> Row {
    let cell = |cell: &CellView| of_cell(cell, row.weight.map(|_| gaps.holds(cell)), today);
    let cells: Vec<Cell> = row.cells.iter().map(cell).collect();
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

fn of_cell(cell: &CellView, holds: Option<bool>, today: Date) -> Cell {
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
        is_known: holds == Some(true),
        is_over: is_seen && holds == Some(false),
    }
}
