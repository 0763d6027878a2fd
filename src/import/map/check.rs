//! What a map file may say. Every check answers with the byte where it fails.

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use toml::Spanned;

use super::KindMap;
use crate::import::header::target;
use crate::import::kind::FileKind;

/// A byte of the map file and what is wrong there.
type Fault = (usize, String);

/// Every column that a kind's table names is one of ours, and every value is plain.
pub(super) fn kind(kind: FileKind, map: &KindMap) -> Result<(), Fault> {
    for name in map.rename.values() {
        column(kind, name)?;
    }
    for name in map.translate.keys().chain(map.cut.keys()) {
        column(kind, name)?;
    }
    for (name, value) in map.defaults.iter().chain(&map.constants) {
        column(kind, name)?;
        if plain(value).is_none() {
            return Err((
                name.span().start,
                format!("the value of {} must be text, a number or a date", name.as_ref()),
            ));
        }
    }
    if let Some((name, _)) = map.cut.iter().find(|(_, length)| **length == 0) {
        return Err((name.span().start, format!("{} cannot be cut to nothing", name.as_ref())));
    }
    Ok(())
}

/// A value as it would stand in a cell; none for a table or an array.
pub(in crate::import) fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => Some(value.to_string()),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

/// One column name.
fn column(kind: FileKind, name: &Spanned<String>) -> Result<(), Fault> {
    match target(kind, name.as_ref()) {
        Some(_) => Ok(()),
        None => Err((
            name.span().start,
            format!(
                "{:?} is not a column of {kind}; the columns are: {}",
                name.as_ref(),
                kind.column_names()
            ),
        )),
    }
}

/// An encoding by its usual name. Only those in which the bytes of ASCII mean themselves: a CSV
/// file is split before it is decoded.
pub(super) fn encoding(label: &Spanned<String>) -> Result<&'static Encoding, Fault> {
    let name = label.as_ref();
    let known = match name.to_ascii_lowercase().as_str() {
        "latin-1" => Encoding::for_label(b"latin1"),
        other => Encoding::for_label(other.as_bytes()),
    };
    known.filter(|e| e.is_ascii_compatible()).ok_or_else(|| {
        (
            label.span().start,
            format!(
                "{name:?} is not an encoding that can be read; use \"utf-8\", \"latin-1\", \"windows-1252\" \
                 or convert the file: iconv -f {} -t UTF-8",
                shell_word(name)
            ),
        )
    })
}

/// What stands between two cells: one of those that spreadsheets write.
pub(super) fn delimiter(text: &Spanned<String>) -> Result<u8, Fault> {
    match text.as_ref().as_bytes() {
        [mark @ (b',' | b';' | b'\t' | b'|')] => Ok(*mark),
        _ => Err((
            text.span().start,
            format!(
                "{:?} is no delimiter; use \",\", \";\", \"|\" or \"\\t\" for a tab",
                text.as_ref()
            ),
        )),
    }
}

/// Only what may stand in a command line that a person copies.
fn shell_word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(20).collect()
}

/// An IANA zone.
pub(super) fn time_zone(name: &Spanned<String>) -> Result<TimeZone, Fault> {
    TimeZone::get(name.as_ref()).map_err(|_| {
        (
            name.span().start,
            format!(
                "{:?} is not a time zone; use an IANA name such as \"Europe/Rome\" or \"UTC\"",
                name.as_ref()
            ),
        )
    })
}
