//! A map file: how someone else's columns become ours (`--map FILE.toml`).
//!
//! A map renames, drops, translates, defaults, skips and cuts. It does not compute.

mod apply;
mod check;
mod write;

pub use apply::{Fault, Mapped, Row, apply, draft};
pub(super) use check::plain;

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::error::{ImportError, Place};
use super::kind::FileKind;

/// A map file, checked: every column it names exists.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// How the bytes of every file are to be read; none means UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// What stands between two cells of a CSV file; none means a comma.
    pub delimiter: Option<u8>,
    /// The zone of timestamps that carry none.
    pub time_zone: Option<TimeZone>,
    /// Forms of a date besides `2026-11-23`, as in `strptime`.
    pub date_formats: Vec<String>,
    /// Forms of a timestamp besides RFC 3339.
    pub timestamp_formats: Vec<String>,
    /// Files of a folder that are left alone.
    pub ignore_files: Vec<String>,
    /// What is said about each kind.
    pub kinds: BTreeMap<FileKind, KindMap>,
}

/// Values by column.
pub type Values = BTreeMap<Spanned<String>, toml::Value>;

/// What a map says about one kind of file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KindMap {
    /// File names that hold this kind, whatever they are called.
    pub files: Vec<String>,
    /// Their column to our column.
    pub rename: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Their columns that are not wanted.
    pub drop: Vec<String>,
    /// Words of a column to our words.
    pub translate: BTreeMap<Spanned<String>, Translation>,
    /// Value of a column where a cell is empty or the column is not there.
    pub defaults: Values,
    /// Value of a column whatever the file says.
    pub constants: Values,
    /// Rows that are left out, and counted.
    pub skip: Vec<Skip>,
    /// Longest text of a column, in characters; cut at a word.
    pub cut: BTreeMap<Spanned<String>, usize>,
}

/// A table of words. A word that is already one of the results passes unchanged.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// Their word to ours.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What every other word becomes; without one it passes unchanged. An empty cell stays empty.
    pub default: Option<String>,
}

/// Rows to leave out: those whose column holds one of the values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// Their column or ours.
    pub column: String,
    /// The words, as they stand in the file.
    pub values: Vec<String>,
}

/// The file as TOML, before its kinds are known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    encoding: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
    date_formats: Vec<String>,
    timestamp_formats: Vec<String>,
    ignore_files: Vec<String>,
    organizations: Option<KindMap>,
    people: Option<KindMap>,
    consultants: Option<KindMap>,
    implementations: Option<KindMap>,
    areas: Option<KindMap>,
    gaps: Option<KindMap>,
    changes: Option<KindMap>,
    assessments: Option<KindMap>,
    sessions: Option<KindMap>,
    promises: Option<KindMap>,
    subscriptions: Option<KindMap>,
}

impl Raw {
    /// The tables by kind.
    fn kinds(&mut self) -> BTreeMap<FileKind, KindMap> {
        let of = |kind: FileKind| match kind {
            FileKind::Organizations => self.organizations.take(),
            FileKind::People => self.people.take(),
            FileKind::Consultants => self.consultants.take(),
            FileKind::Implementations => self.implementations.take(),
            FileKind::Areas => self.areas.take(),
            FileKind::Gaps => self.gaps.take(),
            FileKind::Changes => self.changes.take(),
            FileKind::Assessments => self.assessments.take(),
            FileKind::Sessions => self.sessions.take(),
            FileKind::Promises => self.promises.take(),
            FileKind::Subscriptions => self.subscriptions.take(),
        };
        let mut of = of;
        FileKind::ALL.iter().filter_map(|&kind| of(kind).map(|map| (kind, map))).collect()
    }
}

impl Map {
    /// Reads a map file.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or says something that is not understood: the line and
    /// what is known instead.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let text = std::fs::read_to_string(path).map_err(|e| ImportError::io(path, e))?;
        Self::parse(&text, path)
    }

    /// Reads the text of a map file; `path` is for messages.
    ///
    /// # Errors
    /// As [`Map::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ImportError> {
        let refuse = |at: usize, reason: String| {
            ImportError::unreadable(Place::line(path, line_of(text, at)), reason)
        };
        let mut raw: Raw = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start);
            refuse(at, e.message().to_owned())
        })?;
        let kinds = raw.kinds();
        for (&kind, map) in &kinds {
            check::kind(kind, map).map_err(|(at, reason)| refuse(at, reason))?;
        }
        let encoding = raw.encoding.as_ref().map(check::encoding).transpose();
        let delimiter = raw.delimiter.as_ref().map(check::delimiter).transpose();
        let time_zone = raw.time_zone.as_ref().map(check::time_zone).transpose();
        Ok(Self {
            encoding: encoding.map_err(|(at, reason)| refuse(at, reason))?,
            delimiter: delimiter.map_err(|(at, reason)| refuse(at, reason))?,
            time_zone: time_zone.map_err(|(at, reason)| refuse(at, reason))?,
            date_formats: raw.date_formats,
            timestamp_formats: raw.timestamp_formats,
            ignore_files: raw.ignore_files,
            kinds,
        })
    }

    /// Gives the rows of a kind an organization where they name none; one that the file gives stays.
    pub fn default_organization(&mut self, kind: FileKind, organization: &str) {
        const COLUMN: &str = "organization";
        let needed = kind.columns().iter().any(|c| c.required && c.name == COLUMN);
        let map = self.kinds.entry(kind).or_default();
        let is_given =
            map.defaults.keys().chain(map.constants.keys()).any(|key| key.as_ref() == COLUMN);
        if needed && !is_given {
            let value = toml::Value::String(organization.to_owned());
            map.defaults.insert(Spanned::new(0..0, COLUMN.to_owned()), value);
        }
    }

    /// The kind that the map gives to a file of this name.
    #[must_use]
    pub fn kind_of(&self, file_name: &str) -> Option<FileKind> {
        self.kinds
            .iter()
            .find(|(_, m)| m.files.iter().any(|f| f.eq_ignore_ascii_case(file_name)))
            .map(|(&kind, _)| kind)
    }

    /// Whether the map leaves a file of this name alone.
    #[must_use]
    pub fn ignores(&self, file_name: &str) -> bool {
        self.ignore_files.iter().any(|f| f.eq_ignore_ascii_case(file_name))
    }
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, at: usize) -> u64 {
    let upto = text.as_bytes().iter().take(at);
    1 + upto.filter(|&&b| b == b'\n').count() as u64
}
