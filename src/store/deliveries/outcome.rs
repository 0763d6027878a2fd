//! What became of hand-overs, with their attempts (DESIGN 2.5).

use crate::store::row::list;
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

statements! {
    /// Accepted by the relay; an earlier reason no longer holds.
    FINISH_SENT = "UPDATE delivery SET state = 'sent', reason = NULL, finished_at = $3, attempts = attempts + 1, \
        next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        WHERE state = 'handing_over' AND lease_token = $2 AND id IN (SELECT value FROM json_each($1))";

    /// Any other outcome.
    FINISH_OTHER = "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL \
        WHERE id = $1 AND lease_token = $2 AND state IN ('queued', 'handing_over')";
}

impl Tx {
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
        self.record_attempts(records, relay).await
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

    async fn record_attempts(&mut self, records: &[Record], relay: &str) -> Result<(), StoreError> {
        let attempts: Vec<_> =
            records.iter().filter_map(|r| r.attempt.as_ref().map(|a| (r, a))).collect();
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
}
