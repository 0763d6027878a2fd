//! The layers: a flat table of `section.key` to value, each with the place it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::show::hide_password;
use super::{DEFAULT_TOML, values};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The built-in defaults.
    Default,
    /// A file, and the line the key stands on.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{} line {line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
        }
    }
}

/// A value as it was written, before anyone asked what it should be.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Raw {
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A list of tables.
    Rows(Vec<Row>),
    /// Anything else that TOML knows: its name.
    Other(&'static str),
}

/// Hides passwords, so that a debug line cannot print one.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{:?}", hide_password(text)),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Rows(rows) => f.debug_list().entries(rows).finish(),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// One table of a list, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins in its file.
    pub line: usize,
    pub fields: Vec<Field>,
}

/// One key of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub line: usize,
    pub raw: Raw,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub raw: Raw,
    pub origin: Origin,
}

/// Settings that are a secret as a whole, not only the password of a URL in them.
pub(super) const SECRETS: [&str; 2] = ["bounce.postmark_login", "bounce.mailgun_key"];

/// All settings, the topmost layer's value for each. The keys are those of the built-in file.
#[derive(Clone)]
pub(super) struct Layers {
    entries: BTreeMap<String, Entry>,
    /// Keys in the order of the built-in file.
    order: Vec<String>,
}

/// Without secrets.
impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.entries.iter().filter(|(key, _)| !SECRETS.contains(&key.as_str()));
        f.debug_map().entries(shown).finish()
    }
}

impl Layers {
    /// The built-in file alone.
    pub fn built_in() -> Self {
        let mut problems = Vec::new();
        let mut found = flatten(DEFAULT_TOML, Path::new("default.toml"), &mut problems);
        debug_assert!(problems.is_empty(), "{problems:?}");
        found.sort_by_key(|(_, line, _)| *line);
        let order = found.iter().map(|(key, ..)| key.clone()).collect();
        let entries = found
            .into_iter()
            .map(|(key, _, raw)| (key, Entry { raw, origin: Origin::Default }))
            .collect();
        Self { entries, order }
    }

    /// Puts a file on top. A file that is not `required` may be absent.
    pub fn add_file(&mut self, path: &Path, required: bool, problems: &mut Vec<Problem>) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => return,
            Err(error) => {
                problems.push(Problem {
                    place: path.display().to_string(),
                    key: String::new(),
                    reason: format!("the file cannot be read ({error})"),
                    advice: "name a readable UTF-8 file, or leave --config out".to_owned(),
                });
                return;
            }
        };
        let mut found = flatten(&text, path, problems);
        found.sort_by_key(|(_, line, _)| *line);
        for (key, line, raw) in found {
            self.put(&key, raw, Origin::File(path.to_owned(), line), problems);
        }
    }

    /// Puts one value on top, or reports that there is no such key.
    pub fn put(&mut self, key: &str, raw: Raw, origin: Origin, problems: &mut Vec<Problem>) {
        match self.entries.get_mut(key) {
            Some(entry) => *entry = Entry { raw, origin },
            None => problems.push(Problem {
                place: origin.to_string(),
                key: key.to_owned(),
                reason: "there is no such setting".to_owned(),
                advice: values::suggestion(key, self.order.iter().map(String::as_str)),
            }),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Every key in the order of the built-in file.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }
}

/// Parses a file into `section.key`, line and value; syntax errors become problems.
fn flatten(text: &str, path: &Path, problems: &mut Vec<Problem>) -> Vec<(String, usize, Raw)> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        problems.push(Problem {
            place: Origin::File(path.to_owned(), line).to_string(),
            key: String::new(),
            reason: format!("this is not valid TOML ({})", error.message().replace('\n', ", ")),
            advice: "write settings as `key = \"value\"` under a `[section]`".to_owned(),
        });
    }
    let mut found = Vec::new();
    if errors.is_empty() {
        collect(text, table.get_ref(), "", &mut found);
    }
    found
}

fn collect(text: &str, table: &DeTable<'_>, prefix: &str, found: &mut Vec<(String, usize, Raw)>) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        let line = line_of(text, name.span().start);
        match value.get_ref() {
            DeValue::Table(inner) if prefix.is_empty() => collect(text, inner, &key, found),
            _ => found.push((key, line, raw_of(text, value))),
        }
    }
}

fn raw_of(text: &str, value: &Spanned<DeValue<'_>>) -> Raw {
    match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .map_or(Raw::Other("number out of range"), Raw::Whole),
        DeValue::Array(list) => {
            let rows = list.iter().map(|value| row_of(text, value)).collect::<Option<_>>();
            rows.map_or(Raw::Other("list of values"), Raw::Rows)
        }
        other => Raw::Other(other.type_str()),
    }
}

/// One table of a list; none where the list holds anything else.
fn row_of(text: &str, value: &Spanned<DeValue<'_>>) -> Option<Row> {
    let table = value.get_ref().as_table()?;
    let mut fields = Vec::new();
    add_fields(text, table, "", &mut fields);
    Some(Row { line: line_of(text, value.span().start), fields })
}

/// The keys of a table; those of a table in it come as `outer.inner`.
fn add_fields(text: &str, table: &DeTable<'_>, prefix: &str, fields: &mut Vec<Field>) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) if prefix.is_empty() => {
                add_fields(text, inner, &format!("{key}."), fields);
            }
            _ => fields.push(Field {
                name: key,
                line: line_of(text, name.span().start),
                raw: raw_of(text, value),
            }),
        }
    }
}

/// Reads what would stand behind the `=` of a list in a file.
///
/// # Errors
/// What is wrong with it as TOML.
pub(super) fn list(text: &str) -> Result<Raw, String> {
    let text = format!("list = {text}");
    let table = DeTable::parse(&text).map_err(|e| e.message().replace('\n', ", "))?;
    let value = table.get_ref().get("list");
    Ok(value.map_or(Raw::Other("list of values"), |value| raw_of(&text, value)))
}

fn line_of(text: &str, offset: usize) -> usize {
    let end = offset.min(text.len());
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}
