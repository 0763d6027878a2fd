//! One empty directory, and the binary run inside it with a clean environment.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

pub struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file, its folders included.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The binary, here, without anything inherited from whoever runs the tests.
    pub fn brief(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("brief").unwrap();
        command.current_dir(self.path()).env_clear().env("HOME", self.path()).args(args);
        command
    }

    /// Runs and returns what came of it.
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.brief(args).output().unwrap())
    }

    /// Runs, expects success and reads standard output as JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", ran.out))
    }
}

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the program ended by itself"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

/// Adds the organization `northfield` from the command line.
pub fn northfield(place: &Place) {
    let ran = place.run(&[
        "organizations",
        "add",
        "Northfield Supply",
        "--currency",
        "usd",
        "--time-zone",
        "America/Chicago",
        "--slug",
        "northfield",
        "--now",
        "2026-09-01T00:00:00Z",
    ]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "Added Northfield Supply (northfield).\n"),
        "{}",
        ran.err
    );
}
