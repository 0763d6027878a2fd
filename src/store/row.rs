//! How stored values become values of the domain, and back. One place for each conversion, so that
//! a value nobody could have written through the program is named by table, column and row.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use super::StoreError;

/// Where a value was read: names it when it makes no sense.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Table.
    pub table: &'static str,
    /// Primary key of the row.
    pub row: &'a str,
}

impl Place<'_> {
    /// The error for a value of `column` that cannot be understood.
    pub fn corrupt(self, column: &'static str, problem: impl Display) -> StoreError {
        StoreError::Corrupt {
            table: self.table,
            column,
            row: self.row.to_owned(),
            problem: problem.to_string(),
        }
    }

    /// An instant from milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] outside the years that a calendar has.
    pub fn instant(self, column: &'static str, milliseconds: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(milliseconds).map_err(|e| self.corrupt(column, e))
    }

    /// The same for a column that may be NULL.
    ///
    /// # Errors
    /// As [`instant`](Self::instant).
    pub fn instant_if(
        self,
        column: &'static str,
        milliseconds: Option<i64>,
    ) -> Result<Option<Timestamp>, StoreError> {
        milliseconds.map(|m| self.instant(column, m)).transpose()
    }

    /// A civil date from ISO 8601 text.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for anything else.
    pub fn date(self, column: &'static str, text: &str) -> Result<Date, StoreError> {
        text.parse().map_err(|e| self.corrupt(column, e))
    }

    /// The same for a column that may be NULL.
    ///
    /// # Errors
    /// As [`date`](Self::date).
    pub fn date_if(
        self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<Date>, StoreError> {
        text.map(|t| self.date(column, t)).transpose()
    }

    /// A word of one of the model's vocabularies.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the words that would have been understood.
    pub fn code<T>(self, column: &'static str, text: &str) -> Result<T, StoreError>
    where
        T: FromStr,
        T::Err: Display,
    {
        text.parse().map_err(|e| self.corrupt(column, e))
    }
}

/// An instant as it is stored.
#[must_use]
pub fn millis(instant: Timestamp) -> i64 {
    instant.as_millisecond()
}

/// A list of ids as one bound value: a JSON array for `json_each($n)`.
#[must_use]
pub fn list<T: AsRef<str>>(ids: &[T]) -> String {
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    serde_json::Value::from(ids).to_string()
}

/// Rows of plain values as one bound value: a JSON array that a statement unfolds.
#[must_use]
pub fn json<T: serde::Serialize>(rows: &[T]) -> String {
    // Plain values always have a JSON form; an empty array would write nothing.
    serde_json::to_string(rows).unwrap_or_else(|_| "[]".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_nobody_could_have_written_is_named_by_place() {
        let place = Place { table: "gap", row: "g1" };
        let error = place.date("opened_on", "yesterday").unwrap_err().to_string();
        assert!(error.starts_with("table gap, column opened_on, row g1:"), "{error}");
        assert!(place.instant("created_at", i64::MAX).is_err());
        assert_eq!(
            millis(place.instant("created_at", 1_795_000_000_123).unwrap()),
            1_795_000_000_123
        );
    }

    #[test]
    fn a_list_survives_quotes() {
        assert_eq!(list(&["a", "b\"c"]), r#"["a","b\"c"]"#);
        assert_eq!(list::<&str>(&[]), "[]");
    }
}
