//! The words of a gap, and who does what until when: as forms, and as the changes that they ask for.

use crate::domain::codes::{Area, Category, LeakZone};
use crate::domain::register::ask::{GapChange, NewGap, NextStep, Owner};
use crate::engine::register::GapView;

use crate::web::desk::form::Form;

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Who owns it, until when, and what comes next, as it stands.
pub(super) fn people(gap: &GapView) -> Form {
    Form::holding(
        "people",
        [
            ("owner", text(gap.owner.as_ref())),
            ("owner_email", text(gap.owner_email.as_ref())),
            ("due_on", text(gap.due_on)),
            ("next_step", text(gap.next_step.as_ref())),
            ("next_step_on", text(gap.next_step_on)),
            ("severity", gap.severity.number().to_string()),
            ("verifier", text(gap.verifier.as_ref())),
        ],
    )
}

/// The same as a change.
pub(super) fn people_change(form: &mut Form) -> GapChange {
    GapChange {
        owner: Some(owner(form)),
        due_on: Some(form.date("due_on")),
        next_step: Some(next_step(form)),
        severity: form.needed("severity"),
        verifier: Some(form.text("verifier")),
        effective_on: form.date("effective_on"),
        ..GapChange::default()
    }
}

/// What it is, as it stands.
pub(super) fn words(gap: &GapView) -> Form {
    Form::holding(
        "words",
        [
            ("title", gap.title.clone()),
            ("short_name", text(gap.short_name.as_ref())),
            ("description", gap.description.clone()),
            ("area", gap.area.to_string()),
            ("category", gap.category.to_string()),
            ("leak_zone", gap.leak_zone.to_string()),
            ("implementation", text(gap.implementation.as_ref())),
            ("exposure_group", text(gap.exposure_group.as_ref())),
            ("existed_since", text(gap.existed_since)),
        ],
    )
}

/// The same as a change.
pub(super) fn words_change(form: &mut Form) -> GapChange {
    GapChange {
        title: Some(form.value("title").to_owned()),
        short_name: Some(form.text("short_name")),
        description: Some(form.value("description").to_owned()),
        area: form.needed("area"),
        category: form.needed("category"),
        leak_zone: form.needed("leak_zone"),
        implementation: Some(form.text("implementation")),
        exposure_group: Some(form.text("exposure_group")),
        existed_since: Some(form.date("existed_since")),
        ..GapChange::default()
    }
}

/// A new gap from a form; none where the least that it needs cannot be read.
pub(super) fn new_gap(form: &mut Form) -> Option<NewGap> {
    let area: Option<Area> = form.needed("area");
    let category: Option<Category> = form.needed("category");
    let severity: Option<i64> = form.needed("severity");
    let leak_zone: Option<LeakZone> = form.code("leak_zone");
    let (due_on, opened_on) = (form.date("due_on"), form.date("opened_on"));
    let existed_since = form.date("existed_since");
    let (owner, next_step) = (owner(form), next_step(form));
    let new = NewGap::new(area?, category?, severity?, form.value("title"));
    Some(NewGap {
        external_id: form.text("external_id"),
        implementation: form.text("implementation"),
        leak_zone,
        short_name: form.text("short_name"),
        description: form.value("description").to_owned(),
        owner,
        due_on,
        next_step,
        verifier: form.text("verifier"),
        exposure_group: form.text("exposure_group"),
        existed_since,
        opened_on,
        ..new
    })
}

/// The owner that was typed. Without a name there is none: the address alone would tell who is behind it.
fn owner(form: &mut Form) -> Option<Owner> {
    let (name, email) = (form.value("owner").to_owned(), form.text("owner_email"));
    if name.is_empty() && email.is_some() {
        form.refuse("owner", "is missing; name one person");
        return None;
    }
    (!name.is_empty() || email.is_some()).then_some(Owner { name, email })
}

fn next_step(form: &mut Form) -> Option<NextStep> {
    let on = form.date("next_step_on");
    let text = form.value("next_step").to_owned();
    (!text.is_empty() || on.is_some()).then_some(NextStep { text, on })
}
