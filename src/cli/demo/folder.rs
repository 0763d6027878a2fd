//! The folder of a demo: nothing in it is touched unless a demo made it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The file by which a demo knows its own folder.
const MARK: &str = "this-is-a-brief-demo.txt";
const MARK_TEXT: &str = "Made by `brief demo`, which empties this folder each time it runs.\n";
/// What a demo makes beside the mark, and removes before it makes it anew.
const FILES: [&str; 4] = ["brief.db", "brief.db-wal", "brief.db-shm", "brief.db.deliver.lock"];
const FOLDERS: [&str; 6] =
    ["outbox", "outbox-notices", "earlier", "earlier-notices", "secrets", "journal"];

/// A folder that is ours.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, or empties one that an earlier demo made.
    ///
    /// # Errors
    /// When it holds anything else, or cannot be written.
    pub fn prepare(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        if path.to_str().is_none_or(|text| text.contains(['?', '%', '#'])) {
            bail!("--dir {shown} cannot stand in a database URL; use a name without ? % #");
        }
        fs::create_dir_all(path).with_context(|| format!("--dir {shown} cannot be made"))?;
        let is_empty = fs::read_dir(path)
            .with_context(|| format!("--dir {shown} cannot be read"))?
            .next()
            .is_none();
        let mark = path.join(MARK);
        if !is_empty && !mark.is_file() {
            bail!("--dir {shown} holds files that no demo made; name an empty or a new folder");
        }
        for file in FILES {
            removed(fs::remove_file(path.join(file)), &path.join(file))?;
        }
        for folder in FOLDERS {
            removed(fs::remove_dir_all(path.join(folder)), &path.join(folder))?;
        }
        fs::write(&mark, MARK_TEXT)
            .with_context(|| format!("{} cannot be written", mark.display()))?;
        // Made now, so that the viewer has a folder even in a week without mail.
        let folder = Self(path.to_owned());
        fs::create_dir_all(folder.outbox())?;
        Ok(folder)
    }

    /// The URL of the demo's database.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.0.join("brief.db").display())
    }

    /// This week's mails.
    pub fn outbox(&self) -> PathBuf {
        self.0.join("outbox")
    }

    /// The mails of the weeks before.
    pub fn earlier(&self) -> PathBuf {
        self.0.join("earlier")
    }

    /// What was handed over.
    pub fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// Keys that the program makes for itself.
    pub fn secrets(&self) -> PathBuf {
        self.0.join("secrets")
    }
}

/// What is not there need not be removed.
fn removed(result: io::Result<()>, path: &Path) -> anyhow::Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error)
            .with_context(|| format!("{} cannot be removed; end what uses it", path.display())),
        _ => Ok(()),
    }
}
