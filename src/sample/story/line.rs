//! Lines of a story: a day, a word, and what follows.

/// `DAY WHAT [VALUE]`.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// From the demo's Monday.
    pub day: i64,
    /// The first word after it.
    pub what: &'a str,
    /// The rest, perhaps empty.
    pub value: &'a str,
}

impl<'a> Line<'a> {
    /// Reads one.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let (day, rest) = text.split_once(' ').ok_or(format!("{text:?} is not DAY WHAT"))?;
        let (what, value) = rest.split_once(' ').unwrap_or((rest, ""));
        Ok(Self { day: whole(day)?, what, value })
    }

    /// The value as a day.
    pub fn value_day(&self) -> Result<i64, String> {
        whole(self.value)
    }

    /// Everything behind the day, as one text.
    pub fn words(&self) -> String {
        format!("{} {}", self.what, self.value).trim_end().to_owned()
    }
}

fn whole(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number of days"))
}
