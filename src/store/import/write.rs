//! Adding and changing rows by the hundred.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::base::Base;
use super::rows::{
    AnswerRow, AreaRow, AssessmentRow, ClientRow, ExposureRow, GapEventRow, GapRow,
    ImplementationEventRow, ImplementationRow, OrganizationRow, PersonRow, PromiseRow, SessionRow,
    SubscriptionRow,
};
use crate::store::row::millis;
use crate::store::{Sql, StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    /// What an import changed in a row, under the batch `$2`.
    REVISION = "INSERT INTO import_revision (batch_id, table_name, row_id, before_json, after_json)
        SELECT $2, e.r ->> 'table', e.r ->> 'id', e.r ->> 'before', e.r ->> 'after'
        FROM (SELECT value AS r FROM json_each($1)) e WHERE CAST($2 AS TEXT) IS NOT NULL",
        "INSERT INTO import_revision (batch_id, table_name, row_id, before_json, after_json)
        SELECT $2, e.r ->> 'table', e.r ->> 'id', e.r ->> 'before', e.r ->> 'after'
        FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e WHERE CAST($2 AS TEXT) IS NOT NULL";
}

/// The statements that are made from the columns of rows, under their names.
pub(super) const ROWS: &[(&str, Sql)] = &[
    ("OrganizationRow::INSERT", OrganizationRow::INSERT),
    ("OrganizationRow::UPDATE", OrganizationRow::UPDATE),
    ("OrganizationRow::BY_ID", OrganizationRow::BY_ID),
    ("ImplementationRow::INSERT", ImplementationRow::INSERT),
    ("ImplementationRow::UPDATE", ImplementationRow::UPDATE),
    ("ImplementationRow::BY_ID", ImplementationRow::BY_ID),
    ("AreaRow::INSERT", AreaRow::INSERT),
    ("AreaRow::UPDATE", AreaRow::UPDATE),
    ("AreaRow::BY_ID", AreaRow::BY_ID),
    ("PersonRow::INSERT", PersonRow::INSERT),
    ("PersonRow::UPDATE", PersonRow::UPDATE),
    ("PersonRow::BY_ID", PersonRow::BY_ID),
    ("GapRow::INSERT", GapRow::INSERT),
    ("GapRow::UPDATE", GapRow::UPDATE),
    ("GapRow::BY_ID", GapRow::BY_ID),
    ("SubscriptionRow::INSERT", SubscriptionRow::INSERT),
    ("SubscriptionRow::UPDATE", SubscriptionRow::UPDATE),
    ("SubscriptionRow::BY_ID", SubscriptionRow::BY_ID),
    ("ClientRow::INSERT", ClientRow::INSERT),
    ("SessionRow::INSERT", SessionRow::INSERT),
    ("SessionRow::UPDATE", SessionRow::UPDATE),
    ("SessionRow::BY_ID", SessionRow::BY_ID),
    ("PromiseRow::INSERT", PromiseRow::INSERT),
    ("PromiseRow::UPDATE", PromiseRow::UPDATE),
    ("PromiseRow::BY_ID", PromiseRow::BY_ID),
    ("GapEventRow::INSERT", GapEventRow::INSERT),
    ("ExposureRow::INSERT", ExposureRow::INSERT),
    ("ImplementationEventRow::INSERT", ImplementationEventRow::INSERT),
    ("AssessmentRow::INSERT", AssessmentRow::INSERT),
    ("AnswerRow::INSERT", AnswerRow::INSERT),
];

/// Rows in one statement.
const CHUNK: usize = 500;

/// Adds base rows, each with the instant since when it exists.
///
/// # Errors
/// Whatever the database says; the transaction is then of no more use.
pub async fn insert_base<B: Base>(
    tx: &mut Tx,
    batch: &str,
    rows: &[(B, Timestamp)],
) -> Result<(), StoreError> {
    let mut values = Vec::with_capacity(rows.len());
    for (row, created_at) in rows {
        let mut value = to_json(row)?;
        value["created_at"] = json!(millis(*created_at));
        values.push(value);
    }
    run(tx, B::INSERT, &values, Some(batch)).await
}

/// Overwrites base rows and keeps how they were. A row may be changed once in a batch.
///
/// # Errors
/// As [`insert_base`].
pub async fn update_base<B: Base>(
    tx: &mut Tx,
    batch: &str,
    rows: &[(B, B)],
) -> Result<(), StoreError> {
    let mut revisions = Vec::with_capacity(rows.len());
    let mut values = Vec::with_capacity(rows.len());
    for (before, after) in rows {
        let (before, value) = (to_json(before)?, to_json(after)?);
        revisions.push(json!({
            "table": B::TABLE, "id": after.id(), "before": before.to_string(), "after": value.to_string(),
        }));
        values.push(value);
    }
    run(tx, REVISION, &revisions, Some(batch)).await?;
    run(tx, B::UPDATE, &values, None).await
}

/// Overwrites base rows without a revision: the way back of [`update_base`].
///
/// # Errors
/// As [`insert_base`].
pub(super) async fn restore_base<B: Base>(tx: &mut Tx, rows: &[B]) -> Result<(), StoreError> {
    let values = rows.iter().map(to_json).collect::<Result<Vec<_>, _>>()?;
    run(tx, B::UPDATE, &values, None).await
}

/// Declares a writer for one history.
macro_rules! adds {
    ($( $(#[$meta:meta])* $name:ident: $row:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        ///
        /// # Errors
        /// Whatever the database says; the transaction is then of no more use.
        pub async fn $name(tx: &mut Tx, batch: &str, rows: &[$row]) -> Result<(), StoreError> {
            let values = rows.iter().map(to_json).collect::<Result<Vec<_>, _>>()?;
            run(tx, $row::INSERT, &values, Some(batch)).await
        }
    )+ };
}

adds!(
    /// Adds to the history of gaps.
    add_gap_events: GapEventRow,
    /// Adds estimates.
    add_exposures: ExposureRow,
    /// Adds to the history of implementations.
    add_implementation_events: ImplementationEventRow,
    /// Adds links of consultants to organizations.
    add_clients: ClientRow,
    /// Adds assessments.
    add_assessments: AssessmentRow,
    /// Adds answers of assessments.
    add_answers: AnswerRow,
);

/// One statement for every [`CHUNK`] rows.
async fn run(tx: &mut Tx, sql: Sql, rows: &[Value], batch: Option<&str>) -> Result<(), StoreError> {
    let text = sql.within(tx);
    for chunk in rows.chunks(CHUNK) {
        let list = Value::from(chunk).to_string();
        match batch {
            Some(batch) => in_tx!(tx, conn => sqlx::query(text)
                .bind(list).bind(batch).execute(conn).await.map(|_| ()))?,
            None => in_tx!(tx, conn => sqlx::query(text)
                .bind(list).execute(conn).await.map(|_| ()))?,
        }
    }
    Ok(())
}

/// A row as a JSON object. Its fields are text, numbers and truth values only.
fn to_json<T: Serialize>(row: &T) -> Result<Value, StoreError> {
    serde_json::to_value(row)
        .map_err(|e| StoreError::Invalid { field: "row", problem: e.to_string() })
}
