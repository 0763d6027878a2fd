//! One group of intents and outcomes, durable together (DESIGN 2.5).
//!
//! A weekly run is made of these, and the fixed cost of each is most of what a delivery costs. So a
//! group is one statement where everything in it was accepted: on SQLite one text of three between
//! `BEGIN` and `COMMIT`, on PostgreSQL one statement that is its own transaction.

use crate::store::row::{json, list};
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements, stopped_edition};

use super::Record;

/// What is made durable at once.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// What became of hand-overs.
    pub records: &'a [Record],
    /// Deliveries whose data shall leave.
    pub intents: &'a [String],
    /// The lease under which the rows are held.
    pub token: &'a str,
    /// When the intents are written, milliseconds.
    pub now: i64,
    /// Until when the intents hold, milliseconds.
    pub lease_until: i64,
    /// Whether nobody knows what became of an earlier try: the answer of its commit may be lost.
    pub is_again: bool,
}

/// What a group that is durable did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The intents that this worker may go ahead with.
    pub granted: Vec<String>,
    /// Rows that are sent now: fewer than the records say where others have them by now, where an
    /// earlier try was durable, or where the database lost what it had acknowledged.
    pub sent: u64,
}

/// Accepted by the relay; an earlier reason no longer holds.
macro_rules! sent {
    ($ids:literal) => {
        concat!(
            "UPDATE delivery SET state = 'sent', reason = NULL, finished_at = $3, attempts = attempts + 1, \
             next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
             WHERE state = 'handing_over' AND lease_token = $2 AND id ", $ids
        )
    };
}

/// The attempts, given as a JSON array of arrays in the order of the columns.
macro_rules! attempts {
    ($values:literal) => {
        concat!(
            "INSERT INTO delivery_attempt (delivery_id, number, started_at, finished_at, outcome, stage, code, \
             enhanced, reply, relay) SELECT ", $values, " ON CONFLICT (delivery_id, number) DO NOTHING"
        )
    };
}

/// The intents: only for a row that is ours, whose reader still consents, while nobody has stopped
/// all delivery or cancelled the edition, and where no journal knows better: what is planned while
/// others deliver is not settled by it yet.
macro_rules! intents {
    ($set:literal, $ids:literal) => {
        concat!(
            "UPDATE delivery SET state = 'handing_over', handed_over_at = $6, lease_until = $7", $set, " AND id ", $ids,
            " AND EXISTS (SELECT 1 FROM subscription s JOIN person p ON p.id = s.person_id \
             WHERE s.id = delivery.subscription_id AND p.email IS NOT NULL AND s.unsubscribed_at IS NULL \
             AND s.ended_at IS NULL AND s.suppressed_reason IS NULL AND s.voided_at IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM unknown_hand_over u WHERE u.delivery_id = delivery.id \
             AND u.verdict <> 'ignored') \
             AND NOT EXISTS (SELECT 1 FROM setting WHERE key = '", stopped_edition!(), "' || delivery.edition_id) \
             AND NOT EXISTS (SELECT 1 FROM setting WHERE key = 'delivery.paused') RETURNING id"
        )
    };
}

statements! {
    /// The accepted, all attempts and the intents of a group; returns the intents that may go ahead, and
    /// how many rows are sent now. On a file the first to write an intent takes the lease with it.
    GROUP = concat!(sent!("IN (SELECT value FROM json_each($1))"), "; SELECT NULL, changes(); ",
        attempts!("value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
            value ->> 7, value ->> 8, value ->> 9 FROM json_each($4) WHERE true"), "; ",
        intents!(", lease_token = $2 WHERE state = 'queued' AND (lease_token IS NULL OR lease_token = $2)",
            "IN (SELECT value FROM json_each($5))"), ", NULL"),
        concat!("WITH sent AS (", sent!("= ANY (ARRAY(SELECT json_array_elements_text($1::json)))"),
        " RETURNING 1), tried AS (",
        attempts!("a ->> 0, (a ->> 1)::bigint, (a ->> 2)::bigint, (a ->> 3)::bigint, a ->> 4, a ->> 5, \
            (a ->> 6)::bigint, a ->> 7, a ->> 8, a ->> 9 FROM json_array_elements($4::json) AS attempts (a)"), "), granted AS (",
        intents!(" WHERE state = 'queued' AND lease_token = $2",
            "= ANY (ARRAY(SELECT json_array_elements_text($5::json)))"),
        ") SELECT id, CAST(NULL AS BIGINT) FROM granted UNION ALL SELECT NULL, COUNT(*) FROM sent");

    /// Which intents hold, however they came to be durable.
    GRANTED = "SELECT id FROM delivery WHERE state = 'handing_over' AND lease_token = $2 \
        AND id IN (SELECT value FROM json_each($1))";

    /// Any other outcome. On a file a row may not be leased yet when it is settled without a hand-over.
    OTHER = "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL WHERE id = $1 \
        AND (lease_token = $2 OR (state = 'queued' AND lease_token IS NULL)) AND state IN ('queued', 'handing_over')",
        "UPDATE delivery SET state = $3, reason = $4, next_attempt_at = $5, finished_at = $6, \
        attempts = attempts + $7, lease_until = NULL, lease_token = NULL \
        WHERE id = $1 AND lease_token = $2 AND state IN ('queued', 'handing_over')";
}

/// The statement with its values, for either engine.
macro_rules! bound {
    ($sql:expr, $group:expr, $values:expr) => {
        sqlx::query_as($sql)
            .bind(&$values.sent)
            .bind($group.token)
            .bind($values.sent_at)
            .bind(&$values.attempts)
            .bind(&$values.intents)
            .bind($group.now)
            .bind($group.lease_until)
    };
}

/// The lists of a group, each bound as one value.
#[derive(Debug)]
struct Values {
    sent: String,
    sent_at: i64,
    attempts: String,
    intents: String,
}

impl Db {
    /// Makes a group durable, all of it or nothing.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_group(&self, group: &Group<'_>) -> Result<Written, StoreError> {
        if self.is_postgres() && group.is_plain() && !group.is_again {
            let (sql, values) = (GROUP.on(self), group.values());
            let rows: Vec<Row> = each_engine!(self, pool => {
                bound!(sql, group, values).fetch_all(pool).await
            })?;
            return Ok(Written::of(rows));
        }
        let mut tx = self.begin().await?;
        let written = tx.write_group(group).await?;
        tx.commit().await?;
        Ok(written)
    }
}

impl Tx {
    /// The same in a transaction that has more to write.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_group(&mut self, group: &Group<'_>) -> Result<Written, StoreError> {
        self.record_others(group).await?;
        let (sql, values) = (GROUP.within(self), group.values());
        let rows: Vec<Row> = in_tx!(self, conn => {
            bound!(sql, group, values).fetch_all(conn).await
        })?;
        let mut written = Written::of(rows);
        if group.is_again {
            // What the earlier try made durable was told to nobody: none of it has left.
            let granted = GRANTED.within(self);
            written.granted = in_tx!(self, conn => {
                sqlx::query_scalar(granted).bind(&values.intents).bind(group.token)
                    .fetch_all(conn).await
            })?;
        }
        Ok(written)
    }

    async fn record_others(&mut self, group: &Group<'_>) -> Result<(), StoreError> {
        let sql = OTHER.within(self);
        for record in group.others() {
            let ended = !matches!(record.state, "queued" | "uncertain");
            in_tx!(self, conn => {
                sqlx::query(sql).bind(&record.delivery_id).bind(group.token).bind(record.state)
                    .bind(record.reason.as_deref()).bind(record.next_attempt_at)
                    .bind(ended.then_some(record.at)).bind(i64::from(record.attempt.is_some()))
                    .execute(conn).await.map(drop)
            })?;
        }
        Ok(())
    }
}

/// An intent, or how many rows are sent.
type Row = (Option<String>, Option<i64>);

impl Written {
    fn of(rows: Vec<Row>) -> Self {
        let sent = rows.iter().filter_map(|(_, sent)| *sent).sum::<i64>();
        let granted = rows.into_iter().filter_map(|(id, _)| id).collect();
        Self { granted, sent: u64::try_from(sent).unwrap_or(0) }
    }
}

impl Group<'_> {
    /// Whether every row took that it was sent, as far as `written` says.
    #[must_use]
    pub fn is_taken(&self, written: &Written) -> bool {
        written.sent == self.sent().count() as u64
    }

    /// Whether all that it records was accepted.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.others().next().is_none()
    }

    fn sent(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|r| r.state == "sent")
    }

    fn others(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|r| r.state != "sent")
    }

    fn values(&self) -> Values {
        let sent: Vec<&str> = self.sent().map(|r| r.delivery_id.as_str()).collect();
        let attempts = self.records.iter().filter_map(|r| r.attempt.as_ref().map(|a| (r, a)));
        let attempts: Vec<_> = attempts
            .map(|(r, a)| {
                let (id, reply, relay) = (&r.delivery_id, &a.reply, &*a.relay);
                let (stage, code, enhanced) = (a.stage, a.code, &a.enhanced);
                (id, a.number, a.started_at, r.at, a.outcome, stage, code, enhanced, reply, relay)
            })
            .collect();
        Values {
            sent: list(&sent),
            sent_at: self.sent().map(|r| r.at).max().unwrap_or_default(),
            attempts: json(&attempts),
            intents: list(self.intents),
        }
    }
}
