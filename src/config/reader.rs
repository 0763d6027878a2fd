//! Reads typed values out of the layers and collects what is wrong with them.

use super::layer::{Entry, Layers, Raw};
use super::problem::Problem;
use super::row::Rows;

/// A reader over the layers. Every method answers `None` after it has recorded a problem, so that
/// one bad value does not hide the next.
pub(super) struct Reader<'a> {
    layers: &'a Layers,
    problems: &'a mut Vec<Problem>,
    /// Keys asked for so far; a test holds that these are all there are.
    pub asked: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub const fn new(layers: &'a Layers, problems: &'a mut Vec<Problem>) -> Self {
        Self { layers, problems, asked: Vec::new() }
    }

    /// A string that must not be blank or hold control characters.
    pub fn line(&mut self, key: &'static str) -> Option<String> {
        self.parsed(key, |text| match text.trim() {
            "" => Err("it must not be empty".to_owned()),
            line if line.chars().any(char::is_control) => {
                Err("it must not hold line breaks or control characters".to_owned())
            }
            line => Ok(line.to_owned()),
        })
    }

    /// A string that `parse` makes a value of; its error is the reason, and says what is allowed.
    pub fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = match &self.entry(key)?.raw {
            Raw::Text(text) => parse(text),
            Raw::Whole(_) => Err("it must be text in quotes, not a number".to_owned()),
            Raw::Rows(_) => Err("it must be text in quotes, not a list".to_owned()),
            Raw::Other(found) => Err(format!("it must be text in quotes, not a {found}")),
        };
        parsed.map_err(|reason| self.refuse(key, reason)).ok()
    }

    /// As [`Self::parsed`], where the empty string means "not set".
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        self.parsed(key, |text| match text.trim() {
            "" => Ok(None),
            filled => parse(filled).map(Some),
        })
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.parsed(key, |text| {
            let found = words.iter().find(|(word, _)| *word == text.trim());
            found.map(|(_, value)| *value).ok_or_else(|| {
                let known: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                format!("it must be one of {}", known.join(", "))
            })
        })
    }

    /// A whole number within `least` and `most`.
    pub fn whole<T: TryFrom<i64>>(
        &mut self,
        key: &'static str,
        least: i64,
        most: i64,
    ) -> Option<T> {
        let reason = || format!("it must be a whole number, {least} to {most}");
        let number = match &self.entry(key)?.raw {
            Raw::Whole(number) => Some(*number),
            Raw::Text(_) | Raw::Rows(_) | Raw::Other(_) => None,
        };
        let value = number
            .filter(|number| (least..=most).contains(number))
            .and_then(|number| T::try_from(number).ok());
        if value.is_none() {
            self.refuse(key, reason());
        }
        value
    }

    /// A whole number within 1 and `most`, or the word `none`.
    pub fn limit(&mut self, key: &'static str, most: u32) -> Option<Option<u32>> {
        self.limit_from(key, 1, most)
    }

    /// As [`Self::limit`], from `least` on.
    pub fn limit_from(&mut self, key: &'static str, least: u32, most: u32) -> Option<Option<u32>> {
        match &self.entry(key)?.raw {
            Raw::Text(text) if text.trim() == "none" => Some(None),
            _ => {
                let before = self.problems.len();
                let value = self.whole(key, i64::from(least), i64::from(most));
                for problem in &mut self.problems[before..] {
                    problem.advice.push_str(", or \"none\"");
                }
                value.map(Some)
            }
        }
    }

    /// A list of tables, each to be read by its own rules.
    pub fn rows(&mut self, key: &'static str) -> Option<Rows<'a>> {
        let entry = self.entry(key)?;
        let Raw::Rows(rows) = &entry.raw else {
            let advice = format!("it must be a list of tables: write [[{key}]] above each of them");
            self.refuse(key, advice);
            return None;
        };
        Some(Rows { key, origin: &entry.origin, rows })
    }

    /// Takes over problems that were found elsewhere.
    pub fn note(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    /// Records a problem with the value of `key`.
    pub fn refuse(&mut self, key: &str, reason: String) {
        let place = self.layers.get(key).map_or_else(String::new, |e| e.origin.to_string());
        self.problems.push(Problem {
            place,
            key: key.to_owned(),
            reason: "the value cannot be used".to_owned(),
            advice: reason,
        });
    }

    fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        let entry = self.layers.get(key);
        debug_assert!(entry.is_some(), "{key} is not in default.toml");
        entry
    }
}
