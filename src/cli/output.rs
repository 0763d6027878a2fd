//! Where results go: tables and sentences for people, JSON for programs.
//!
//! **Invariant:** text that came from outside is stripped of control and direction characters
//! before it reaches a terminal, and a reader that goes away is an error, never a panic.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anyhow::Context as _;
use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, TableStyle};
use serde::Serialize;

use crate::domain::line::is_unprintable;

use super::Global;

/// What is said when nobody and nothing takes the output.
const UNWRITABLE: &str = "standard output cannot be written to; write to another file or disk";

/// A row of a listing: one shape for people, one (`Serialize`) for programs.
pub trait Listed: Serialize {
    /// Column heads.
    const HEAD: &'static [&'static str];
    /// Columns that are never cut to fit a narrow terminal, by index: ids and other keys.
    const WHOLE: &'static [usize] = &[0];
    /// One cell for each column.
    fn cells(&self) -> Vec<String>;
}

/// How to print.
#[derive(Debug, Clone)]
pub struct Output {
    /// Print JSON.
    pub json: bool,
    /// Print results only.
    pub quiet: bool,
    /// Colours are welcome: a terminal, and no `NO_COLOR`.
    pub color: bool,
    /// Standard output is a terminal.
    pub is_tty: bool,
    width: Option<u16>,
}

impl Output {
    /// Output as the flags and the terminal ask for it.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let is_tty = io::stdout().is_terminal();
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let terminal = || terminal_size::terminal_size().map(|(width, _)| width.0);
        Self {
            json: global.json,
            quiet: global.quiet,
            color: is_tty && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            is_tty,
            width: columns.or_else(|| if is_tty { terminal() } else { None }),
        }
    }

    /// Prints one line that is the result.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn line(&self, text: impl Display) -> anyhow::Result<()> {
        writeln!(io::stdout().lock(), "{text}").context(UNWRITABLE)
    }

    /// Prints bytes as they are, without a line end.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn raw(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).context(UNWRITABLE)
    }

    /// Prints a line that helps a person: not when quiet, and not between JSON.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn note(&self, text: impl Display) -> anyhow::Result<()> {
        if self.quiet || self.json { Ok(()) } else { self.line(text) }
    }

    /// Prints a value as JSON.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn value(&self, value: &impl Serialize) -> anyhow::Result<()> {
        self.line(serde_json::to_string_pretty(value)?)
    }

    /// Says that something was done: the sentence, or the value with `--json`.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn done(&self, sentence: impl Display, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json { self.value(value) } else { self.note(sentence) }
    }

    /// Prints a listing: a table, `empty` where there are no rows, or a JSON array.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn listing<T: Listed>(&self, rows: &[T], empty: &str) -> anyhow::Result<()> {
        if self.json {
            return self.value(&rows);
        }
        if rows.is_empty() {
            return self.note(empty);
        }
        let cells = rows.iter().map(Listed::cells).collect();
        self.line(table(T::HEAD, T::WHOLE, cells, self.width))
    }
}

/// Lays out a table without borders, one line a row; cells are cut only where a width is given.
fn table(head: &[&str], whole: &[usize], rows: Vec<Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    let mut top = Row::from(head.iter().map(|text| text.to_uppercase()));
    top.max_height(1);
    table.set_header(top);
    for cells in rows {
        let mut row = Row::from(cells.iter().map(|cell| printable(cell)));
        row.max_height(1);
        table.add_row(row);
    }
    match width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(20));
        }
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if whole.contains(&index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// The text without characters that could move a terminal's cursor or turn its text around.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect()
}

/// Writes to standard error; there is nobody to tell when that fails.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let cell = |text: &str| text.to_owned();
        vec![
            vec![
                cell("0193-long-id"),
                cell("Northfield Supply and its many subsidiaries"),
                cell("ok"),
            ],
            vec![cell("2"), cell("a\u{1b}[2Jb\u{202e}c"), cell("fail")],
        ]
    }

    #[test]
    fn a_narrow_table_keeps_one_line_a_row_and_whole_ids() {
        let text = table(&["id", "name", "state"], &[0], rows(), Some(40));
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
        assert!(text.contains("0193-long-id") && !text.contains("subsidiaries"), "{text}");
    }

    #[test]
    fn a_table_for_a_pipe_is_not_cut_and_holds_no_escape() {
        let text = table(&["id", "name", "state"], &[0], rows(), None);
        assert!(text.contains("Northfield Supply and its many subsidiaries"), "{text}");
        assert!(text.starts_with("ID ") && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}
