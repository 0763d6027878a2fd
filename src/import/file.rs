//! One file: read in chunks, written in one transaction under one batch.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::context::Context;
use super::error::ImportError;
use super::kinds;
use super::map::{Fault, KindMap, Map, Mapped, Row, apply};
use super::only::Only;
use super::read::{Input, RawRow, Rows};
use super::rejects::Rejects;
use super::report::FileReport;
use super::sources::{Origin, Source};
use crate::domain::address::EmailAddress;
use crate::store::Tx;
use crate::store::import::{BatchCounts, BatchKind, begin_batch, finish_batch};

/// Most rows of a chunk.
const CHUNK_ROWS: usize = 500;
/// Bytes after which a chunk is full.
const CHUNK_BYTES: usize = 1 << 20;

/// Called with the bytes that were worked through since the last call, about.
pub type Progress<'p> = dyn FnMut(u64) + Send + 'p;

/// The rows read and not yet written.
#[derive(Default)]
struct Chunk {
    raw: Vec<RawRow>,
    rows: Vec<Row>,
    bytes: usize,
}

/// One file on its way into the database.
pub struct File<'a> {
    source: &'a Source,
    map: Option<&'a KindMap>,
    rows: Rows,
    rejects: Option<&'a mut Rejects>,
    only: Option<&'a Only>,
    tells: bool,
    chunk: Chunk,
    /// Line of each key seen, by a digest of the key: 16 bytes a row, whatever the key.
    seen: HashMap<[u8; 16], u64>,
    report: FileReport,
}

impl<'a> File<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read as what it is said to be.
    pub fn open(
        source: &'a Source,
        map: &'a Map,
        rejects: Option<&'a mut Rejects>,
    ) -> Result<Self, ImportError> {
        Ok(Self {
            source,
            map: map.kinds.get(&source.kind),
            rows: Rows::of(source, map)?,
            rejects,
            only: None,
            tells: false,
            chunk: Chunk::default(),
            seen: HashMap::new(),
            report: FileReport {
                file: source.path.clone(),
                kind: source.kind.as_str(),
                unit: source.unit(),
                ..FileReport::default()
            },
        })
    }

    /// The same file, of which rows may touch one organization alone, or are told one by one.
    #[must_use]
    pub fn within(self, only: Option<&'a Only>, tells: bool) -> Self {
        Self { only, tells, ..self }
    }

    /// Writes all of it. The transaction is the caller's to commit.
    ///
    /// # Errors
    /// The file cannot be read on, or the database refused.
    pub async fn write(
        mut self,
        context: &Context<'_>,
        tx: &mut Tx,
        progress: &mut Progress<'_>,
    ) -> Result<FileReport, ImportError> {
        let batch = BatchKind {
            id: &context.batch,
            at: context.now,
            path: &self.source.path.display().to_string(),
            kind: self.source.kind.as_str(),
            sha256: &digest(self.source)?,
        };
        begin_batch(tx, batch).await?;
        while self.fill()? {
            let bytes = self.chunk.bytes as u64;
            self.flush(context, tx).await?;
            progress(bytes);
        }
        if let Some(rejects) = &mut self.rejects {
            rejects.finish()?;
            self.report.rejects_file = rejects.path().map(Path::to_owned);
            self.report.rejects_csv = rejects.take();
        }
        let counts = BatchCounts {
            read: self.report.read,
            written: self.report.written,
            rejected: self.report.rejected,
        };
        finish_batch(tx, &context.batch, context.now, counts).await?;
        Ok(self.report)
    }

    /// Compares all of it with the history that is recorded now. Writes nothing.
    ///
    /// # Errors
    /// As [`File::write`].
    pub async fn check(
        mut self,
        context: &Context<'_>,
        tx: &mut Tx,
        report: &mut FileReport,
    ) -> Result<(), ImportError> {
        while self.fill()? {
            kinds::check_gaps(context, tx, &self.chunk.rows, report).await?;
            self.chunk = Chunk::default();
        }
        Ok(())
    }

    /// Reads rows until the chunk is full; false where nothing is left to write.
    fn fill(&mut self) -> Result<bool, ImportError> {
        while self.chunk.rows.len() < CHUNK_ROWS && self.chunk.bytes < CHUNK_BYTES {
            let Some(raw) = self.rows.next_row()? else {
                return Ok(!self.chunk.rows.is_empty());
            };
            self.report.read += 1;
            match apply(self.source.kind, self.rows.header(), &raw, self.map) {
                Mapped::Skipped => self.report.skipped += 1,
                Mapped::Rejected(fault) => self.reject(&raw, &fault)?,
                Mapped::Row(row) => match self.may_come(&row, raw.line) {
                    Ok(()) => self.chunk.add(raw, row),
                    Err(fault) => self.reject(&raw, &fault)?,
                },
            }
        }
        Ok(true)
    }

    /// Writes the chunk.
    async fn flush(&mut self, context: &Context<'_>, tx: &mut Tx) -> Result<(), ImportError> {
        let chunk = std::mem::take(&mut self.chunk);
        let out = kinds::write(context, tx, self.source.kind, &chunk.rows).await?;
        self.report.written += out.written;
        self.report.unchanged += out.unchanged;
        self.report.events += out.events;
        self.report.backdated += out.backdated;
        self.report.tell(out.told);
        for (number, fault) in &out.rejected {
            if let Some(raw) = chunk.raw.get(*number) {
                self.reject(raw, fault)?;
            }
        }
        Ok(())
    }

    fn reject(&mut self, raw: &RawRow, fault: &Fault) -> Result<(), ImportError> {
        self.report.rejects(raw.line, &fault.column, &fault.reason);
        if self.tells {
            self.report.tell_reject(raw.line, &fault.column, &fault.reason);
        }
        match &mut self.rejects {
            Some(rejects) => rejects.add(&self.rows.header().names, raw, fault),
            None => Ok(()),
        }
    }

    /// Whether a row is one that this import may bring.
    fn may_come(&mut self, row: &Row, line: u64) -> Result<(), Fault> {
        self.only.map_or(Ok(()), |only| only.check(row))?;
        self.first_of_its_key(row, line)
    }

    /// Refuses the second row of one key.
    fn first_of_its_key(&mut self, row: &Row, line: u64) -> Result<(), Fault> {
        let columns = kinds::key(self.source.kind);
        let mut hasher = Sha256::new();
        for column in columns {
            let text = row.text(column).unwrap_or_default();
            let is_address = matches!(*column, "email" | "consultant");
            let address = is_address.then(|| EmailAddress::parse(text).ok()).flatten();
            hasher.update(address.map_or_else(|| text.to_owned(), |a| a.lookup_key()));
            hasher.update([0]);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize()[..16]);
        match self.seen.insert(key, line) {
            None => Ok(()),
            Some(earlier) => {
                self.seen.insert(key, earlier);
                let names = columns.join(", ");
                let place = match self.source.origin {
                    Origin::File | Origin::Bytes(_) => format!("line {earlier} of this file"),
                    Origin::Table(_) => format!("row {earlier} of this query"),
                };
                Err(Fault::at(columns[0], format!("{place} has the same {names}")))
            }
        }
    }
}

impl Chunk {
    fn add(&mut self, raw: RawRow, mut row: Row) {
        row.number = self.rows.len();
        self.bytes += raw.values.iter().map(|v| v.len() + 1).sum::<usize>();
        self.raw.push(raw);
        self.rows.push(row);
    }
}

/// SHA-256 of a file's bytes or a table's cells, in hexadecimal.
fn digest(source: &Source) -> Result<String, ImportError> {
    if let Origin::Table(table) = &source.origin {
        return Ok(table.sha256().to_owned());
    }
    let path = &source.path;
    let mut file = Input::of(path, &source.origin)?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut Hashing(&mut hasher)).map_err(|e| ImportError::io(path, e))?;
    Ok(hasher.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// Bytes into a digest.
struct Hashing<'h>(&'h mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
