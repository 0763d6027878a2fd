//! What became of hand-overs, with their attempts (DESIGN 2.5).

use std::sync::Arc;

use crate::store::row::{json, list};
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

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
    /// When the hand-over began.
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
    /// The place of the relay.
    pub relay: Arc<str>,
}

statements! {
    /// Accepted by the relay; an earlier reason no longer holds.
    FINISH_SENT = "UPDATE delivery SET state = 'sent', reason = NULL, finished_at = $3, attempts = attempts + 1, \
        next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state = 'handing_over' AND lease_token = $2 AND id IN (SELECT value FROM json_each($1))";

    /// Any other outcome. On a file a row may not be leased yet when it is settled without a hand-over.
    FINISH_OTHER = "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL WHERE id = $1 \
        AND (lease_token = $2 OR (state = 'queued' AND lease_token IS NULL)) AND state IN ('queued', 'handing_over')",
        "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL \
        WHERE id = $1 AND lease_token = $2 AND state IN ('queued', 'handing_over')";

    /// The attempts of a group, given as a JSON array of arrays in the order of the columns.
    ATTEMPTS = "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, stage, code, \
        enhanced, reply, relay) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, \
        value ->> 6, value ->> 7, value ->> 8, value ->> 9 FROM json_each($1) WHERE true \
        ON CONFLICT (delivery_id, number) DO NOTHING",
        "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, stage, code, \
        enhanced, reply, relay) SELECT a ->> 0, (a ->> 1)::bigint, (a ->> 2)::bigint, (a ->> 3)::bigint, a ->> 4, a ->> 5, \
        (a ->> 6)::bigint, a ->> 7, a ->> 8, a ->> 9 FROM json_array_elements($1::json) AS attempts (a) \
        ON CONFLICT (delivery_id, number) DO NOTHING";
}

impl Tx {
    /// Records what became of hand-overs, with their attempts, all or none.
    ///
    /// # Errors
    /// As any write.
    pub async fn record(&mut self, records: &[Record], token: &str) -> Result<(), StoreError> {
        self.record_sent(records, token).await?;
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
        self.record_attempts(records).await
    }

    async fn record_sent(&mut self, records: &[Record], token: &str) -> Result<(), StoreError> {
        let sent = || records.iter().filter(|r| r.state == "sent");
        let Some(last) = sent().map(|r| r.at).max() else {
            return Ok(());
        };
        let ids: Vec<&str> = sent().map(|r| r.delivery_id.as_str()).collect();
        let (sql, ids) = (FINISH_SENT.within(self), list(&ids));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&ids).bind(token).bind(last).execute(conn).await.map(drop)
        })?;
        Ok(())
    }

    async fn record_attempts(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let attempts: Vec<_> = records
            .iter()
            .filter_map(|r| r.attempt.as_ref().map(|a| (r, a)))
            .map(|(r, a)| {
                let (id, reply, relay) = (&r.delivery_id, &a.reply, &*a.relay);
                let from_to = (a.started_at, r.at);
                let (stage, code, enhanced) = (a.stage, a.code, &a.enhanced);
                (id, a.number, from_to.0, from_to.1, a.outcome, stage, code, enhanced, reply, relay)
            })
            .collect();
        if attempts.is_empty() {
            return Ok(());
        }
        let (sql, attempts) = (ATTEMPTS.within(self), json(&attempts));
        in_tx!(self, conn => sqlx::query(sql).bind(&attempts).execute(conn).await.map(drop))?;
        Ok(())
    }
}
