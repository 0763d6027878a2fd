//! Whose page a link or an address leads to.

use jiff::Timestamp;

use crate::store::row::millis;
use crate::store::slug::check_slug;
use crate::store::{Db, StoreError};
use crate::{each_engine, not_voided, statements};

statements! {
    /// The organization of the subscription that a delivery was for, while somebody has it: confirmed,
    /// not ended, and the organization not taken back. Leaving the mails ends the mails only.
    OF_DELIVERY = concat!(
        "SELECT o.id FROM delivery d JOIN subscription s ON s.id = d.subscription_id ",
        "JOIN organization o ON o.id = s.organization_id WHERE d.id = $1 AND s.confirmed_at <= $2 ",
        "AND (s.ended_at IS NULL OR s.ended_at > $2) AND s.voided_at IS NULL AND ",
        not_voided!("s.batch_id"), " AND o.voided_at IS NULL AND ", not_voided!("o.batch_id"));
    /// An organization by its slug.
    OF_SLUG = concat!(
        "SELECT id FROM organization WHERE slug = $1 AND voided_at IS NULL AND ",
        not_voided!("batch_id"));
}

impl Db {
    /// Row id of the organization that a delivery's reader may read about at `now`; none where the
    /// subscription is over, or was about no organization.
    ///
    /// # Errors
    /// As any read.
    pub async fn trend_of_delivery(
        &self,
        delivery_id: &str,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let sql = OF_DELIVERY.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(delivery_id).bind(millis(now)).fetch_optional(pool).await?
        }))
    }

    /// Row id of the organization that is called so in commands and links.
    ///
    /// # Errors
    /// As any read.
    pub async fn organization_of_slug(&self, slug: &str) -> Result<Option<String>, StoreError> {
        // Whatever is no slug is nobody's; an engine may refuse to look for it.
        if check_slug(slug).is_err() {
            return Ok(None);
        }
        let sql = OF_SLUG.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(slug).fetch_optional(pool).await?
        }))
    }
}
