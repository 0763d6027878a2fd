//! Leases and consent: what comes before an intent (DESIGN 2.5).

use sqlx::FromRow;

use crate::store::row::{json, list};
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements, stopped_edition};

/// The columns of [`Claimed`], with consent as it is at the claim; `d` is the delivery, the argument
/// stands for the instant of the claim.
macro_rules! claimed {
    ($now:literal) => {
        concat!(
            "SELECT d.id, d.subscription_id, d.edition_id, d.iso_week, d.attempts, d.next_attempt_at, p.email, p.name, ",
            "o.name AS organization, CASE WHEN p.email IS NULL THEN 'forgotten' ",
            "WHEN s.suppressed_reason IS NOT NULL THEN 'suppressed' WHEN s.confirmed_at IS NULL ",
            "OR s.unsubscribed_at IS NOT NULL OR s.ended_at IS NOT NULL OR s.voided_at IS NOT NULL ",
            "OR s.batch_id IN (SELECT v.id FROM import_batch v WHERE v.voided_at IS NOT NULL) ",
            "THEN 'unsubscribed' WHEN o.status = 'paused' THEN 'organization_paused' END AS barred, ",
            "(SELECT x.value FROM setting x WHERE x.key = '", stopped_edition!(), "' || d.edition_id) AS cancelled, ",
            "EXISTS (SELECT 1 FROM delivery n WHERE n.subscription_id = d.subscription_id AND n.iso_week > d.iso_week ",
            "AND n.kind = 'brief' AND d.kind = 'brief' AND n.send_at <= ", $now,
            " AND n.state IN ('queued', 'handing_over', 'uncertain', 'sent')) AS is_overtaken, ",
            "s.pause_from, s.pause_until, COALESCE(p.time_zone, o.time_zone) AS time_zone FROM ",
            "delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id ",
            "LEFT JOIN organization o ON o.id = s.organization_id ",
        )
    };
}

/// When a row is due again that was put back until `back.at`: no later than `$4` before it expires
/// where that is after the present, `$3`, and never after it expires.
macro_rules! put_back {
    () => {
        "CASE WHEN expires_at IS NULL OR expires_at >= back.at + $4 THEN back.at \
         WHEN expires_at - $4 > $3 THEN expires_at - $4 \
         WHEN expires_at > back.at THEN back.at ELSE expires_at END"
    };
}

/// A claimed delivery with all that a hand-over needs. Instants are milliseconds.
#[derive(Debug, Clone, FromRow)]
pub struct Claimed {
    /// Row id.
    pub id: String,
    /// To whom.
    pub subscription_id: String,
    /// What is delivered.
    pub edition_id: String,
    /// Which run it belongs to.
    pub iso_week: String,
    /// Hand-overs so far.
    pub attempts: i64,
    /// Since when it is due, milliseconds.
    pub next_attempt_at: i64,
    /// The address; none for a person who was forgotten.
    pub email: Option<String>,
    /// The name; may be empty.
    pub name: String,
    /// Name of the organization; none for a portfolio or the public edition.
    pub organization: Option<String>,
    /// Why it may no longer be sent: `forgotten`, `suppressed`, `unsubscribed`, `organization_paused`.
    pub barred: Option<String>,
    /// Why its edition was cancelled, if it was.
    pub cancelled: Option<String>,
    /// Whether the subscription's next brief is due as well: then that one is news, and this is not.
    pub is_overtaken: bool,
    /// First day of the subscriber's pause.
    pub pause_from: Option<String>,
    /// The day the pause ends; not part of it.
    pub pause_until: Option<String>,
    /// Zone of the pause: the person's own, else the organization's.
    pub time_zone: Option<String>,
}

statements! {
    /// The next that are due after a place in the queue, with what a hand-over needs.
    NEXT = concat!(claimed!("$1"), "WHERE d.state = 'queued' AND d.next_attempt_at <= $1 AND (d.next_attempt_at, d.id) > ($2, $3) \
        AND (d.lease_until IS NULL OR d.lease_until <= $1) ORDER BY d.next_attempt_at, d.id LIMIT $4");

    /// The same on a server, where others claim, too: their ids alone.
    LOCK_NEXT = "SELECT id FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 AND (next_attempt_at, id) > ($2, $3) \
        AND (lease_until IS NULL OR lease_until <= $1) ORDER BY next_attempt_at, id LIMIT $4",
        "SELECT id FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 AND (next_attempt_at, id) > ($2, $3) \
        AND (lease_until IS NULL OR lease_until <= $1) ORDER BY next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED";

    /// Makes the server read the queue along its index (`off`) or as it likes (`on`): where nothing
    /// was analyzed since it was filled, it would rather sort all of it for every batch.
    ALONG_THE_INDEX = "SELECT $1", "SELECT set_config('enable_bitmapscan', $1, true), \
        set_config('enable_seqscan', $1, true), set_config('enable_sort', $1, true)";

    /// Leases what was locked.
    LEASE = "UPDATE delivery SET lease_token = $2, lease_until = $3 WHERE id IN (SELECT value FROM json_each($1))";

    /// What the hand-over of the leased needs, with consent read after the claim.
    LEASED = concat!(claimed!("$2"), "WHERE d.id IN (SELECT value FROM json_each($1)) ORDER BY d.next_attempt_at, d.id");

    /// Gives leased rows back that were not begun.
    RELEASE = "UPDATE delivery SET lease_until = NULL, lease_token = NULL \
        WHERE id IN (SELECT value FROM json_each($1)) AND state = 'queued' AND lease_token = $2";

    /// Queues leased rows for later that were not begun, given as a JSON array of id and instant.
    /// One that would expire meanwhile comes again before it does.
    PUT_BACK = concat!("UPDATE delivery SET lease_until = NULL, lease_token = NULL, next_attempt_at = ", put_back!(),
        " FROM (SELECT value ->> 0 AS id, value ->> 1 AS at FROM json_each($1)) AS back WHERE delivery.id = back.id \
        AND state = 'queued' AND (lease_token IS NULL OR lease_token = $2)"),
        concat!("UPDATE delivery SET lease_until = NULL, lease_token = NULL, next_attempt_at = ", put_back!(),
        " FROM (SELECT b ->> 0 AS id, (b ->> 1)::bigint AS at FROM json_array_elements($1::json) AS list (b)) AS back \
        WHERE delivery.id = back.id AND state = 'queued' AND lease_token = $2");

    /// Gives back what dead workers had leased and not begun, of what is due: the rest is not looked at.
    RELEASE_DEAD = "UPDATE delivery SET lease_until = NULL, lease_token = NULL \
        WHERE state = 'queued' AND next_attempt_at <= $1 AND lease_token IS NOT NULL";
}

impl Db {
    /// Takes up to `limit` deliveries that are due at `now` and come after a place in the queue, in
    /// the order in which they are due. On a server they are leased under `token`.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        token: &str,
        after: (i64, &str),
        limit: i64,
    ) -> Result<Vec<Claimed>, StoreError> {
        if self.is_postgres() {
            return self.lease_deliveries(now, lease_until, token, after, limit).await;
        }
        let sql = NEXT.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(after.0).bind(after.1).bind(limit)
                .fetch_all(pool).await
        })?)
    }

    async fn lease_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        token: &str,
        after: (i64, &str),
        limit: i64,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut tx = self.begin().await?;
        tx.may_sort("off").await?;
        let next = LOCK_NEXT.within(&tx);
        let rows: Vec<(String,)> = in_tx!(&mut tx, conn => {
            sqlx::query_as(next).bind(now).bind(after.0).bind(after.1).bind(limit)
                .fetch_all(conn).await
        })?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        tx.may_sort("on").await?;
        let ids: Vec<String> = rows.into_iter().map(|(id,)| id).collect();
        let (lease, leased, ids) = (LEASE.within(&tx), LEASED.within(&tx), list(&ids));
        in_tx!(&mut tx, conn => {
            sqlx::query(lease).bind(&ids).bind(token).bind(lease_until).execute(conn).await.map(drop)
        })?;
        let claimed = in_tx!(&mut tx, conn => {
            sqlx::query_as(leased).bind(&ids).bind(now).fetch_all(conn).await
        })?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Gives back what was leased and not begun.
    ///
    /// # Errors
    /// As any write.
    pub async fn release_deliveries(&self, ids: &[String], token: &str) -> Result<(), StoreError> {
        for some in ids.chunks(1_000) {
            let (sql, ids) = (RELEASE.on(self), list(some));
            each_engine!(self, pool => {
                sqlx::query(sql).bind(&ids).bind(token).execute(pool).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Gives back everything due at `now` that was leased and not begun, when all other workers are
    /// known to be dead.
    ///
    /// # Errors
    /// As any write.
    pub async fn release_dead(&self, now: i64) -> Result<(), StoreError> {
        let sql = RELEASE_DEAD.on(self);
        each_engine!(self, pool => sqlx::query(sql).bind(now).execute(pool).await.map(drop))?;
        Ok(())
    }
}

impl Tx {
    async fn may_sort(&mut self, may: &str) -> Result<(), StoreError> {
        let sql = ALONG_THE_INDEX.within(self);
        in_tx!(self, conn => sqlx::query(sql).bind(may).execute(conn).await.map(drop))?;
        Ok(())
    }

    /// Queues deliveries for later that were leased and not begun: each with its instant in
    /// milliseconds, but `margin` before it expires at the latest. No attempt is counted.
    ///
    /// # Errors
    /// As any write.
    pub async fn put_back(
        &mut self,
        deliveries: &[(String, i64)],
        token: &str,
        now: i64,
        margin: i64,
    ) -> Result<(), StoreError> {
        let (sql, deliveries) = (PUT_BACK.within(self), json(deliveries));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&deliveries).bind(token).bind(now).bind(margin)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }
}
