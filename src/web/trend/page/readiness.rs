//! Readiness: the score, its picture, its weeks, and why it is what it is.

use crate::domain::brief::numbers::{capitalized, counted, date, number, points};
use crate::domain::brief::{is_assessed, moved_in_words, outlook_in_words};
use crate::domain::codes::Verdict;
use crate::domain::course::{Course, Told};
use crate::domain::facts::ImplementationFacts;
use crate::domain::readiness::printed;
use crate::domain::why::{self, units};
use crate::render::plot::{Plot, Value, readiness};

use super::super::door::Door;
use super::super::shown::{PointRow, Sums};

pub(super) struct ReadinessView {
    /// "Readiness", or "Foundation" after go-live.
    pub heading: &'static str,
    pub score: i64,
    /// Whether anybody has looked at anything: a score of 0 says nothing then.
    pub is_assessed: bool,
    /// ", up 3 since 16 November"; empty on the first day.
    pub change: String,
    /// "Target 85 by 1 February."; empty after go-live.
    pub target: String,
    /// What would change it.
    pub outlook: Vec<String>,
    /// "The brief of 16 November said 100. By what is known now that day was 87."
    pub restated: String,
    pub plot: Plot,
    /// What the picture shows, for who does not see it.
    pub description: String,
    pub has_mailed: bool,
    pub rows: Vec<PointRow>,
    pub why: Vec<Sums>,
    /// Tries out the path to the target; empty where there is none.
    pub path: String,
}

impl ReadinessView {
    pub fn of(door: &Door, of: &ImplementationFacts, course: &Course) -> Self {
        let told = &door.told;
        let today = told.facts.edition.as_of;
        let is_live = of.verdict == Verdict::Live;
        let change = course.before().map(|before| {
            let change = of.score_printed - printed(before.score_milli);
            format!(", {} since {}", moved_in_words(change), date(before.as_of, today))
        });
        let known = values(course);
        let mailed: Vec<Value> = course
            .points
            .iter()
            .filter_map(|point| point.reported)
            .map(|own| Value { on: own.on, milli: own.score_milli })
            .collect();
        let target = (!is_live).then_some(of.target_milli);
        let path = of.path_to_target.as_ref().map(|path| {
            let close: Vec<(&str, &str)> =
                path.gaps.iter().map(|id| ("close", id.as_str())).collect();
            door.path("/what-if", &close)
        });
        Self {
            heading: if is_live { "Foundation" } else { "Readiness" },
            score: of.score_printed,
            is_assessed: is_assessed(of),
            change: change.unwrap_or_default(),
            target: if is_live { String::new() } else { target_words(of, told) },
            outlook: outlook_in_words(&told.facts, of),
            restated: restated(course, told),
            description: description(of, course, told),
            plot: readiness(&known, &mailed, target, of.go_live_on),
            has_mailed: !mailed.is_empty(),
            rows: course.points.iter().rev().map(row).collect(),
            why: why(of, told),
            path: path.unwrap_or_default(),
        }
    }
}

/// The scores of a course, for its picture.
fn values(course: &Course) -> Vec<Value> {
    course.points.iter().map(|p| Value { on: p.as_of, milli: p.score_milli }).collect()
}

fn target_words(of: &ImplementationFacts, told: &Told) -> String {
    let by = of.go_live_on.map(|day| format!(" by {}", date(day, told.facts.edition.as_of)));
    format!("Target {}{}.", points(of.target_milli), by.unwrap_or_default())
}

/// What the last brief said, where it is told differently now.
fn restated(course: &Course, told: &Told) -> String {
    let mailed = course.points.iter().rev().find_map(|point| Some((point, point.reported?)));
    let Some((point, mailed)) = mailed else { return String::new() };
    let (then, now) = (printed(mailed.score_milli), printed(point.score_milli));
    if then == now {
        return String::new();
    }
    let day = date(mailed.on, told.facts.edition.as_of);
    format!("The brief of {day} said {then}. By what is known now, that day was {now}.")
}

/// The picture in a sentence or two.
fn description(of: &ImplementationFacts, course: &Course, told: &Told) -> String {
    let today = told.facts.edition.as_of;
    let scores = || course.points.iter().map(|point| printed(point.score_milli));
    let (low, high) = (scores().min().unwrap_or(0), scores().max().unwrap_or(0));
    let first = &course.points[0];
    format!(
        "From {} on {} to {} on {}; lowest {low}, highest {high}. {}",
        printed(first.score_milli),
        date(first.as_of, today),
        of.score_printed,
        date(today, today),
        if of.verdict == Verdict::Live { String::new() } else { target_words(of, told) },
    )
}

/// One day in the table.
pub(super) fn row(point: &crate::domain::course::Point) -> PointRow {
    PointRow {
        iso_date: point.as_of.to_string(),
        date: point.as_of.strftime("%-d %b %Y").to_string(),
        score: printed(point.score_milli).to_string(),
        mailed: point.reported.map_or_else(String::new, |own| printed(own.score_milli).to_string()),
        load: units::tenths(point.load_milli),
        looked_at: format!("{}%", number(point.coverage_bp / 100)),
    }
}

/// The two factors and what weighs most, then the arithmetic of each area (MODEL 8).
fn why(of: &ImplementationFacts, told: &Told) -> Vec<Sums> {
    let constants = &told.facts.edition.constants;
    let mut worth: Vec<_> = told.facts.gaps.iter().filter(|gap| gap.worth_milli >= 500).collect();
    worth.sort_by_key(|gap| std::cmp::Reverse(gap.worth_milli));
    let steps = worth.iter().take(5).map(|gap| why::Step {
        name: capitalized(&gap.short_name),
        sum: String::new(),
        result: counted(points(gap.worth_milli), "point", "points"),
    });
    let steps: Vec<_> = steps.collect();
    let mut sums = vec![Sums::of("In short", why::in_short(of))];
    if !steps.is_empty() {
        sums.push(Sums::of("Worth most: the score without each, less the score", steps));
    }
    let mut all = why::areas(of, constants);
    all.extend(why::score(of, constants));
    sums.push(Sums::of("Area by area, of 100", all));
    sums
}
