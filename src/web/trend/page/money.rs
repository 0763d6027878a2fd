//! Profit at stake: what open gaps cost a week, what all have cost, what closing them protects.

use crate::domain::brief::numbers::{counted, date, number, percent_tenths, weeks};
use crate::domain::course::Told;
use crate::domain::facts::ImplementationFacts;
use crate::domain::money::{printed, share_tenths};
use crate::domain::why::{self, Step};

use super::super::shown::{Sums, about};

pub(super) struct MoneyView {
    /// "About ", where the total is no measured zero.
    pub about: &'static str,
    /// "$7,800"; empty where nothing open is priced.
    pub total: String,
    /// "$4,400 to $11,800"; empty where there is no range.
    pub range: String,
    pub sentences: Vec<String>,
    pub effects: Vec<Step>,
    pub zones: Vec<Step>,
    /// Name, figure, since when.
    pub others: Vec<(&'static str, String, String)>,
    pub why: Vec<Sums>,
}

impl MoneyView {
    pub fn of(told: &Told, of: &ImplementationFacts) -> Self {
        let exposure = &told.facts.exposure;
        let currency = &told.facts.organization.currency;
        let print = |minor: i64| printed(minor, currency);
        let is_priced = exposure.priced_gaps > 0;
        let range = is_priced && exposure.low < exposure.high;
        Self {
            about: if exposure.likely == 0 { "" } else { "About " },
            total: if is_priced { print(exposure.likely) } else { String::new() },
            range: if range {
                format!("{} to {}", print(exposure.low), print(exposure.high))
            } else {
                String::new()
            },
            sentences: sentences(told),
            effects: effects(told),
            zones: zones(told),
            others: others(told, of),
            why: sums(told, of),
        }
    }
}

/// What it does to profit, in round figures; nothing where there is one effect.
fn effects(told: &Told) -> Vec<Step> {
    let (effect, currency) = (&told.facts.exposure.by_effect, &told.facts.organization.currency);
    let amounts = [effect.lost, effect.time, effect.cash].into_iter().filter(|minor| *minor > 0);
    rounded(why::effects(told), amounts, currency)
}

/// Where it leaks, likewise.
fn zones(told: &Told) -> Vec<Step> {
    let amounts = told.money.zones.iter().map(|(_, minor)| *minor);
    rounded(why::zones(told), amounts, &told.facts.organization.currency)
}

fn rounded(steps: Vec<Step>, amounts: impl Iterator<Item = i64>, currency: &str) -> Vec<Step> {
    let round = |(step, minor): (Step, i64)| Step {
        result: format!("{} a week", printed(minor, currency)),
        ..step
    };
    steps.into_iter().zip(amounts).map(round).collect()
}

fn sentences(told: &Told) -> Vec<String> {
    let exposure = &told.facts.exposure;
    let mut said = Vec::new();
    let billed = told.facts.organization.billed_per_week;
    let share = billed.and_then(|billed| share_tenths(exposure.likely, billed));
    if let Some(tenths) = share.filter(|tenths| *tenths > 0) {
        said.push(format!("That is {} of billing.", percent_tenths(tenths)));
    }
    let unpriced = exposure.open_gaps - exposure.priced_gaps;
    let is = if unpriced == 1 { "is" } else { "are" };
    match (exposure.open_gaps, unpriced) {
        (0, _) => said.push("Nothing open costs anything.".to_owned()),
        (_, 0) => {}
        (open, unpriced) if open == unpriced => {
            said.push(format!("None of {} is priced.", counted(open, "open gap", "open gaps")));
        }
        (open, unpriced) => said.push(format!(
            "{} of {} {is} not priced.",
            number(unpriced),
            counted(open, "open gap", "open gaps")
        )),
    }
    if exposure.benchmark_based {
        said.push("Some figures are industry figures.".to_owned());
    }
    said
}

/// So far, since go-live, protected, and the delay.
fn others(told: &Told, of: &ImplementationFacts) -> Vec<(&'static str, String, String)> {
    let exposure = &told.facts.exposure;
    let (currency, today) = (&told.facts.organization.currency, told.facts.edition.as_of);
    let print = |minor: i64| printed(minor, currency);
    let mut rows = Vec::new();
    if let Some(since) = exposure.cost_since {
        let words = format!("since {}, open and closed gaps together", date(since, today));
        rows.push(("Cost so far", print(exposure.cost_so_far), words));
    }
    if let Some(cost) = exposure.cost_since_go_live {
        rows.push(("Since go-live", print(cost), "of that".to_owned()));
    }
    if exposure.protected_to_date > 0 || exposure.protected_per_week > 0 {
        let words = format!("by closed gaps, {} so far", print(exposure.protected_to_date));
        rows.push(("Protected", format!("{} a week", print(exposure.protected_per_week)), words));
    }
    if let (Some(late), Some(cost)) = (of.weeks_late.filter(|late| *late > 0), of.delay_cost) {
        let words = format!("planned benefit of {} late; not part of the above", weeks(late));
        rows.push(("Cost of delay", about(cost, currency), words));
    }
    rows
}

fn sums(told: &Told, of: &ImplementationFacts) -> Vec<Sums> {
    let mut sums = vec![Sums::of("A week", why::total(told))];
    sums.push(Sums::of("By what it does", why::effects(told)));
    sums.push(Sums::of("By where it leaks", why::zones(told)));
    if told.facts.exposure.cost_since.is_some() {
        sums.push(Sums::of("Cost so far", why::cost_total(told)));
    }
    if told.facts.exposure.protected_to_date > 0 {
        sums.push(Sums::of("Protected", why::protected_total(told)));
    }
    sums.extend(why::delay(told, of).map(|step| Sums::of("Cost of delay", vec![step])));
    sums
}
