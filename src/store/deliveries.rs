//! The outbox: deliveries, their leases, intents and outcomes (DESIGN 2.5).
//!
//! Every change of state is a compare-and-set on the state and the lease's token: a worker whose
//! lease was taken over changes nothing. The lease only keeps two workers from doing the same work;
//! what keeps a mail from going out twice is the intent, written before the data leaves.

use sqlx::FromRow;

use super::row::list;
use super::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

/// A delivery to be written. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Row id; the Message-ID is derived from it.
    pub id: String,
    /// What is delivered; none for a skipped one.
    pub edition_id: Option<String>,
    /// To whom.
    pub subscription_id: String,
    /// Which run it belongs to.
    pub iso_week: String,
    /// `brief` or `correction`.
    pub kind: &'static str,
    /// `queued`, `held`, `skipped` or `expired`.
    pub state: &'static str,
    /// Why it is skipped or expired.
    pub reason: Option<String>,
    /// The subscriber's slot.
    pub send_at: i64,
    /// The subscriber's next slot.
    pub expires_at: i64,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// When this is written.
    pub at: i64,
}

/// A claimed delivery with all that a hand-over needs. Instants are milliseconds.
#[derive(Debug, Clone, FromRow)]
pub struct Claimed {
    /// Row id.
    pub id: String,
    /// What is delivered.
    pub edition_id: String,
    /// Which run it belongs to.
    pub iso_week: String,
    /// Hand-overs so far.
    pub attempts: i64,
    /// When it stops being news.
    pub expires_at: Option<i64>,
    /// Subscription.
    pub subscription_id: String,
    /// Role of the subscription.
    pub role: String,
    /// The address; none for a person who was forgotten.
    pub email: Option<String>,
    /// The name; may be empty.
    pub name: String,
    /// Name of the organization; none for a portfolio or the public edition.
    pub organization: Option<String>,
    /// Whether the subscription may still be mailed: confirmed, not left, ended, voided or suppressed.
    pub consents: bool,
}

/// What became of one hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Delivery.
    pub delivery_id: String,
    /// The state it goes to.
    pub state: &'static str,
    /// Why, where the state wants a reason.
    pub reason: Option<String>,
    /// When it is due again, for a queued one.
    pub next_attempt_at: Option<i64>,
    /// Whether this hand-over counts as an attempt.
    pub attempt: Option<Attempt>,
    /// When it ended.
    pub at: i64,
}

/// One attempt, for the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: i64,
    /// When the intent was written.
    pub started_at: i64,
    /// `accepted`, `refused`, `deferred` or `unknown`.
    pub outcome: &'static str,
    /// How far the conversation came.
    pub stage: Option<&'static str>,
    /// SMTP code.
    pub code: Option<i64>,
    /// Enhanced code.
    pub enhanced: Option<String>,
    /// The relay's words.
    pub reply: Option<String>,
}

/// A delivery as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct DeliveryRow {
    /// Row id.
    pub id: String,
    /// ISO week.
    pub iso_week: String,
    /// `brief` or `correction`.
    pub kind: String,
    /// Slug of the organization, if it has one.
    pub organization: Option<String>,
    /// Role of the subscription.
    pub role: String,
    /// The address; none for a person who was forgotten.
    pub email: Option<String>,
    /// Kind of edition.
    pub edition: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// State.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// The subscriber's slot, milliseconds.
    pub send_at: i64,
    /// When it is due again, milliseconds.
    pub next_attempt_at: Option<i64>,
    /// Hand-overs.
    pub attempts: i64,
    /// Copies that may have gone out beyond the first.
    pub resends: i64,
    /// Message-ID.
    pub message_id: Option<String>,
    /// When it was handed over, milliseconds.
    pub handed_over_at: Option<i64>,
}

statements! {
    /// Leases a batch of what is due. A CTE with FOR UPDATE is not inlined, so the limit holds.
    CLAIM = "WITH due AS (SELECT id AS due_id FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 \
        AND (lease_until IS NULL OR lease_until <= $1) ORDER BY next_attempt_at, id LIMIT $4) \
        UPDATE delivery SET lease_until = $2, lease_token = $3 FROM due WHERE id = due_id RETURNING id",
        "WITH due AS (SELECT id AS due_id FROM delivery WHERE state = 'queued' AND next_attempt_at <= $1 \
        AND (lease_until IS NULL OR lease_until <= $1) ORDER BY next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) \
        UPDATE delivery SET lease_until = $2, lease_token = $3 FROM due WHERE id = due_id RETURNING id";

    /// What a hand-over needs, with consent read after the claim.
    CLAIMED = "SELECT d.id, d.edition_id, d.iso_week, d.attempts, d.expires_at, d.subscription_id, s.role, \
        p.email, p.name, o.name AS organization, \
        (s.confirmed_at IS NOT NULL AND s.unsubscribed_at IS NULL AND s.ended_at IS NULL AND s.voided_at IS NULL \
         AND s.suppressed_reason IS NULL AND (s.batch_id IS NULL OR s.batch_id NOT IN \
         (SELECT v.id FROM import_batch v WHERE v.voided_at IS NOT NULL))) AS consents \
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id \
        LEFT JOIN organization o ON o.id = s.organization_id \
        WHERE d.id IN (SELECT value FROM json_each($1)) AND d.lease_token = $2 ORDER BY d.next_attempt_at, d.id";

    /// The intent: durable before the message data leaves.
    INTEND = "UPDATE delivery SET state = 'handing_over', handed_over_at = $3 WHERE state = 'queued' \
        AND lease_token = $2 AND id IN (SELECT value FROM json_each($1)) RETURNING id";

    /// Outcomes that need nothing but a state: handed over.
    FINISH_SENT = "UPDATE delivery SET state = 'sent', finished_at = $3, attempts = attempts + 1, next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE state = 'handing_over' AND lease_token = $2 \
        AND id IN (SELECT value FROM json_each($1))";

    /// Any other outcome.
    FINISH_OTHER = "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL \
        WHERE id = $1 AND lease_token = $2 AND state IN ('queued', 'handing_over')";

    /// Gives leased rows back that were not begun.
    RELEASE = "UPDATE delivery SET lease_until = NULL, lease_token = NULL WHERE state = 'queued' AND lease_token = $1";

    /// What a dead worker was handing over: nobody knows whether it arrived.
    LOSE_TRACK = "UPDATE delivery SET state = 'uncertain', reason = 'handed over without an answer', \
        attempts = attempts + 1, next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state = 'handing_over' AND (lease_until <= $1 OR $2)";

    /// Sends the uncertain again after a while, under the same Message-ID, and counts it.
    RESEND = "UPDATE delivery SET state = 'queued', reason = NULL, next_attempt_at = $1, resends = resends + 1 \
        WHERE state = 'uncertain' AND (handed_over_at <= $2 OR ($3 AND reason = 'handed over without an answer'))";

    /// What is no longer news: its next brief is due.
    EXPIRE = "UPDATE delivery SET state = 'expired', reason = 'the next brief is due', finished_at = $1, \
        next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state IN ('queued', 'held') AND expires_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)";

    /// Held deliveries of one edition's scope, once it is approved.
    APPROVE = "UPDATE delivery SET state = 'queued', edition_id = $2, message_id = COALESCE(message_id, $3), \
        next_attempt_at = CASE WHEN send_at > $4 THEN send_at ELSE $4 END \
        WHERE id = $1 AND state = 'held'";

    /// Held deliveries of a scope and week.
    HELD = "SELECT d.id, d.subscription_id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
        WHERE d.state = 'held' AND d.kind = 'brief' AND s.organization_id = $1 AND d.iso_week = $2 ORDER BY d.id";

    /// Ends what of an edition has not left yet.
    CANCEL_OF_EDITION = "UPDATE delivery SET state = 'cancelled', reason = $2, finished_at = $3, next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE edition_id = $1 AND state IN ('queued', 'held', 'uncertain')";

    /// Ends what of a scope is held.
    SKIP_HELD = "UPDATE delivery SET state = 'skipped', reason = $3, finished_at = $4, next_attempt_at = NULL \
        WHERE state = 'held' AND kind = 'brief' AND iso_week = $2 AND subscription_id IN \
        (SELECT id FROM subscription WHERE organization_id = $1)";

    /// Ends one that is held.
    SKIP_HELD_ONE = "UPDATE delivery SET state = 'skipped', reason = $2, finished_at = $3, next_attempt_at = NULL \
        WHERE id = $1 AND state = 'held'";

    /// Who got an edition, or may have.
    SENT_OF_EDITION = "SELECT subscription_id FROM delivery WHERE edition_id = $1 AND kind = 'brief' \
        AND state IN ('sent', 'handing_over', 'uncertain') ORDER BY id";

    /// One delivery by hand.
    CANCEL_ONE = "UPDATE delivery SET state = 'cancelled', reason = $2, finished_at = $3, next_attempt_at = NULL, \
        lease_until = NULL, lease_token = NULL WHERE id = $1 AND state IN ('queued', 'held', 'uncertain')";

    /// One delivery again by hand.
    RETRY_ONE = "UPDATE delivery SET state = 'queued', reason = NULL, next_attempt_at = $2, finished_at = NULL, \
        resends = resends + CASE WHEN state = 'uncertain' THEN 1 ELSE 0 END \
        WHERE id = $1 AND state IN ('failed', 'uncertain', 'queued') AND edition_id IS NOT NULL";

    /// Deliveries, newest week first. Empty text stands for "any".
    LIST = "SELECT d.id, d.iso_week, d.kind, o.slug AS organization, s.role, p.email, e.kind AS edition, e.subject, \
        d.state, d.reason, d.send_at, d.next_attempt_at, d.attempts, d.resends, d.message_id, d.handed_over_at \
        FROM delivery d JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id \
        LEFT JOIN organization o ON o.id = s.organization_id LEFT JOIN edition e ON e.id = d.edition_id \
        WHERE ($1 = '' OR d.state = $1) AND ($2 = '' OR d.iso_week = $2) \
        ORDER BY d.iso_week DESC, d.send_at, d.id LIMIT $3";
}

impl Db {
    /// Leases up to `limit` deliveries due at `now`; returns their ids.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        token: &str,
        limit: i64,
    ) -> Result<Vec<String>, StoreError> {
        let sql = CLAIM.on(self);
        let rows: Vec<(String,)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(now).bind(lease_until).bind(token).bind(limit)
                .fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// What the hand-over of claimed deliveries needs, in the order in which they are due.
    ///
    /// # Errors
    /// As any read.
    pub async fn claimed(&self, ids: &[String], token: &str) -> Result<Vec<Claimed>, StoreError> {
        let (sql, ids) = (CLAIMED.on(self), list(ids));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(token).fetch_all(pool).await
        })?)
    }

    /// Gives back what was leased and not begun.
    ///
    /// # Errors
    /// As any write.
    pub async fn release_deliveries(&self, token: &str) -> Result<(), StoreError> {
        let sql = RELEASE.on(self);
        each_engine!(self, pool => sqlx::query(sql).bind(token).execute(pool).await.map(drop))?;
        Ok(())
    }

    /// Marks as uncertain what was being handed over by a worker whose lease ran out, or by anyone
    /// when all others are known to be dead. Returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn lose_track(&self, now: i64, all_dead: bool) -> Result<u64, StoreError> {
        let sql = LOSE_TRACK.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(now).bind(all_dead).execute(pool).await
                .map(|done| done.rows_affected())
        })?)
    }

    /// Queues the uncertain again when they were handed over at or before `before`, or all of them.
    ///
    /// # Errors
    /// As any write.
    pub async fn resend_uncertain(
        &self,
        now: i64,
        before: i64,
        all: bool,
    ) -> Result<u64, StoreError> {
        let sql = RESEND.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(now).bind(before).bind(all).execute(pool).await
                .map(|done| done.rows_affected())
        })?)
    }

    /// Ends deliveries whose next brief is due.
    ///
    /// # Errors
    /// As any write.
    pub async fn expire_deliveries(&self, now: i64) -> Result<u64, StoreError> {
        let sql = EXPIRE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query(sql).bind(now).execute(pool).await.map(|done| done.rows_affected())
        })?)
    }

    /// Deliveries of a state and a week; empty text for any.
    ///
    /// # Errors
    /// As any read.
    pub async fn deliveries(
        &self,
        state: &str,
        iso_week: &str,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let sql = LIST.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(state).bind(iso_week).bind(limit).fetch_all(pool).await
        })?)
    }

    /// Ends one delivery by hand; whether it was still to be ended.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_delivery(&self, id: &str, why: &str, now: i64) -> Result<bool, StoreError> {
        let sql = CANCEL_ONE.on(self);
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(why).bind(now).execute(pool).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Queues one failed, uncertain or deferred delivery again by hand; whether there was one.
    ///
    /// # Errors
    /// As any write.
    pub async fn retry_delivery(&self, id: &str, now: i64) -> Result<bool, StoreError> {
        let sql = RETRY_ONE.on(self);
        let rows: u64 = each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(now).execute(pool).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }

    /// Subscriptions that an edition was sent to, or may have been.
    ///
    /// # Errors
    /// As any read.
    pub async fn sent_of_edition(&self, edition_id: &str) -> Result<Vec<String>, StoreError> {
        let sql = SENT_OF_EDITION.on(self);
        let rows: Vec<(String,)> = each_engine!(self, pool => {
            sqlx::query_as(sql).bind(edition_id).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Held deliveries of an organization and week: their ids and subscriptions.
    ///
    /// # Errors
    /// As any read.
    pub async fn held_deliveries(
        &self,
        organization: &str,
        iso_week: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let sql = HELD.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(organization).bind(iso_week).fetch_all(pool).await
        })?)
    }
}

impl Tx {
    /// Writes deliveries; one that exists already for its subscription, week and kind stays as it is.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_deliveries(
        &mut self,
        deliveries: &[NewDelivery],
    ) -> Result<u64, StoreError> {
        let mut written = 0;
        for some in deliveries.chunks(1_000) {
            written += in_tx!(self, conn => {
                let mut sql = sqlx::QueryBuilder::new(
                    "INSERT INTO delivery (id, edition_id, subscription_id, iso_week, kind, state, reason, \
                     send_at, expires_at, next_attempt_at, message_id, finished_at, created_at) ",
                );
                sql.push_values(some, |mut row, d| {
                    let ended = matches!(d.state, "skipped" | "expired");
                    row.push_bind(&d.id).push_bind(d.edition_id.as_deref())
                        .push_bind(&d.subscription_id).push_bind(&d.iso_week).push_bind(d.kind)
                        .push_bind(d.state).push_bind(d.reason.as_deref()).push_bind(d.send_at)
                        .push_bind(d.expires_at)
                        .push_bind((d.state == "queued").then_some(d.send_at))
                        .push_bind(d.message_id.as_deref())
                        .push_bind(ended.then_some(d.at)).push_bind(d.at);
                });
                sql.push(" ON CONFLICT (subscription_id, iso_week, kind) DO NOTHING");
                sql.build().execute(conn).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(written)
    }

    /// Writes intents; returns the deliveries for which this worker may go ahead.
    ///
    /// # Errors
    /// As any write.
    pub async fn intend(
        &mut self,
        ids: &[String],
        token: &str,
        now: i64,
    ) -> Result<Vec<String>, StoreError> {
        let (sql, ids) = (INTEND.within(self), list(ids));
        let rows: Vec<(String,)> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).bind(token).bind(now).fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Records what became of hand-overs, with their attempts, all or none.
    ///
    /// # Errors
    /// As any write.
    pub async fn record(
        &mut self,
        records: &[Record],
        token: &str,
        relay: &str,
    ) -> Result<(), StoreError> {
        let sent: Vec<&str> = records
            .iter()
            .filter(|r| r.state == "sent")
            .map(|r| r.delivery_id.as_str())
            .collect();
        if let Some(last) = records
            .iter()
            .filter(|r| r.state == "sent")
            .map(|r| r.at)
            .max()
        {
            let (sql, ids) = (FINISH_SENT.within(self), list(&sent));
            in_tx!(self, conn => {
                sqlx::query(sql).bind(&ids).bind(token).bind(last).execute(conn).await.map(drop)
            })?;
        }
        let other = FINISH_OTHER.within(self);
        for record in records.iter().filter(|r| r.state != "sent") {
            let ended = !matches!(record.state, "queued" | "uncertain");
            in_tx!(self, conn => {
                sqlx::query(other).bind(&record.delivery_id).bind(token).bind(record.state)
                    .bind(record.reason.as_deref()).bind(record.next_attempt_at)
                    .bind(ended.then_some(record.at)).bind(i64::from(record.attempt.is_some()))
                    .execute(conn).await.map(drop)
            })?;
        }
        let attempts: Vec<_> = records
            .iter()
            .filter_map(|r| r.attempt.as_ref().map(|a| (r, a)))
            .collect();
        for some in attempts.chunks(1_000) {
            in_tx!(self, conn => {
                let mut sql = sqlx::QueryBuilder::new(
                    "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, \
                     stage, code, enhanced, reply, relay) ",
                );
                sql.push_values(some, |mut row, (r, a)| {
                    row.push_bind(&r.delivery_id).push_bind(a.number).push_bind(a.started_at)
                        .push_bind(r.at).push_bind(a.outcome).push_bind(a.stage)
                        .push_bind(a.code).push_bind(a.enhanced.as_deref())
                        .push_bind(a.reply.as_deref()).push_bind(relay);
                });
                sql.push(" ON CONFLICT (delivery_id, number) DO NOTHING");
                sql.build().execute(conn).await.map(drop)
            })?;
        }
        Ok(())
    }

    /// Queues one held delivery of an approved edition.
    ///
    /// # Errors
    /// As any write.
    pub async fn approve_delivery(
        &mut self,
        id: &str,
        edition_id: &str,
        message_id: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let sql = APPROVE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(edition_id).bind(message_id).bind(now)
                .execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Ends one held delivery, with a reason.
    ///
    /// # Errors
    /// As any write.
    pub async fn skip_held_one(&mut self, id: &str, why: &str, now: i64) -> Result<(), StoreError> {
        let sql = SKIP_HELD_ONE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql).bind(id).bind(why).bind(now).execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    /// Ends what of an edition has not left; returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn cancel_deliveries_of(
        &mut self,
        edition_id: &str,
        why: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = CANCEL_OF_EDITION.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(edition_id).bind(why).bind(now).execute(conn).await
                .map(|done| done.rows_affected())
        })?)
    }

    /// Ends what of an organization's week is held, with a reason; returns how many.
    ///
    /// # Errors
    /// As any write.
    pub async fn skip_held(
        &mut self,
        organization: &str,
        iso_week: &str,
        why: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        let sql = SKIP_HELD.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query(sql).bind(organization).bind(iso_week).bind(why).bind(now)
                .execute(conn).await.map(|done| done.rows_affected())
        })?)
    }
}
