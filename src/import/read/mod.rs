//! Files and fetched tables as rows of cells, one at a time, whatever their form.

mod csv_rows;
mod guard;
mod input;
mod json_rows;
mod json_scan;
mod table;

pub(super) use input::Input;
pub use json_scan::kinds_in;
pub use table::{MAX_TABLE, Table, TableWriter};

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::Encoding;

use super::error::ImportError;
use super::header::Header;
use super::kind::FileKind;
use super::map::Map;
use super::sources::{Origin, Source};

/// Most bytes of one row. A longer one means an unclosed quote or no table at all.
pub const MAX_ROW: usize = 16 * 1024 * 1024;

/// One row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Line on which it begins, or number of the row in a fetched table, counted from 1.
    pub line: u64,
    /// Its cells, one for each column of [`Rows::header`] or fewer.
    pub values: Vec<String>,
    /// Which of its cells it speaks of; empty where it speaks of all. An object leaves out what it does not
    /// say, and what another of its file said is no cell of it.
    pub said: Vec<bool>,
    /// What is wrong with its shape: the column and the reason.
    pub fault: Option<(String, String)>,
    /// Its text, where it did not come as cells.
    pub text: Option<String>,
}

impl RawRow {
    /// What a row says under a column of its header; none where it says nothing.
    #[must_use]
    pub fn cell(&self, at: usize) -> Option<&str> {
        let value = self.values.get(at)?;
        let is_said = self.said.is_empty() || self.said.get(at).copied().unwrap_or_default();
        is_said.then_some(value)
    }
}

/// Whether the columns of a file are told ours at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// They are, as the map says; one that is not ours refuses the file.
    Bound,
    /// They are as far as the map says something: to be looked at.
    Lenient,
    /// They are not: the rows are only looked at.
    Loose,
}

/// The rows of one kind in one file or table.
#[derive(Debug)]
pub enum Rows {
    /// Comma-separated values with a header line.
    Csv(Box<csv_rows::CsvRows>),
    /// An array of objects, or one kind of an object of arrays.
    Json(Box<json_rows::JsonRows>),
    /// What somebody else's database answered.
    Table(Box<table::TableRows>),
}

impl Rows {
    /// Begins with the first row of a file or a fetched table.
    ///
    /// # Errors
    /// As [`Rows::open`].
    pub fn of(source: &Source, map: &Map) -> Result<Self, ImportError> {
        let (path, kind) = (source.path.as_path(), source.kind);
        match &source.origin {
            Origin::File | Origin::Bytes(_) => {
                Self::begin(path, &source.origin, kind, map, Binding::Bound)
            }
            Origin::Table(table) => {
                let rows = table::TableRows::open(path, table, kind, map.kinds.get(&kind))?;
                Ok(Self::Table(Box::new(rows)))
            }
        }
    }

    /// Opens a file and reads as far as its header.
    ///
    /// # Errors
    /// It cannot be opened, is not what its name says, or has a header that does not fit the kind.
    pub fn open(path: &Path, kind: FileKind, map: &Map) -> Result<Self, ImportError> {
        Self::begin(path, &Origin::File, kind, map, Binding::Bound)
    }

    /// Opens a file under its own columns, whatever they are: to be looked at.
    ///
    /// # Errors
    /// As [`Rows::open`], but for columns.
    pub fn loose(source: &Source, map: &Map) -> Result<Self, ImportError> {
        Self::begin(&source.path, &source.origin, source.kind, map, Binding::Loose)
    }

    /// Opens a file by a map that may not be whole yet: to be looked at.
    ///
    /// # Errors
    /// As [`Rows::loose`].
    pub fn lenient(source: &Source, map: &Map) -> Result<Self, ImportError> {
        Self::begin(&source.path, &source.origin, source.kind, map, Binding::Lenient)
    }

    fn begin(
        path: &Path,
        origin: &Origin,
        kind: FileKind,
        map: &Map,
        binding: Binding,
    ) -> Result<Self, ImportError> {
        let input = input::Input::of(path, origin)?;
        if is_json(path) {
            let own = map.kinds.get(&kind).cloned();
            let rows = json_rows::JsonRows::open(path, input, kind, own, binding)?;
            return Ok(Self::Json(Box::new(rows)));
        }
        let rows = csv_rows::CsvRows::open(path, input, kind, map, binding)?;
        Ok(Self::Csv(Box::new(rows)))
    }

    /// The columns known so far. Those of a JSON file grow as objects bring new names.
    #[must_use]
    pub fn header(&self) -> &Header {
        match self {
            Self::Csv(rows) => rows.header(),
            Self::Json(rows) => rows.header(),
            Self::Table(rows) => rows.header(),
        }
    }

    /// The next row, or none at the end.
    ///
    /// # Errors
    /// The file cannot be read on: nothing of it counts.
    pub fn next_row(&mut self) -> Result<Option<RawRow>, ImportError> {
        match self {
            Self::Csv(rows) => rows.next_row(),
            Self::Json(rows) => rows.next_row(),
            Self::Table(rows) => rows.next_row(),
        }
    }
}

/// What is said of a file in UTF-16.
const UTF_16: &str = "this file is in UTF-16; convert it: iconv -f UTF-16 -t UTF-8";

/// Whether the first bytes of a file are the mark of UTF-16.
fn is_utf_16(first: &[u8]) -> bool {
    matches!(first, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// Whether a file is read as JSON: by its ending.
#[must_use]
pub fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

/// Bytes as text: in the map's encoding, or as UTF-8.
///
/// # Errors
/// The number of good characters before the first byte that means nothing there.
fn decode(bytes: &[u8], encoding: Option<&'static Encoding>) -> Result<String, usize> {
    let encoding = encoding.unwrap_or(encoding_rs::UTF_8);
    // A character that replaces what cannot be read would be stored as if somebody had written it.
    let whole = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    whole.map(Cow::into_owned).ok_or_else(|| {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let length = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let mut good = String::with_capacity(length.unwrap_or_default());
        let _ = decoder.decode_to_string_without_replacement(bytes, &mut good, true);
        good.chars().count()
    })
}
