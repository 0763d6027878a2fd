//! When a subscriber's brief is due, and why somebody gets none this week (DESIGN 2.2, 2.4).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::codes::QuietChoice;
use crate::domain::time::{Slot, date_of};
use crate::store::due::Subscriber;

/// A delivery's window: from the subscriber's first own slot at or after the cut-off to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When it is sent.
    pub send_at: Timestamp,
    /// When it stops being news.
    pub expires_at: Timestamp,
}

/// The window of a subscription in the person's own zone; `fallback` is the slot of one without.
#[must_use]
pub fn window(
    subscriber: &Subscriber,
    cut_off: Timestamp,
    zone: &TimeZone,
    fallback: Option<Slot>,
) -> Window {
    let own = subscriber.weekday.zip(subscriber.hour).and_then(|(day, hour)| Slot::new(day, hour));
    match own.or(fallback) {
        Some(slot) => {
            let send_at = slot.first_from(cut_off, zone);
            Window { send_at, expires_at: slot.next_after(send_at, zone) }
        }
        None => {
            let week = jiff::SignedDuration::from_hours(7 * 24);
            Window { send_at: cut_off, expires_at: cut_off + week }
        }
    }
}

/// Why a confirmed subscription gets nothing this week, first reason that applies.
///
/// `is_quiet` is whether nothing moved; `paused` days are civil dates in the person's zone.
#[must_use]
pub fn skip_reason(
    subscriber: &Subscriber,
    window: Window,
    zone: &TimeZone,
    is_quiet: bool,
) -> Option<&'static str> {
    let day = date_of(window.send_at, zone);
    let (from, until) = (&subscriber.pause_from, &subscriber.pause_until);
    let paused = is_paused(from.as_deref(), until.as_deref(), day);
    if !subscriber.has_address {
        Some("forgotten")
    } else if subscriber.suppressed_reason.is_some() {
        Some("suppressed")
    } else if subscriber.unsubscribed_at.is_some() || subscriber.ended_at.is_some() {
        Some("unsubscribed")
    } else if paused {
        Some("paused")
    } else if is_quiet && subscriber.quiet == QuietChoice::Skip.as_str() {
        Some("quiet_week")
    } else {
        None
    }
}

/// Whether a day lies in a pause: from the first day on, until the day it ends.
#[must_use]
pub fn is_paused(from: Option<&str>, until: Option<&str>, day: Date) -> bool {
    let date = |text: Option<&str>| text.and_then(|d| d.parse::<Date>().ok());
    let (from, until) = (date(from), date(until));
    (from.is_some() || until.is_some())
        && from.is_none_or(|from| from <= day)
        && until.is_none_or(|until| day < until)
}
