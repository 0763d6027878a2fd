//! The edge cases of the model (MODEL 4.6), at the level of the facts.

mod action;
mod assessment;
mod calendar;
mod go_live;
mod history;
#[path = "../model/mod.rs"]
mod model;
mod money;
mod names;
mod organization;
mod stalls;

use back_office_brief::domain::codes::{Area, Category, EventKind, ExposureKind};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::{Gap, Snapshot};
use jiff::civil::Date;

use model::{day, look, price, push};

/// Monday 23 November 2026, the cut-off of most cases.
fn today() -> Date {
    day("2026-11-23")
}

fn facts(snapshot: &Snapshot) -> Facts {
    model::facts(snapshot, today())
}

/// A billing gap of severity 3, owned, that costs 1,000.00 a week.
fn priced_gap(id: &str, opened_on: Date) -> Gap {
    let mut gap = unpriced_gap(id, opened_on);
    price(&mut gap, ExposureKind::Leakage, [50_000, 100_000, 150_000], opened_on);
    gap
}

/// The same without an estimate.
fn unpriced_gap(id: &str, opened_on: Date) -> Gap {
    let mut gap = model::gap(id, Area::Billing, Category::NoSource, opened_on);
    push(&mut gap, EventKind::Severity, None, Some("3"), opened_on);
    push(&mut gap, EventKind::Owner, None, Some("R. Roe"), opened_on);
    gap
}

/// One implementation of billing, looked at in full on a day.
fn assessed(go_live_on: Option<Date>, looked_on: &str, gaps: Vec<Gap>) -> Snapshot {
    let erp = model::implementation("erp", &[(Area::Billing, 1)], go_live_on);
    let mut snapshot = model::snapshot(vec![erp], gaps);
    look(&mut snapshot, Area::Billing, Category::ALL, day(looked_on));
    snapshot
}
