//! One seeded organization: itself, one implementation, and looks that stay fresh.

use super::words::{CURRENCIES, FIRST, IMPLEMENTATIONS, SECOND, ZONES};
use super::{Maker, gaps, people};
use crate::domain::codes::{Area, Category};
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{
    Assessment, AssessmentAnswer, Implementation, ImplementationArea, ImplementationEvent,
    Organization,
};

/// Days between two looks at the same area: within the 56 that a look stays fresh (MODEL 4.1).
const LOOK_AGAIN: i64 = 49;

/// Adds the organization with everything that belongs to it.
pub fn make(maker: &mut Maker, rows: &mut Rows) {
    let number = maker.number as usize;
    maker.zone_name = ZONES[number % ZONES.len()];
    if let Ok(zone) = jiff::tz::TimeZone::get(maker.zone_name) {
        maker.zone = zone;
    }
    let first = maker.date(maker.days());
    let from =
        jiff::Timestamp::from_millisecond(maker.recorded(maker.days()) + i64::from(maker.number));
    // A part of its own for each organization keeps ids apart from those of the others.
    let part = maker.plan.seed ^ (u64::from(maker.number) << 32 | 0x0005_EED0);
    maker.ids = Ids::new(part, from.unwrap_or_default());
    let (id, billed) = (maker.ids.next_id(), maker.chance.between(20, 900) * 100_000);
    let name = format!("{} {}", maker.chance.pick(&FIRST), maker.chance.pick(&SECOND));
    let created_at = maker.recorded(maker.days()) - 7_200_000;
    let key = format!("s{:x}-o{}", maker.plan.seed, maker.number);
    rows.organizations.push(Organization {
        id: id.clone(),
        external_id: Some(key.clone()),
        slug: key.clone(),
        name,
        currency: (*maker.chance.pick(&CURRENCIES)).to_owned(),
        time_zone: maker.zone_name.to_owned(),
        cut_off_weekday: 1,
        cut_off_hour: 6,
        billed_per_week: Some(billed),
        review: "none".to_owned(),
        status: "active".to_owned(),
        created_at,
        ..Organization::default()
    });
    people::make(maker, &id, rows);
    let areas = areas(maker);
    let implementation = implementation(maker, &id, &key, &areas, created_at, rows);
    dates(maker, &implementation, &first.to_string(), created_at, rows);
    looks(maker, &implementation, &areas, rows);
    gaps::make(maker, &id, &key, billed, &areas, rows);
}

/// Four to six areas.
fn areas(maker: &mut Maker) -> Vec<Area> {
    let count = 4 + maker.chance.below(3);
    let from = maker.chance.below(Area::ALL.len());
    (0..count).map(|step| Area::ALL[(from + step * 5) % Area::ALL.len()]).collect()
}

fn implementation(
    maker: &mut Maker,
    organization_id: &str,
    key: &str,
    areas: &[Area],
    created_at: i64,
    rows: &mut Rows,
) -> String {
    let id = maker.ids.next_id();
    let (kind, name) = *maker.chance.pick(&IMPLEMENTATIONS);
    rows.implementations.push(Implementation {
        id: id.clone(),
        external_id: Some(format!("{key}/main")),
        organization_id: organization_id.to_owned(),
        slug: "main".to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        target_milli: 85_000,
        benefit_per_week: maker.chance.chance(30).then(|| maker.chance.between(1, 40) * 10_000),
        created_at,
        ..Implementation::default()
    });
    for area in areas {
        rows.areas.push(ImplementationArea {
            id: maker.ids.next_id(),
            implementation_id: id.clone(),
            area: area.as_str().to_owned(),
            weight: maker.chance.between(1, 5),
            ..ImplementationArea::default()
        });
    }
    id
}

/// Go-live from five weeks ago to 30 weeks ahead; one in ten names none.
fn dates(maker: &mut Maker, implementation: &str, on: &str, recorded_at: i64, rows: &mut Rows) {
    if maker.chance.chance(10) {
        return;
    }
    let go_live = maker.chance.between(-35, 210);
    for (field, days) in [("configuration_starts_on", go_live - 80), ("go_live_on", go_live)] {
        rows.implementation_events.push(ImplementationEvent {
            id: maker.ids.next_id(),
            implementation_id: implementation.to_owned(),
            field: field.to_owned(),
            to_value: Some(maker.date(-days).to_string()),
            effective_on: on.to_owned(),
            recorded_at,
            ..ImplementationEvent::default()
        });
    }
}

/// Every area is looked at in the first week and again before the look goes stale.
fn looks(maker: &mut Maker, implementation: &str, areas: &[Area], rows: &mut Rows) {
    let mut back = maker.days();
    while 0 <= back {
        let id = maker.ids.next_id();
        rows.assessments.push(Assessment {
            id: id.clone(),
            implementation_id: implementation.to_owned(),
            held_on: maker.date(back).to_string(),
            recorded_at: maker.recorded(back),
            ..Assessment::default()
        });
        for area in areas {
            for category in Category::ALL {
                rows.answers.push(AssessmentAnswer {
                    assessment_id: id.clone(),
                    area: area.as_str().to_owned(),
                    category: category.as_str().to_owned(),
                    level: None,
                    note: None,
                    gap_id: None,
                });
            }
        }
        back -= LOOK_AGAIN;
    }
}
