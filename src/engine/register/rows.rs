//! The rows of a plan, with ids and the instant at which they are written.

use jiff::Timestamp;
use serde_json::Value;

use crate::clock::new_id;
use crate::domain::register::{Base, Plan};
use crate::store::audit::Actor;
use crate::store::records;
use crate::store::row::millis;

/// The row of a new gap.
pub(super) fn gap(
    external_id: &str,
    organization: &str,
    base: &Base,
    now: Timestamp,
) -> records::Gap {
    let base = base.clone();
    records::Gap {
        id: new_id(),
        external_id: external_id.to_owned(),
        organization_id: organization.to_owned(),
        implementation_id: base.implementation_id,
        area: base.area.to_string(),
        category: base.category.to_string(),
        leak_zone: base.leak_zone.to_string(),
        title: base.title,
        short_name: base.short_name,
        description: base.description,
        exposure_group: base.exposure_group,
        existed_since: base.existed_since.map(|day| day.to_string()),
        opened_on: base.opened_on.to_string(),
        verifier: base.verifier,
        evidence: None,
        created_at: millis(now),
        batch_id: None,
        voided_at: None,
    }
}

/// The events of a plan, in order.
pub(super) fn events(
    gap: &str,
    plan: &Plan,
    actor: &Actor,
    now: Timestamp,
) -> Vec<records::GapEvent> {
    let row = |event: &crate::domain::register::NewEvent| records::GapEvent {
        id: new_id(),
        gap_id: gap.to_owned(),
        kind: event.kind.to_string(),
        from_value: event.from.clone(),
        to_value: event.to.clone(),
        effective_on: plan.on.to_string(),
        recorded_at: millis(now),
        actor: Some(actor.signed()),
        note: event.note.clone(),
        evidence_url: event.evidence_url.clone(),
        person_id: event.person_id.clone(),
        actor_id: actor.person_id.clone(),
        ..Default::default()
    };
    plan.events.iter().map(row).collect()
}

/// The estimate of a plan, if it has one.
pub(super) fn exposure(gap: &str, plan: &Plan, now: Timestamp) -> Option<records::Exposure> {
    let figures = plan.figures.as_ref()?;
    Some(records::Exposure {
        id: new_id(),
        gap_id: gap.to_owned(),
        kind: figures.kind.to_string(),
        inputs: Value::Object(figures.inputs.clone()).to_string(),
        low: figures.per_week.low,
        likely: figures.per_week.likely,
        high: figures.per_week.high,
        basis: figures.basis.to_string(),
        source_note: figures.source.clone(),
        effective_on: plan.on.to_string(),
        recorded_at: millis(now),
        batch_id: None,
    })
}
