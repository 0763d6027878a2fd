//! The latest answer to each question of an implementation.

use crate::domain::register::ask::Cell;
use crate::store::{StoreError, Tx};
use crate::{in_tx, not_voided, statements};

statements! {
    /// Of each cell the answer of the latest assessment, with its gap.
    LATEST = concat!("SELECT l.area, l.category, l.level, l.note, l.held_on, l.assessor, g.id AS gap_id, g.external_id AS gap
        FROM (SELECT n.area, n.category, n.level, n.note, n.gap_id, a.held_on, a.assessor,
              ROW_NUMBER() OVER (PARTITION BY n.area, n.category
                  ORDER BY a.held_on DESC, a.recorded_at DESC, a.id DESC) AS place
            FROM assessment a JOIN assessment_answer n ON n.assessment_id = a.id
            WHERE a.implementation_id = $1 AND ", not_voided!("a.batch_id"), ") l
          LEFT JOIN gap g ON g.id = l.gap_id AND g.voided_at IS NULL
        WHERE l.place = 1 ORDER BY l.area, l.category");
    /// The areas that have gaps which an implementation leans on.
    AREAS_OF_GAPS = "SELECT DISTINCT area FROM gap
        WHERE organization_id = $1 AND voided_at IS NULL AND (implementation_id IS NULL OR implementation_id = $2)";
}

/// What is known of a cell.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LatestAnswer {
    /// Area code.
    pub area: String,
    /// Category code.
    pub category: String,
    /// 0 to 5; none where only the look is known.
    pub level: Option<i64>,
    /// In words.
    pub note: Option<String>,
    /// ISO date.
    pub held_on: String,
    /// Who looked.
    pub assessor: Option<String>,
    /// Row id of the gap that it names.
    pub gap_id: Option<String>,
    /// Its external id.
    pub gap: Option<String>,
}

impl LatestAnswer {
    /// Whether it answers the question of a cell.
    #[must_use]
    pub fn is_of(&self, cell: Cell) -> bool {
        self.area == cell.area.as_str() && self.category == cell.category.as_str()
    }
}

impl Tx {
    /// The latest answer to each question of an implementation that was ever asked.
    ///
    /// # Errors
    /// As any read.
    pub async fn latest_answers(
        &mut self,
        implementation: &str,
    ) -> Result<Vec<LatestAnswer>, StoreError> {
        let sql = LATEST.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(implementation).fetch_all(conn).await?
        }))
    }

    /// The areas of the gaps that an implementation leans on: its scope where it names none.
    ///
    /// # Errors
    /// As any read.
    pub async fn areas_of_gaps(
        &mut self,
        organization: &str,
        implementation: &str,
    ) -> Result<Vec<String>, StoreError> {
        let sql = AREAS_OF_GAPS.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql).bind(organization).bind(implementation).fetch_all(conn).await?
        }))
    }
}
