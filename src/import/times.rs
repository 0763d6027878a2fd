//! Dates and instants as people write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::map::Map;

/// First day on which something may have been recorded, done or due. Earlier means a wrong epoch or
/// a slip of the pen; only `existed_since` reaches further back.
pub const FIRST_DAY: Date = date(1990, 1, 1);
/// First day that `existed_since` may name.
pub const FIRST_EXISTENCE: Date = date(1900, 1, 1);
/// Last day that anything may name.
pub const LAST_DAY: Date = date(2199, 12, 31);

/// How dates and instants are written in the files of one command.
#[derive(Debug, Clone, Default)]
pub struct Times {
    zone: Option<TimeZone>,
    date_formats: Vec<String>,
    timestamp_formats: Vec<String>,
}

impl Times {
    /// As the map says.
    #[must_use]
    pub fn of(map: &Map) -> Self {
        Self {
            zone: map.time_zone.clone(),
            date_formats: map.date_formats.clone(),
            timestamp_formats: map.timestamp_formats.clone(),
        }
    }

    /// A day: `2026-11-23`, or one of the map's forms.
    ///
    /// # Errors
    /// What is understood instead.
    pub fn date(&self, text: &str) -> Result<Date, String> {
        let midnight = [" 00:00:00", "T00:00:00"];
        let bare = midnight.iter().find_map(|m| text.strip_suffix(m)).unwrap_or(text);
        let by_map = || {
            self.date_formats
                .iter()
                .find_map(|f| strtime::parse(f, text).and_then(|t| t.to_date()).ok())
        };
        iso_date(bare).or_else(by_map).ok_or_else(|| {
            format!(
                "{:?} is not a date; write it like 2026-11-23, or name its form in the map's date_formats",
                shown(text)
            )
        })
    }

    /// An instant: RFC 3339, or one of the map's forms. A day alone is its first instant in `local`,
    /// the zone of the organization; a time of day without a zone needs the map's.
    ///
    /// # Errors
    /// What is understood instead.
    pub fn instant(&self, text: &str, local: &TimeZone) -> Result<Timestamp, String> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(instant);
        }
        if let Ok(day) = self.date(text)
            && !text.contains(':')
        {
            let start = day.to_datetime(jiff::civil::Time::midnight());
            return at(start, local.clone());
        }
        let without_zone = self.by_format(text)?;
        let zone = self.zone.clone().ok_or_else(|| {
            format!(
                "{:?} has no time zone; add one (2026-11-23T07:00:00Z) or set time_zone in a map file",
                shown(text)
            )
        })?;
        match without_zone {
            Written::Instant(instant) => Ok(instant),
            Written::Civil(civil) => at(civil, zone),
        }
    }

    /// A timestamp that RFC 3339 does not cover.
    fn by_format(&self, text: &str) -> Result<Written, String> {
        for format in &self.timestamp_formats {
            if let Ok(parsed) = strtime::parse(format, text) {
                if let Ok(instant) = parsed.to_timestamp() {
                    return Ok(Written::Instant(instant));
                }
                if let Ok(civil) = parsed.to_datetime() {
                    return Ok(Written::Civil(civil));
                }
            }
        }
        text.parse::<DateTime>().map(Written::Civil).map_err(|_| {
            format!(
                "{:?} is not a timestamp; write it like 2026-11-23T07:00:00+01:00, or name its form in the map's \
                 timestamp_formats",
                shown(text)
            )
        })
    }
}

/// A timestamp with or without its place on the time line.
enum Written {
    Instant(Timestamp),
    Civil(DateTime),
}

/// The instant of a civil time: the first one in a fold, the first valid one after a gap.
fn at(civil: DateTime, zone: TimeZone) -> Result<Timestamp, String> {
    civil
        .to_zoned_datetime(zone)
        .map(|z| z.timestamp())
        .map_err(|_| format!("{civil} is outside the years that can be told"))
}

/// `2026-11-23` and nothing else.
fn iso_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    shape.then(|| text.parse().ok()).flatten()
}

/// A cell in an error message.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn times(toml: &str) -> Times {
        Times::of(&Map::parse(toml, Path::new("m.toml")).unwrap())
    }

    #[test]
    fn a_timestamp_without_a_zone_needs_the_map() {
        let utc = TimeZone::UTC;
        let none = Times::default();
        let error = none.instant("2018-12-07T13:07:00", &utc).unwrap_err();
        assert!(error.contains("no time zone"), "{error}");
        let map = times("time_zone = \"America/New_York\"");
        let there = map.instant("2018-12-07T13:07:00", &utc).unwrap();
        assert_eq!(there.to_string(), "2018-12-07T18:07:00Z");
        let offset = map.instant("2018-12-07T13:07:00+01:00", &utc).unwrap();
        assert_eq!(offset.to_string(), "2018-12-07T12:07:00Z");
    }

    #[test]
    fn dates_are_read_in_the_forms_of_the_map_and_in_no_other() {
        assert!(Times::default().date("07/12/2018").unwrap_err().contains("2026-11-23"));
        let map = times("date_formats = [\"%d/%m/%Y\"]");
        assert_eq!(map.date("07/12/2018").unwrap(), date(2018, 12, 7));
        assert_eq!(map.date("2018-12-07 00:00:00").unwrap(), date(2018, 12, 7));
        assert!(map.date("2018-02-30").is_err());
        assert!(map.date("20181207").is_err());
    }
}
