//! The settings in force, for people: every key, its value and where it came from.

use std::collections::BTreeMap;

use super::layer::{Origin, Raw, Row, SECRETS};
use super::settings::Settings;

/// One setting in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// `section.key`.
    pub key: String,
    /// The value as it would be written; a password in it is hidden.
    pub value: ShownValue,
    /// Where it came from.
    pub origin: Origin,
}

/// A value as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum ShownValue {
    /// A string, without secrets.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A list of tables, the keys of each in the order of the alphabet.
    Rows(Vec<BTreeMap<String, ShownValue>>),
}

impl From<&Raw> for ShownValue {
    fn from(raw: &Raw) -> Self {
        match raw {
            Raw::Text(text) => Self::Text(hide_password(text)),
            Raw::Whole(number) => Self::Whole(*number),
            Raw::Rows(rows) => Self::Rows(rows.iter().map(shown_row).collect()),
            Raw::Other(name) => Self::Text((*name).to_owned()),
        }
    }
}

fn shown_row(row: &Row) -> BTreeMap<String, ShownValue> {
    row.fields.iter().map(|field| (field.name.clone(), ShownValue::from(&field.raw))).collect()
}

impl Settings {
    /// Every setting in the order of `config/default.toml`.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let entries = self.layers.keys().filter_map(|key| Some((key, self.layers.get(key)?)));
        entries
            .map(|(key, entry)| Shown {
                key: key.to_owned(),
                value: match &entry.raw {
                    Raw::Text(text) if SECRETS.contains(&key) && !text.trim().is_empty() => {
                        ShownValue::Text("***".to_owned())
                    }
                    raw => ShownValue::from(raw),
                },
                origin: entry.origin.clone(),
            })
            .collect()
    }
}

/// The text with the password of every URL in it replaced by three asterisks.
///
/// Works on what is not a valid URL as well: whatever stands between the first colon after the
/// scheme and the last at sign is hidden, and so is the value of a `password` parameter.
#[must_use]
pub fn hide_password(text: &str) -> String {
    let mut urls: Vec<String> = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        match urls.last_mut() {
            // What follows a blank and is no URL may be the rest of a password.
            Some(last) if !word.contains("://") => last.push_str(word),
            _ => urls.push(word.to_owned()),
        }
    }
    urls.iter().map(|url| hide_in_one(url)).collect()
}

fn hide_in_one(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let (login, place) = match rest.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, rest),
    };
    let login = login.map_or_else(String::new, |login| match login.split_once(':') {
        Some((user, _)) => format!("{user}:***@"),
        None => format!("{login}@"),
    });
    format!("{scheme}://{login}{}", hide_parameters(place))
}

fn hide_parameters(place: &str) -> String {
    let Some((before, query)) = place.split_once('?') else {
        return place.to_owned();
    };
    let hidden = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("pass") => format!("{name}=***"),
        _ => pair.to_owned(),
    });
    format!("{before}?{}", hidden.collect::<Vec<_>>().join("&"))
}
