//! Where the gaps are: the areas in scope by the five patterns of an unready back office (MODEL 1a).

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::codes::{Area, Category};

/// The rows in the order of weight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// One for each area in scope.
    pub rows: Vec<Row>,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The area.
    pub area: Area,
    /// 1 to 5.
    pub weight: i64,
    /// The five cells, in the order of [`Category::ALL`].
    pub cells: Vec<Cell>,
}

/// One question about one area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The pattern.
    pub category: Category,
    /// Gaps there that are not closed.
    pub open: i64,
    /// Their points, milli.
    pub points_milli: i64,
    /// When it was last looked at.
    pub looked_on: Option<Date>,
    /// How much that look still counts, percent; zero where there was none.
    pub fresh_pct: i64,
}
