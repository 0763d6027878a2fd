//! The first rows of a file as they will be read, with what is wrong with each cell.

use crate::import::error::ImportError;
use crate::import::kind::FileKind;
use crate::import::map::{Fault, Map, Mapped, Row, apply, draft};
use crate::import::read::Rows;
use crate::import::sources::Source;
use crate::import::times::Times;

use super::columns::{Content, content, faults};

/// Rows of a preview.
pub const ROWS: usize = 10;

/// The first rows.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Our columns that have a value in any of them, in our order.
    pub columns: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<PreviewRow>,
}

/// One row.
#[derive(Debug, Clone)]
pub struct PreviewRow {
    /// Where it begins.
    pub line: u64,
    /// Whether the map leaves it out.
    pub is_skipped: bool,
    /// Its cells, one for each of the columns.
    pub cells: Vec<PreviewCell>,
    /// What is wrong with none of them.
    pub problem: Option<String>,
}

/// One cell.
#[derive(Debug, Clone)]
pub struct PreviewCell {
    /// As it will be read.
    pub text: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// One row under our columns, before it is known which of them are shown.
struct Read {
    line: u64,
    is_skipped: bool,
    cells: Vec<Option<String>>,
    faults: Vec<Fault>,
}

impl Preview {
    /// Reads the first rows of a file by a map.
    ///
    /// # Errors
    /// The file cannot be read by it.
    pub fn of(source: &Source, map: &Map) -> Result<Self, ImportError> {
        let (kind, times) = (source.kind, Times::of(map));
        let mut rows = Rows::lenient(source, map)?;
        let mut read = Vec::new();
        while read.len() < ROWS {
            let Some(raw) = rows.next_row()? else { break };
            let own = map.kinds.get(&kind);
            let is_skipped = matches!(apply(kind, rows.header(), &raw, own), Mapped::Skipped);
            let (cells, mut wrong) = draft(kind, rows.header(), &raw, own);
            if let Some((column, reason)) = raw.fault {
                wrong.insert(0, Fault { column, reason });
            }
            let row = Row { kind, number: 0, line: raw.line, cells };
            wrong.extend(faults(&row, &times));
            let cells = as_read(row, &times);
            read.push(Read { line: raw.line, is_skipped, cells, faults: wrong });
        }
        Ok(Self::shown(kind, read))
    }

    fn shown(kind: FileKind, read: Vec<Read>) -> Self {
        let all = kind.columns().iter().enumerate();
        let used = all.filter(|(at, column)| {
            column.required
                || read.iter().any(|row| row.cells[*at].as_deref().is_some_and(|c| !c.is_empty()))
        });
        let used: Vec<(usize, &'static str)> = used.map(|(at, column)| (at, column.name)).collect();
        let rows = read.into_iter().map(|row| row.shown(&used)).collect();
        Self { columns: used.into_iter().map(|(_, name)| name).collect(), rows }
    }
}

/// The cells with days as ours are written.
fn as_read(row: Row, times: &Times) -> Vec<Option<String>> {
    let columns = row.kind.columns().iter().zip(row.cells);
    let cells = columns.map(|(column, cell)| match (cell, content(row.kind, column.name)) {
        (Some(text), Content::Day) => Some(times.date(&text).map_or(text, |day| day.to_string())),
        (cell, _) => cell,
    });
    cells.collect()
}

impl Read {
    fn shown(self, used: &[(usize, &'static str)]) -> PreviewRow {
        let said = |name: &str| self.faults.iter().find(|fault| fault.column == name);
        let cells = used.iter().map(|(at, name)| PreviewCell {
            text: self.cells[*at].clone().unwrap_or_default(),
            problem: said(name).map(|fault| fault.reason.clone()),
        });
        let cells = cells.collect();
        let is_cell = |fault: &&Fault| used.iter().any(|(_, name)| *name == fault.column);
        let other = self.faults.iter().find(|fault| !is_cell(fault));
        PreviewRow {
            line: self.line,
            is_skipped: self.is_skipped,
            cells,
            problem: other.map(|fault| match fault.column.as_str() {
                "" => fault.reason.clone(),
                column => format!("{column}: {}", fault.reason),
            }),
        }
    }
}
