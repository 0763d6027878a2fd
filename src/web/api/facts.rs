//! `/organizations/{organization}/facts`: the figures of a brief as they are at an instant.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::engine::preview::Whose;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::json as answer_of;
use super::sent::{One, Query};
use super::shape::query::Plain;
use super::shape::{At, Instant, Shape, Take, Wrongs, query, schema};
use super::{Routes, problems, routes};

/// How far ahead figures are computed.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// The facts as they were computed or stored: their members are the model's.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct FactsBody(pub(in crate::web::api) Value);

impl Serialize for FactsBody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The members of the facts, each with a sentence.
const MEMBERS: &[(&str, Type, &str)] = &[
    (
        "edition",
        Type::Object,
        "Kind, week, cut-off, window, version of the model and its constants.",
    ),
    ("organization", Type::Object, "Slug, name, currency, zone, billing."),
    (
        "implementations",
        Type::Array,
        "Score, coverage, pace, verdict, dates, points and path of each, milli-points.",
    ),
    (
        "exposure",
        Type::Object,
        "Low, likely and high of a week, by effect, so far, protected; minor units.",
    ),
    ("gaps", Type::Array, "Gaps that are not closed, by rank."),
    ("changes", Type::Array, "What moved since the brief before."),
];

impl utoipa::PartialSchema for FactsBody {
    fn schema() -> RefOr<Schema> {
        let mut builder = ObjectBuilder::new().schema_type(Type::Object).description(Some(
            "Every figure of a brief and nothing else, as `brief preview --format json` prints it. A \
             portfolio or a public edition has members of its own.",
        ));
        for (name, kind, words) in MEMBERS {
            let member = match kind {
                Type::Array => utoipa::openapi::schema::ArrayBuilder::new()
                    .items(ObjectBuilder::new().schema_type(Type::Object))
                    .into(),
                _ => ObjectBuilder::new().schema_type(Type::Object).into(),
            };
            builder = builder.property(*name, schema::described(member, words));
        }
        builder.examples([example()]).into()
    }
}

fn example() -> Value {
    json!({
        "edition": { "kind": "leader", "variant": "full-en", "iso_week": "2026-W48",
            "cut_off": "2026-11-23T12:00:00Z", "as_of": "2026-11-23" },
        "organization": { "slug": "northfield-supply", "name": "Northfield Supply", "currency": "USD",
            "time_zone": "America/Chicago" },
        "implementations": [{ "slug": "erp", "name": "ERP cutover", "score_printed": 66, "change_points": 3,
            "verdict": "late", "weeks_late": 17 }],
        "exposure": { "low": 440_000, "likely": 780_000, "high": 1_180_000, "open_gaps": 8, "priced_gaps": 5 },
        "gaps": [{ "external_id": "NF-17", "title": "Two price lists in use", "status": "open",
            "likely_per_week": 380_000, "rank": 1 }],
        "changes": []
    })
}

impl utoipa::ToSchema for FactsBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "Facts".into()
    }
}

impl Shape for FactsBody {
    fn shape() -> RefOr<Schema> {
        schema::named("Facts")
    }

    fn name_parts(named: &mut super::shape::Named) {
        if named.iter().all(|(own, _)| own != "Facts") {
            named.push(("Facts".to_owned(), <Self as utoipa::PartialSchema>::schema()));
        }
    }
}

/// An instant, or a day, which means its end in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Moment(Timestamp);

impl Shape for Moment {
    fn shape() -> RefOr<Schema> {
        let pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$";
        schema::text(None).pattern(Some(pattern)).into()
    }
}

impl Take for Moment {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let text = value.as_str().unwrap_or_default();
        let end = if text.len() == 10 { format!("{text}T23:59:59Z") } else { text.to_owned() };
        let mut own = Wrongs::default();
        let found = Instant::take(&Value::from(end), at, &mut own);
        if found.is_none() {
            wrongs.add(
                at,
                "must be a day, as in 2026-11-30, or an instant, as in 2026-11-30T06:00:00Z",
            );
        }
        found.map(|own| Self(own.0))
    }
}

impl Plain for Moment {}

query! {
    /// Which moment.
    FactsFilter {
        /// The figures of the latest cut-off at or before this instant, or before the end of this day (UTC); now
        /// where it is left out. At most a year ahead.
        as_of: Moment,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(show_facts))
}

/// Read the figures
///
/// What `brief preview --format json` prints: the facts of the latest cut-off at or before an instant.
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/facts", tag = "organizations",
    params(FactsFilter), responses((status = 200, description = "The facts.", body = FactsBody)),
    security(("token" = ["read:facts"])))]
async fn show_facts(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Query(filter): Query<FactsFilter>,
) -> Result<Response<Body>, Fault> {
    let row = caller.sees(&site, &organization).await?;
    let now = site.now();
    let at = filter.as_of.map_or(now, |own| own.0);
    if at > now + AHEAD {
        let mut wrongs = Wrongs::default();
        wrongs.add(&At::Query("as_of".to_owned()), "lies more than a year ahead");
        return Err(Fault::bad_parameter(wrongs));
    }
    let preview = site.engine.preview(&Whose::Leader(row.slug), at).await;
    let preview = preview.map_err(|error| match error {
        // It did not exist yet, or nothing was known: as where there is no such thing.
        crate::engine::EngineError::Refused(_) => {
            let detail = "Nothing was known about it at that time; ask for a later one.";
            Fault::new(problems::NOT_FOUND, detail)
        }
        other => other.into(),
    })?;
    let facts: Value = serde_json::from_str(&preview.body.facts).unwrap_or_default();
    Ok(answer_of(StatusCode::OK, &facts))
}
