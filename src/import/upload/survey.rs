//! A look over a whole file under its own columns: their names, and the words in them.

use std::collections::BTreeSet;

use crate::import::error::{ImportError, Place};
use crate::import::map::Map;
use crate::import::read::Rows;
use crate::import::sources::Source;
use crate::import::text::clean;

/// Most different words of a column that are kept. A column with more holds text, not codes.
pub const MOST_WORDS: usize = 40;
/// Longest word that is kept, in characters. A longer one is a sentence.
const LONGEST: usize = 60;
/// Most columns that a file may have here.
pub const MOST_COLUMNS: usize = 200;

/// One column as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnColumn {
    /// Its name.
    pub name: String,
    /// The first different words in it.
    pub words: BTreeSet<String>,
    /// Whether it has more than those.
    pub has_more: bool,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Its columns, in their order.
    pub columns: Vec<OwnColumn>,
    /// Its rows.
    pub rows: u64,
}

impl Survey {
    /// Reads a file to its end.
    ///
    /// # Errors
    /// It cannot be read as what it is said to be, or has more than [`MOST_COLUMNS`].
    pub fn of(source: &Source, map: &Map) -> Result<Self, ImportError> {
        let mut rows = Rows::loose(source, map)?;
        let mut survey = Self::default();
        survey.name(source, &rows.header().names)?;
        while let Some(raw) = rows.next_row()? {
            survey.rows += 1;
            survey.name(source, &rows.header().names)?;
            for (column, value) in survey.columns.iter_mut().zip(&raw.values) {
                column.see(value);
            }
        }
        Ok(survey)
    }

    /// Adds the columns that are new. Too many stop here: what comes later compares each with all.
    fn name(&mut self, source: &Source, names: &[String]) -> Result<(), ImportError> {
        if names.len() > MOST_COLUMNS {
            return Err(ImportError::Unreadable {
                place: Place::file(&source.path),
                reason: format!("it has {} columns, and {MOST_COLUMNS} are the most", names.len()),
            });
        }
        let new = names.iter().skip(self.columns.len()).map(|name| OwnColumn {
            name: name.clone(),
            words: BTreeSet::new(),
            has_more: false,
        });
        self.columns.extend(new);
        Ok(())
    }

    /// Adds what another file of the same kind holds.
    pub fn join(&mut self, other: Self) {
        self.rows += other.rows;
        for column in other.columns {
            match self.columns.iter_mut().find(|own| own.name == column.name) {
                None => self.columns.push(column),
                Some(own) => {
                    own.has_more |= column.has_more;
                    column.words.into_iter().for_each(|word| own.keep(word));
                }
            }
        }
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&OwnColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl OwnColumn {
    fn see(&mut self, value: &str) {
        if self.words.len() >= MOST_WORDS && self.has_more {
            return;
        }
        // What cannot be taken is said where the row is.
        match clean(value, false) {
            Ok(word) if word.chars().count() <= LONGEST => {
                if !word.is_empty() {
                    self.keep(word);
                }
            }
            _ => self.has_more = true,
        }
    }

    fn keep(&mut self, word: String) {
        if self.words.len() < MOST_WORDS || self.words.contains(&word) {
            self.words.insert(word);
        } else {
            self.has_more = true;
        }
    }
}
