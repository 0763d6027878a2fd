//! What happened to a gap, the newest first: who did it, when it was true, when we were told.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::brief::numbers::full_date;
use crate::domain::codes::{EventKind, GapStatus};
use crate::domain::line::clean;
use crate::domain::money;
use crate::engine::register::{EventView, GapView};

use crate::web::desk::labels;

/// Events on one page.
const PAGE: usize = 40;
/// Longest value shown, characters; whole texts stand in the note.
const VALUE: usize = 200;

/// One event.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// "Status".
    pub(super) what: &'static str,
    /// "Open to In progress"; empty where the kind says all.
    pub(super) change: String,
    /// In words.
    pub(super) note: String,
    /// Where the evidence lies.
    pub(super) link: Option<String>,
    /// "A. Mendel", "import".
    pub(super) who: String,
    /// When it was true.
    pub(super) since: String,
    /// When we were told.
    pub(super) told: String,
}

/// A page of a history.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    pub(super) lines: Vec<Line>,
    /// Number of the next older page.
    pub(super) older: Option<usize>,
    /// Number of the next newer page.
    pub(super) newer: Option<usize>,
    pub(super) n_events: usize,
}

/// The page of this number, from 1.
pub(super) fn page(gap: &GapView, number: usize, zone: &TimeZone, currency: &str) -> History {
    let n_events = gap.history.len();
    let number = number.clamp(1, n_events.div_ceil(PAGE).max(1));
    let from = (number - 1) * PAGE;
    let shown = gap.history.iter().skip(from).take(PAGE);
    History {
        lines: shown.map(|event| line(event, zone, currency)).collect(),
        older: (from + PAGE < n_events).then_some(number + 1),
        newer: number.checked_sub(1).filter(|newer| *newer > 0),
        n_events,
    }
}

/// What was recorded after an instant, the newest first: what somebody else did meanwhile.
pub(super) fn since(gap: &GapView, seen: Timestamp, zone: &TimeZone, currency: &str) -> Vec<Line> {
    let new = gap.history.iter().filter(|event| event.recorded_at > seen);
    new.take(PAGE).map(|event| line(event, zone, currency)).collect()
}

fn line(event: &EventView, zone: &TimeZone, currency: &str) -> Line {
    let is_step = event.kind == EventKind::NextStep;
    let note = event.note.clone().unwrap_or_default();
    let value =
        |value: &Option<String>| value.as_deref().map(|v| value_of(event.kind, v, currency));
    let (from, to) = (value(&event.from), value(&event.to));
    let change = match (from, to) {
        (Some(from), Some(to)) => format!("{from} \u{2192} {to}"),
        (None, Some(_)) if matches!(event.kind, EventKind::Opened | EventKind::Reopened) => {
            String::new()
        }
        (None, Some(to)) => to,
        (Some(from), None) => format!("{from} \u{2192} none"),
        (None, None) => String::new(),
    };
    let by_day = note.parse::<Date>().ok().filter(|_| is_step);
    let change = match by_day {
        Some(day) => format!("{change}, by {}", full_date(day)),
        None => change,
    };
    let who = event.actor.as_deref().map(|who| clean(who, 80)).filter(|who| !who.is_empty());
    Line {
        what: labels::event(event.kind),
        change,
        note: if by_day.is_some() { String::new() } else { note },
        link: event.evidence_url.clone().filter(|url| url.starts_with("https://")),
        who: match (who, event.is_imported) {
            (Some(who), true) => format!("{who}, by an import"),
            (Some(who), false) => who,
            (None, true) => "an import".to_owned(),
            (None, false) => "unknown".to_owned(),
        },
        since: full_date(event.effective_on),
        told: labels::minute(event.recorded_at, zone),
    }
}

/// A value as a reader knows it.
fn value_of(kind: EventKind, value: &str, currency: &str) -> String {
    let day = |text: &str| text.parse::<Date>().map_or_else(|_| clean(text, VALUE), full_date);
    match kind {
        EventKind::Opened | EventKind::Status | EventKind::Reopened => {
            let (status, until) = value.split_once(':').unwrap_or((value, ""));
            let words = status.parse::<GapStatus>().map(labels::status);
            match (words, until) {
                (Ok(words), "") => words.to_owned(),
                (Ok(words), until) => format!("{words} until {}", day(until)),
                (Err(_), _) => clean(value, VALUE),
            }
        }
        EventKind::DueOn => day(value),
        EventKind::Exposure => match value.parse::<i64>() {
            Ok(minor) => format!("{} a week", money::exact(minor, currency)),
            Err(_) if value == "unpriced" => "not priced".to_owned(),
            Err(_) => clean(value, VALUE),
        },
        _ => clean(value, VALUE),
    }
}
