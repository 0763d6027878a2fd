//! Where content files come from: the ones compiled in, and those in an operator's folder.

use std::fs;
use std::path::Path;

use super::{Findings, Problem};

/// A file's name, as messages call it, and its text.
pub(super) struct ContentFile {
    pub name: String,
    pub text: String,
}

pub(super) fn shipped(files: &[(&str, &str)]) -> Vec<ContentFile> {
    files
        .iter()
        .map(|(name, text)| ContentFile { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect()
}

/// The `.toml` files of one room of the operator's folder, by name. A room that is not there is
/// empty; a folder that is not there is a mistake.
pub(super) fn folder(dir: &Path, room: &str, findings: &mut Findings) -> Vec<ContentFile> {
    let room_dir = dir.join(room);
    let mut problem = |path: &Path, what: String| {
        findings.problems.push(Problem { file: path.display().to_string(), entry: None, what });
    };
    if !dir.is_dir() {
        problem(dir, "is not a folder; create it or name another one".to_owned());
        return Vec::new();
    }
    if !room_dir.exists() {
        return Vec::new();
    }
    let listed = fs::read_dir(&room_dir).and_then(|entries| {
        entries.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>()
    });
    let mut paths = match listed {
        Ok(paths) => paths,
        Err(error) => {
            problem(&room_dir, format!("cannot be listed ({error}); check its permissions"));
            return Vec::new();
        }
    };
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        match fs::read_to_string(&path) {
            Ok(text) => files.push(ContentFile { name: path.display().to_string(), text }),
            Err(error) => problem(
                &path,
                format!("cannot be read ({error}); it must be a readable file in UTF-8"),
            ),
        }
    }
    files
}
