//! Where the keys are kept: one small file beside nothing else that is secret.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::keyring::{KEY, Key, Keyring, hex, unhex};
use crate::clock::random_octets;

/// The name of the file in `secrets.dir`.
pub const FILE: &str = "tokens.keys";
/// What it begins with.
const HEAD: &str = "\
# The keys that links and bounce addresses are signed with: number and key, one a line, the newest last.
# Whoever reads this file can unsubscribe any reader. Without it no link in a mail that was sent works.
";

/// Why there are no keys to work with.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The system refused.
    #[error("{}: {problem}; this user must be able to read and write it (secrets.dir)", path.display())]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// What the system said.
        problem: io::Error,
    },
    /// Others than the owner can read or write it.
    #[error("{} is open to other users; make it yours alone: chmod 600 {}", path.display(), path.display())]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// It is no list of keys.
    #[error("{} line {line} is no key; put the file back from a backup, or remove it, which ends every link that was mailed", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// From 1; the last where one is missing.
        line: usize,
    },
    /// Somebody rotates at this moment, or was killed while doing so.
    #[error("{} is there: the keys are being rotated, or were when the machine stopped; remove it if nobody is at it", path.display())]
    Busy {
        /// The file that is in the way.
        path: PathBuf,
    },
}

impl SecretsError {
    fn at(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |problem| Self::Io { path: path.to_owned(), problem }
    }
}

impl Keyring {
    /// Reads the keys in `dir`; the first time, makes the directory, the file and a key.
    ///
    /// # Errors
    /// [`SecretsError`] when the file cannot be read or made, can be read by others, or is damaged.
    pub fn open(dir: &Path) -> Result<Self, SecretsError> {
        let path = dir.join(FILE);
        match read(&path) {
            Err(SecretsError::Io { problem, .. }) if problem.kind() == io::ErrorKind::NotFound => {
                make(dir, &path)?;
                read(&path)?.1
            }
            found => found?.1,
        }
        .ok_or(SecretsError::Damaged { path, line: 1 })
    }
}

/// Adds a key, which signs from now on; the others stay and verify. Returns the number of the new
/// one. A service that runs takes it up when it starts again.
///
/// # Errors
/// As [`Keyring::open`], and [`SecretsError::Busy`].
pub fn rotate(dir: &Path) -> Result<u16, SecretsError> {
    let path = dir.join(FILE);
    let last = Keyring::open(dir)?.numbers().last().unwrap_or(0);
    let (text, _) = read(&path)?;
    let full = || io::Error::other("it holds as many keys as there are numbers");
    let number = last.checked_add(1).ok_or_else(full).map_err(SecretsError::at(&path))?;
    let new = dir.join(format!("{FILE}.new"));
    let line = line_of(number).map_err(SecretsError::at(&new))?;
    let text = format!("{}\n{line}", text.trim_end());
    write_new(&new, &text).map_err(|problem| match problem.kind() {
        io::ErrorKind::AlreadyExists => SecretsError::Busy { path: new.clone() },
        _ => SecretsError::Io { path: new.clone(), problem },
    })?;
    fs::rename(&new, &path).map_err(SecretsError::at(&path))?;
    sync(dir).map_err(SecretsError::at(dir))?;
    Ok(number)
}

/// The text of the file, and its keys.
fn read(path: &Path) -> Result<(String, Option<Keyring>), SecretsError> {
    let at = SecretsError::at(path);
    let mode = fs::metadata(path).map_err(&at)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(SecretsError::Open { path: path.to_owned() });
    }
    let text = fs::read_to_string(path).map_err(&at)?;
    let mut keys = Vec::new();
    for (line, own) in (1..).zip(text.lines().map(str::trim)) {
        if !own.is_empty() && !own.starts_with('#') {
            let damaged = || SecretsError::Damaged { path: path.to_owned(), line };
            keys.push(key_of(own).ok_or_else(damaged)?);
        }
    }
    Ok((text, Keyring::of(keys)))
}

fn key_of(line: &str) -> Option<Key> {
    let (number, key) = line.split_once(' ')?;
    Some(Key::new(number.parse().ok()?, unhex::<KEY>(key.trim())?))
}

/// A new key as it stands in the file.
fn line_of(number: u16) -> io::Result<String> {
    Ok(format!("{number} {}\n", hex(&random_octets::<KEY>()?)))
}

/// Makes the file with its first key. Of several processes that start at once one makes it: the
/// others find it there, whole, because it gets its name when it is.
fn make(dir: &Path, path: &Path) -> Result<(), SecretsError> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(SecretsError::at(dir))?;
    let own = dir.join(format!("{FILE}.{}", crate::clock::new_id()));
    let line = line_of(1).map_err(SecretsError::at(path))?;
    let made = write_new(&own, &format!("{HEAD}{line}")).and_then(|()| fs::hard_link(&own, path));
    // Whether it was of use or not, it is not needed under this name.
    let _ = fs::remove_file(&own);
    match made {
        Err(problem) if problem.kind() != io::ErrorKind::AlreadyExists => {
            Err(SecretsError::Io { path: path.to_owned(), problem })
        }
        _ => sync(dir).map_err(SecretsError::at(dir)),
    }
}

/// Writes a file that is not there yet, readable by its owner alone, down to the disk.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn sync(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}
