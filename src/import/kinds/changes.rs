//! `changes.csv`: what happened to gaps. Every row is an event; a row whose id is known is only
//! compared.
//!
//! A file may tell what happened in any order: only the day of a change is stored, so its id says where it
//! stands among those of the same day that were recorded together.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::id_within;
use crate::domain::codes::{EventKind, ExposureKind, Severity};
use crate::import::context::{Context, Outcome, Place, keys, known, not_ahead, places_by_id};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::times::Times;
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, ExposureRow, GapEventRow, GapRow};
use crate::store::row::millis;

use super::estimate::Estimate;
use super::gaps::Status;

/// Writes events that are not known yet.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let gaps: HashMap<String, GapRow> = store::gaps(tx, &keys(rows, "gap"))
        .await?
        .into_iter()
        .filter(|g| context.is_ours(&g.organization_id))
        .map(|g| (g.external_id.clone(), g))
        .collect();
    let owners: Vec<String> = gaps.values().map(|g| g.organization_id.clone()).collect();
    let places = places_by_id(tx, &owners).await?;
    let before: HashMap<String, GapEventRow> = store::changes(tx, &keys(rows, "external_id"))
        .await?
        .into_iter()
        .filter_map(|e| Some((e.external_id.clone()?, e)))
        .collect();
    let (mut events, mut exposures) = (Vec::new(), Vec::new());
    for row in rows {
        let read = known(&gaps, row, "gap").and_then(|gap| {
            let mut change = Change::read(context, row, gap, places.get(&gap.organization_id))?;
            let fresh = change.is_fresh(context, row, &before)?;
            if fresh && context.is_told_late(gap, change.event.recorded_at) {
                change.told_at(context.recorded_at);
            }
            Ok((change, fresh))
        });
        let Some((change, fresh)) = out.take(row.number, read) else {
            continue;
        };
        out.count(fresh);
        if fresh {
            out.events += 1 + u64::from(change.exposure.is_some());
            out.backdated += u64::from(change.backdated);
            out.tell(|| {
                let name = row.text("gap").unwrap_or_default();
                let title = gaps.get(name).map_or("", |gap| gap.title.as_str());
                RowChange::of(name, title, true)
                    .events(std::slice::from_ref(&change.event), "")
                    .estimates(change.exposure.as_slice(), "")
            });
            events.push(change.event);
            exposures.extend(change.exposure);
        }
    }
    store::add_gap_events(tx, &context.batch, &events).await?;
    store::add_exposures(tx, &context.batch, &exposures).await?;
    Ok(())
}

/// One row, read.
struct Change {
    event: GapEventRow,
    exposure: Option<ExposureRow>,
    backdated: bool,
}

impl Change {
    fn read(
        context: &Context<'_>,
        row: &Row,
        gap: &GapRow,
        place: Option<&Place>,
    ) -> Result<Self, Fault> {
        let place = place.ok_or_else(|| {
            Fault::at("gap", "the organization of this gap is not there any more")
        })?;
        let (effective, recorded_at) = instants(context, row, place)?;
        let on = place.zone.to_datetime(effective).date();
        let recorded_on = place.zone.to_datetime(recorded_at).date();
        not_ahead("effective_at", on, recorded_on)?;
        let Words { kind, from, to, estimate } = Words::read(row, context.times)?;
        let id = || id_within(&context.batch, age_of_day(effective, &place.zone), row.line);
        let event = GapEventRow {
            id: id(),
            gap_id: gap.id.clone(),
            external_id: row.text("external_id").map(str::to_owned),
            kind: kind.as_str().to_owned(),
            from_value: from,
            to_value: to,
            effective_on: on.to_string(),
            recorded_at: millis(recorded_at),
            actor: row.text("actor").map(str::to_owned),
            note: row.text("note").map(str::to_owned),
            person_id: None,
        };
        Ok(Self {
            exposure: estimate.map(|e| ExposureRow { id: id(), ..e.row(&gap.id, on, recorded_at) }),
            event,
            backdated: on < recorded_on,
        })
    }

    /// The same, told at another instant than it was recorded where it comes from.
    fn told_at(&mut self, at: Timestamp) {
        self.event.recorded_at = millis(at);
        if let Some(exposure) = &mut self.exposure {
            exposure.recorded_at = millis(at);
        }
        self.backdated = true;
    }

    /// Whether the row's id is new. The same id with other words is refused: an event is never
    /// changed.
    fn is_fresh(
        &self,
        context: &Context<'_>,
        row: &Row,
        before: &HashMap<String, GapEventRow>,
    ) -> Result<bool, Fault> {
        let Some(old) = self.event.external_id.as_ref().and_then(|id| before.get(id)) else {
            return Ok(true);
        };
        let new = &self.event;
        // What a source told late stands under the day on which it was told.
        let is_told_late = context.read_before.is_some() && old.recorded_at > new.recorded_at;
        let differs = [
            ("gap", old.gap_id != new.gap_id),
            ("kind", old.kind != new.kind),
            ("from", old.from_value != new.from_value),
            ("to", old.to_value != new.to_value),
            ("effective_at", old.effective_on != new.effective_on),
            (
                "recorded_at",
                row.text("recorded_at").is_some()
                    && old.recorded_at != new.recorded_at
                    && !is_told_late,
            ),
            ("actor", old.actor != new.actor),
            ("note", old.note != new.note),
        ];
        match differs.iter().find(|(_, differs)| *differs) {
            None => Ok(false),
            Some((column, _)) => Err(Fault::at(
                column,
                "a change of this id is recorded with another value here; changes are never rewritten, \
                 give a new id or void the earlier import",
            )),
        }
    }
}

/// When it was true, and when it was recorded.
fn instants(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
) -> Result<(Timestamp, Timestamp), Fault> {
    let effective = row.instant("effective_at", context.times, &place.zone)?;
    let effective =
        effective.ok_or_else(|| Fault::at("effective_at", "a day or an instant is needed here"))?;
    let recorded_at = row.instant("recorded_at", context.times, &place.zone)?;
    let recorded_at = recorded_at.unwrap_or(context.recorded_at);
    let day = |at| place.zone.to_datetime(at).date();
    not_ahead("recorded_at", day(recorded_at), day(context.now.max(context.recorded_at)))?;
    Ok((effective, recorded_at))
}

/// How old its day was at an instant, in milliseconds: the order of what a day brought, also in the hour
/// that there is twice.
fn age_of_day(at: Timestamp, zone: &TimeZone) -> i64 {
    let begin = zone.to_datetime(at).date().to_zoned_datetime(zone.clone());
    begin.map_or(0, |begin| millis(at) - millis(begin.timestamp()))
}

/// What a row says by itself, whatever is known of its gap.
#[derive(Debug, Clone)]
pub(in crate::import) struct Words {
    /// What happened.
    pub kind: EventKind,
    /// The value before, as it is stored.
    pub from: Option<String>,
    /// The value after, as it is stored.
    pub to: Option<String>,
    estimate: Option<Estimate>,
}

impl Words {
    /// Reads them.
    ///
    /// # Errors
    /// One of them means nothing: such a row is rejected.
    pub(in crate::import) fn read(row: &Row, times: &Times) -> Result<Self, Fault> {
        let kind: EventKind = row.need_word("kind")?;
        let (from, to) = (value(times, kind, "from", row)?, value(times, kind, "to", row)?);
        let estimate = estimate(kind, row)?;
        row.short("external_id", 200)?;
        row.short("actor", 200)?;
        let to = estimate.as_ref().map(Estimate::word).or(to);
        Ok(Self { kind, from, to, estimate })
    }
}

/// A value before or after, as it is stored.
fn value(times: &Times, kind: EventKind, column: &str, row: &Row) -> Result<Option<String>, Fault> {
    let Some(text) = row.short(column, 500)? else {
        return match (kind, column) {
            (EventKind::Opened | EventKind::Reopened, "to") => Ok(Some("open".to_owned())),
            (EventKind::Status | EventKind::Severity, "to") => {
                Err(Fault::at(column, format!("a change of {kind} needs a value here")))
            }
            _ => Ok(None),
        };
    };
    let word = match kind {
        EventKind::Opened | EventKind::Status | EventKind::Reopened => {
            Status::parse(text).map(Status::word)
        }
        EventKind::Severity => {
            text.parse::<Severity>().map(|s| s.number().to_string()).map_err(|e| e.to_string())
        }
        EventKind::DueOn => times.date(text).map(|d| d.to_string()),
        _ => Ok(text.to_owned()),
    };
    word.map(Some).map_err(|reason| Fault::at(column, reason))
}

/// The estimate of a change of exposure: in `to`, the kind, a semicolon and the inputs, as in
/// `direct;amount_minor=120000;period_days=30`.
fn estimate(kind: EventKind, row: &Row) -> Result<Option<Estimate>, Fault> {
    if kind != EventKind::Exposure {
        return Ok(None);
    }
    let text = row.need("to")?;
    let (word, inputs) = text.split_once(';').unwrap_or((text, ""));
    let kind: ExposureKind = word.trim().parse().map_err(|e| Fault::at("to", format!("{e}")))?;
    let mut estimate = Estimate::new(kind, inputs).map_err(|reason| Fault::at("to", reason))?;
    estimate.source = row.text("note").map(str::to_owned);
    Ok(Some(estimate))
}
