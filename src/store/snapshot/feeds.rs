//! The sources that an organization's figures come from, and how fresh each is.

use crate::domain::snapshot::Feed;
use crate::store::row::Place;
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

use super::{Loaded, Request};

statements! {
    /// For each organization and source: when it last told something, when it was last read, and when
    /// it last could not be.
    FEEDS = concat!(
        "SELECT t.organization_id, t.source, t.told_at, r.read_at, f.failed_at FROM (",
        "SELECT o.organization_id, o.source, MAX(o.told_at) AS told_at FROM source_organization o",
        " WHERE o.organization_id IN (SELECT value FROM json_each($1)) AND o.told_at <= $2 AND ",
        not_voided!("o.batch_id"), " GROUP BY o.organization_id, o.source) t",
        " LEFT JOIN (SELECT source, MAX(started_at) AS read_at FROM source_pull",
        " WHERE outcome IN ('written', 'unchanged') AND finished_at <= $2 GROUP BY source) r ON r.source = t.source",
        " LEFT JOIN (SELECT source, MAX(started_at) AS failed_at FROM source_pull",
        " WHERE outcome = 'failed' AND finished_at <= $2 GROUP BY source) f ON f.source = t.source",
        " ORDER BY t.organization_id, t.source");
}

#[derive(sqlx::FromRow)]
struct Row {
    organization_id: String,
    source: String,
    told_at: i64,
    read_at: Option<i64>,
    failed_at: Option<i64>,
}

pub(super) async fn load(
    tx: &mut Tx,
    request: &Request,
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = FEEDS.within(tx);
    let rows: Vec<Row> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).bind(request.cut_off).fetch_all(conn).await?
    });
    for row in rows {
        let Some(snapshot) = found.of(&row.organization_id) else {
            continue;
        };
        let place = Place { table: "source_pull", row: &row.source };
        snapshot.feeds.push(Feed {
            read_at: place.instant_if("started_at", row.read_at)?,
            told_at: place.instant("told_at", row.told_at)?,
            is_failing: row.failed_at > row.read_at,
            source: row.source,
        });
    }
    Ok(())
}
