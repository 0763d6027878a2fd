//! Organizations.

use super::Page;
use crate::store::{Db, StoreError, records};
use crate::{each_engine, statements};

statements! {
    /// A page.
    PAGE = "SELECT id, external_id, slug, name, currency, time_zone, cut_off_weekday, cut_off_hour, billed_per_week,
          loaded_rate_minor_per_hour, cost_of_capital_bp, review, review_hours, money_in_subject, status,
          next_due_at, created_at, batch_id, voided_at
        FROM organization WHERE voided_at IS NULL AND ($1 = '' OR id = $1) AND ($2 = '' OR status = $2) AND id > $3
        ORDER BY id LIMIT $4";
    /// The slugs of some.
    SLUGS = "SELECT id, slug FROM organization WHERE id IN (SELECT value FROM json_each($1))";
}

impl Db {
    /// Organizations that are not voided, of a status.
    ///
    /// # Errors
    /// As any read.
    pub async fn page_of_organizations(
        &self,
        status: &str,
        page: Page<'_>,
    ) -> Result<Vec<records::Organization>, StoreError> {
        let sql = PAGE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(page.of()).bind(status).bind(page.after).bind(page.limit)
                .fetch_all(pool).await?
        }))
    }

    /// The slugs of organizations, by row id.
    ///
    /// # Errors
    /// As any read.
    pub async fn slugs_of(&self, ids: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        let (sql, ids) = (SLUGS.on(self), crate::store::row::list(ids));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await?))
    }
}
