//! A table that was fetched from somewhere else: its columns, and its rows in a file that nobody else
//! can open and that is gone with the program.
//!
//! An import looks at its rows several times. Who answered them need not be asked again for that, nor
//! kept waiting while they are written, and memory does not grow with their number.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{MAX_ROW, RawRow};
use crate::import::error::{ImportError, Place};
use crate::import::header::Header;
use crate::import::kind::FileKind;
use crate::import::map::KindMap;

/// Most bytes of one table.
pub const MAX_TABLE: u64 = 1 << 30;

/// Rows under the names of their columns.
#[derive(Debug, Clone)]
pub struct Table {
    names: Vec<String>,
    file: Arc<File>,
    rows: u64,
    bytes: u64,
    sha256: String,
}

impl Table {
    /// How many rows there are.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The names of its columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many bytes its cells have, about.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// SHA-256 of its names and cells, in hexadecimal: the same for the same rows in the same order.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Takes rows down, one after another.
#[derive(Debug)]
pub struct TableWriter {
    table: Table,
    out: BufWriter<File>,
    hasher: Sha256,
}

impl TableWriter {
    /// An empty table with these columns.
    ///
    /// # Errors
    /// No file can be made in the folder for temporary files.
    pub fn new(names: Vec<String>) -> io::Result<Self> {
        let file = unnamed()?;
        let out = BufWriter::with_capacity(1 << 16, file.try_clone()?);
        let mut hasher = Sha256::new();
        names.iter().for_each(|name| hash(&mut hasher, name));
        let file = Arc::new(file);
        let table = Table { names, file, rows: 0, bytes: 0, sha256: String::new() };
        Ok(Self { table, out, hasher })
    }

    /// How many rows it has.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.table.rows
    }

    /// One more row: a cell for each column.
    ///
    /// # Errors
    /// The row or the table is too large, or the file cannot be written.
    pub fn add(&mut self, cells: &[String]) -> io::Result<()> {
        let length: usize = cells.iter().map(|cell| cell.len() + 4).sum();
        if length > MAX_ROW {
            return Err(io::Error::other(format!("a row of more than {MAX_ROW} bytes")));
        }
        self.table.bytes += length as u64;
        if self.table.bytes > MAX_TABLE {
            return Err(io::Error::other(format!("more than {MAX_TABLE} bytes of rows")));
        }
        for cell in cells {
            // No longer than a row, which fits.
            let length = u32::try_from(cell.len()).unwrap_or(u32::MAX);
            self.out.write_all(&length.to_le_bytes())?;
            self.out.write_all(cell.as_bytes())?;
            hash(&mut self.hasher, cell);
        }
        self.table.rows += 1;
        Ok(())
    }

    /// The table, to be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> io::Result<Table> {
        self.out.flush()?;
        let digest = self.hasher.finalize();
        self.table.sha256 = digest.iter().map(|b| format!("{b:02x}")).collect();
        Ok(self.table)
    }
}

/// A text with its length, so that two cells are never taken for two others.
fn hash(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text);
}

/// A new file that has no name any more: what is in it goes with the last who holds it open.
fn unnamed() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("brief-{}", crate::clock::new_id()));
    let file =
        OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// The rows of a table, from the first.
#[derive(Debug)]
pub struct TableRows {
    name: std::path::PathBuf,
    header: Header,
    bytes: BufReader<Cursor>,
    left: u64,
    row: u64,
}

/// A place in a file that others read as well.
#[derive(Debug)]
struct Cursor {
    file: Arc<File>,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl TableRows {
    /// Binds the columns; `name` is for messages.
    pub(super) fn open(
        name: &std::path::Path,
        table: &Table,
        kind: FileKind,
        map: Option<&KindMap>,
    ) -> Result<Self, ImportError> {
        let header = Header::bind(kind, table.names.clone(), map)
            .map_err(|reason| ImportError::unreadable(Place::file(name), reason))?;
        let cursor = Cursor { file: Arc::clone(&table.file), at: 0 };
        let bytes = BufReader::with_capacity(1 << 16, cursor);
        Ok(Self { name: name.to_owned(), header, bytes, left: table.rows, row: 0 })
    }

    /// The bound columns.
    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    /// The next row, numbered from 1.
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ImportError> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.row += 1;
        let values = (0..self.header.names.len()).map(|_| self.cell());
        let values = values.collect::<io::Result<_>>().map_err(|e| ImportError::io(&self.name, e));
        Ok(Some(RawRow {
            line: self.row,
            values: values?,
            said: Vec::new(),
            fault: None,
            text: None,
        }))
    }

    fn cell(&mut self) -> io::Result<String> {
        let mut length = [0; 4];
        self.bytes.read_exact(&mut length)?;
        let mut cell = vec![0; u32::from_le_bytes(length) as usize];
        self.bytes.read_exact(&mut cell)?;
        String::from_utf8(cell).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in_as_often_as_they_are_read() {
        let names: Vec<String> = ["email", "name"].map(str::to_owned).to_vec();
        let mut writer = TableWriter::new(names).unwrap();
        for n in 0..3_000 {
            writer.add(&[format!("a{n}@client.example"), "Zoë \"Z\",\n".repeat(9)]).unwrap();
        }
        let table = writer.finish().unwrap();
        assert_eq!((table.rows(), table.sha256().len()), (3_000, 64));
        for _ in 0..2 {
            let name = std::path::Path::new("source:erp/people");
            let mut rows = TableRows::open(name, &table, FileKind::People, None).unwrap();
            let mut count = 0;
            while let Some(row) = rows.next_row().unwrap() {
                assert_eq!(row.values[0], format!("a{count}@client.example"));
                count += 1;
                assert_eq!(row.line, count);
            }
            assert_eq!(count, 3_000);
        }
    }

    #[test]
    fn other_cells_have_another_digest_and_the_same_ones_the_same() {
        let digest = |rows: &[[&str; 2]]| {
            let mut writer = TableWriter::new(vec!["a".to_owned(), "b".to_owned()]).unwrap();
            rows.iter().for_each(|row| writer.add(&row.map(str::to_owned)).unwrap());
            writer.finish().unwrap().sha256().to_owned()
        };
        assert_eq!(digest(&[["x", "y"]]), digest(&[["x", "y"]]));
        assert_ne!(digest(&[["xy", ""]]), digest(&[["x", "y"]]));
        assert_ne!(digest(&[["x", "y"], ["", ""]]), digest(&[["x", "y"]]));
    }
}
