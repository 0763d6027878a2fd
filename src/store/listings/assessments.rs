//! Assessments of one organization, with their answers.

use sqlx::FromRow;

use super::Page;
use crate::store::row::list;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

/// One assessment. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AssessmentRow {
    /// Row id.
    pub id: String,
    /// Slug of the implementation.
    pub implementation: String,
    /// Day on which it was held.
    pub held_on: String,
    /// Who looked.
    pub assessor: Option<String>,
    /// When we were told.
    pub recorded_at: i64,
    /// Whether an import wrote it.
    pub is_imported: bool,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AnswerRow {
    /// Row id of the assessment.
    pub assessment_id: String,
    /// Row of the grid.
    pub area: String,
    /// Column.
    pub category: String,
    /// 0 to 5; none where only the look is known.
    pub level: Option<i64>,
    /// In words.
    pub note: Option<String>,
    /// External id of the gap that the shortfall is.
    pub gap: Option<String>,
}

/// Which assessments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssessmentFilter<'a> {
    /// Row id.
    pub id: &'a str,
    /// Slug of the implementation.
    pub implementation: &'a str,
    /// Told at this instant or later, milliseconds.
    pub recorded_from: i64,
}

statements! {
    /// A page.
    PAGE = concat!("SELECT a.id, i.slug AS implementation, a.held_on, a.assessor, a.recorded_at,
          a.batch_id IS NOT NULL AS is_imported
        FROM implementation i JOIN assessment a ON a.implementation_id = i.id
        WHERE i.organization_id = $1 AND i.voided_at IS NULL AND ($2 = '' OR a.id = $2) AND ($3 = '' OR i.slug = $3)
          AND a.recorded_at >= $4 AND a.id > $5 AND ", not_voided!("a.batch_id"), " ORDER BY a.id LIMIT $6");
    /// The answers of some, in the order of writing them out.
    ANSWERS = "SELECT w.assessment_id, w.area, w.category, w.level, w.note, g.external_id AS gap
        FROM assessment_answer w LEFT JOIN gap g ON g.id = w.gap_id
        WHERE w.assessment_id IN (SELECT value FROM json_each($1)) ORDER BY w.assessment_id, w.area, w.category";
}

impl Db {
    /// Assessments of the page's organization that a filter lets through; none where the page is of all.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_assessments(
        &self,
        filter: AssessmentFilter<'_>,
        page: Page<'_>,
    ) -> Result<Vec<AssessmentRow>, StoreError> {
        let sql = PAGE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(page.of()).bind(filter.id).bind(filter.implementation)
                .bind(filter.recorded_from).bind(page.after).bind(page.limit).fetch_all(pool).await?
        }))
    }

    /// The answers of assessments.
    ///
    /// # Errors
    /// As any read.
    pub async fn answers_of(&self, assessments: &[String]) -> Result<Vec<AnswerRow>, StoreError> {
        let (sql, ids) = (ANSWERS.on(self), list(assessments));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await?))
    }
}
