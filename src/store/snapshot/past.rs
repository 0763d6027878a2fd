//! What was said before this cut-off: mailed scores, insights, the brief before this one, the note.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::snapshot::Note;
use crate::domain::time::{date_of, iso_week, weeks_between};
use crate::store::row::{Place, list, millis};
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

use super::{Loaded, Request};

statements! {
    /// Scores as they were mailed.
    REPORTED = "SELECT i.organization_id, p.implementation_id, p.as_of, p.score_reported
        FROM implementation i JOIN weekly_point p ON p.implementation_id = i.id
        WHERE i.organization_id IN (SELECT value FROM json_each($1)) AND p.score_reported IS NOT NULL";
    /// The youngest week of each insight that was sent to a scope.
    INSIGHTS = "SELECT scope_id, insight_id, MAX(iso_week) AS iso_week
        FROM edition
        WHERE scope_kind = $3 AND scope_id IN (SELECT value FROM json_each($1))
          AND insight_id IS NOT NULL AND state = 'frozen' AND cut_off_at < $2
        GROUP BY scope_id, insight_id";
    /// The brief before: of the frozen ones the last. A week that was skipped or expired is none,
    /// so that its changes are told in the next.
    PREVIOUS = "SELECT scope_id, MAX(cut_off_at) AS cut_off_at, MAX(frozen_at) AS frozen_at
        FROM edition
        WHERE scope_kind = 'organization' AND scope_id IN (SELECT value FROM json_each($1))
          AND kind IN ('leader', 'owner') AND state = 'frozen' AND cut_off_at < $2
        GROUP BY scope_id";
    /// Notes written by an instant, oldest first: the last one of a scope and week wins.
    NOTES = "SELECT scope_id, iso_week, author, note
        FROM edition_note
        WHERE scope_kind = $3 AND scope_id IN (SELECT value FROM json_each($1))
          AND recorded_at <= $2 AND iso_week >= $4 AND iso_week <= $5
        ORDER BY recorded_at, id";
}

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    cut_off: Timestamp,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let days = days_of_cut_off(cut_off, found)?;
    load_reported(tx, request, &days, found).await?;
    load_previous(tx, request, found).await?;
    let ids: Vec<String> = found.by_id.keys().cloned().collect();
    for (scope, insight, week) in youngest_insights(tx, "organization", &ids, cut_off).await? {
        let Some(&at) = found.by_id.get(&scope) else {
            continue;
        };
        if let Some(age) = age(&week, &iso_week(days[at])) {
            found.snapshots[at].insights_sent.insert(insight, age);
        }
    }
    load_notes(tx, request, &days, found).await
}

/// Civil date of the cut-off in each organization's zone.
fn days_of_cut_off(cut_off: Timestamp, found: &Loaded) -> Result<Vec<Date>, StoreError> {
    let day = |organization: &crate::domain::snapshot::Organization| {
        let place = Place { table: "organization", row: &organization.id };
        let zone =
            TimeZone::get(&organization.time_zone).map_err(|e| place.corrupt("time_zone", e))?;
        Ok(date_of(cut_off, &zone))
    };
    found.snapshots.iter().map(|s| day(&s.organization)).collect()
}

/// Only days before the cut-off's own: the same cut-off gives the same figures before its edition
/// is frozen and after.
async fn load_reported(
    tx: &mut Tx,
    request: &Request,
    days: &[Date],
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = REPORTED.within(tx);
    let rows: Vec<(String, String, String, i64)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).fetch_all(conn).await?
    });
    for (organization, implementation, as_of, score) in rows {
        let Some(&at) = found.by_id.get(&organization) else {
            continue;
        };
        let place = Place { table: "weekly_point", row: &implementation };
        let as_of = place.date("as_of", &as_of)?;
        if as_of < days[at] {
            found.snapshots[at].reported.insert((implementation, as_of), score);
        }
    }
    Ok(())
}

async fn load_previous(
    tx: &mut Tx,
    request: &Request,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = PREVIOUS.within(tx);
    let rows: Vec<(String, i64, Option<i64>)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    for (scope, cut_off_at, frozen_at) in rows {
        let Some(snapshot) = found.of(&scope) else {
            continue;
        };
        let place = Place { table: "edition", row: &scope };
        snapshot.previous_cut_off = Some(place.instant("cut_off_at", cut_off_at)?);
        snapshot.previous_sent_at = place.instant_if("frozen_at", frozen_at)?;
    }
    Ok(())
}

async fn load_notes(
    tx: &mut Tx,
    request: &Request,
    days: &[Date],
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let weeks: Vec<String> = days.iter().map(|day| iso_week(*day)).collect();
    let (Some(first), Some(last)) = (weeks.iter().min(), weeks.iter().max()) else {
        return Ok(());
    };
    let rows = notes(tx, "organization", &request.ids, request.cut_off, (first, last)).await?;
    for (scope, week, author, text) in rows {
        let Some(&at) = found.by_id.get(&scope) else {
            continue;
        };
        if week == weeks[at] {
            found.snapshots[at].note = spoken(author, text);
        }
    }
    Ok(())
}

/// The note of one scope and week, as it stood at an instant: for a draft that is approved after its
/// cut-off with words written meanwhile, and for the editions that are not an organization's.
///
/// # Errors
/// Whatever the engine says.
pub async fn note(
    tx: &mut Tx,
    scope_kind: &str,
    scope_id: &str,
    week: &str,
    until: Timestamp,
) -> Result<Option<Note>, StoreError> {
    let mut found = notes_of(tx, scope_kind, &[scope_id.to_owned()], week, until).await?;
    Ok(found.remove(scope_id))
}

/// The notes of some scopes and one week, as they stood at an instant, by the scope: for plans that are
/// made after their cut-off, with words written meanwhile.
///
/// # Errors
/// Whatever the engine says.
pub async fn notes_of(
    tx: &mut Tx,
    scope_kind: &str,
    scope_ids: &[String],
    week: &str,
    until: Timestamp,
) -> Result<HashMap<String, Note>, StoreError> {
    let rows = notes(tx, scope_kind, &list(scope_ids), millis(until), (week, week)).await?;
    // The last one of a scope wins; where that takes the others back there is none.
    let last: HashMap<_, _> =
        rows.into_iter().map(|(scope, _, author, text)| (scope, spoken(author, text))).collect();
    Ok(last.into_iter().filter_map(|(scope, note)| Some((scope, note?))).collect())
}

/// Insights sent to a scope before a cut-off: id to age in weeks, youngest kept. `day` is the
/// cut-off's civil date where the week is counted.
///
/// # Errors
/// Whatever the engine says.
pub async fn insights_sent(
    tx: &mut Tx,
    scope_kind: &str,
    scope_id: &str,
    cut_off: Timestamp,
    day: Date,
) -> Result<BTreeMap<String, u32>, StoreError> {
    let rows = youngest_insights(tx, scope_kind, &[scope_id.to_owned()], cut_off).await?;
    let now = iso_week(day);
    Ok(rows
        .into_iter()
        .filter_map(|(_, insight, week)| Some((insight, age(&week, &now)?)))
        .collect())
}

/// Scope, insight and the youngest week it was sent in.
async fn youngest_insights(
    tx: &mut Tx,
    scope_kind: &str,
    scope_ids: &[String],
    cut_off: Timestamp,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let (sql, ids) = (INSIGHTS.within(tx), list(scope_ids));
    Ok(in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(ids).bind(millis(cut_off)).bind(scope_kind).fetch_all(conn).await?
    }))
}

/// Scope, week, author, text.
type NoteRow = (String, String, String, String);

async fn notes(
    tx: &mut Tx,
    scope_kind: &str,
    scope_ids: &str,
    until: i64,
    weeks: (&str, &str),
) -> Result<Vec<NoteRow>, StoreError> {
    let sql = NOTES.within(tx);
    Ok(in_tx!(tx, conn => {
        sqlx::query_as(sql)
            .bind(scope_ids)
            .bind(until)
            .bind(scope_kind)
            .bind(weeks.0)
            .bind(weeks.1)
            .fetch_all(conn)
            .await?
    }))
}

/// An empty note takes the one before it back.
fn spoken(author: String, text: String) -> Option<Note> {
    (!text.trim().is_empty()).then_some(Note { author, text })
}

fn age(sent: &str, now: &str) -> Option<u32> {
    u32::try_from(weeks_between(sent, now)?).ok()
}
