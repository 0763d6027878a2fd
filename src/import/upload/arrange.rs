//! From what was chosen on a page to a map.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::import::kind::FileKind;
use crate::import::map::{KindMap, Map, Translation};

use super::columns::{Content, content};
use super::guess;
use super::survey::Survey;

/// What was chosen for one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Our column, or an input of estimates, to theirs.
    pub columns: BTreeMap<String, String>,
    /// Value of our column where theirs is not there or its cell is empty.
    pub defaults: BTreeMap<String, String>,
    /// Their words to ours, by our column.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}

/// Something that was chosen and cannot be: our column, and what to do.
pub type Wrong = (String, String);

impl Chosen {
    /// What a file's own columns and words may mean.
    #[must_use]
    pub fn guessed(kind: FileKind, survey: &Survey) -> Self {
        let found = guess::columns(kind, &survey.names());
        let mut chosen = Self::default();
        for (ours, theirs) in &found {
            let words = survey.column(theirs).map(|own| &own.words).into_iter().flatten();
            for word in guess::foreign(kind, ours, words) {
                if let Some(known) = guess::word(kind, ours, word) {
                    let table = chosen.words.entry((*ours).to_owned()).or_default();
                    table.insert(word.clone(), known.to_owned());
                }
            }
        }
        chosen.columns =
            found.into_iter().map(|(ours, theirs)| (ours.to_owned(), theirs)).collect();
        let inputs = survey.columns.iter().filter(|own| own.name.starts_with("exposure_inputs."));
        chosen.columns.extend(inputs.map(|own| (own.name.clone(), own.name.clone())));
        chosen
    }

    /// What a map says of a file's columns.
    #[must_use]
    pub fn of(map: &KindMap, kind: FileKind, survey: &Survey) -> Self {
        let mut chosen = Self::default();
        for own in &survey.columns {
            if map.drop.contains(&own.name) {
                continue;
            }
            let renamed = map.rename.iter().find(|(from, _)| from.as_ref() == &own.name);
            let ours = renamed.map_or(own.name.as_str(), |(_, to)| to.as_ref().as_str());
            if crate::import::header::target(kind, ours).is_some() {
                chosen.columns.entry(ours.to_owned()).or_insert_with(|| own.name.clone());
            }
        }
        for (name, value) in &map.defaults {
            if let Some(text) = crate::import::map::plain(value) {
                chosen.defaults.insert(name.as_ref().clone(), text);
            }
        }
        for (name, table) in &map.translate {
            chosen.words.insert(name.as_ref().clone(), table.values.clone());
        }
        chosen
    }

    /// Everything that is wrong with it for a file of these columns; `given` are columns that have a
    /// value whatever is chosen.
    #[must_use]
    pub fn wrongs(&self, kind: FileKind, survey: &Survey, given: &[&str]) -> Vec<Wrong> {
        let mut wrongs = Vec::new();
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for (ours, theirs) in &self.columns {
            if survey.column(theirs).is_none() {
                wrongs.push((
                    ours.clone(),
                    "is filled from a column that the file does not have".to_owned(),
                ));
            } else if let Some(first) = taken.insert(theirs, ours) {
                wrongs.push((
                    ours.clone(),
                    format!("is filled from the same column as {first}; choose another"),
                ));
            }
        }
        for column in kind.columns().iter().filter(|column| column.required) {
            let has = |map: &BTreeMap<String, String>| map.contains_key(column.name);
            if !has(&self.columns) && !has(&self.defaults) && !given.contains(&column.name) {
                let or = match content(kind, column.name) {
                    Content::Words(_) => ", or a value for all rows",
                    _ => "",
                };
                wrongs.push((column.name.to_owned(), format!("is missing; choose a column{or}")));
            }
        }
        wrongs
    }

    /// Puts it into a map. What the map says besides stays.
    pub fn into_map(&self, map: &mut Map, kind: FileKind, survey: &Survey) {
        let own = map.kinds.entry(kind).or_default();
        let spanned = |text: &str| Spanned::new(0..0, text.to_owned());
        let used: BTreeSet<&String> = self.columns.values().collect();
        own.rename.clear();
        // A column that is chosen for two of ours stays the first one's.
        let mut named: BTreeSet<&String> = BTreeSet::new();
        for (ours, theirs) in &self.columns {
            if named.insert(theirs) && ours != theirs {
                own.rename.insert(spanned(theirs), spanned(ours));
            }
        }
        let unused = survey.columns.iter().filter(|column| !used.contains(&column.name));
        own.drop = unused.map(|column| column.name.clone()).collect();
        own.defaults = self
            .defaults
            .iter()
            .map(|(name, value)| (spanned(name), toml::Value::String(value.clone())))
            .collect();
        // What a map says of other words stays.
        let other: BTreeMap<String, Option<String>> = own
            .translate
            .iter()
            .map(|(name, table)| (name.as_ref().clone(), table.default.clone()))
            .collect();
        let names: BTreeSet<&String> = self.words.keys().chain(other.keys()).collect();
        own.translate = names
            .into_iter()
            .map(|name| {
                let values = self.words.get(name).cloned().unwrap_or_default();
                let default = other.get(name).cloned().flatten();
                (spanned(name), Translation { values, default })
            })
            .filter(|(_, table)| !table.values.is_empty() || table.default.is_some())
            .collect();
    }
}
