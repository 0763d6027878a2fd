//! What the cells of a row mean: words, dates, numbers, with a reason for each that means nothing.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::map::{Fault, Row};
use super::times::{FIRST_DAY, LAST_DAY, Times, shown};

impl Row {
    /// Whether the file has this column at all.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    /// The text of a cell; none where it is empty or the column is not there.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&str> {
        self.cell(column).filter(|c| !c.is_empty())
    }

    /// The text of a cell that may not be empty.
    ///
    /// # Errors
    /// It is.
    pub fn need(&self, column: &str) -> Result<&str, Fault> {
        self.text(column)
            .ok_or_else(|| Fault::at(column, "a value is needed here and the cell is empty"))
    }

    /// Text of at most `length` characters.
    ///
    /// # Errors
    /// It is longer.
    pub fn short(&self, column: &str, length: usize) -> Result<Option<&str>, Fault> {
        let text = self.text(column);
        match text.map(|t| t.chars().count()).filter(|&n| n > length) {
            None => Ok(text),
            Some(count) => Err(Fault::at(
                column,
                format!(
                    "the text has {count} characters and at most {length} fit; shorten it, or cut it in a map file"
                ),
            )),
        }
    }

    /// A word of a closed vocabulary.
    ///
    /// # Errors
    /// It is not in it; the words that are.
    pub fn word<T>(&self, column: &str) -> Result<Option<T>, Fault>
    where
        T: FromStr,
        T::Err: Display,
    {
        let parsed = self.text(column).map(str::parse::<T>).transpose();
        parsed.map_err(|e| Fault::at(column, e.to_string()))
    }

    /// As [`Row::word`], for a cell that may not be empty.
    ///
    /// # Errors
    /// It is, or the word is unknown.
    pub fn need_word<T>(&self, column: &str) -> Result<T, Fault>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.need(column)?.parse::<T>().map_err(|e| Fault::at(column, e.to_string()))
    }

    /// A whole number within a range.
    ///
    /// # Errors
    /// It is none, or outside.
    pub fn whole(&self, column: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Fault> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        let number = text.parse::<i64>().ok().filter(|n| range.contains(n));
        number.map(Some).ok_or_else(|| {
            let reason = match (*range.start(), *range.end()) {
                (0, i64::MAX) => format!("{:?} is not a whole number of 0 or more", shown(text)),
                (low, high) => {
                    format!("{:?} is not a whole number from {low} to {high}", shown(text))
                }
            };
            Fault::at(column, reason)
        })
    }

    /// An amount of money in minor units; text such as "12.50" is refused, since nobody knows how
    /// many minor units it means.
    ///
    /// # Errors
    /// It is no whole number of 0 or more.
    pub fn money(&self, column: &str) -> Result<Option<i64>, Fault> {
        self.whole(column, 0..=i64::MAX).map_err(|fault| Fault {
            reason: format!("{}; amounts are in minor units (cents)", fault.reason),
            ..fault
        })
    }

    /// A day between 1990 and 2199.
    ///
    /// # Errors
    /// It is no date, or outside.
    pub fn date(&self, column: &str, times: &Times) -> Result<Option<Date>, Fault> {
        self.date_from(column, times, FIRST_DAY)
    }

    /// A day not before `first`.
    ///
    /// # Errors
    /// It is no date, or outside.
    pub fn date_from(
        &self,
        column: &str,
        times: &Times,
        first: Date,
    ) -> Result<Option<Date>, Fault> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        let day = times.date(text).map_err(|r| Fault::at(column, r))?;
        plausible(column, day, first)?;
        Ok(Some(day))
    }

    /// An instant between 1990 and 2199.
    ///
    /// # Errors
    /// It is none, has no zone, or is outside.
    pub fn instant(
        &self,
        column: &str,
        times: &Times,
        local: &TimeZone,
    ) -> Result<Option<Timestamp>, Fault> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        let instant = times.instant(text, local).map_err(|r| Fault::at(column, r))?;
        plausible(column, local.to_datetime(instant).date(), FIRST_DAY)?;
        Ok(Some(instant))
    }

    fn cell(&self, column: &str) -> Option<&str> {
        let index = self.kind.column(column)?;
        self.cells.get(index)?.as_deref()
    }
}

/// A day within what can be meant.
fn plausible(column: &str, day: Date, first: Date) -> Result<(), Fault> {
    if day < first {
        let hint = if column == "opened_on" {
            "; a gap is opened when it is first recorded, put its age into existed_since"
        } else {
            ""
        };
        return Err(Fault::at(
            column,
            format!("{day} is before {first}, which is taken for a wrong date{hint}"),
        ));
    }
    if day > LAST_DAY {
        return Err(Fault::at(column, format!("{day} is after {LAST_DAY}")));
    }
    Ok(())
}
