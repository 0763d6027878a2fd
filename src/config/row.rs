//! Reads typed values out of one table of a list. A problem says which table, by its number and line.

use super::layer::{Field, Origin, Raw, Row};
use super::problem::Problem;

/// The tables of one list.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub key: &'static str,
    pub origin: &'a Origin,
    pub rows: &'a [Row],
}

/// A reader over one table. As with the reader of settings, one bad value does not hide the next.
pub(super) struct RowReader<'a> {
    list: Rows<'a>,
    /// Which table of the list this is, from 1.
    number: usize,
    row: &'a Row,
    asked: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Rows<'a> {
    /// A reader for each table.
    pub fn readers(self) -> impl Iterator<Item = RowReader<'a>> {
        (1..).zip(self.rows).map(move |(number, row)| RowReader {
            list: self,
            number,
            row,
            asked: Vec::new(),
            problems: Vec::new(),
        })
    }
}

impl RowReader<'_> {
    /// What `parse` makes of a key that must be there; its error says what is allowed.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let found = self.optional(name, parse)?;
        if found.is_none() {
            self.refuse(None, format!("it lacks {name}; add {name} = \"...\""));
        }
        found
    }

    /// As [`Self::parsed`], for a key that may be left out.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        self.asked.push(name);
        let Some(field) = self.row.fields.iter().find(|field| field.name == name) else {
            return Some(None);
        };
        let parsed = match &field.raw {
            Raw::Text(text) => parse(text.trim()),
            _ => Err("must be text in quotes".to_owned()),
        };
        match parsed {
            Ok(value) => Some(Some(value)),
            Err(reason) => {
                self.refuse(Some(field), format!("its {name} {reason}"));
                None
            }
        }
    }

    /// A whole number within `least` and `most`, for a key that may be left out.
    pub fn whole(&mut self, name: &'static str, least: i64, most: i64) -> Option<Option<i64>> {
        self.asked.push(name);
        let Some(field) = self.row.fields.iter().find(|field| field.name == name) else {
            return Some(None);
        };
        match &field.raw {
            Raw::Whole(number) if (least..=most).contains(number) => Some(Some(*number)),
            _ => {
                self.refuse(
                    Some(field),
                    format!("its {name} must be a whole number, {least} to {most}"),
                );
                None
            }
        }
    }

    /// Whether a key is there.
    pub fn has(&self, name: &str) -> bool {
        self.row.fields.iter().any(|field| field.name == name)
    }

    /// Records a problem with the whole table.
    pub fn refuse_all(&mut self, advice: String) {
        self.refuse(None, advice);
    }

    /// Ends reading: keys that were not asked for do not exist. Returns the problems.
    pub fn end(mut self) -> Vec<Problem> {
        for field in &self.row.fields {
            if !self.asked.contains(&field.name.as_str()) {
                let advice = format!("it has a key {:?}; {}", field.name, self.known());
                self.refuse(Some(field), advice);
            }
        }
        self.problems
    }

    /// The keys that there are. Of those of an inner table, which are many, one stands for all.
    fn known(&self) -> String {
        let mut known: Vec<&str> = Vec::new();
        for name in &self.asked {
            let outer = name.split_once('.').map(|(outer, _)| outer);
            let is_told = outer.is_some_and(|outer| {
                known.iter().any(|told| told.split_once('.').is_some_and(|(o, _)| o == outer))
            });
            if !is_told {
                known.push(name);
            }
        }
        let more = if known.len() < self.asked.len() { " and the like" } else { "" };
        format!("the keys are {}{more}", known.join(", "))
    }

    fn refuse(&mut self, field: Option<&Field>, advice: String) {
        let place = match self.list.origin {
            Origin::File(path, _) => {
                let line = field.map_or(self.row.line, |field| field.line);
                Origin::File(path.clone(), line).to_string()
            }
            other => other.to_string(),
        };
        self.problems.push(Problem {
            place,
            key: self.list.key.to_owned(),
            reason: format!("entry {} cannot be used", self.number),
            advice,
        });
    }
}
