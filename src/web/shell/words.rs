//! How lists, days and hours are called on the pages.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::store::readers::List;

/// Most characters of an organization's name in a heading.
const NAME_MAX: usize = 80;

/// "the weekly brief of Northfield Supply".
pub(in crate::web) fn list_name(role: &str, organization: Option<&str>) -> String {
    let name = organization.map(|name| crate::domain::line::clean(name, NAME_MAX));
    match (role, name) {
        ("owner", Some(name)) => format!("the owner\u{2019}s brief of {name}"),
        (_, Some(name)) => format!("the weekly brief of {name}"),
        ("consultant", None) => "the brief of your clients".to_owned(),
        _ => "the public brief".to_owned(),
    }
}

/// The same at the beginning of a sentence.
pub(in crate::web) fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The days by number, Monday is 1.
pub(in crate::web) fn days() -> impl Iterator<Item = (i64, &'static str)> {
    (1..).zip(DAYS)
}

/// "on Tuesdays at 08:00"; none where a list has no slot of its own.
pub(in crate::web) fn slot(list: &List) -> Option<String> {
    let day = days().find(|(number, _)| Some(*number) == list.weekday).map(|(_, day)| day)?;
    Some(format!("on {day}s at {:02}:00", list.hour?))
}

/// "26 November 2026", UTC.
pub(in crate::web) fn day_of(milliseconds: i64) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
    date(at.to_zoned_datetime(TimeZone::UTC).date())
}

/// "26 November 2026".
pub(in crate::web) fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_called_by_what_they_are() {
        assert_eq!(list_name("leader", Some("A \u{202e}B\n")), "the weekly brief of A B");
        assert_eq!(list_name("consultant", None), "the brief of your clients");
        assert_eq!(capitalized(&list_name("public", None)), "The public brief");
        assert_eq!(day_of(1_795_694_400_000), "26 November 2026");
    }
}
