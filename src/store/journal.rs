//! What the database knows of hand-overs that the journal holds, and what was said of those that it
//! does not know (DESIGN 2.8): of deliveries, and of nudges, which go under the ids of their rows as well.

use jiff::Timestamp;
use sqlx::FromRow;

use super::row::{json, list};
use super::{Db, StoreError, Tx, settings};
use crate::{each_engine, in_tx, statements};

/// The setting up to which an operator said what was sent before a restore, RFC 3339; the latest instant
/// of all restores. What was said is forgotten row by row as it is settled, and this is not: whoever is
/// planned last is to be told from a week that was missed, too.
const SETTLED_UNTIL: &str = "delivery.settled_until";

/// What the database holds under the id of a delivery, or of a nudge.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Held {
    /// The id that was asked about.
    pub id: String,
    /// The state of a delivery, a nudge's told by the same names; none when there is neither.
    pub state: Option<String>,
    /// Its hand-overs.
    pub attempts: Option<i64>,
    /// The latest hand-over of it that an operator said something of, milliseconds.
    pub answered_at: Option<i64>,
}

/// What counts as true of a hand-over that the database does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The message was accepted: its delivery is sent, now or once it is planned.
    Sent,
    /// The message was handed over without an answer: its delivery is uncertain.
    Uncertain,
    /// The database is right as it is.
    Ignored,
}

/// What the journal settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// The week of each delivery.
    pub weeks: Vec<String>,
    /// How many nudges.
    pub nudges: u64,
}

/// A hand-over with what counts as true of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Delivery.
    pub id: String,
    /// When it was handed over, milliseconds.
    pub at: i64,
    /// Which hand-over of the delivery, from 1.
    pub attempt: i64,
    /// What counts as true.
    pub verdict: Verdict,
}

statements! {
    /// What the database holds under some ids.
    HELD = "SELECT e.value AS id, COALESCE(d.state, CASE WHEN n.state IN ('sent', 'answered', 'refused') THEN 'sent' \
        WHEN n.state IN ('handing_over', 'uncertain') THEN n.state WHEN n.id IS NOT NULL THEN 'queued' END) AS state, \
        COALESCE(d.attempts, CASE WHEN n.sent_at IS NOT NULL THEN 1 WHEN n.id IS NOT NULL THEN 0 END) AS attempts, \
        u.handed_over_at AS answered_at FROM json_each($1) AS e \
        LEFT JOIN delivery d ON d.id = e.value LEFT JOIN nudge n ON n.id = e.value \
        LEFT JOIN unknown_hand_over u ON u.delivery_id = e.value";

    /// Notes verdicts, given as a JSON array of arrays. The later hand-over of a delivery counts, but
    /// one that was accepted stays accepted.
    ANSWER = "INSERT INTO unknown_hand_over (delivery_id, handed_over_at, attempt, verdict) \
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1) WHERE true \
        ON CONFLICT (delivery_id) DO UPDATE SET handed_over_at = excluded.handed_over_at, attempt = excluded.attempt, \
        verdict = CASE WHEN unknown_hand_over.verdict = 'sent' AND excluded.verdict = 'uncertain' THEN 'sent' \
        ELSE excluded.verdict END WHERE excluded.handed_over_at >= unknown_hand_over.handed_over_at",
        "INSERT INTO unknown_hand_over (delivery_id, handed_over_at, attempt, verdict) \
        SELECT a ->> 0, (a ->> 1)::bigint, (a ->> 2)::bigint, a ->> 3 FROM json_array_elements($1::json) AS answers (a) \
        ON CONFLICT (delivery_id) DO UPDATE SET handed_over_at = excluded.handed_over_at, attempt = excluded.attempt, \
        verdict = CASE WHEN unknown_hand_over.verdict = 'sent' AND excluded.verdict = 'uncertain' THEN 'sent' \
        ELSE excluded.verdict END WHERE excluded.handed_over_at >= unknown_hand_over.handed_over_at";

    /// How many hand-overs wait for their delivery.
    WAITING = "SELECT COUNT(*) FROM unknown_hand_over WHERE verdict <> 'ignored'";

    /// Gives some deliveries the state that a verdict says, unless a live worker holds them.
    SETTLE = "UPDATE delivery SET state = u.verdict, attempts = CASE WHEN attempts < u.attempt THEN u.attempt ELSE attempts END, \
        reason = CASE u.verdict WHEN 'sent' THEN 'assumed sent by the journal' ELSE 'no answer after the whole message' END, \
        handed_over_at = u.handed_over_at, finished_at = CASE u.verdict WHEN 'sent' THEN CAST($1 AS BIGINT) END, \
        next_attempt_at = NULL, lease_until = NULL, lease_token = NULL \
        FROM unknown_hand_over u WHERE u.delivery_id = delivery.id AND delivery.state IN ('queued', 'uncertain') \
        AND delivery.id IN (SELECT d.id FROM unknown_hand_over w JOIN delivery d ON d.id = w.delivery_id \
        WHERE w.verdict <> 'ignored' AND d.state IN ('queued', 'uncertain') \
        AND (w.verdict = 'sent' OR d.attempts < w.attempt) \
        AND (d.lease_until IS NULL OR d.lease_until <= $1) LIMIT $2) RETURNING iso_week";

    /// Does the same for nudges, whatever they became since without leaving. One that was planned again
    /// may be held back now; where nobody is left whom it could have gone to, it stays so.
    SETTLE_NUDGES = "UPDATE nudge SET state = u.verdict, sent_at = u.handed_over_at, \
        why = CASE u.verdict WHEN 'uncertain' THEN 'no answer after the whole message' END \
        FROM unknown_hand_over u WHERE u.delivery_id = nudge.id AND u.verdict <> 'ignored' \
        AND (nudge.state IN ('drafted', 'approved', 'skipped', 'expired') \
        OR (nudge.state = 'held_back' AND nudge.recipient_person_id IS NOT NULL) \
        OR (nudge.state = 'uncertain' AND u.verdict = 'sent'))";

    /// Forgets the verdicts whose delivery or nudge has the state that they say.
    FORGET = "DELETE FROM unknown_hand_over WHERE verdict <> 'ignored' AND (EXISTS (SELECT 1 FROM delivery d \
        WHERE d.id = delivery_id AND (d.state = 'sent' OR (verdict = 'uncertain' AND d.attempts >= attempt))) \
        OR EXISTS (SELECT 1 FROM nudge n WHERE n.id = delivery_id AND (n.state IN ('sent', 'answered', 'refused') \
        OR (verdict = 'uncertain' AND n.state = 'uncertain'))))";

    /// Opens runs again, so that they are proved anew.
    REOPEN = "UPDATE run SET closed_at = NULL WHERE iso_week IN (SELECT value FROM json_each($1)) AND closed_at IS NOT NULL";
}

/// Most deliveries that are settled in one transaction.
const BATCH: usize = 5_000;

impl Db {
    /// What the database holds under each of some ids of deliveries and nudges, in one statement.
    ///
    /// # Errors
    /// As any read.
    pub async fn hand_overs_held(&self, ids: &[&str]) -> Result<Vec<Held>, StoreError> {
        let (sql, ids) = (HELD.on(self), list(ids));
        Ok(each_engine!(self, pool => sqlx::query_as(sql).bind(&ids).fetch_all(pool).await)?)
    }

    /// Notes what counts as true of hand-overs; each delivery is named once.
    ///
    /// # Errors
    /// As any write.
    pub async fn answer_hand_overs(
        &self,
        answered: &[Answered],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let rows: Vec<_> = answered.iter().map(|a| (&a.id, a.at, a.attempt, a.verdict)).collect();
        let made = answered.iter().filter(|a| a.verdict != Verdict::Ignored).map(|a| a.at).max();
        let mut tx = self.begin().await?;
        let (sql, rows) = (ANSWER.within(&tx), json(&rows));
        in_tx!(&mut tx, conn => sqlx::query(sql).bind(&rows).execute(conn).await.map(drop))?;
        if let Some(until) = made.and_then(|at| Timestamp::from_millisecond(at).ok()) {
            tx.settle_until(until, now).await?;
        }
        tx.commit().await
    }

    /// The latest instant up to which somebody said what was sent before a restore, if ever.
    ///
    /// # Errors
    /// As any read.
    pub async fn settled_until(&self) -> Result<Option<Timestamp>, StoreError> {
        let until = settings::get(self, SETTLED_UNTIL).await?;
        Ok(until.and_then(|until| until.parse().ok()))
    }

    /// How many hand-overs wait for their delivery or nudge to be planned.
    ///
    /// # Errors
    /// As any read.
    pub async fn hand_overs_waiting(&self) -> Result<u64, StoreError> {
        let sql = WAITING.on(self);
        let n: i64 = each_engine!(self, pool => sqlx::query_scalar(sql).fetch_one(pool).await)?;
        Ok(u64::try_from(n).unwrap_or(0))
    }

    /// Gives deliveries and nudges the state that the journal knows of; to be called between planning
    /// and delivering.
    ///
    /// # Errors
    /// As any write.
    pub async fn settle_hand_overs(&self, now: i64) -> Result<Settled, StoreError> {
        let mut settled = Settled::default();
        if self.hand_overs_waiting().await? == 0 {
            return Ok(settled);
        }
        loop {
            let mut tx = self.begin().await?;
            let some = tx.settle_some(now).await?;
            tx.commit().await?;
            let is_last = some.weeks.len() < BATCH;
            settled.weeks.extend(some.weeks);
            settled.nudges += some.nudges;
            if is_last {
                return Ok(settled);
            }
        }
    }
}

impl Tx {
    /// Notes that it was said what was sent up to an instant, unless a later one was named before.
    ///
    /// # Errors
    /// As any write.
    pub(super) async fn settle_until(
        &mut self,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let before = settings::get_within(self, SETTLED_UNTIL).await?;
        if before.and_then(|at| at.parse().ok()).is_none_or(|before: Timestamp| before < until) {
            settings::set_within(self, SETTLED_UNTIL, &until.to_string(), now).await?;
        }
        Ok(())
    }

    async fn settle_some(&mut self, now: i64) -> Result<Settled, StoreError> {
        let (settle, forget) = (SETTLE.within(self), FORGET.within(self));
        let (settle_nudges, reopen) = (SETTLE_NUDGES.within(self), REOPEN.within(self));
        let rows: Vec<(String,)> = in_tx!(self, conn => {
            sqlx::query_as(settle).bind(now).bind(BATCH as i64).fetch_all(conn).await
        })?;
        let nudges: u64 = in_tx!(self, conn => {
            sqlx::query(settle_nudges).execute(&mut *conn).await?.rows_affected()
        });
        in_tx!(self, conn => sqlx::query(forget).execute(conn).await.map(drop))?;
        let settled = Settled { weeks: rows.into_iter().map(|(week,)| week).collect(), nudges };
        let mut weeks = settled.weeks.clone();
        weeks.sort_unstable();
        weeks.dedup();
        let weeks = list(&weeks);
        in_tx!(self, conn => sqlx::query(reopen).bind(&weeks).execute(conn).await.map(drop))?;
        Ok(settled)
    }
}
