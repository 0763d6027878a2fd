//! The form of an implementation.

use crate::domain::codes::{Area, ImplementationKind};
use crate::domain::money;
use crate::domain::register::ask::{ImplementationChange, NewImplementation};
use crate::engine::register::ImplementationView;

use crate::web::desk::amounts;
use crate::web::desk::form::Form;
use crate::web::desk::labels::{self, Choice};

/// The field of one area's weight.
#[derive(Debug, Clone)]
pub(super) struct AreaField {
    pub(super) name: String,
    pub(super) label: String,
}

/// A field for each area. Entries of a scope are told by the place of their area in the model.
pub(super) fn areas() -> Vec<AreaField> {
    let field = |(n, area): (usize, &Area)| AreaField {
        name: format!("weight-{n}"),
        label: labels::area(*area),
    };
    Area::ALL.iter().enumerate().map(field).collect()
}

pub(super) fn weights() -> Vec<Choice> {
    [("1", "1 a little"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 cannot do without")]
        .map(|(value, label)| Choice::new(value, label))
        .to_vec()
}

/// An empty form.
pub(super) fn blank() -> Form {
    Form::holding("of", [("kind", "erp".to_owned()), ("status", "planned".to_owned())])
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// An implementation as it stands.
pub(super) fn standing(own: &ImplementationView, currency: &str) -> Form {
    let places = money::exponent(currency);
    let mut form = Form::holding(
        "of",
        [
            ("name", own.name.clone()),
            ("kind", own.kind.to_string()),
            ("status", own.status.to_string()),
            ("target", crate::domain::brief::numbers::points(own.target_milli).to_string()),
            ("benefit", text(own.benefit_per_week.map(|minor| amounts::print(minor, places)))),
            ("mandated_on", text(own.mandated_on)),
            ("configuration_starts_on", text(own.configuration_starts_on)),
            ("go_live_on", text(own.go_live_on)),
            ("version", own.version.clone()),
        ],
    );
    for (n, area) in Area::ALL.iter().enumerate() {
        let weight = own.areas.iter().find(|(own, _)| own == area).map(|(_, weight)| *weight);
        form.set(&format!("weight-{n}"), text(weight));
    }
    form
}

/// An implementation to be added; none where the least that it needs cannot be read.
pub(super) fn new(form: &mut Form, currency: &str) -> Option<NewImplementation> {
    let kind: Option<ImplementationKind> = form.needed("kind");
    let status = form.needed("status");
    let (target, benefit_per_week) = (target(form), benefit(form, currency));
    let mandated_on = form.date("mandated_on");
    let configuration_starts_on = form.date("configuration_starts_on");
    let go_live_on = form.date("go_live_on");
    let areas = scope(form);
    let blank = NewImplementation::new(form.value("name"), kind?);
    Some(NewImplementation {
        status: status?,
        target,
        benefit_per_week,
        mandated_on,
        configuration_starts_on,
        go_live_on,
        areas,
        ..blank
    })
}

/// The form as a change.
pub(super) fn change(form: &mut Form, currency: &str) -> ImplementationChange {
    ImplementationChange {
        name: Some(form.value("name").to_owned()),
        kind: form.needed("kind"),
        target: target(form),
        benefit_per_week: Some(benefit(form, currency)),
        mandated_on: Some(form.date("mandated_on")),
        configuration_starts_on: Some(form.date("configuration_starts_on")),
        go_live_on: Some(form.date("go_live_on")),
        status: form.needed("status"),
        areas: Some(scope(form)),
        effective_on: form.date("effective_on"),
        expected: Some(form.value("version").to_owned()),
    }
}

fn target(form: &mut Form) -> Option<i64> {
    form.whole("target", 0..=100)
}

fn benefit(form: &mut Form, currency: &str) -> Option<i64> {
    form.amount("benefit", money::exponent(currency))
}

fn scope(form: &mut Form) -> Vec<(Area, i64)> {
    let weight =
        |(n, area): (usize, &Area)| Some((*area, form.whole(&format!("weight-{n}"), 1..=5)?));
    Area::ALL.iter().enumerate().filter_map(weight).collect()
}

/// In which place of the form each entry of the scope stands.
pub(super) fn places(form: &Form) -> Vec<usize> {
    (0..Area::ALL.len()).filter(|n| !form.value(format!("weight-{n}")).is_empty()).collect()
}
