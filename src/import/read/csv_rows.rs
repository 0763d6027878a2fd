//! CSV: a header line, then rows. Commas, double quotes, LF or CRLF, with or without a BOM.

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::guard::{END, Guard, Meter};
use super::input::Input;
use super::{Binding, RawRow, UTF_16, decode, is_utf_16};
use crate::import::error::{ImportError, Place};
use crate::import::header::Header;
use crate::import::kind::FileKind;
use crate::import::map::Map;

/// The rows of a CSV file.
#[derive(Debug)]
pub struct CsvRows {
    path: PathBuf,
    reader: csv::Reader<Guard<Input>>,
    record: csv::ByteRecord,
    meter: Meter,
    encoding: Option<&'static Encoding>,
    /// What stands between two cells, where a map says it.
    delimiter: Option<u8>,
    header: Header,
    /// Where the row before began; for a quote that swallowed the rest of the file.
    last_line: u64,
    done: bool,
}

impl CsvRows {
    /// Opens a file and binds its header.
    pub(super) fn open(
        path: &Path,
        input: Input,
        kind: FileKind,
        map: &Map,
        binding: Binding,
    ) -> Result<Self, ImportError> {
        let meter = Meter::default();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(map.delimiter.unwrap_or(b','))
            .from_reader(Guard::new(input, meter.clone()));
        let mut rows = Self {
            path: path.to_owned(),
            reader,
            record: csv::ByteRecord::new(),
            meter,
            encoding: map.encoding,
            delimiter: map.delimiter,
            header: Header { names: Vec::new(), targets: Vec::new() },
            last_line: 1,
            done: false,
        };
        let names = rows.header_names(kind)?;
        rows.header = match binding {
            Binding::Loose => Header::loose(names),
            Binding::Lenient => Header::lenient(kind, names, map.kinds.get(&kind)),
            Binding::Bound => Header::bind(kind, names, map.kinds.get(&kind))
                .map_err(|reason| ImportError::unreadable(Place::line(path, 1), reason))?,
        };
        Ok(rows)
    }

    /// The first line.
    fn header_names(&mut self, kind: FileKind) -> Result<Vec<String>, ImportError> {
        let Some((line, cells)) = self.record()? else {
            return Err(ImportError::unreadable(
                Place::file(&self.path),
                format!(
                    "the file is empty; its first line must name columns of {kind}: {}",
                    kind.column_names()
                ),
            ));
        };
        let first = cells.first().map_or("", String::as_str);
        if first.starts_with(['\u{0}', '\u{fffd}']) || cells.iter().any(|c| c.contains('\0')) {
            return Err(ImportError::unreadable(
                Place::line(&self.path, line),
                "this is not a text file, or one in UTF-16; convert it: iconv -f UTF-16 -t UTF-8",
            ));
        }
        if let [only] = cells.as_slice()
            && self.delimiter.is_none()
            && only.contains([';', '\t'])
        {
            return Err(ImportError::unreadable(
                Place::line(&self.path, line),
                "the columns are separated by semicolons or tabs; save the file with commas, or set \
                 delimiter = \";\" in a map file",
            ));
        }
        Ok(cells.iter().map(|c| c.trim().to_owned()).collect())
    }

    /// The bound columns.
    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The next row; rows that hold nothing at all are passed over.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ImportError> {
        while let Some((line, values)) = self.record()? {
            if values.iter().all(|v| v.trim().is_empty()) {
                continue;
            }
            let expected = self.header.names.len();
            let fault = (values.len() != expected).then(|| {
                let reason = format!(
                    "the row has {} cells and the header {expected}; a comma or a quote may be missing",
                    values.len()
                );
                (String::new(), reason)
            });
            return Ok(Some(RawRow { line, values, said: Vec::new(), fault, text: None }));
        }
        Ok(None)
    }

    /// The next record as text, with its line.
    fn record(&mut self) -> Result<Option<(u64, Vec<String>)>, ImportError> {
        if self.done {
            return Ok(None);
        }
        let more = self.reader.read_byte_record(&mut self.record);
        let more = more.map_err(|e| {
            ImportError::unreadable(Place::line(&self.path, self.last_line), e.to_string())
        })?;
        self.meter.reset();
        let line = self.first_line();
        if !more || is_end(&self.record) {
            self.done = true;
            if more && self.record.len() == 1 {
                return Ok(None);
            }
        }
        if self.done || ends_inside(&self.record) {
            // This row ends with the file, not with a line feed of its own.
            return Err(ImportError::unreadable(
                Place::line(&self.path, line + 1),
                "a double quote is opened in this row and never closed; close it or write it twice",
            ));
        }
        self.last_line = line;
        let cells = self.decoded(line)?;
        Ok(Some((line, cells)))
    }

    /// The line on which the record in hand begins: the reader stands behind its last one.
    fn first_line(&self) -> u64 {
        let breaks = self.record.as_slice().iter().filter(|&&b| b == b'\n').count() as u64;
        let behind = self.reader.position().line();
        behind.saturating_sub(1 + breaks).max(1)
    }

    /// The record in hand as text.
    fn decoded(&self, line: u64) -> Result<Vec<String>, ImportError> {
        if line == 1 && self.record.get(0).is_some_and(is_utf_16) {
            return Err(ImportError::unreadable(Place::file(&self.path), UTF_16));
        }
        let decoded = self.record.iter().enumerate().map(|(index, bytes)| {
            decode(bytes, self.encoding).map_err(|good| {
                let name = self.header.names.get(index);
                let column = name.map_or_else(|| (index + 1).to_string(), |n| format!("{n:?}"));
                ImportError::unreadable(
                    Place::cell(&self.path, line, column),
                    format!("character {} is not {}", good + 1, self.wrong_encoding()),
                )
            })
        });
        decoded.collect()
    }

    /// What a character is not, and the way out.
    fn wrong_encoding(&self) -> String {
        match self.encoding {
            None => "UTF-8; convert the file (iconv -f LATIN1 -t UTF-8) or set encoding = \"latin-1\" in a map file"
                .to_owned(),
            Some(encoding) => format!(
                "{0}, the encoding that the map file names; name the encoding that the file has, or convert the \
                 file to UTF-8 and take the line out",
                encoding.name()
            ),
        }
    }
}

/// Whether this is the line behind the last byte.
fn is_end(record: &csv::ByteRecord) -> bool {
    record.get(0).is_some_and(|cell| cell == END.as_bytes())
}

/// Whether the line behind the last byte was swallowed by a quote.
fn ends_inside(record: &csv::ByteRecord) -> bool {
    let last = record.iter().next_back();
    last.is_some_and(|cell| cell.windows(END.len()).any(|window| window == END.as_bytes()))
}
