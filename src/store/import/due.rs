//! What was pending, once an import or its undoing moved the slot that it comes from: as by hand.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::rows::{OrganizationRow, SubscriptionRow};
use crate::store::organizations::{CutOff, moved_due};
use crate::store::row::{list, millis};
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    PENDING = "SELECT id, next_due_at FROM organization \
     WHERE next_due_at IS NOT NULL AND id IN (SELECT value FROM json_each($1))";
    MOVE = "UPDATE organization SET next_due_at = CAST(e.r ->> 'at' AS BIGINT) \
     FROM (SELECT value AS r FROM json_each($1)) e WHERE organization.id = e.r ->> 'id'",
     "UPDATE organization SET next_due_at = CAST(e.r ->> 'at' AS BIGINT) \
     FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e WHERE organization.id = e.r ->> 'id'";
    /// The next tick finds the portfolio's new slot; until now nobody has missed it.
    AT_ONCE = "UPDATE subscription SET next_due_at = $2 \
     WHERE next_due_at > $2 AND id IN (SELECT value FROM json_each($1))";
}

/// Moves the pending cut-offs of organizations whose slot or zone was changed: to the same week.
///
/// # Errors
/// Whatever the database says.
pub async fn follow_cut_offs(
    tx: &mut Tx,
    changed: &[(OrganizationRow, OrganizationRow)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let slot = |row: &OrganizationRow| CutOff {
        weekday: row.cut_off_weekday,
        hour: row.cut_off_hour,
        time_zone: row.time_zone.clone(),
    };
    let slots = changed.iter().map(|(before, after)| (&after.id, slot(before), slot(after)));
    let moved: Vec<(&String, CutOff, CutOff)> =
        slots.filter(|(_, before, after)| before != after).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let ids = list(&moved.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>());
    let pending: Vec<(String, i64)> =
        in_tx!(tx, conn => sqlx::query_as(PENDING.sqlite).bind(ids).fetch_all(conn).await)?;
    let next = pending.iter().filter_map(|(id, at)| {
        let (_, before, after) = moved.iter().find(|(own, ..)| *own == id)?;
        Some(json!({ "id": id, "at": moved_due(*at, before, after, now) }))
    });
    let next = Value::from(next.collect::<Vec<_>>()).to_string();
    let sql = MOVE.within(tx);
    in_tx!(tx, conn => sqlx::query(sql).bind(next).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// Looks at subscriptions anew whose slot was changed.
///
/// # Errors
/// Whatever the database says.
pub async fn follow_slots(
    tx: &mut Tx,
    changed: &[(SubscriptionRow, SubscriptionRow)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let moved = changed.iter().filter(|(b, a)| (b.weekday, b.hour) != (a.weekday, a.hour));
    let ids: Vec<&str> = moved.map(|(_, after)| after.id.as_str()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    in_tx!(tx, conn => sqlx::query(AT_ONCE.sqlite)
        .bind(list(&ids)).bind(millis(now)).execute(conn).await.map(|_| ()))?;
    Ok(())
}
