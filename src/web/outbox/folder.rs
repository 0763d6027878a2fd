//! The folder of `.eml` files and the one beside it with what is no delivery: which mails there are,
//! and their bytes.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::engine::notice::folder_of_notices;

/// Largest file that is opened; no brief comes near it.
pub const LARGEST: u64 = 16 * 1024 * 1024;
/// Longest name of a file without its ending.
const LONGEST_NAME: usize = 200;

/// The name of one mail: what stands before `.eml`.
///
/// Invariant: letters, digits, `-`, `_` and inner dots only, so that it is one plain file name on
/// every system and needs no escape in a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailName(String);

impl MailName {
    /// Reads a name; none for anything that is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let fits = (1..=LONGEST_NAME).contains(&text.len())
            && text.bytes().all(plain)
            && !text.starts_with('.')
            && !text.contains("..");
        fits.then(|| Self(text.to_owned()))
    }

    /// The name as it stands in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a mail could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such mail.
    #[error("there is no mail of that name in the outbox")]
    Absent,
    /// It is too large to be shown.
    #[error(
        "the file {name}.eml has {size} bytes, more than the {LARGEST} that are shown; open it with a mail program"
    )]
    TooLarge {
        /// Without its ending.
        name: String,
        /// In bytes.
        size: u64,
    },
    /// The system refused.
    #[error("the outbox {} cannot be read: {error}; see that this user may read it", folder.display())]
    Io {
        /// The outbox.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// The names of all mails: what is no delivery first, the newest on top, then the deliveries likewise,
/// whose ids rise with time. A folder that is not there yet has none.
///
/// # Errors
/// [`ReadError::Io`] when the folder cannot be listed.
pub fn names(folder: &Path) -> Result<Vec<MailName>, ReadError> {
    let mut notices = files(&folder_of_notices(folder))?;
    notices.sort_unstable_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    let mut deliveries = files(folder)?;
    deliveries.sort_unstable_by(|a, b| b.1.cmp(&a.1));
    Ok(notices.into_iter().chain(deliveries).map(|(_, name)| name).collect())
}

/// The files of one folder, with the time of their writing where the system knows it.
fn files(folder: &Path) -> Result<Vec<(Option<SystemTime>, MailName)>, ReadError> {
    let failed = |error| ReadError::Io { folder: folder.to_owned(), error };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let file_name = entry.file_name();
        let name = file_name.to_str().and_then(|n| n.strip_suffix(".eml"));
        if let Some(name) = name.and_then(MailName::parse) {
            let written = entry.metadata().and_then(|about| about.modified()).ok();
            found.push((written, name));
        }
    }
    Ok(found)
}

/// The bytes of one mail, a delivery or not.
///
/// # Errors
/// [`ReadError`] when it is not there, too large or unreadable.
pub fn read(folder: &Path, name: &MailName) -> Result<Vec<u8>, ReadError> {
    match read_in(folder, name) {
        Err(ReadError::Absent) => read_in(&folder_of_notices(folder), name),
        read => read,
    }
}

/// The bytes of one file. Symbolic links and other special files are not followed.
fn read_in(folder: &Path, name: &MailName) -> Result<Vec<u8>, ReadError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Absent,
        _ => ReadError::Io { folder: folder.to_owned(), error },
    };
    let path = folder.join(format!("{}.eml", name.as_str()));
    let found = fs::symlink_metadata(&path).map_err(failed)?;
    if !found.is_file() {
        return Err(ReadError::Absent);
    }
    if LARGEST < found.len() {
        return Err(ReadError::TooLarge { name: name.as_str().to_owned(), size: found.len() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
    let file = fs::File::open(&path).map_err(failed)?;
    file.take(LARGEST).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_plain_file_name() {
        for good in ["0193-aa", "a.b_c", "X"] {
            assert!(MailName::parse(good).is_some(), "{good}");
        }
        for bad in
            ["", ".", "..", ".hidden", "a..b", "a/b", "a\\b", "a\0", "a b", "ä", "a%2fb", "c:d"]
        {
            assert!(MailName::parse(bad).is_none(), "{bad}");
        }
        assert!(MailName::parse(&"a".repeat(201)).is_none());
    }
}
