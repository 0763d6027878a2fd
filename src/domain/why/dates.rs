//! The forecast: how far it is, how fast it goes, and when it gets there (MODEL 4.4).

use jiff::civil::Date;

use super::Step;
use super::units::{day, tenths};
use crate::domain::brief::numbers::{number, weeks};
use crate::domain::codes::Verdict;
use crate::domain::course::Course;
use crate::domain::facts::ImplementationFacts;
use crate::domain::history::days_between;

/// Load, what is allowed, the pace and the dates that follow.
#[must_use]
pub fn dates(of: &ImplementationFacts, course: &Course) -> Vec<Step> {
    let mut steps =
        vec![Step::of("Open load now", "weight of each area × its points", tenths(of.load_milli))];
    let Some(allowed) = of.allowed_milli else {
        let words = "none: with every gap closed the looks alone do not reach the target";
        steps.push(Step::remark("Allowed", words));
        return steps;
    };
    let target = crate::domain::readiness::printed(of.target_milli);
    steps.push(Step::of(
        "Allowed",
        format!("the most with which the score is {target}"),
        tenths(allowed),
    ));
    let to_go = (of.load_milli - allowed).max(0);
    steps.push(Step::of("To go", "load less what is allowed", tenths(to_go)));
    if matches!(of.verdict, Verdict::Live | Verdict::NotAssessed | Verdict::ReadyNow) {
        return steps;
    }
    if let (Some(pace), Some(rates)) = (of.pace_milli_per_week, course.rates) {
        let sum =
            format!("the middle of all rates between {} weekly points", number(of.points_used));
        steps.push(Step::of("Pace", sum, format!("{} a week", tenths(pace))));
        let range = format!("{} and {} a week", tenths(rates.fast), tenths(rates.slow));
        steps.push(Step::of(
            "Faster and slower weeks",
            "one in ten is faster, one in ten slower",
            range,
        ));
    }
    if let (Some(required), Some(left)) = (of.required_milli_per_week, of.weeks_left) {
        let sum = format!("{} ÷ {} to go-live", tenths(to_go), weeks(left.max(1)));
        steps.push(Step::of("Needed", sum, format!("{} a week", tenths(required))));
    }
    if of.pace_milli_per_week.is_some() {
        let counted = day(course.counted_from);
        steps.push(dated("At this pace", of.ready_on, course, &counted));
        steps.push(dated("If the faster weeks hold", of.earliest_on, course, &counted));
        steps.push(dated("If the slower weeks hold", of.latest_on, course, &counted));
    }
    steps
}

fn dated(name: &str, on: Option<Date>, course: &Course, counted: &str) -> Step {
    match on {
        Some(on) => {
            let whole = days_between(course.counted_from, on) / 7;
            Step::of(name, format!("{} after {counted}", weeks(whole)), day(on))
        }
        None => Step::of(name, "more than a year, or never", "no date"),
    }
}
