//! The totals: what they add up, and what is left out (MODEL 3).

use super::Step;
use super::units::{a_week, day, days};
use super::words;
use crate::domain::brief::numbers::{capitalized, counted, weeks};
use crate::domain::course::sums::{GapSums, Part};
use crate::domain::course::{Told, sums};
use crate::domain::facts::ImplementationFacts;
use crate::domain::money;

/// Summands that are told by name; the rest is added up in one line.
const NAMED: usize = 5;

/// Why the week's total is what it is.
#[must_use]
pub fn total(told: &Told) -> Vec<Step> {
    let (exposure, currency) = (&told.facts.exposure, currency(told));
    let mut steps = parts(&told.money.per_week, currency, " a week");
    let sum = format!(
        "{} of {} priced",
        exposure.priced_gaps,
        counted(exposure.open_gaps, "open gap", "open gaps")
    );
    steps.push(Step::of("Together", sum, a_week(exposure.likely, currency)));
    if exposure.low < exposure.high {
        let range = format!(
            "{} to {}",
            money::exact(exposure.low, currency),
            a_week(exposure.high, currency)
        );
        steps.push(Step::of("Range", "all lows and all highs, added up the same way", range));
    }
    steps
}

/// Why the cost so far is what it is.
#[must_use]
pub fn cost_total(told: &Told) -> Vec<Step> {
    let (exposure, currency) = (&told.facts.exposure, currency(told));
    let mut steps = parts(&told.money.so_far, currency, "");
    let since = exposure.cost_since.map(|on| format!("open and closed gaps since {}", day(on)));
    let total = money::exact(exposure.cost_so_far, currency);
    steps.push(Step::of("Together", since.unwrap_or_default(), total));
    if let Some(cost) = exposure.cost_since_go_live {
        steps.push(Step::of("Since go-live", "the days from it on", money::exact(cost, currency)));
    }
    steps
}

/// The dearest by name, the rest in one line.
fn parts(parts: &[Part], currency: &str, per: &str) -> Vec<Step> {
    let print = |minor: i64| format!("{}{per}", money::exact(minor, currency));
    let mut steps: Vec<Step> = parts
        .iter()
        .take(NAMED)
        .map(|part| Step::of(capitalized(&part.name), "", print(part.minor)))
        .collect();
    if parts.len() > NAMED {
        let rest = parts[NAMED..].iter().fold(0_i64, |sum, part| sum.saturating_add(part.minor));
        let count = i64::try_from(parts.len() - NAMED).unwrap_or(i64::MAX);
        steps.push(Step::of(format!("{} more", super::units::decimal(count, 0)), "", print(rest)));
    }
    steps
}

/// Why so much is protected: each standing closure, the latest first.
#[must_use]
pub fn protected_total(told: &Told) -> Vec<Step> {
    let (exposure, currency) = (&told.facts.exposure, currency(told));
    let closed: Vec<(&GapSums, sums::Protected)> = told
        .gaps
        .iter()
        .filter_map(|gap| Some((gap, gap.protected.filter(|own| own.to_date > 0 || own.fall > 0)?)))
        .collect();
    let mut steps: Vec<Step> = closed
        .iter()
        .take(NAMED)
        .map(|(gap, own)| {
            let over = if own.is_over { ", the most that is claimed" } else { "" };
            let sum = format!(
                "closed {}: {} × {}{over} ÷ 7",
                day(own.closed_on),
                a_week(own.fall, currency),
                days(own.days)
            );
            Step::of(capitalized(&gap.short_name), sum, money::exact(own.to_date, currency))
        })
        .collect();
    if let Some(rest) = closed.get(NAMED..).filter(|rest| !rest.is_empty()) {
        let sum = rest.iter().fold(0_i64, |sum, (_, own)| sum.saturating_add(own.to_date));
        steps.push(Step::of(format!("{} more", rest.len()), "", money::exact(sum, currency)));
    }
    let now = format!("{} now", a_week(exposure.protected_per_week, currency));
    steps.push(Step::of("Together", now, money::exact(exposure.protected_to_date, currency)));
    steps
}

/// The week's total by what it does to profit.
#[must_use]
pub fn effects(told: &Told) -> Vec<Step> {
    let (effect, currency) = (&told.facts.exposure.by_effect, currency(told));
    let rows = [
        ("Lost", "amounts that do not come in or go out too high", effect.lost),
        ("Time and corrections", "hours and errors", effect.time),
        ("Late cash", "interest on what comes in late", effect.cash),
    ];
    let rows = rows.into_iter().filter(|(.., minor)| *minor > 0);
    rows.map(|(name, what, minor)| Step::of(name, what, a_week(minor, currency))).collect()
}

/// The week's total by where money leaks.
#[must_use]
pub fn zones(told: &Told) -> Vec<Step> {
    let currency = currency(told);
    let row = |(zone, minor): &(crate::domain::codes::LeakZone, i64)| {
        Step::of(words::zone(*zone), "", a_week(*minor, currency))
    };
    told.money.zones.iter().map(row).collect()
}

/// What going live late costs; none where it is on time or nobody said what the platform brings.
#[must_use]
pub fn delay(told: &Told, of: &ImplementationFacts) -> Option<Step> {
    let (late, cost) = (of.weeks_late.filter(|late| *late > 0)?, of.delay_cost?);
    let currency = currency(told);
    let sum = format!("{} × {}", weeks(late), a_week(cost / late, currency));
    Some(Step::of("Going live late", sum, money::exact(cost, currency)))
}

fn currency(told: &Told) -> &str {
    &told.facts.organization.currency
}
