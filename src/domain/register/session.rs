//! Sessions: when they begin, and what is promised in them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ask::{Begins, PromiseChange};
use super::refusal::Refusals;
use super::when;
use super::words::{LINE, NAME, needed, short};

/// A promise as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Promise {
    /// The words.
    pub text: String,
    /// Who promised; may be empty.
    pub owner: String,
    /// By when.
    pub due_on: Option<Date>,
    /// Whether it was kept.
    pub is_done: bool,
}

/// The instant at which a session begins. A time that a clock change leaves out moves forward, one that
/// comes twice is the first.
///
/// # Errors
/// No calendar of ours holds it.
pub fn begins(begins: Begins, zone: &TimeZone) -> Result<Timestamp, String> {
    let at = match begins {
        Begins::At(at) => Ok(at),
        Begins::Local(civil) => zone.to_timestamp(civil).map_err(|_| civil.to_string()),
    };
    let at = at.map_err(|civil| {
        format!("{civil} cannot be meant; give a day and a time like 2026-11-26 10:00")
    })?;
    when::any(zone.to_datetime(at).date()).map(|_| at)
}

/// A promise over what is known of it, if it is known. None with a sentence for each field that cannot
/// be taken; `entry` is its place in the list.
#[must_use]
pub fn promise(
    asked: &PromiseChange,
    before: Option<&Promise>,
    entry: usize,
    refused: &mut Refusals,
) -> Option<Promise> {
    let mut inner = Refusals::default();
    let kept = |text: &Option<String>, before: Option<&String>| {
        text.clone().or_else(|| before.cloned()).unwrap_or_default()
    };
    let text = inner.keep("text", needed(&kept(&asked.text, before.map(|b| &b.text)), LINE));
    let owner = inner.keep("owner", short(&kept(&asked.owner, before.map(|b| &b.owner)), NAME));
    let due = asked.due_on.unwrap_or_else(|| before.and_then(|b| b.due_on));
    let due_on = inner.keep("due_on", due.map(when::any).transpose());
    refused.take_in(entry, inner);
    Some(Promise {
        text: text?,
        owner: owner?.unwrap_or_default(),
        due_on: due_on?,
        is_done: asked.is_done.unwrap_or_else(|| before.is_some_and(|b| b.is_done)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_local_time_is_an_instant() {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let local = |y, m, d, h, min| begins(Begins::Local(date(y, m, d).at(h, min, 0, 0)), &zone);
        let instant = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(local(2026, 11, 26, 10, 0), Ok(instant("2026-11-26T16:00:00Z")));
        assert_eq!(local(2026, 3, 8, 2, 30), Ok(instant("2026-03-08T08:30:00Z")), "moves forward");
        assert_eq!(
            local(2026, 11, 1, 1, 30),
            Ok(instant("2026-11-01T06:30:00Z")),
            "the first of two"
        );
        assert!(local(26, 11, 26, 10, 0).is_err());
    }

    #[test]
    fn a_promise_keeps_what_is_not_changed() {
        let before = Promise {
            text: "Name a deputy".to_owned(),
            owner: "D. Ruiz".to_owned(),
            due_on: Some(date(2026, 12, 1)),
            is_done: false,
        };
        let mut refused = Refusals::default();
        let done = PromiseChange { is_done: Some(true), ..PromiseChange::default() };
        let after = promise(&done, Some(&before), 0, &mut refused).unwrap();
        assert_eq!(after, Promise { is_done: true, ..before });
        assert!(promise(&done, None, 3, &mut refused).is_none());
        assert_eq!((refused.0[0].entry, refused.0[0].field), (Some(3), "text"));
    }
}
