//! Briefs that wait for an approval past their time, and who could give it (DESIGN 2.3).

use sqlx::FromRow;

use super::{Db, StoreError};
use crate::{each_engine, statements};

/// A held edition whose first delivery should have left, with one consultant of its organization.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// The edition.
    pub edition_id: String,
    /// Its ISO week.
    pub iso_week: String,
    /// Name of the organization.
    pub organization: String,
    /// Its slug.
    pub slug: String,
    /// The consultant.
    pub person_id: String,
    /// The cut-off, milliseconds.
    pub cut_off_at: i64,
    /// Where mail goes.
    pub email: String,
    /// The consultant's name; may be empty.
    pub name: String,
    /// Deliveries that are held.
    pub readers: i64,
}

statements! {
    /// Held editions of which a delivery is overdue, once for each consultant who was not told.
    WAITING = "SELECT e.id AS edition_id, e.iso_week, e.cut_off_at, o.name AS organization, o.slug, p.id AS person_id, p.email, p.name, \
        (SELECT COUNT(*) FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
        WHERE d.iso_week = e.iso_week AND d.kind = 'brief' AND d.state = 'held' AND s.organization_id = o.id) AS readers \
        FROM edition e JOIN organization o ON o.id = e.scope_id \
        JOIN consultant_client c ON c.organization_id = o.id AND c.since <= $1 AND (c.until IS NULL OR c.until > $1) \
        AND c.voided_at IS NULL JOIN person p ON p.id = c.person_id AND p.email IS NOT NULL \
        WHERE e.state = 'held' AND e.scope_kind = 'organization' AND EXISTS (SELECT 1 FROM delivery d \
        JOIN subscription s ON s.id = d.subscription_id WHERE d.iso_week = e.iso_week AND d.kind = 'brief' \
        AND d.state = 'held' AND d.send_at <= $1 AND s.organization_id = o.id) \
        AND NOT EXISTS (SELECT 1 FROM setting r WHERE r.key = 'review.reminded.' || e.id || '.' || p.id) \
        AND (e.cut_off_at, e.id, p.id) > ($2, $3, $4) ORDER BY e.cut_off_at, e.id, p.id LIMIT $5";
}

impl Db {
    /// Up to `limit` of what waits for an approval past its time at `now`, once for each consultant
    /// to be told, after another.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting(
        &self,
        now: i64,
        after: Option<&Waiting>,
        limit: i64,
    ) -> Result<Vec<Waiting>, StoreError> {
        let sql = WAITING.on(self);
        let (cut_off, edition, person) = after.map_or((i64::MIN, "", ""), |last| {
            (last.cut_off_at, last.edition_id.as_str(), last.person_id.as_str())
        });
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(cut_off).bind(edition).bind(person).bind(limit)
                .fetch_all(pool).await
        })?)
    }
}
