//! What is due: organizations, consultants and their subscribers at a cut-off (DESIGN 2.1, 2.2).

use sqlx::FromRow;

use super::row::list;
use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

/// An organization as the planner sees it. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DueOrganization {
    /// Row id.
    pub id: String,
    /// Name in commands.
    pub slug: String,
    /// IANA zone.
    pub time_zone: String,
    /// Monday is 1.
    pub cut_off_weekday: i64,
    /// 0 to 23.
    pub cut_off_hour: i64,
    /// `none`, `required` or `hold`.
    pub review: String,
    /// Hours before the cut-off at which a draft is made.
    pub review_hours: Option<i64>,
    /// `active` or `paused`.
    pub status: String,
    /// Its next cut-off; none until the first tick.
    pub next_due_at: Option<i64>,
}

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

/// A consultant's client.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ClientLink {
    /// The consultant.
    pub person_id: String,
    /// The client.
    pub organization_id: String,
}

statements! {
    /// Organizations whose next cut-off has come, or that were never asked.
    ORGANIZATIONS_DUE = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization WHERE voided_at IS NULL AND ", not_voided!("batch_id"),
        " AND (next_due_at IS NULL OR next_due_at <= $1) AND id > $2 ORDER BY id LIMIT $3");

    /// Organizations whose draft is due before their cut-off.
    DRAFTS_DUE = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization o WHERE voided_at IS NULL AND ", not_voided!("batch_id"),
        " AND status = 'active' AND review = 'hold' AND next_due_at > $1",
        " AND next_due_at - review_hours * 3600000 <= $1 AND NOT EXISTS (SELECT 1 FROM edition e",
        " WHERE e.scope_kind = 'organization' AND e.scope_id = o.id AND e.cut_off_at = o.next_due_at)",
        " ORDER BY id");

    /// Every organization, for the proof.
    ORGANIZATIONS_ALL = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization WHERE voided_at IS NULL AND ", not_voided!("batch_id"), " ORDER BY id");

    /// Named organizations.
    ORGANIZATIONS_NAMED = concat!(
        "SELECT id, slug, time_zone, cut_off_weekday, cut_off_hour, review, review_hours, status, next_due_at ",
        "FROM organization WHERE voided_at IS NULL AND id IN (SELECT value FROM json_each($1)) ORDER BY id");

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

    /// Who consults whom at an instant.
    CLIENTS = concat!(
        "SELECT c.person_id, c.organization_id FROM consultant_client c ",
        "JOIN organization o ON o.id = c.organization_id ",
        "WHERE c.person_id IN (SELECT value FROM json_each($1)) AND c.since <= $2 ",
        "AND (c.until IS NULL OR c.until > $2) AND c.voided_at IS NULL AND o.voided_at IS NULL ",
        "AND o.status = 'active' AND ", not_voided!("c.batch_id"),
        " ORDER BY c.person_id, c.organization_id");

    /// Moves a portfolio's next cut-off on, unless somebody else did.
    CLAIM_PORTFOLIO = "UPDATE subscription SET next_due_at = $2 WHERE id = $1 AND next_due_at IS NOT DISTINCT FROM $3";

    /// The first record about each of some organizations: it exists from then on.
    FIRST_RECORDS = concat!(
        "SELECT organization_id, MIN(first_at) AS first_at FROM (",
        "SELECT g.organization_id, (SELECT e.recorded_at FROM gap_event e WHERE e.gap_id = g.id AND ",
        not_voided!("e.batch_id"), " ORDER BY e.recorded_at LIMIT 1) AS first_at FROM gap g",
        " WHERE g.voided_at IS NULL AND g.organization_id IN (SELECT value FROM json_each($1))",
        " UNION ALL SELECT i.organization_id, (SELECT e.recorded_at FROM implementation_event e WHERE e.implementation_id = i.id AND ",
        not_voided!("e.batch_id"), " ORDER BY e.recorded_at LIMIT 1) FROM implementation i",
        " WHERE i.voided_at IS NULL AND i.organization_id IN (SELECT value FROM json_each($1))",
        " UNION ALL SELECT i.organization_id, (SELECT a.recorded_at FROM assessment a WHERE a.implementation_id = i.id AND ",
        not_voided!("a.batch_id"), " ORDER BY a.recorded_at LIMIT 1) FROM implementation i",
        " WHERE i.voided_at IS NULL AND i.organization_id IN (SELECT value FROM json_each($1))",
        ") AS firsts WHERE first_at IS NOT NULL GROUP BY organization_id ORDER BY organization_id");
}

impl Db {
    /// Up to `limit` organizations whose cut-off has come at `now`, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_due(
        &self,
        now: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = ORGANIZATIONS_DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after).bind(limit).fetch_all(pool).await
        })?)
    }

    /// Organizations whose draft is due at `now`.
    ///
    /// # Errors
    /// As any read.
    pub async fn drafts_due(&self, now: i64) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = DRAFTS_DUE.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(now).fetch_all(pool).await)?)
    }

    /// Every organization, for the proof.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_all(&self) -> Result<Vec<DueOrganization>, StoreError> {
        let sql = ORGANIZATIONS_ALL.on(self);
        Ok(each_engine!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?)
    }

    /// Named organizations.
    ///
    /// # Errors
    /// As any read.
    pub async fn organizations_named(
        &self,
        ids: &[String],
    ) -> Result<Vec<DueOrganization>, StoreError> {
        let (sql, ids) = (ORGANIZATIONS_NAMED.on(self), list(ids));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }

    /// Up to `limit` subscriptions of one role without an organization, with ids after `after`.
    ///
    /// # Errors
    /// As any read.
    pub async fn subscribers_apart(
        &self,
        role: &str,
        cut_off: i64,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Subscriber>, StoreError> {
        let sql = SUBSCRIBERS_APART.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(role).bind(cut_off).bind(after).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    /// The clients of some consultants at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn clients(
        &self,
        consultants: &[String],
        at: i64,
    ) -> Result<Vec<ClientLink>, StoreError> {
        let (sql, ids) = (CLIENTS.on(self), list(consultants));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(at).fetch_all(pool).await
        })?)
    }

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

    /// When the first record about each of some organizations was made, milliseconds.
    ///
    /// # Errors
    /// As any read.
    pub async fn first_records(
        &self,
        organizations: &[String],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (sql, ids) = (FIRST_RECORDS.on(self), list(organizations));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }
}

/// One organization's claim: its id, the cut-off it moves on to, and the one it was read with.
pub type Claim = (String, i64, Option<i64>);

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

    /// Moves next cut-offs on by compare-and-set; returns whose were still as read. Two planners
    /// cannot both win (DESIGN 2.2).
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_organizations(
        &mut self,
        claims: &[Claim],
    ) -> Result<Vec<String>, StoreError> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let won: Vec<(String,)> = in_tx!(self, conn => {
            let mut sql = sqlx::QueryBuilder::new(
                "UPDATE organization SET next_due_at = v.column2 FROM (",
            );
            sql.push_values(claims, |mut row, (id, next, read)| {
                row.push_bind(id).push_bind(next).push_bind(read);
            });
            sql.push(
                ") AS v WHERE organization.id = v.column1 \
                 AND organization.next_due_at IS NOT DISTINCT FROM v.column3 RETURNING id",
            );
            sql.build_query_as().fetch_all(conn).await
        })?;
        Ok(won.into_iter().map(|(id,)| id).collect())
    }

    /// The same for one consultant's portfolio; whether the claim was won.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_portfolio(
        &mut self,
        subscription: &str,
        next: i64,
        read: Option<i64>,
    ) -> Result<bool, StoreError> {
        let sql = CLAIM_PORTFOLIO.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(subscription).bind(next).bind(read).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}
