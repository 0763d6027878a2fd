//! A value as a cell of a CSV file would have it: what a client of that database prints, with dates
//! and instants in the forms that every file has them in.

use super::trouble::Trouble;

/// What to do with the text of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// `t` and `f` are words.
    Truth,
    /// A fraction of zeros goes.
    Decimal,
    /// A day and a time: a `T` between them, and no fraction of zeros.
    Civil,
    /// The same in UTC.
    Instant,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub form: Form,
    /// The database's name of its type, where values of it are no text.
    pub unreadable: Option<String>,
}

impl Column {
    pub fn new(name: &str, form: Form) -> Self {
        Self { name: name.to_owned(), form, unreadable: None }
    }

    /// A column whose values are no text.
    pub fn unreadable(name: &str, kind: &str) -> Self {
        Self { unreadable: Some(kind.to_owned()), ..Self::new(name, Form::Plain) }
    }

    /// Why the column cannot be read, if so.
    pub fn trouble(&self) -> Option<Trouble> {
        let kind = self.unreadable.as_ref()?;
        Some(Trouble::at(
            &self.name,
            format!("its type is {kind}, which is no text, number or date"),
            "cast it in the query, or leave it out",
        ))
    }
}

/// The cell of a value that the database wrote as text; none is an empty cell.
pub(super) fn cell(text: Option<&str>, form: Form) -> String {
    let Some(text) = text else {
        return String::new();
    };
    match form {
        Form::Plain => text.to_owned(),
        Form::Truth => match text {
            "t" => "true".to_owned(),
            "f" => "false".to_owned(),
            other => other.to_owned(),
        },
        Form::Decimal => whole(text).to_owned(),
        Form::Civil => civil(text),
        Form::Instant => {
            let bare = text.strip_suffix("+00").or_else(|| text.strip_suffix("+00:00"));
            format!("{}Z", civil(bare.unwrap_or(text)))
        }
    }
}

/// `1200.00` is 1200; `12.50` stays.
fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        _ => text,
    }
}

/// `2026-11-16 09:00:00.000000` is 2026-11-16T09:00:00. A day of zeros is none.
fn civil(text: &str) -> String {
    whole(text).replacen(' ', "T", 1)
}

/// Days that a database has for "none".
pub(super) fn is_zero_day(text: &str) -> bool {
    text.starts_with("0000-00-00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_what_a_file_would_have() {
        for (text, form, wanted) in [
            (Some("Price lists"), Form::Plain, "Price lists"),
            (None, Form::Instant, ""),
            (Some("t"), Form::Truth, "true"),
            (Some("f"), Form::Truth, "false"),
            (Some("120000.00"), Form::Decimal, "120000"),
            (Some("12.50"), Form::Decimal, "12.50"),
            (Some("-3"), Form::Decimal, "-3"),
            (Some("2026-11-16 09:00:00"), Form::Civil, "2026-11-16T09:00:00"),
            (Some("2026-11-16 00:00:00.000000"), Form::Civil, "2026-11-16T00:00:00"),
            (Some("2026-11-16 09:00:00+00"), Form::Instant, "2026-11-16T09:00:00Z"),
            (Some("2026-11-16 09:00:00.25+00"), Form::Instant, "2026-11-16T09:00:00.25Z"),
            (Some("2026-11-16 09:00:00.000000"), Form::Instant, "2026-11-16T09:00:00Z"),
        ] {
            assert_eq!(cell(text, form), wanted, "{text:?} {form:?}");
        }
    }
}
