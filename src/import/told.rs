//! What an import changes, row by row, for whoever looks at it before it is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::store::import::{ExposureRow, GapEventRow, ImplementationEventRow};

/// Most changed rows of a file that are told one by one.
pub const MOST_TOLD: usize = 200;
/// Most rejected rows of a file that are named one by one.
pub const MOST_REJECTED: usize = 50;
/// Longest value that is told, in characters.
const LONGEST: usize = 300;
/// What is known by another name on the same row, or means nothing to a reader.
const UNTOLD: [&str; 4] = ["id", "slug", "email_canonical", "leak_zone"];

/// One row that was new or changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// What the row is known by in its file.
    pub name: String,
    /// Its title or name, where it has one.
    pub title: String,
    /// Whether it was not known before.
    pub is_new: bool,
    /// What is different; of a new row what it says.
    pub values: Vec<ValueChange>,
}

/// One value that is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// Its column, or the kind of event.
    pub what: String,
    /// Before; none where there was nothing.
    pub from: Option<String>,
    /// After; none where there is nothing any more.
    pub to: Option<String>,
}

/// One row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowReject {
    /// Where it begins.
    pub line: u64,
    /// Our column, or theirs; empty for the row as a whole.
    pub column: String,
    /// Why, and what to do.
    pub reason: String,
}

impl RowChange {
    /// A row by its name and title.
    #[must_use]
    pub fn of(name: &str, title: &str, is_new: bool) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), is_new, values: Vec::new() }
    }

    /// Adds what changed in place.
    #[must_use]
    pub fn base<T: Serialize>(mut self, before: Option<&T>, after: &T) -> Self {
        let fields = |row: &T| match serde_json::to_value(row) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let old = before.map(fields).unwrap_or_default();
        for (field, value) in fields(after) {
            let is_key = field.ends_with("_id") || UNTOLD.contains(&field.as_str());
            let (from, to) = (old.get(&field).and_then(|v| word(&field, v)), word(&field, &value));
            // A new row's name and title stand at its head.
            let is_said = self.is_new && to.as_ref().is_some_and(|to| *to == self.title);
            if !is_key && !is_said && from != to {
                self.values.push(ValueChange { what: field, from, to });
            }
        }
        self
    }

    /// Adds what became history, with the day from which it holds where that is not `opened_on`.
    #[must_use]
    pub fn events(mut self, events: &[GapEventRow], opened_on: &str) -> Self {
        for event in events {
            let what = match event.kind.as_str() {
                "opened" => "status".to_owned(),
                other => other.to_owned(),
            };
            let (to, note) = match (&event.to_value, &event.note) {
                (None, note) => (note.clone(), None),
                (to, note) => (to.clone(), note.clone()),
            };
            let day = Some(event.effective_on.as_str()).filter(|day| *day != opened_on);
            let noted = format!("{what}_note");
            self.values.push(ValueChange {
                what,
                from: event.from_value.clone(),
                to: as_of(to, day),
            });
            if note.is_some() {
                self.values.push(ValueChange { what: noted, from: None, to: note });
            }
        }
        self
    }

    /// Adds what a gap is estimated to cost, in minor units a week.
    #[must_use]
    pub fn estimates(mut self, rows: &[ExposureRow], opened_on: &str) -> Self {
        for row in rows {
            let day = Some(row.effective_on.as_str()).filter(|day| *day != opened_on);
            let sum = format!(
                "{}, {}: {} ({} to {})",
                row.kind, row.basis, row.likely, row.low, row.high
            );
            self = self.value("estimate", None, as_of(Some(sum), day));
            self = self.value("estimate_inputs", None, Some(row.inputs.clone()));
            if row.source_note.is_some() {
                self = self.value("estimate_source", None, row.source_note.clone());
            }
        }
        self
    }

    /// Adds an implementation's new dates and status.
    #[must_use]
    pub fn dates(mut self, events: &[ImplementationEventRow]) -> Self {
        self.values.extend(events.iter().map(|event| ValueChange {
            what: event.field.clone(),
            from: event.from_value.clone(),
            to: as_of(event.to_value.clone(), Some(&event.effective_on)),
        }));
        self
    }

    /// Adds one value.
    #[must_use]
    pub fn value(mut self, what: &str, from: Option<String>, to: Option<String>) -> Self {
        self.values.push(ValueChange { what: what.to_owned(), from, to });
        self
    }

    /// The same with texts as long as anybody reads them, to be kept.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        let value = |v: Option<String>| v.as_deref().map(short);
        (self.name, self.title) = (short(&self.name), short(&self.title));
        for own in &mut self.values {
            (own.from, own.to) = (value(own.from.take()), value(own.to.take()));
        }
        self
    }
}

/// A value as it is told; none where there is nothing.
fn word(field: &str, value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if field.ends_with("_at") => {
            let at = number.as_i64().and_then(|ms| Timestamp::from_millisecond(ms).ok());
            Some(at.map_or_else(|| number.to_string(), |at| at.to_string()))
        }
        other => Some(other.to_string()),
    }
}

/// A value with the day from which it holds.
fn as_of(to: Option<String>, day: Option<&str>) -> Option<String> {
    match day {
        None => to,
        Some(day) => Some(format!("{} (as of {day})", to.as_deref().unwrap_or("nothing"))),
    }
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// A digest of everything that is told, at its full length: equal where the same would be written and the same rejected.
#[derive(Debug, Clone, Default)]
pub struct Told(Sha256);

impl Told {
    /// Takes a change in.
    pub fn change(&mut self, change: &RowChange) {
        // Plain values always have a JSON form.
        self.0.update(serde_json::to_vec(change).unwrap_or_default());
    }

    /// Takes a reject in. Its reason is left out: it may name the time.
    pub fn reject(&mut self, line: u64, column: &str) {
        self.0.update(format!("{line} {column}\n"));
    }

    /// In hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.clone().finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_different_is_told() {
        let before = json!({"id": "x", "title": "A", "verifier": null, "organization_id": "o"});
        let after = json!({"id": "y", "title": "B", "verifier": "J", "organization_id": "o"});
        let told = RowChange::of("g1", "B", false).base(Some(&before), &after);
        let values: Vec<_> = told
            .values
            .iter()
            .map(|v| (v.what.as_str(), v.from.as_deref(), v.to.as_deref()))
            .collect();
        assert_eq!(values, [("title", Some("A"), Some("B")), ("verifier", None, Some("J"))]);
        let new = RowChange::of("g1", "B", true).base(None, &after);
        assert_eq!(new.values.len(), 1, "a title stands at the head");
    }

    #[test]
    fn another_change_has_another_digest() {
        let digest = |title: &str| {
            let mut told = Told::default();
            told.change(&RowChange::of("g1", title, true));
            told.reject(3, "area");
            told.hex()
        };
        assert_eq!(digest("A"), digest("A"));
        assert_ne!(digest("A"), digest("B"));
        let long = "x".repeat(2 * LONGEST);
        assert_ne!(digest(&long), digest(&format!("{long}y")), "beyond what is kept");
    }
}
