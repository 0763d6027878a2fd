//! A Maildir that reports are delivered to: files in `new` that nobody has looked at.
//!
//! **Invariant:** a file is removed only when the caller says that all of it is kept elsewhere; any
//! other is moved to `cur`, marked as seen.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::MOST;
use super::imap::Settled;

/// The new files of a Maildir, oldest first, at most so many. Names begin with a time, so that their
/// order is the order of coming.
///
/// # Errors
/// When `new` cannot be listed: the folder is missing, or not ours.
pub fn new_files(maildir: &Path, at_most: usize) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(maildir.join("new"))? {
        let entry = entry?;
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !is_hidden && entry.file_type()?.is_file() {
            found.push(entry.path());
        }
    }
    found.sort();
    found.truncate(at_most);
    Ok(found)
}

/// The octets of one, as far as they are looked at; none when another worker took it.
///
/// # Errors
/// When it cannot be read.
pub fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut octets = Vec::new();
    file.take(MOST as u64).read_to_end(&mut octets)?;
    Ok(Some(octets))
}

/// Settles one: removes it, or moves it to `cur` with its flags, S for seen and F for flagged. One
/// that is gone was settled by another worker.
///
/// # Errors
/// When the folder cannot be written to.
pub fn settle(maildir: &Path, path: &Path, settled: Settled) -> io::Result<()> {
    let flags = match settled {
        Settled::Recorded => return gone_is_fine(fs::remove_file(path)),
        Settled::Read => ":2,S",
        Settled::ForAPerson => ":2,FS",
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let base = name.split(":2,").next().unwrap_or_default();
    let cur = maildir.join("cur");
    fs::create_dir_all(&cur)?;
    gone_is_fine(fs::rename(path, cur.join(format!("{base}{flags}"))))
}

fn gone_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
