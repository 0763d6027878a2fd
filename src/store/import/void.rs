//! Taking an import back: its rows go out of sight, what it changed is put back as it was.

use std::collections::HashMap;

use jiff::Timestamp;

use super::base::Base;
use super::batch::{Batch, find_batch};
use super::built_on::{built_on, by_hand};
use super::due::{follow_cut_offs, follow_slots};
use super::rows::{
    AreaRow, GapRow, ImplementationRow, OrganizationRow, PersonRow, PromiseRow, SessionRow,
    SubscriptionRow,
};
use super::write::restore_base;
use crate::store::row::{list, millis};
use crate::store::{Db, Sql, StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    MARK = "UPDATE import_batch SET voided_at = $2, voided_why = $3 WHERE id = $1 AND voided_at IS NULL";
    REVISIONS = "SELECT table_name, row_id, before_json, after_json FROM import_revision WHERE batch_id = $1";
    HIDE_ORGANIZATIONS = "UPDATE organization SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_IMPLEMENTATIONS = "UPDATE implementation SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_AREAS = "UPDATE implementation_area SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_GAPS = "UPDATE gap SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_SUBSCRIPTIONS = "UPDATE subscription SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_CLIENTS = "UPDATE consultant_client SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_SESSIONS = "UPDATE session SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    HIDE_PROMISES = "UPDATE promise SET voided_at = $2 WHERE batch_id = $1 AND voided_at IS NULL";
    COUNT_EVENTS = "SELECT CAST((SELECT COUNT(*) FROM gap_event WHERE batch_id = $1) \
                    + (SELECT COUNT(*) FROM exposure WHERE batch_id = $1) \
                    + (SELECT COUNT(*) FROM implementation_event WHERE batch_id = $1) \
                    + (SELECT COUNT(*) FROM assessment WHERE batch_id = $1) AS BIGINT)";
}

/// Statements that take base rows out of sight, children first.
const HIDES: &[Sql] = &[
    HIDE_PROMISES,
    HIDE_SESSIONS,
    HIDE_CLIENTS,
    HIDE_SUBSCRIPTIONS,
    HIDE_GAPS,
    HIDE_AREAS,
    HIDE_IMPLEMENTATIONS,
    HIDE_ORGANIZATIONS,
];

/// What voiding did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Voided {
    /// The import.
    pub batch: Batch,
    /// Base rows that went out of sight.
    pub hidden: u64,
    /// Rows of histories that went out of sight.
    pub events: u64,
    /// Rows that were put back as they were before the import.
    pub restored: u64,
    /// Rows that someone changed since, left as they are now.
    pub left: u64,
    /// Rows made by hand that went out of sight with their parents.
    pub by_hand: u64,
}

/// Takes an import back as a whole. `id` may be the unmistakable beginning of one.
///
/// People stay: an address is forgotten with `brief people`, not by voiding an import.
///
/// # Errors
/// [`StoreError::NotFound`] for an unknown id; [`StoreError::Conflict`] when it was voided before or
/// when later imports rest on it (they are named: void them first).
pub async fn void_batch(
    db: &Db,
    id: &str,
    why: Option<&str>,
    now: Timestamp,
) -> Result<Voided, StoreError> {
    let mut tx = db.begin().await?;
    let voided = void_in(&mut tx, id, why, now).await?;
    tx.commit().await?;
    Ok(voided)
}

/// The same in a transaction that is the caller's to commit.
///
/// # Errors
/// As [`void_batch`].
pub async fn void_in(
    tx: &mut Tx,
    id: &str,
    why: Option<&str>,
    now: Timestamp,
) -> Result<Voided, StoreError> {
    let batch = find_batch(tx, id).await?;
    if let Some(at) = batch.voided_at {
        return Err(StoreError::Conflict(format!(
            "import {} was voided at {at} already",
            batch.id
        )));
    }
    let later = built_on(tx, &batch.id).await?;
    if !later.is_empty() {
        return Err(StoreError::Conflict(format!(
            "import {} cannot be voided while later imports rest on it; void these first: {}",
            batch.id,
            later.join("; ")
        )));
    }
    let by_hand = by_hand(tx, &batch.id).await?;
    let marked: u64 = in_tx!(tx, conn => sqlx::query(MARK.sqlite)
        .bind(&batch.id).bind(millis(now)).bind(why).execute(conn).await.map(|d| d.rows_affected()))?;
    if marked != 1 {
        return Err(StoreError::Conflict(format!(
            "import {} is being voided by somebody else",
            batch.id
        )));
    }
    let mut hidden = 0;
    for sql in HIDES {
        hidden += in_tx!(tx, conn => sqlx::query(sql.sqlite)
            .bind(&batch.id).bind(millis(now)).execute(conn).await.map(|d| d.rows_affected()))?;
    }
    let (restored, left) = restore(tx, &batch.id, now).await?;
    let events: i64 = in_tx!(tx, conn => sqlx::query_scalar(COUNT_EVENTS.sqlite)
        .bind(&batch.id).fetch_one(conn).await)?;
    Ok(Voided {
        batch: Batch { voided_at: Some(now), voided_why: why.map(str::to_owned), ..batch },
        hidden,
        events: u64::try_from(events).unwrap_or(0),
        restored,
        left,
        by_hand,
    })
}

/// A row before and after the import, as JSON.
struct Change {
    row: String,
    before: String,
    after: String,
}

/// Puts back what the import changed. Returns how many rows were put back and how many were left.
async fn restore(tx: &mut Tx, batch: &str, now: Timestamp) -> Result<(u64, u64), StoreError> {
    let rows: Vec<(String, String, String, String)> =
        in_tx!(tx, conn => sqlx::query_as(REVISIONS.sqlite).bind(batch).fetch_all(conn).await)?;
    let mut by_table: HashMap<String, Vec<Change>> = HashMap::new();
    for (table, row, before, after) in rows {
        by_table.entry(table).or_default().push(Change { row, before, after });
    }
    let (mut restored, mut total) = (0, 0);
    for (table, changes) in &by_table {
        total += changes.len() as u64;
        restored += match table.as_str() {
            OrganizationRow::TABLE => {
                let back = put_back::<OrganizationRow>(tx, changes).await?;
                follow_cut_offs(tx, &back, now).await?;
                back.len()
            }
            SubscriptionRow::TABLE => {
                let back = put_back::<SubscriptionRow>(tx, changes).await?;
                follow_slots(tx, &back, now).await?;
                back.len()
            }
            ImplementationRow::TABLE => put_back::<ImplementationRow>(tx, changes).await?.len(),
            AreaRow::TABLE => put_back::<AreaRow>(tx, changes).await?.len(),
            PersonRow::TABLE => put_back::<PersonRow>(tx, changes).await?.len(),
            GapRow::TABLE => put_back::<GapRow>(tx, changes).await?.len(),
            SessionRow::TABLE => put_back::<SessionRow>(tx, changes).await?.len(),
            PromiseRow::TABLE => put_back::<PromiseRow>(tx, changes).await?.len(),
            other => {
                return Err(StoreError::Corrupt {
                    table: "import_revision",
                    column: "table_name",
                    row: batch.to_owned(),
                    problem: format!("{other:?} is no table that an import changes"),
                });
            }
        } as u64;
    }
    Ok((restored, total - restored))
}

/// Rows of one table: put back where they still are what the import made of them. Gives those, each with
/// what it was and what it is again.
async fn put_back<B>(tx: &mut Tx, changes: &[Change]) -> Result<Vec<(B, B)>, StoreError>
where
    B: Base + Unpin,
    B: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>,
    B: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
{
    let ids: Vec<&str> = changes.iter().map(|c| c.row.as_str()).collect();
    let ids = list(&ids);
    let now: Vec<B> =
        in_tx!(tx, conn => sqlx::query_as(B::BY_ID.sqlite).bind(ids).fetch_all(conn).await)?;
    let now: HashMap<&str, &B> = now.iter().map(|row| (row.id(), row)).collect();
    let mut back = Vec::new();
    for change in changes {
        let before: B = parse(&change.row, "before_json", &change.before)?;
        let after: B = parse(&change.row, "after_json", &change.after)?;
        if now.get(change.row.as_str()) == Some(&&after) {
            back.push((after, before));
        }
    }
    let rows: Vec<B> = back.iter().map(|(_, before)| before.clone()).collect();
    restore_base(tx, &rows).await?;
    Ok(back)
}

/// A row from its JSON.
fn parse<B: Base>(row: &str, column: &'static str, json: &str) -> Result<B, StoreError> {
    serde_json::from_str(json).map_err(|e| StoreError::Corrupt {
        table: "import_revision",
        column,
        row: row.to_owned(),
        problem: e.to_string(),
    })
}
