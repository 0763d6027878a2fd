//! A form of the desk: what its fields hold, and the sentence at each that cannot be taken.
//!
//! **Invariant:** what was typed is shown again as it was typed, until it is taken.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use axum::http::StatusCode;
use jiff::civil::Date;

use crate::domain::brief::numbers::capitalized;
use crate::domain::register::Refusals;
use crate::web::shell::fields::Fields;

use super::amounts;

/// Fields that a button or the page itself fills in: no sentence leads to them.
const UNSEEN: [&str; 2] = ["status", "exposure_kind"];

/// One form on a page.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Form {
    /// Tells its fields from those of another form on the page.
    id: &'static str,
    values: BTreeMap<String, String>,
    problems: BTreeMap<String, String>,
    /// What fields hold by now that somebody else changed.
    now: BTreeMap<String, String>,
}

/// One sentence about a form: the field's id on the page, and its name with the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Complaint {
    /// Id of the field on the page; none where it is about none of the form's own.
    pub(in crate::web) at: Option<String>,
    /// "Owner: ...".
    pub(in crate::web) words: String,
}

impl Form {
    /// One that holds how things stand.
    pub(in crate::web) fn holding<'v>(
        id: &'static str,
        values: impl IntoIterator<Item = (&'v str, String)>,
    ) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { id, values, ..Self::default() }
    }

    /// One that holds what was sent.
    pub(in crate::web) fn sent(id: &'static str, fields: &Fields) -> Self {
        let mut form = Self { id, ..Self::default() };
        for (name, value) in fields.all() {
            form.values.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        form
    }

    /// What a field holds; empty where it holds nothing.
    pub(in crate::web) fn value(&self, name: impl AsRef<str>) -> &str {
        self.values.get(name.as_ref()).map_or("", String::as_str)
    }

    /// Whether a field holds a value.
    pub(in crate::web) fn is(&self, name: impl AsRef<str>, value: impl AsRef<str>) -> bool {
        self.value(name) == value.as_ref()
    }

    /// Puts a value into a field.
    pub(in crate::web) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// The id of a field on the page.
    pub(in crate::web) fn at(&self, name: impl AsRef<str>) -> String {
        format!("{}-{}", self.id, name.as_ref())
    }

    /// What is wrong with a field.
    pub(in crate::web) fn problem(&self, name: impl AsRef<str>) -> Option<&str> {
        self.problems.get(name.as_ref()).map(String::as_str)
    }

    /// Whether anything cannot be taken.
    pub(in crate::web) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What a page with this form answers: that it was sent in vain, where somebody else had written
    /// meanwhile or a value will not do.
    pub(in crate::web) fn status(&self, is_conflict: bool) -> StatusCode {
        match (is_conflict, self.has_problems()) {
            (true, _) => StatusCode::CONFLICT,
            (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
            (false, false) => StatusCode::OK,
        }
    }

    /// Every sentence, for the head of the form.
    pub(in crate::web) fn complaints(&self) -> Vec<Complaint> {
        let words = |(name, problem): (&String, &String)| Complaint {
            at: self
                .values
                .contains_key(name)
                .then(|| self.at(name))
                .filter(|_| !UNSEEN.contains(&name.as_str())),
            words: format!("{}: {problem}", label(name)),
        };
        self.problems.iter().map(words).collect()
    }

    /// Says what is wrong with a field: the first sentence stays. It reads after the field's name.
    pub(in crate::web) fn refuse(&mut self, name: impl Into<String>, problem: &str) {
        self.problems.entry(name.into()).or_insert_with(|| sentence(problem));
    }

    /// Says what the register refused, each at its field.
    pub(in crate::web) fn take(&mut self, refusals: &Refusals) {
        self.take_lists(refusals, &[]);
    }

    /// The same where entries of a list stand in other places of the form: which, entry by entry.
    pub(in crate::web) fn take_lists(&mut self, refusals: &Refusals, places: &[usize]) {
        for refusal in &refusals.0 {
            let place = |entry: usize| places.get(entry).copied().unwrap_or(entry);
            let name = match refusal.entry {
                Some(entry) => format!("{}-{}", refusal.field, place(entry)),
                None => refusal.field.to_owned(),
            };
            self.refuse(name, &refusal.problem);
        }
    }

    /// Says beside each field that holds something else what stands there by now.
    pub(in crate::web) fn stands_now(&mut self, standing: &Self) {
        let other =
            standing.values.iter().filter(|(name, value)| self.value(name) != value.as_str());
        self.now = other.map(|(name, value)| (name.clone(), value.clone())).collect();
    }

    /// What stands by now in a field that holds something else.
    pub(in crate::web) fn now(&self, name: impl AsRef<str>) -> Option<&str> {
        let now = self.now.get(name.as_ref())?;
        Some(if now.is_empty() { "nothing" } else { now })
    }

    /// Says at another field what is wrong with one that the form does not have.
    pub(in crate::web) fn say_at(&mut self, from: &str, to: &str) {
        if let Some(problem) = self.problems.remove(from) {
            self.problems.entry(to.to_owned()).or_insert(problem);
        }
    }

    /// The text of a field; none where it is empty.
    pub(in crate::web) fn text(&self, name: impl AsRef<str>) -> Option<String> {
        Some(self.value(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The day in a field; none where it is empty or refused.
    pub(in crate::web) fn date(&mut self, name: &str) -> Option<Date> {
        let problem = |text: &str| format!("{text:?} is not a day; write it like 2026-11-23");
        self.read(name, |text| text.parse().map_err(|_| problem(text)))
    }

    /// The code in a field; none where it is empty or refused.
    pub(in crate::web) fn code<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.read(name, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// The same of a field that must hold one.
    pub(in crate::web) fn needed<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        if self.value(name).is_empty() {
            self.refuse(name, "is missing; choose one");
        }
        self.code(name)
    }

    /// The whole number in a field; none where it is empty or refused.
    pub(in crate::web) fn whole(&mut self, name: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let (from, to) = (range.start(), range.end());
        let problem = |text: &str| format!("{text:?} is not a whole number from {from} to {to}");
        self.read(name, |text| {
            let number = text.parse().ok().filter(|n| range.contains(n));
            number.ok_or_else(|| problem(text))
        })
    }

    /// The number with decimals in a field, in units of its last place.
    pub(in crate::web) fn amount(&mut self, name: &str, places: u32) -> Option<i64> {
        self.read(name, |text| amounts::parse(text, places))
    }

    fn read<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.values.get(name).filter(|text| !text.is_empty())?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.refuse(name, &problem);
                None
            }
        }
    }
}

/// A sentence from words that read after a field's name.
fn sentence(problem: &str) -> String {
    let whole = match problem.split(' ').next() {
        Some("is" | "has" | "cannot") => format!("This {problem}"),
        _ => capitalized(problem),
    };
    if whole.ends_with(['.', '?']) { whole } else { format!("{whole}.") }
}

/// What a field is called in the list of complaints.
fn label(name: &str) -> String {
    let (name, entry) = match name.rsplit_once('-') {
        Some((name, entry)) if entry.bytes().all(|b| b.is_ascii_digit()) => (name, entry),
        _ => (name, ""),
    };
    let words = match name {
        "due_on" => "Due".to_owned(),
        "next_step_on" => "Day of the next step".to_owned(),
        "exposure_inputs" => "Price".to_owned(),
        "exposure_kind" => "Kind of price".to_owned(),
        "exposure_source" => "Source".to_owned(),
        "exposure_group" => "Group".to_owned(),
        "owner_email" => "Owner\u{2019}s address".to_owned(),
        "reply_to" => "Answers go to".to_owned(),
        "accent" => "Colour".to_owned(),
        "evidence_url" => "Link to the evidence".to_owned(),
        "effective_on" => "Since".to_owned(),
        "starts_at" => "Begins".to_owned(),
        "category" => "Pattern".to_owned(),
        "was" => "What the brief said".to_owned(),
        "is" => "What is right".to_owned(),
        "why" => "How it happened".to_owned(),
        "to" => "Address".to_owned(),
        other => capitalized(&other.trim_end_matches("_on").replace('_', " ")),
    };
    match entry.parse::<usize>() {
        Ok(entry) => format!("{words} ({})", entry + 1),
        Err(_) => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_what_was_typed_and_its_first_sentence() {
        let typed = [("due_on", "tomorrow".to_owned()), ("severity", "9".to_owned())];
        let mut form = Form::holding("gap", typed);
        assert_eq!(form.date("due_on"), None);
        assert_eq!(form.whole("severity", 1..=4), None);
        form.refuse("due_on", "is past");
        form.refuse("title-2", "is missing; write something here");
        assert_eq!(form.value("due_on"), "tomorrow");
        assert_eq!(
            form.problem("due_on"),
            Some("\"tomorrow\" is not a day; write it like 2026-11-23.")
        );
        let words: Vec<String> = form.complaints().into_iter().map(|c| c.words).collect();
        assert_eq!(words[2], "Title (3): This is missing; write something here.");
        let at: Vec<Option<String>> = form.complaints().into_iter().map(|c| c.at).collect();
        assert_eq!(at, [Some("gap-due_on".to_owned()), Some("gap-severity".to_owned()), None]);
        assert_eq!(form.date("nothing"), None);
        assert_eq!(form.problem("nothing"), None);
    }
}
