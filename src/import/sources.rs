//! Which files and tables of a command hold what, in the order in which they are imported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{ImportError, Place};
use super::kind::FileKind;
use super::map::Map;
use super::read::{Table, is_json, kinds_in};

/// Where rows come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// The file of this path.
    File,
    /// A file that was sent; the path is only its name.
    Bytes(Arc<[u8]>),
    /// A table that was fetched; the path is only its name.
    Table(Table),
}

/// One kind of row in one file or table.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file, its name, or the name of the table: `source:erp/gaps`.
    pub path: PathBuf,
    /// Which of both.
    pub origin: Origin,
    /// What is read from it.
    pub kind: FileKind,
    /// Whether the file holds other kinds too.
    pub shared: bool,
}

impl Source {
    /// A fetched table under its name.
    #[must_use]
    pub fn of_table(name: &str, kind: FileKind, table: Table) -> Self {
        Self { path: PathBuf::from(name), origin: Origin::Table(table), kind, shared: false }
    }

    /// A file that was sent, under its name.
    #[must_use]
    pub fn of_bytes(name: &str, kind: FileKind, bytes: Arc<[u8]>, shared: bool) -> Self {
        Self { path: PathBuf::from(name), origin: Origin::Bytes(bytes), kind, shared }
    }

    /// What its rows are counted by.
    #[must_use]
    pub const fn unit(&self) -> &'static str {
        match self.origin {
            Origin::File | Origin::Bytes(_) => "line",
            Origin::Table(_) => "row",
        }
    }

    /// The name of the rejects file without its ending.
    #[must_use]
    pub fn label(&self) -> String {
        if let Origin::Table(_) = self.origin {
            let name = self.path.to_string_lossy();
            return name.trim_start_matches("source:").replace('/', ".");
        }
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if self.shared { format!("{stem}.{}", self.kind) } else { stem }
    }
}

/// The sources of a command.
#[derive(Debug, Default)]
pub struct Sources {
    /// Parents first; within a kind in the order of the command line, within a folder by name.
    pub sources: Vec<Source>,
    /// Files of a folder whose name tells no kind.
    pub ignored: Vec<PathBuf>,
}

impl Sources {
    /// Finds the files behind the paths of a command line.
    ///
    /// # Errors
    /// A path does not exist, a named file has no kind, or nothing is there to import.
    pub fn find(paths: &[PathBuf], map: &Map) -> Result<Self, ImportError> {
        let mut found = Self::default();
        for path in paths {
            let meta = std::fs::metadata(path).map_err(|e| ImportError::io(path, e))?;
            if meta.is_dir() {
                found.add_folder(path, map)?;
            } else if !found.add_file(path, map)? {
                return Err(ImportError::unreadable(Place::file(path), no_kind()));
            }
        }
        if found.sources.is_empty() {
            return Err(ImportError::Misuse(format!("there is nothing to import: {}", no_kind())));
        }
        found.sources.sort_by_key(|s| s.kind);
        Ok(found)
    }

    /// The tables of a folder, by name; folders inside it are not entered.
    fn add_folder(&mut self, folder: &Path, map: &Map) -> Result<(), ImportError> {
        let entries = std::fs::read_dir(folder).map_err(|e| ImportError::io(folder, e))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| ImportError::io(folder, e))?.path();
            if path.is_file() && is_table(&path) {
                files.push(path);
            }
        }
        files.sort();
        for path in files {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !map.ignores(&name) && !self.add_file(&path, map)? {
                self.ignored.push(path);
            }
        }
        Ok(())
    }

    /// One file; false where nothing tells its kind.
    fn add_file(&mut self, path: &Path, map: &Map) -> Result<bool, ImportError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let by_name = map.kind_of(&name).or_else(|| FileKind::of_file(path));
        let kinds = match (is_json(path), by_name) {
            (false, None) => return Ok(false),
            (false, Some(kind)) => vec![kind],
            (true, by_name) => match (kinds_in(path, &Origin::File)?, by_name) {
                (Some(kinds), _) => kinds,
                (None, Some(kind)) => vec![kind],
                (None, None) => return Ok(false),
            },
        };
        let shared = kinds.len() > 1;
        self.sources.extend(kinds.into_iter().map(|kind| Source {
            path: path.to_owned(),
            origin: Origin::File,
            kind,
            shared,
        }));
        Ok(true)
    }
}

/// Whether a file of a folder is one to look at: a table, and not one of our own rejects.
fn is_table(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    (name.ends_with(".csv") || name.ends_with(".json")) && !name.ends_with(".rejects.csv")
}

fn no_kind() -> String {
    let kinds: Vec<&str> = FileKind::ALL.iter().map(|k| k.as_str()).collect();
    format!(
        "the name of a file tells what it holds ({}); name it so, or name it under `files` in a map file",
        kinds.join(".csv, ") + ".csv"
    )
}
