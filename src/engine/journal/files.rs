//! The files: one a week, named by the ISO week (UTC) of the hand-overs in it, `2026-W48.log`.
//!
//! Named by when mail left and not by the run it belongs to, so that what left last stands at the
//! end of the newest file.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::domain::time::monday_of;

use super::line::{Entry, LINE_MAX};
use super::{Journal, JournalError};

/// Octets from the end of a file that surely hold [`TAIL`] whole lines.
const TAIL_OCTETS: u64 = 16 << 10;
/// Lines at the end of a file that are compared with the database.
const TAIL: usize = 64;
/// Entries that are compared with the database in one statement.
const GROUP: usize = 1_000;

/// Octets that must be free before anybody is mailed: some hundred lines.
#[cfg(target_os = "linux")]
const ROOM: u64 = 64 << 10;

/// A week's file, open for appending.
#[derive(Debug)]
pub(super) struct WeekFile {
    pub(super) path: PathBuf,
    pub(super) file: File,
    /// Whether its last line has no end: what is appended begins with one.
    pub(super) is_torn: bool,
}

impl WeekFile {
    /// Takes the room for the next hand-overs without changing the file, so that a full disk shows
    /// before anybody is mailed. Where the system has no means for that, writing shows it.
    pub(super) fn make_room(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{FallocateFlags, fallocate};
            let end = self.file.metadata()?.len();
            let taken = fallocate(&self.file, FallocateFlags::KEEP_SIZE, end, ROOM);
            // Any other error is a file system that does not know how.
            if let Err(error @ (rustix::io::Errno::NOSPC | rustix::io::Errno::DQUOT)) = taken {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

impl Journal {
    /// The files, oldest week first; none where there is no directory yet.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, JournalError> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(JournalError::at(&self.dir))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry.map_err(JournalError::at(&self.dir))?.path();
            if is_week_file(&path) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// Opens the file of a week for appending, made if it is not there; then the oldest go.
    ///
    /// The newest files are kept, however old: a clock that runs ahead once must not take all.
    pub(super) fn open(&self, week: &str) -> Result<WeekFile, JournalError> {
        self.make_dir().map_err(JournalError::at(&self.dir))?;
        let path = self.dir.join(format!("{week}.log"));
        let mut options = OpenOptions::new();
        options.read(true).append(true).mode(0o600);
        let file = match options.clone().create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(&path),
            Ok(file) => {
                self.prune()?;
                Ok(file)
            }
            other => other,
        };
        let file = file.map_err(JournalError::at(&path))?;
        let is_torn = has_open_end(&file).map_err(JournalError::at(&path))?;
        Ok(WeekFile { path, file, is_torn })
    }

    fn make_dir(&self) -> io::Result<()> {
        if let Some(parent) = self.dir.parent() {
            fs::create_dir_all(parent)?;
        }
        match DirBuilder::new().mode(0o700).create(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn prune(&self) -> Result<(), JournalError> {
        let files = self.files()?;
        for old in &files[..files.len().saturating_sub(self.weeks)] {
            match fs::remove_file(old) {
                // Another process began the same week.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other.map_err(JournalError::at(old))?,
            }
        }
        Ok(())
    }
}

fn is_week_file(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    path.extension().is_some_and(|end| end == "log") && stem.is_some_and(|s| monday_of(s).is_some())
}

fn has_open_end(file: &File) -> io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else {
        return Ok(false);
    };
    let mut end = [0];
    Ok(file.read_at(&mut end, last)? == 1 && end != *b"\n")
}

/// What the last lines of a file say, oldest first.
pub(super) fn tail(path: &Path) -> Result<Vec<Entry>, JournalError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let from = file.metadata()?.len().saturating_sub(TAIL_OCTETS);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(TAIL_OCTETS).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(JournalError::at(path))?;
    // The first may be the end of a longer line: then it is damaged like any other.
    let mut found: Vec<_> =
        bytes.split(|b| *b == b'\n').rev().filter_map(Entry::parse).take(TAIL).collect();
    found.reverse();
    Ok(found)
}

impl Journal {
    /// What all lines of all files say, oldest week first, a group at a time.
    ///
    /// # Errors
    /// A directory that cannot be read; each group may be of a file that cannot be.
    pub(super) fn groups(&self) -> Result<Groups, JournalError> {
        Ok(Groups { files: self.files()?.into_iter(), open: None })
    }
}

/// The lines of some files, a group at a time: a file may be larger than the memory.
#[derive(Debug)]
pub(super) struct Groups {
    files: std::vec::IntoIter<PathBuf>,
    open: Option<(PathBuf, BufReader<File>)>,
}

impl Groups {
    /// The next lines of the file that is open, else of the next one; none behind the last.
    fn next_group(&mut self) -> Result<Option<Vec<Entry>>, JournalError> {
        loop {
            let (path, mut lines) = match self.open.take() {
                Some(open) => open,
                None => {
                    let Some(path) = self.files.next() else { return Ok(None) };
                    let file = File::open(&path).map_err(JournalError::at(&path))?;
                    (path, BufReader::new(file))
                }
            };
            let group = read_group(&mut lines).map_err(JournalError::at(&path))?;
            if !group.is_empty() {
                self.open = Some((path, lines));
                return Ok(Some(group));
            }
        }
    }
}

impl Iterator for Groups {
    type Item = Result<Vec<Entry>, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_group().transpose()
    }
}

/// Up to [`GROUP`] entries; none at the end.
fn read_group(lines: &mut BufReader<File>) -> io::Result<Vec<Entry>> {
    let (mut group, mut line) = (Vec::new(), Vec::new());
    while group.len() < GROUP {
        line.clear();
        // A line without an end must not fill the memory; its rest is damaged lines.
        let most = LINE_MAX as u64 + 1;
        if lines.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        group.extend(Entry::parse(line.strip_suffix(b"\n").unwrap_or(&line)));
    }
    Ok(group)
}
