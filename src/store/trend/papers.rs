//! What stands behind the figures: the inputs of estimates, the imports, the scores that were mailed.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::course::paper::{Papers, PricePaper};
use crate::domain::snapshot::{Bounds, Exposure};
use crate::store::row::{Place, millis};
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

statements! {
    /// Every estimate with its inputs.
    PRICES = concat!(
        "SELECT e.id, e.gap_id, e.kind, e.inputs, e.low, e.likely, e.high, e.basis, e.source_note, e.effective_on, ",
        "e.recorded_at, b.path FROM gap g JOIN exposure e ON e.gap_id = g.id ",
        "LEFT JOIN import_batch b ON b.id = e.batch_id ",
        "WHERE g.organization_id = $1 AND g.voided_at IS NULL AND e.recorded_at <= $2 AND ",
        not_voided!("e.batch_id"), " ORDER BY e.gap_id, e.recorded_at, e.id");
    /// The files that gaps came from.
    IMPORTS = "SELECT g.id, b.path FROM gap g JOIN import_batch b ON b.id = g.batch_id
        WHERE g.organization_id = $1 AND g.voided_at IS NULL";
    /// Scores as they were mailed.
    MAILED = "SELECT p.implementation_id, p.as_of, p.score_reported
        FROM implementation i JOIN weekly_point p ON p.implementation_id = i.id
        WHERE i.organization_id = $1 AND p.score_reported IS NOT NULL";
}

#[derive(FromRow)]
struct PriceRow {
    id: String,
    gap_id: String,
    kind: String,
    inputs: String,
    low: i64,
    likely: i64,
    high: i64,
    basis: String,
    source_note: Option<String>,
    effective_on: String,
    recorded_at: i64,
    path: Option<String>,
}

/// The papers of an organization, of what was recorded up to `now`.
///
/// # Errors
/// [`StoreError::Corrupt`] naming table, column and row when a stored value makes no sense; else
/// whatever the engine says.
pub async fn load_papers(
    tx: &mut Tx,
    organization_id: &str,
    now: Timestamp,
) -> Result<Papers, StoreError> {
    let mut papers = Papers::default();
    let sql = PRICES.within(tx);
    let rows: Vec<PriceRow> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(organization_id).bind(millis(now)).fetch_all(conn).await?
    });
    for row in rows {
        let gap = row.gap_id.clone();
        papers.prices.entry(gap).or_default().push(price(row)?);
    }
    let sql = IMPORTS.within(tx);
    let rows: Vec<(String, String)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(organization_id).fetch_all(conn).await?
    });
    papers.imports = rows.into_iter().map(|(gap, path)| (gap, file_name(&path))).collect();
    let sql = MAILED.within(tx);
    let rows: Vec<(String, String, i64)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(organization_id).fetch_all(conn).await?
    });
    for (implementation, as_of, score) in rows {
        let place = Place { table: "weekly_point", row: &implementation };
        let day = place.date("as_of", &as_of)?;
        papers.reported.insert((implementation, day), score);
    }
    Ok(papers)
}

fn price(row: PriceRow) -> Result<PricePaper, StoreError> {
    let place = Place { table: "exposure", row: &row.id };
    Ok(PricePaper {
        exposure: Exposure {
            effective_on: place.date("effective_on", &row.effective_on)?,
            recorded_at: place.instant("recorded_at", row.recorded_at)?,
            kind: place.code("kind", &row.kind)?,
            per_week: Bounds { low: row.low, likely: row.likely, high: row.high },
            basis: place.code("basis", &row.basis)?,
        },
        inputs: serde_json::from_str(&row.inputs).map_err(|e| place.corrupt("inputs", e))?,
        source_note: row.source_note,
        import: row.path.as_deref().map(file_name),
    })
}

/// The last part of a path: where a file lay is nobody's business.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}
