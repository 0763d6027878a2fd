//! A raw row under our columns: renamed, skipped, translated, defaulted and cut as the map says.

use std::collections::BTreeMap;

use super::check::plain;
use super::{KindMap, Translation};
use crate::import::header::{Header, Target};
use crate::import::kind::FileKind;
use crate::import::read::RawRow;
use crate::import::text::{clean, cut};

/// A cell that cannot be taken, and why. Rejects its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Our column, or theirs where there is none of ours; empty for the row as a whole.
    pub column: String,
    /// What is wrong and what to do.
    pub reason: String,
}

impl Fault {
    /// A fault in one column.
    #[must_use]
    pub fn at(column: &str, reason: impl Into<String>) -> Self {
        Self { column: column.to_owned(), reason: reason.into() }
    }
}

/// A row under our columns.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub kind: FileKind,
    /// Its place in the chunk that it is written with.
    pub number: usize,
    /// Its line in the file, or its number in a fetched table.
    pub line: u64,
    /// One entry for each column of the kind: none where the file has no such column, empty where
    /// the cell is.
    pub cells: Vec<Option<String>>,
}

/// What became of a raw row.
#[derive(Debug)]
pub enum Mapped {
    /// It can be read further.
    Row(Row),
    /// The map leaves it out.
    Skipped,
    /// It cannot be taken.
    Rejected(Fault),
}

/// Puts a raw row under our columns.
#[must_use]
pub fn apply(kind: FileKind, header: &Header, raw: &RawRow, map: Option<&KindMap>) -> Mapped {
    if map.is_some_and(|m| is_skipped(kind, header, raw, m)) {
        return Mapped::Skipped;
    }
    if let Some((column, reason)) = &raw.fault {
        return Mapped::Rejected(Fault::at(column, reason.clone()));
    }
    match cells(kind, header, raw, map) {
        Ok(cells) => Mapped::Row(Row { kind, number: 0, line: raw.line, cells }),
        Err(fault) => Mapped::Rejected(fault),
    }
}

/// Whether a column holds one of the words that the map skips. A name is looked for in the file's
/// own header first.
fn is_skipped(kind: FileKind, header: &Header, raw: &RawRow, map: &KindMap) -> bool {
    map.skip.iter().any(|skip| {
        let ours = || kind.column(&skip.column).and_then(|c| header.source_of(c));
        let at = header.named(&skip.column).or_else(ours);
        let value = at.and_then(|i| raw.cell(i)).map(str::trim);
        value.is_some_and(|v| skip.values.iter().any(|s| s == v))
    })
}

/// The cells of every column, if each can be taken.
fn cells(
    kind: FileKind,
    header: &Header,
    raw: &RawRow,
    map: Option<&KindMap>,
) -> Result<Vec<Option<String>>, Fault> {
    let (cells, faults) = draft(kind, header, raw, map);
    faults.into_iter().next().map_or(Ok(cells), Err)
}

/// The cells of every column as far as they can be taken, and all that is wrong with them.
#[must_use]
pub fn draft(
    kind: FileKind,
    header: &Header,
    raw: &RawRow,
    map: Option<&KindMap>,
) -> (Vec<Option<String>>, Vec<Fault>) {
    let mut faults = Vec::new();
    let columns = kind.columns();
    let mut cells: Vec<Option<String>> = vec![None; columns.len()];
    let mut inputs: BTreeMap<&str, String> = BTreeMap::new();
    for (at, target) in header.targets.iter().enumerate() {
        let Some(value) = raw.cell(at) else { continue };
        match target {
            Target::Dropped => {}
            Target::Column(index) => {
                let column = columns[*index];
                let text = clean(value, column.prose);
                let text = text.map_err(|r| faults.push(Fault::at(column.name, r)));
                cells[*index] = Some(text.unwrap_or_default());
            }
            Target::Input(name) => {
                let text = clean(value, false).map_err(|r| faults.push(Fault::at(name, r)));
                let text = text.unwrap_or_default();
                if !text.is_empty() {
                    inputs.insert(name, text);
                }
            }
        }
    }
    faults.extend(gather_inputs(kind, &mut cells, &inputs).err());
    if let Some(map) = map {
        by_map(kind, &mut cells, map);
    }
    let missing = required(kind, &cells);
    let is_said = |fault: &Fault| faults.iter().any(|own| own.column == fault.column);
    let missing: Vec<Fault> = missing.filter(|fault| !is_said(fault)).collect();
    faults.extend(missing);
    (cells, faults)
}

/// Writes the inputs that came as columns of their own into the one cell for inputs.
fn gather_inputs(
    kind: FileKind,
    cells: &mut [Option<String>],
    inputs: &BTreeMap<&str, String>,
) -> Result<(), Fault> {
    let Some(at) = kind.column("exposure_inputs").filter(|_| !inputs.is_empty()) else {
        return Ok(());
    };
    if cells[at].as_deref().is_some_and(|c| !c.is_empty()) {
        return Err(Fault::at(
            "exposure_inputs",
            "the inputs are given both in this column and in columns of their own; keep one",
        ));
    }
    if let Some((name, _)) = inputs.iter().find(|(_, v)| v.contains([';', '='])) {
        return Err(Fault::at(name, "an input is a whole number or low|likely|high"));
    }
    let pairs: Vec<String> = inputs.iter().map(|(k, v)| format!("{k}={v}")).collect();
    cells[at] = Some(pairs.join(";"));
    Ok(())
}

/// Translations, then defaults, then constants, then cuts.
fn by_map(kind: FileKind, cells: &mut [Option<String>], map: &KindMap) {
    for (name, table) in &map.translate {
        if let Some(cell) = kind.column(name.as_ref()).and_then(|i| cells[i].as_mut()) {
            translate(cell, table);
        }
    }
    for (name, value) in &map.defaults {
        if let Some(index) = kind.column(name.as_ref())
            && cells[index].as_deref().unwrap_or_default().is_empty()
        {
            cells[index] = plain(value);
        }
    }
    for (name, value) in &map.constants {
        if let Some(index) = kind.column(name.as_ref()) {
            cells[index] = plain(value);
        }
    }
    for (name, &length) in &map.cut {
        if let Some(cell) = kind.column(name.as_ref()).and_then(|i| cells[i].as_mut()) {
            *cell = cut(cell, length);
        }
    }
}

/// One word by a table.
fn translate(cell: &mut String, table: &Translation) {
    if cell.is_empty() {
        return;
    }
    if let Some(word) = table.values.get(cell.as_str()) {
        cell.clone_from(word);
    } else if let Some(word) = &table.default
        && !table.values.values().any(|known| known == cell)
    {
        cell.clone_from(word);
    }
}

/// The required columns that are empty.
fn required(kind: FileKind, cells: &[Option<String>]) -> impl Iterator<Item = Fault> {
    let columns = kind.columns().iter().zip(cells);
    columns
        .filter(|(c, cell)| c.required && cell.as_deref().unwrap_or_default().is_empty())
        .map(|(column, _)| Fault::at(column.name, "a value is needed here and the cell is empty"))
}
