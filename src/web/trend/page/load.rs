//! The open load: how much is left, how fast it falls, and when it is little enough.

use crate::domain::brief::numbers::{capitalized, date};
use crate::domain::brief::pace_in_words;
use crate::domain::codes::Verdict;
use crate::domain::course::Course;
use crate::domain::facts::ImplementationFacts;
use crate::domain::why::{self, units::tenths};
use crate::render::plot::{Outlook, Plot, Value, load};

use super::super::door::Door;
use super::super::shown::{PointRow, Sums};
use super::readiness::row;

pub(super) struct LoadView {
    pub load: String,
    /// "The target allows 35.4."
    pub sentences: Vec<String>,
    pub plot: Plot,
    /// What the picture shows, for who does not see it.
    pub description: String,
    pub rows: Vec<PointRow>,
    pub why: Vec<Sums>,
}

impl LoadView {
    pub fn of(door: &Door, of: &ImplementationFacts, course: &Course) -> Self {
        let today = door.told.facts.edition.as_of;
        let known: Vec<Value> = course
            .points
            .iter()
            .map(|point| Value { on: point.as_of, milli: point.load_milli })
            .collect();
        let sentences = sentences(of);
        let mut description = format!(
            "From {} on {} to {} today. {}",
            tenths(course.points[0].load_milli),
            date(course.points[0].as_of, today),
            tenths(of.load_milli),
            sentences.join(" ")
        );
        let is_dated = outlook(of, course).is_some();
        if is_dated {
            let word = |on: Option<jiff::civil::Date>| {
                on.map_or_else(|| "no date".to_owned(), |on| date(on, today))
            };
            description.push_str(&format!(
                " At this pace it gets there: {}; if the faster weeks hold: {}; if the slower: {}.",
                word(of.ready_on),
                word(of.earliest_on),
                word(of.latest_on)
            ));
        }
        let is_live = of.verdict == Verdict::Live;
        let allowed = of.allowed_milli.filter(|_| !is_live);
        Self {
            load: tenths(of.load_milli),
            sentences,
            plot: load(&known, allowed, outlook(of, course), of.go_live_on),
            description,
            rows: course.points.iter().rev().map(row).collect(),
            why: if is_live {
                Vec::new()
            } else {
                vec![Sums::of("How the dates come about", why::dates(of, course))]
            },
        }
    }
}

/// What is drawn ahead; none where nothing is foretold.
fn outlook(of: &ImplementationFacts, course: &Course) -> Option<Outlook> {
    let is_foretold =
        matches!(of.verdict, Verdict::NoDate | Verdict::NoGoLive | Verdict::Late | Verdict::OnTime);
    Some(Outlook {
        from: course.counted_from,
        rates: course.rates.filter(|_| is_foretold)?,
        ready_on: of.ready_on,
        earliest_on: of.earliest_on,
        latest_on: of.latest_on,
    })
}

fn sentences(of: &ImplementationFacts) -> Vec<String> {
    let mut said = Vec::new();
    if of.verdict == Verdict::Live {
        return said;
    }
    if let Some(allowed) = of.allowed_milli {
        said.push(format!("The target allows {}.", tenths(allowed)));
    }
    if let Some(pace) = of.pace_milli_per_week {
        said.push(match pace {
            0 => "The load stays as it is.".to_owned(),
            1.. => format!("The load falls by {} a week.", tenths(pace)),
            _ => format!("The load grows by {} a week.", tenths(pace.saturating_neg())),
        });
        if let Some(required) = of.required_milli_per_week {
            said.push(format!("Go-live needs {}.", tenths(required)));
        }
        let words = pace_in_words(pace, of.ratio_pct).filter(|_| pace > 0);
        said.extend(words.map(|words| format!("{}.", capitalized(&words))));
    }
    said
}
