//! Small snapshots for tests of the model: one organization in UTC, whose cut-off is 06:00.

use std::collections::BTreeMap;

use back_office_brief::domain::codes::{
    Area, Basis, Category, EditionKind, EventKind, ExposureKind, ImplementationKind,
    ImplementationStatus,
};
use back_office_brief::domain::compose::{self, Request};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::{
    Bounds, Exposure, Gap, GapEvent, Implementation, Look, Organization, Snapshot,
};
use back_office_brief::domain::time::instant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|e| panic!("{text:?} is not a date: {e}"))
}

/// An instant of a day, UTC.
pub fn at(day: Date, hour: i8) -> Timestamp {
    instant(day, hour, &TimeZone::UTC)
}

/// A gap of severity 2 that was opened, and recorded, on a day.
pub fn gap(id: &str, area: Area, category: Category, opened_on: Date) -> Gap {
    let mut gap = Gap {
        id: format!("row-{id}"),
        external_id: id.to_owned(),
        implementation_id: None,
        area,
        category,
        leak_zone: area.leak_zone(),
        title: format!("Title of {id}"),
        short_name: None,
        exposure_group: None,
        existed_since: None,
        opened_on,
        events: Vec::new(),
        exposures: Vec::new(),
    };
    push(&mut gap, EventKind::Opened, None, Some("open"), opened_on);
    gap
}

/// Adds an event that was recorded an hour before the cut-off of the day it was true on.
pub fn push(gap: &mut Gap, kind: EventKind, from: Option<&str>, to: Option<&str>, on: Date) {
    gap.events.push(GapEvent {
        id: format!("{}-{:04}", gap.external_id, gap.events.len()),
        kind,
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        effective_on: on,
        recorded_at: at(on, 5),
        actor: Some("recorder".to_owned()),
    });
}

/// Adds a status on a day.
pub fn set_status(gap: &mut Gap, to: &str, on: Date) {
    push(gap, EventKind::Status, None, Some(to), on);
}

/// Adds an estimate from a day on.
pub fn price(gap: &mut Gap, kind: ExposureKind, [low, likely, high]: [i64; 3], on: Date) {
    gap.exposures.push(Exposure {
        effective_on: on,
        recorded_at: at(on, 5),
        kind,
        per_week: Bounds { low, likely, high },
        basis: Basis::Estimated,
    });
}

/// An implementation with a scope.
pub fn implementation(
    slug: &str,
    areas: &[(Area, i64)],
    go_live_on: Option<Date>,
) -> Implementation {
    Implementation {
        id: format!("row-{slug}"),
        slug: slug.to_owned(),
        name: "ERP cutover".to_owned(),
        kind: ImplementationKind::Erp,
        status: ImplementationStatus::Preparing,
        configuration_starts_on: None,
        go_live_on,
        target_milli: 85_000,
        benefit_per_week: None,
        areas: areas.to_vec(),
        events: Vec::new(),
    }
}

/// One organization without any look.
pub fn snapshot(implementations: Vec<Implementation>, gaps: Vec<Gap>) -> Snapshot {
    Snapshot {
        organization: Organization {
            id: "row-northfield".to_owned(),
            slug: "northfield".to_owned(),
            name: "Northfield Supply".to_owned(),
            currency: "USD".to_owned(),
            time_zone: "UTC".to_owned(),
            billed_per_week: None,
            money_in_subject: false,
        },
        implementations,
        gaps,
        looks: Vec::new(),
        reported: BTreeMap::new(),
        insights_sent: BTreeMap::new(),
        previous_sent_at: None,
        previous_cut_off: None,
        note: None,
        consultant: None,
        feeds: Vec::new(),
    }
}

/// Looks at cells of an area in the first implementation.
pub fn look(snapshot: &mut Snapshot, area: Area, categories: &[Category], held_on: Date) {
    for category in categories {
        snapshot.looks.push(Look {
            implementation: 0,
            area,
            category: *category,
            held_on,
            recorded_at: at(held_on, 5),
        });
    }
}

/// The facts of the edition whose cut-off is 06:00 UTC on a day.
pub fn facts(snapshot: &Snapshot, as_of: Date) -> Facts {
    compose::facts(&Request {
        snapshot,
        zone: &TimeZone::UTC,
        cut_off: at(as_of, 6),
        as_of,
        kind: EditionKind::Leader,
        variant: "full-en",
        constants: &Constants::default(),
        insights: &[],
    })
}
