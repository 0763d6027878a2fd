//! The same figures as CSV (RFC 4180), for whoever wants to go on with them.
//!
//! What a spreadsheet would take for a formula is kept from being one by an apostrophe before it.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};

use crate::domain::course::sums::GapSums;
use crate::domain::money::exponent;
use crate::domain::one_line::one_line;

use super::door::Door;
use crate::web::shell::body::answer;
use crate::web::shell::problem::Problem;

const POINTS: [&str; 9] = [
    "implementation",
    "as_of",
    "score",
    "score_as_reported",
    "reported_on",
    "target",
    "open_load",
    "allowed_load_today",
    "looked_at_percent",
];

/// The weekly points of the implementation that is looked at.
pub(super) async fn trend(door: Door) -> Result<Response<Body>, Problem> {
    let (of, course) = door.of();
    let rows = course.points.iter().map(|point| {
        let reported = point.reported;
        vec![
            cell(&of.slug),
            point.as_of.to_string(),
            decimal(point.score_milli, 3),
            reported.map_or_else(String::new, |own| decimal(own.score_milli, 3)),
            reported.map_or_else(String::new, |own| own.on.to_string()),
            decimal(of.target_milli, 3),
            decimal(point.load_milli, 3),
            of.allowed_milli.map_or_else(String::new, |milli| decimal(milli, 3)),
            decimal(point.coverage_bp, 2),
        ]
    });
    sheet(&door, "trend", &POINTS, rows)
}

const FIGURES: [&str; 31] = [
    "external_id",
    "title",
    "short_name",
    "area",
    "pattern",
    "leak_zone",
    "severity",
    "status",
    "status_since",
    "owner",
    "opened_on",
    "due_on",
    "next_step",
    "currency",
    "low_per_week",
    "likely_per_week",
    "high_per_week",
    "exposure_kind",
    "exposure_inputs",
    "exposure_basis",
    "exposure_source",
    "exposure_since",
    "exposure_recorded_at",
    "exposure_recorded_by",
    "exposure_group",
    "counted_in_group",
    "cost_so_far",
    "protected_to_date",
    "points",
    "worth_points",
    "idle_weeks",
];

/// Every gap with its figures.
pub(super) async fn gaps(door: Door) -> Result<Response<Body>, Problem> {
    let currency = &door.told.facts.organization.currency;
    let rows = door.told.gaps.iter().map(|gap| figures(gap, currency));
    sheet(&door, "gaps", &FIGURES, rows)
}

fn figures(gap: &GapSums, currency: &str) -> Vec<String> {
    let money = |minor: i64| decimal(minor, exponent(currency));
    let typed = |text: &Option<String>| text.as_deref().map_or_else(String::new, cell);
    let price = gap.price.as_ref();
    let of_price = |of: &dyn Fn(&crate::domain::course::sums::Price) -> String| {
        price.map_or_else(String::new, of)
    };
    let group = gap.group.as_ref();
    vec![
        cell(&gap.external_id),
        cell(&gap.title),
        cell(&gap.short_name),
        gap.area.to_string(),
        gap.category.to_string(),
        gap.leak_zone.to_string(),
        gap.severity.number().to_string(),
        gap.status.to_string(),
        gap.status_since.to_string(),
        typed(&gap.owner),
        gap.opened_on.to_string(),
        gap.due_on.map_or_else(String::new, |on| on.to_string()),
        typed(&gap.next_step),
        cell(currency),
        of_price(&|price| money(price.per_week.low)),
        of_price(&|price| money(price.per_week.likely)),
        of_price(&|price| money(price.per_week.high)),
        of_price(&|price| price.kind.to_string()),
        of_price(&|price| inputs(&price.inputs)),
        of_price(&|price| price.basis.to_string()),
        of_price(&|price| typed(&price.source_note)),
        of_price(&|price| price.since.to_string()),
        of_price(&|price| price.told.recorded_at.to_string()),
        of_price(&|price| typed(&price.told.who.clone().or_else(|| price.told.import.clone()))),
        group.map_or_else(String::new, |group| cell(&group.name)),
        group.map_or_else(String::new, |group| group.is_counted.to_string()),
        money(gap.cost_so_far),
        gap.protected.map_or_else(String::new, |own| money(own.to_date)),
        decimal(gap.points_milli, 3),
        decimal(gap.worth_milli, 3),
        gap.idle_weeks.to_string(),
    ]
}

/// As an import takes them: `hours_centi_per_week=600|900|1400; rate_minor_per_hour=4200`.
fn inputs(inputs: &serde_json::Map<String, serde_json::Value>) -> String {
    let value = |value: &serde_json::Value| match value.as_array() {
        Some(three) => three.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
        None => value.to_string(),
    };
    let pairs = inputs.iter().map(|(name, own)| format!("{name}={}", value(own)));
    cell(&pairs.collect::<Vec<_>>().join("; "))
}

/// Somebody's words in one line; what a spreadsheet would take for a formula behind an apostrophe.
fn cell(text: &str) -> String {
    let line = one_line(text);
    if line.starts_with(['=', '+', '-', '@', '|', '%']) { format!("'{line}") } else { line }
}

/// A number with a point and no thousands' marks.
fn decimal(value: i64, places: u32) -> String {
    crate::domain::why::units::fixed(value, places).replace(',', "")
}

fn sheet(
    door: &Door,
    what: &str,
    head: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Response<Body>, Problem> {
    let broken = |error: csv::Error| {
        tracing::error!(%error, "a sheet could not be written");
        Problem::Broken
    };
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(head).map_err(broken)?;
    for row in rows {
        writer.write_record(&row).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(error.into_error().into()))?;
    let mut response = answer(StatusCode::OK, "text/csv; charset=utf-8; header=present", bytes);
    let slug = &door.told.facts.organization.slug;
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let slug: String = slug.chars().filter(plain).collect();
    let name = format!("attachment; filename=\"{slug}-{what}.csv\"");
    // Letters, digits and hyphens are fit for a header.
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
