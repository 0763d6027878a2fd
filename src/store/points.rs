//! Weekly points: the score as it was mailed, and what is known now about that day (MODEL 4.3).

use super::{StoreError, Tx};
use crate::in_tx;

/// Rows in one statement. Only a full one repeats word for word and is kept prepared.
const ROWS: usize = 500;

/// One weekly point to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPoint {
    /// Implementation.
    pub implementation_id: String,
    /// The day.
    pub as_of: String,
    /// The score that is mailed with this edition; none for an older day.
    pub score_reported: Option<i64>,
    /// The score of that day by all that is known now.
    pub score_restated: i64,
    /// The load of that day by all that is known now.
    pub load_restated: i64,
    /// Weighted coverage of that day.
    pub coverage_bp: i64,
    /// The edition that reports it.
    pub edition_id: Option<String>,
}

impl Tx {
    /// Writes weekly points. A reported score, once written, stays; the restated ones are replaced.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_points(&mut self, points: &[NewPoint]) -> Result<(), StoreError> {
        for some in points.chunks(ROWS) {
            in_tx!(self, conn => {
                let mut sql = sqlx::QueryBuilder::new(
                    "INSERT INTO weekly_point (implementation_id, as_of, score_reported, score_restated, \
                     load_restated, coverage_bp, edition_id) ",
                );
                sql.push_values(some, |mut row, p| {
                    row.push_bind(&p.implementation_id).push_bind(&p.as_of)
                        .push_bind(p.score_reported).push_bind(p.score_restated)
                        .push_bind(p.load_restated).push_bind(p.coverage_bp)
                        .push_bind(p.edition_id.as_deref());
                });
                sql.push(
                    " ON CONFLICT (implementation_id, as_of) DO UPDATE SET \
                     score_reported = COALESCE(weekly_point.score_reported, excluded.score_reported), \
                     edition_id = COALESCE(weekly_point.edition_id, excluded.edition_id), \
                     score_restated = excluded.score_restated, load_restated = excluded.load_restated, \
                     coverage_bp = excluded.coverage_bp",
                );
                sql.build().persistent(some.len() == ROWS).execute(conn).await.map(drop)
            })?;
        }
        Ok(())
    }
}
