//! Subscriptions with what their slots need, at a cut-off (DESIGN 2.2).

use sqlx::FromRow;

use crate::store::row::list;
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

/// A confirmed subscription with what its slot needs. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Subscriber {
    /// Row id.
    pub id: String,
    /// Whose it is.
    pub person_id: String,
    /// Of which organization; none for a portfolio or the public edition.
    pub organization_id: Option<String>,
    /// Leader, owner, reader, consultant or public.
    pub role: String,
    /// Own slot.
    pub weekday: Option<i64>,
    /// Own slot.
    pub hour: Option<i64>,
    /// `full`, `line` or `skip`.
    pub quiet: String,
    /// First day of a pause, in the subscriber's zone.
    pub pause_from: Option<String>,
    /// The day the pause ends; not part of it.
    pub pause_until: Option<String>,
    /// When it was confirmed.
    pub confirmed_at: i64,
    /// When it was left.
    pub unsubscribed_at: Option<i64>,
    /// When it was ended by an administrator.
    pub ended_at: Option<i64>,
    /// Why nothing may be sent.
    pub suppressed_reason: Option<String>,
    /// A portfolio's next cut-off.
    pub next_due_at: Option<i64>,
    /// The person's own zone.
    pub time_zone: Option<String>,
    /// The person's name.
    pub name: String,
    /// The person's language.
    pub locale: String,
    /// Whether the person has an address; one who was forgotten has none.
    pub has_address: bool,
}

statements! {
    /// Confirmed subscriptions to some organizations, in a fixed order. Whoever left before the
    /// cut-off is not among them; whoever left after it still gets a row that says so.
    SUBSCRIBERS = "SELECT s.id, s.person_id, s.organization_id, s.role, s.weekday, s.hour, s.quiet, s.pause_from, \
        s.pause_until, s.confirmed_at, s.unsubscribed_at, COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at, \
        s.suppressed_reason, s.next_due_at, p.time_zone, p.name, p.locale, p.email IS NOT NULL AS has_address \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IN (SELECT value FROM json_each($1)) AND s.id > $3 \
        AND s.confirmed_at <= $2 AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) \
        AND (s.ended_at IS NULL OR s.ended_at > $2) AND (s.voided_at IS NULL OR s.voided_at > $2) \
        AND (b.voided_at IS NULL OR b.voided_at > $2) ORDER BY s.id LIMIT $4";

    /// The same for subscriptions of one role that belong to no organization.
    SUBSCRIBERS_APART = "SELECT s.id, s.person_id, s.organization_id, s.role, s.weekday, s.hour, s.quiet, s.pause_from, \
        s.pause_until, s.confirmed_at, s.unsubscribed_at, COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at, \
        s.suppressed_reason, s.next_due_at, p.time_zone, p.name, p.locale, p.email IS NOT NULL AS has_address \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = $1 AND s.id > $3 \
        AND s.confirmed_at <= $2 AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $2) \
        AND (s.ended_at IS NULL OR s.ended_at > $2) AND (s.voided_at IS NULL OR s.voided_at > $2) \
        AND (b.voided_at IS NULL OR b.voided_at > $2) ORDER BY s.id LIMIT $4";

    /// Consultants whose portfolio is due, or was never planned. Those who left since $3 are among
    /// them: whether that was after their cut-off is told apart by whoever knows it.
    CONSULTANTS_DUE = "SELECT s.id, s.person_id, s.organization_id, s.role, s.weekday, s.hour, s.quiet, s.pause_from, \
        s.pause_until, s.confirmed_at, s.unsubscribed_at, COALESCE(s.ended_at, s.voided_at, b.voided_at) AS ended_at, \
        s.suppressed_reason, s.next_due_at, p.time_zone, p.name, p.locale, p.email IS NOT NULL AS has_address \
        FROM subscription s JOIN person p ON p.id = s.person_id LEFT JOIN import_batch b ON b.id = s.batch_id \
        WHERE s.organization_id IS NULL AND s.role = 'consultant' AND s.id > $2 \
        AND s.confirmed_at <= $1 AND (s.next_due_at IS NULL OR s.next_due_at <= $1) AND (s.unsubscribed_at IS NULL OR s.unsubscribed_at > $3) \
        AND (s.ended_at IS NULL OR s.ended_at > $3) AND (s.voided_at IS NULL OR s.voided_at > $3) \
        AND (b.voided_at IS NULL OR b.voided_at > $3) \
        ORDER BY s.id LIMIT $4";
}

impl Db {
    /// Up to `limit` consultants whose portfolio is due at `now`, with ids after `after`; those who
    /// left since `gone_since` included.
    ///
    /// # Errors
    /// As any read.
    pub async fn consultants_due(
        &self,
        now: i64,
        after: &str,
        gone_since: i64,
        limit: i64,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let sql = CONSULTANTS_DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after).bind(gone_since).bind(limit)
                .fetch_all(pool).await
        })?)
    }
}

impl Tx {
    /// Up to `limit` subscriptions to some organizations that were confirmed and not left at a
    /// cut-off, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn subscribers(
        &mut self,
        organizations: &[String],
        cut_off: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let (sql, ids) = (SUBSCRIBERS.within(self), list(organizations));
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).bind(cut_off).bind(after).bind(limit)
                .fetch_all(conn).await
        })?)
    }

    /// The same for one role without an organization.
    ///
    /// # Errors
    /// As any read.
    pub async fn subscribers_apart(
        &mut self,
        role: &str,
        cut_off: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let sql = SUBSCRIBERS_APART.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_as(sql).bind(role).bind(cut_off).bind(after).bind(limit)
                .fetch_all(conn).await
        })?)
    }
}
