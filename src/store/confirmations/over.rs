//! What nobody confirmed: closed, and the address forgotten that was typed in by nobody knows whom.

use jiff::Timestamp;

use crate::store::row::{list, millis};
use crate::store::{Db, StoreError};
use crate::{in_tx, statements};

statements! {
    /// Requests that are over.
    OVER = "SELECT id FROM confirmation WHERE used_at IS NULL AND closed_at IS NULL AND expires_at <= $1
        ORDER BY expires_at LIMIT $2";
    /// Closes them.
    CLOSE = "UPDATE confirmation SET closed_at = $2, closed_why = 'expired', token_hash = NULL
        WHERE id IN (SELECT value FROM json_each($1)) AND used_at IS NULL AND closed_at IS NULL";
    /// People who are here only because somebody typed their address, and who never answered.
    STRANGERS = "SELECT DISTINCT s.person_id FROM confirmation c JOIN subscription s ON s.id = c.subscription_id
          JOIN person p ON p.id = s.person_id
        WHERE c.id IN (SELECT value FROM json_each($1)) AND c.kind = 'request' AND p.forgotten_at IS NULL
          AND p.created_at = (SELECT MIN(f.requested_at) FROM confirmation f WHERE f.subscription_id = s.id)
          AND NOT EXISTS (SELECT 1 FROM subscription o WHERE o.person_id = p.id
            AND (o.confirmed_at IS NOT NULL OR o.id <> s.id))
          AND NOT EXISTS (SELECT 1 FROM confirmation w WHERE w.subscription_id = s.id AND w.closed_at IS NULL)
          AND NOT EXISTS (SELECT 1 FROM consultant_client k WHERE k.person_id = p.id)
          AND NOT EXISTS (SELECT 1 FROM gap_event g WHERE g.person_id = p.id)
          AND NOT EXISTS (SELECT 1 FROM session m WHERE m.consultant_person_id = p.id)";
    /// Forgets them.
    FORGET = "UPDATE person SET email = NULL, email_canonical = NULL, name = '', time_zone = NULL, forgotten_at = $2
        WHERE id IN (SELECT value FROM json_each($1)) AND forgotten_at IS NULL";
    /// Ends what they never had.
    END = "UPDATE subscription SET ended_at = $2
        WHERE person_id IN (SELECT value FROM json_each($1)) AND ended_at IS NULL AND voided_at IS NULL";
}

impl Db {
    /// Closes up to `limit` requests that nobody confirmed in time, and forgets those who are here
    /// only by them. Returns how many were closed.
    ///
    /// # Errors
    /// As any write.
    pub async fn end_unconfirmed(&self, now: Timestamp, limit: i64) -> Result<usize, StoreError> {
        let mut tx = self.begin().await?;
        let (over, close, strangers) = (OVER.within(&tx), CLOSE.within(&tx), STRANGERS.within(&tx));
        let ids: Vec<String> = in_tx!(&mut tx, conn => {
            sqlx::query_scalar(over).bind(millis(now)).bind(limit).fetch_all(conn).await?
        });
        if ids.is_empty() {
            return Ok(0);
        }
        let closed = list(&ids);
        in_tx!(&mut tx, conn => {
            sqlx::query(close).bind(&closed).bind(millis(now)).execute(conn).await?;
        });
        let people: Vec<String> = in_tx!(&mut tx, conn => {
            sqlx::query_scalar(strangers).bind(&closed).fetch_all(conn).await?
        });
        let people = list(&people);
        for statement in [FORGET, END] {
            let sql = statement.within(&tx);
            in_tx!(&mut tx, conn => {
                sqlx::query(sql).bind(&people).bind(millis(now)).execute(conn).await?;
            });
        }
        tx.commit().await?;
        Ok(ids.len())
    }
}
