//! The way of an approved nudge to its reader: due, intended, recorded.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::row::millis;
use crate::store::stop::PAUSED;
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, statements};

/// An approved nudge. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DueNudge {
    /// Row id.
    pub id: String,
    /// Row id of the client.
    pub organization_id: String,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub organization: String,
    /// Its zone.
    pub organization_zone: String,
    /// Row id of the gap.
    pub gap_id: Option<String>,
    /// Row id of the consultant.
    pub consultant_person_id: String,
    /// Row id of who gets it.
    pub recipient_person_id: String,
    /// `owner` or `sponsor`.
    pub recipient_kind: Option<String>,
    /// Their own zone.
    pub recipient_zone: Option<String>,
    /// The sentence.
    pub text: String,
    /// Why now.
    pub reason: Option<String>,
    /// Why it waits.
    pub why: Option<String>,
    /// Not before.
    pub send_from: i64,
    /// Not after.
    pub expires_at: i64,
}

/// What became of a nudge that was tried, or that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled<'a> {
    /// Row id.
    pub id: &'a str,
    /// The state that it must be in.
    pub from: &'static str,
    /// The state that follows.
    pub state: &'static str,
    /// Why.
    pub why: Option<&'a str>,
    /// When it was handed over; none where it certainly was not.
    pub sent_at: Option<i64>,
    /// Not before, where it is tried again.
    pub again_at: Option<i64>,
}

statements! {
    /// Approved ones that may go, those first whose time is over first: their index has that order.
    DUE = "SELECT n.id, n.organization_id, o.slug, o.name AS organization, o.time_zone AS organization_zone, n.gap_id,
          n.consultant_person_id, n.recipient_person_id, n.recipient_kind, p.time_zone AS recipient_zone, n.text,
          n.reason, n.why, n.send_from, n.expires_at
        FROM nudge n JOIN organization o ON o.id = n.organization_id JOIN person p ON p.id = n.recipient_person_id
        WHERE n.state = 'approved' AND n.send_from <= $1 AND n.expires_at > $1 AND o.voided_at IS NULL
          AND o.status = 'active' AND (n.expires_at, n.id) > ($2, $3) ORDER BY n.expires_at, n.id LIMIT $4";
    /// Takes a person's turn: two nudges to one person are not intended at once.
    TURN = "SELECT id FROM person WHERE id = $1", "SELECT id FROM person WHERE id = $1 FOR UPDATE";
    /// Intends one, unless it is somewhere else by now, mail is stopped, the journal knows that it left, or
    /// the person was sent one since $4.
    INTEND = "UPDATE nudge SET state = 'handing_over', sent_at = $2, message_id = $3, why = NULL
        WHERE id = $1 AND state = 'approved' AND expires_at > $2
          AND NOT EXISTS (SELECT 1 FROM setting s WHERE s.key = $5)
          AND NOT EXISTS (SELECT 1 FROM unknown_hand_over u WHERE u.delivery_id = nudge.id AND u.verdict <> 'ignored')
          AND NOT EXISTS (SELECT 1 FROM nudge o WHERE o.recipient_person_id = nudge.recipient_person_id
            AND o.id <> nudge.id AND o.sent_at > $4)";
    /// Records what became of one.
    SETTLE = "UPDATE nudge SET state = $3, why = $4, sent_at = $5, send_from = COALESCE($6, send_from)
        WHERE id = $1 AND state = $2";
    /// Says why one waits, and when it is looked at next; one whose time is over before that is looked at on.
    WAITS = "UPDATE nudge SET why = $2, send_from = CASE WHEN expires_at > $3 THEN $3 ELSE send_from END
        WHERE id = $1 AND state = 'approved'";
    /// Those whose sender is gone: nobody knows whether they arrived.
    DOUBT = "UPDATE nudge SET state = 'uncertain', why = 'the service ended while it was handed over'
        WHERE state = 'handing_over' AND sent_at <= $1";
    /// Those whose time is over.
    EXPIRE = "UPDATE nudge SET state = 'expired', why = CASE WHEN state = 'drafted' THEN 'nobody approved it in time'
          WHEN why IS NULL THEN 'no office hour was left' ELSE why END
        WHERE state IN ('drafted', 'approved') AND expires_at <= $1";
    /// One that came back.
    BOUNCED = "UPDATE nudge SET state = 'refused', why = 'it came back' WHERE id = $1 AND state IN ('sent', 'uncertain')";
}

impl Db {
    /// Up to `limit` approved nudges that may go at `now`, after one by its expiry and id.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_due(
        &self,
        now: Timestamp,
        (expires_at, id): (i64, &str),
        limit: i64,
    ) -> Result<Vec<DueNudge>, StoreError> {
        let sql = DUE.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(millis(now)).bind(expires_at).bind(id).bind(limit)
                .fetch_all(pool).await?
        }))
    }

    /// Makes the intent durable to hand a nudge over now. False where it is not to be: it is somewhere
    /// else, mail is stopped, or somebody sent the person another one after `last`.
    ///
    /// # Errors
    /// As any write.
    pub async fn intend_nudge(
        &self,
        nudge: &DueNudge,
        message_id: &str,
        last: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let (turn, sql) = (TURN.within(&tx), INTEND.within(&tx));
        let rows: u64 = in_tx!(&mut tx, conn => {
            sqlx::query(turn).bind(&nudge.recipient_person_id).fetch_optional(&mut *conn).await?;
            sqlx::query(sql).bind(&nudge.id).bind(millis(now)).bind(message_id).bind(millis(last))
                .bind(PAUSED).execute(conn).await?.rows_affected()
        });
        tx.commit().await?;
        Ok(rows == 1)
    }

    /// Says why an approved nudge waits; it is due again at `next`.
    ///
    /// # Errors
    /// As any write.
    pub async fn nudge_waits(
        &self,
        id: &str,
        why: &str,
        next: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = WAITS.on(self);
        each_engine!(self, pool => {
            sqlx::query(sql).bind(id).bind(why).bind(millis(next)).execute(pool).await?;
        });
        Ok(())
    }

    /// Ends those whose time is over, and those in doubt that were intended before `dead`. How many.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_nudges(&self, dead: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
        let (doubt, expire) = (DOUBT.on(self), EXPIRE.on(self));
        let doubted = each_engine!(self, pool => {
            sqlx::query(doubt).bind(millis(dead)).execute(pool).await?.rows_affected()
        });
        let expired = each_engine!(self, pool => {
            sqlx::query(expire).bind(millis(now)).execute(pool).await?.rows_affected()
        });
        Ok(doubted + expired)
    }
}

impl Tx {
    /// Records what became of a nudge. Whether it was still where it was thought to be.
    ///
    /// # Errors
    /// As any write.
    pub async fn settle_nudge(&mut self, own: &Settled<'_>) -> Result<bool, StoreError> {
        let sql = SETTLE.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(own.id).bind(own.from).bind(own.state).bind(own.why).bind(own.sent_at)
                .bind(own.again_at).execute(conn).await?.rows_affected()
        });
        Ok(rows == 1)
    }

    /// Notes that a nudge came back.
    ///
    /// # Errors
    /// As any write.
    pub async fn nudge_bounced(&mut self, id: &str) -> Result<(), StoreError> {
        let sql = BOUNCED.within(self);
        in_tx!(self, conn => sqlx::query(sql).bind(id).execute(conn).await.map(drop))?;
        Ok(())
    }
}
