//! What is found out about one entry while it is read.

use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;

use super::{Findings, Problem};

/// Collects problems and warnings under the entry's name.
pub(super) struct Report<'a> {
    file: &'a str,
    entry: &'a str,
    problems: Vec<String>,
    warnings: Vec<String>,
}

impl<'a> Report<'a> {
    pub fn new(file: &'a str, entry: &'a str) -> Self {
        Self { file, entry, problems: Vec::new(), warnings: Vec::new() }
    }

    pub fn problem(&mut self, what: &str) {
        self.problems.push(what.to_owned());
    }

    pub fn problems(&mut self, what: Vec<String>) {
        self.problems.extend(what);
    }

    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The value, or none and a problem.
    pub fn ok<T>(&mut self, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|error| self.problem(&error.to_string())).ok()
    }

    /// A word of a closed vocabulary that may be absent; the outer none is a problem.
    pub fn code<T: FromStr<Err: Display>>(&mut self, word: Option<&str>) -> Option<Option<T>> {
        self.ok(word.map(T::from_str).transpose())
    }

    /// An entry past its review is still sent; the operator is told.
    pub fn review(&mut self, review_by: Date, today: Date) {
        if review_by < today {
            self.warnings.push(format!(
                "was to be reviewed by {review_by}; check its source and set a new date"
            ));
        }
    }

    pub fn into_findings(self, findings: &mut Findings) {
        let (file, entry) = (self.file, self.entry);
        let named = |what| Problem { file: file.to_owned(), entry: Some(entry.to_owned()), what };
        findings.problems.extend(self.problems.into_iter().map(named));
        findings.warnings.extend(self.warnings.into_iter().map(named));
    }
}

/// The message of a TOML error on one line.
pub(super) fn toml_error(error: &toml::de::Error) -> String {
    error.message().split_whitespace().collect::<Vec<_>>().join(" ")
}
