//! The rejects file: every row that was not taken, where it is, why, and its cells as they came.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::ImportError;
use super::formula::guarded;
use super::map::Fault;
use super::read::RawRow;

/// Longest cell that a rejects file repeats, in bytes.
const MAX_SHOWN: usize = 4 * 1024;
/// Most bytes of a rejects file in memory; the rest of the rows are left out.
const MAX_KEPT: usize = 4 << 20;

/// Where the lines go.
#[derive(Debug)]
enum Sink {
    /// On disk.
    File(File),
    /// In memory.
    Bytes(Vec<u8>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Bytes(kept) => kept.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Bytes(_) => Ok(()),
        }
    }
}

/// Writes `<file>.rejects.csv`; makes the file with the first reject, and takes a left-over of an
/// earlier import away.
#[derive(Debug)]
pub struct Rejects {
    source: String,
    path: PathBuf,
    writer: Option<csv::Writer<Sink>>,
    is_kept: bool,
    /// Bytes in memory, about.
    bytes: usize,
}

impl Rejects {
    /// For one source file and kind, in folder `dir`.
    ///
    /// # Errors
    /// A left-over of an earlier import cannot be removed.
    pub fn beside(dir: &Path, source: &Path, label: &str) -> Result<Self, ImportError> {
        let path = dir.join(format!("{label}.rejects.csv"));
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(ImportError::io(&path, e));
            }
            _ => {}
        }
        Ok(Self { path, ..Self::kept(source, false) })
    }

    /// The same in memory.
    #[must_use]
    pub fn in_memory(source: &Path) -> Self {
        Self::kept(source, true)
    }

    fn kept(source: &Path, is_kept: bool) -> Self {
        let source = source.display().to_string();
        Self { source, path: PathBuf::new(), writer: None, is_kept, bytes: 0 }
    }

    /// Everything that was kept in memory.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        match self.writer.take_if(|_| self.is_kept).map(csv::Writer::into_inner) {
            Some(Ok(Sink::Bytes(bytes))) => bytes,
            _ => Vec::new(),
        }
    }

    /// The file, if anything was rejected.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.writer.as_ref().filter(|_| !self.is_kept).map(|_| self.path.as_path())
    }

    /// One rejected row under the names of its file's header.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(
        &mut self,
        names: &[String],
        raw: &RawRow,
        fault: &Fault,
    ) -> Result<(), ImportError> {
        let path = self.path.clone();
        let failed = move |e: csv::Error| ImportError::io(&path, std::io::Error::other(e));
        if self.writer.is_none() {
            let sink = match self.is_kept {
                true => Sink::Bytes(Vec::new()),
                false => {
                    let file = File::create(&self.path);
                    Sink::File(file.map_err(|e| ImportError::io(&self.path, e))?)
                }
            };
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(sink);
            let fixed = ["file", "line", "column", "reason"].map(str::to_owned);
            let own = if raw.text.is_some() { vec!["row".to_owned()] } else { names.to_vec() };
            let header: Vec<_> =
                fixed.iter().chain(&own).map(|n| guarded(n).into_owned()).collect();
            writer.write_record(&header).map_err(&failed)?;
            self.writer = Some(writer);
        }
        let Some(writer) = self.writer.as_mut() else {
            return Ok(());
        };
        let line = raw.line.to_string();
        let fixed = [self.source.as_str(), &line, &fault.column, &fault.reason];
        let own: Vec<String> =
            raw.text.as_ref().map_or_else(|| raw.values.clone(), |t| vec![t.clone()]);
        if self.is_kept {
            self.bytes += own.iter().map(|cell| cell.len().min(MAX_SHOWN) + 3).sum::<usize>();
            self.bytes += fault.reason.len() + fault.column.len() + self.source.len();
            if self.bytes > MAX_KEPT {
                return Ok(());
            }
        }
        let cells = fixed.into_iter().chain(own.iter().map(String::as_str)).map(shown);
        writer.write_record(cells).map_err(&failed)
    }

    /// Everything is on disk.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(&mut self) -> Result<(), ImportError> {
        match self.writer.as_mut() {
            Some(writer) => writer.flush().map_err(|e| ImportError::io(&self.path, e)),
            None => Ok(()),
        }
    }
}

/// A cell as it may stand in a file that a spreadsheet opens.
fn shown(cell: &str) -> String {
    if cell.len() <= MAX_SHOWN {
        return guarded(cell).into_owned();
    }
    let end = cell.floor_char_boundary(MAX_SHOWN);
    format!("{} [cut: {} bytes]", guarded(&cell[..end]), cell.len())
}
