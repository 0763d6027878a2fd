//! What was typed on the page of the round, by client and gap.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::web::shell::fields::Fields;

/// Most clients and rows of a client that are read.
const CLIENTS: usize = 200;
const ROWS: usize = 60;

/// What was typed about one gap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Whether it was looked at and nothing changed.
    pub(super) is_same: bool,
    /// The status that it moved to; may be empty.
    pub(super) to: String,
    /// Words for its history.
    pub(super) note: String,
    /// Why it could not be taken.
    pub(super) problem: Option<String>,
}

impl Row {
    fn is_empty(&self) -> bool {
        !self.is_same && self.to.is_empty() && self.note.is_empty()
    }
}

/// All of it: rows by slug of the client and external id of the gap. Untouched rows are not in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) rows: BTreeMap<(String, String), Row>,
    /// When the page was made.
    pub(super) seen: Option<Timestamp>,
}

impl Typed {
    pub(super) fn of(fields: &Fields) -> Self {
        let by_name: BTreeMap<&str, &str> = fields.all().collect();
        let get = |name: String| by_name.get(name.as_str()).copied().unwrap_or_default();
        let mut rows = BTreeMap::new();
        for i in 0..CLIENTS {
            let slug = get(format!("c-{i}"));
            if slug.is_empty() {
                break;
            }
            for j in 0..ROWS {
                let id = get(format!("id-{i}-{j}"));
                if id.is_empty() {
                    break;
                }
                let row = Row {
                    is_same: !get(format!("same-{i}-{j}")).is_empty(),
                    to: get(format!("to-{i}-{j}")).to_owned(),
                    note: get(format!("note-{i}-{j}")).to_owned(),
                    problem: None,
                };
                if !row.is_empty() {
                    rows.insert((slug.to_owned(), id.to_owned()), row);
                }
            }
        }
        let seen = fields.get("seen").parse().ok();
        let seen = seen.and_then(|seen| Timestamp::from_millisecond(seen).ok());
        Self { rows, seen }
    }

    /// What was typed about a gap.
    pub(super) fn row(&self, slug: &str, gap: &str) -> Row {
        self.rows.get(&(slug.to_owned(), gap.to_owned())).cloned().unwrap_or_default()
    }

    /// The gaps of a client about which something was typed.
    pub(super) fn gaps(&self, slug: &str) -> Vec<String> {
        self.rows.keys().filter(|(own, _)| own == slug).map(|(_, gap)| gap.clone()).collect()
    }

    /// Whether anything could not be taken.
    pub(super) fn has_problems(&self) -> bool {
        self.rows.values().any(|row| row.problem.is_some())
    }
}
