//! Following the link: what it is about, and agreeing to it once.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::codes::Channel;
use crate::store::consent::{Act, Back, Kind, come_back_within};
use crate::store::people::{self, Welcome};
use crate::store::row::millis;
use crate::store::{Db, StoreError, subscriptions};
use crate::{each_engine, in_tx, statements};

statements! {
    /// What a link is about.
    FIND = "SELECT c.id, c.subscription_id, s.person_id, c.kind, c.channel, c.form, c.text_version, c.requested_at,
          c.expires_at, c.used_at, c.closed_at, p.email, s.role, o.name AS organization, s.unsubscribed_at, s.ended_at, s.voided_at
        FROM confirmation c JOIN subscription s ON s.id = c.subscription_id JOIN person p ON p.id = s.person_id
          LEFT JOIN organization o ON o.id = s.organization_id
        WHERE c.token_hash = $1";
    /// Uses it.
    USE = "UPDATE confirmation SET used_at = $2
        WHERE token_hash = $1 AND used_at IS NULL AND closed_at IS NULL AND expires_at > $2";
}

/// What a link is about. Instants are milliseconds.
#[derive(Debug, Clone, FromRow)]
pub struct Found {
    /// Row id of the confirmation.
    pub id: String,
    /// What would begin.
    pub subscription_id: String,
    /// Whose it is.
    pub person_id: String,
    /// `request` or `invitation`.
    pub kind: String,
    /// Channel code.
    pub channel: String,
    /// Which words were shown.
    pub form: String,
    /// In which version.
    pub text_version: String,
    /// When it was asked for.
    pub requested_at: i64,
    /// From when on it is too old.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
    /// Whose address it is; none once forgotten.
    pub email: Option<String>,
    /// The role.
    pub role: String,
    /// Name of the organization, if the list is of one.
    pub organization: Option<String>,
    /// When they left.
    pub unsubscribed_at: Option<i64>,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// When it was taken back with its import.
    pub voided_at: Option<i64>,
}

/// What came of agreeing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// They are on the list from now on, by the subscription with this id.
    Confirmed(String),
    /// They are already: the link was used.
    Already(String),
    /// The link is too old, or what it was about is over.
    Over,
}

impl Found {
    /// Whether it can still be agreed to.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none()
            && self.closed_at.is_none()
            && millis(now) < self.expires_at
            && self.ended_at.is_none()
            && self.voided_at.is_none()
            && self.email.is_some()
    }
}

impl Db {
    /// What the link with a token of this hash is about.
    ///
    /// # Errors
    /// As any read.
    pub async fn confirmation(&self, token_hash: &str) -> Result<Option<Found>, StoreError> {
        let sql = FIND.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(token_hash).fetch_optional(pool).await?
        }))
    }

    /// Agrees to what the link with a token of this hash is about. It works once; whoever asks twice
    /// is told that it is done.
    ///
    /// # Errors
    /// As any write.
    pub async fn confirm(
        &self,
        token_hash: &str,
        client_ip: Option<&str>,
        now: Timestamp,
    ) -> Result<Answer, StoreError> {
        let Some(found) = self.confirmation(token_hash).await? else {
            return Ok(Answer::Over);
        };
        if found.used_at.is_some() && found.unsubscribed_at.is_none() && found.ended_at.is_none() {
            return Ok(Answer::Already(found.subscription_id));
        }
        if !found.is_open(now) {
            return Ok(Answer::Over);
        }
        let mut tx = self.begin().await?;
        let sql = USE.within(&tx);
        let used = in_tx!(&mut tx, conn => {
            sqlx::query(sql).bind(token_hash).bind(millis(now)).execute(conn).await?.rows_affected()
        });
        if used == 0 {
            // The same button, pressed twice at once.
            return Ok(Answer::Already(found.subscription_id));
        }
        let act = Act {
            channel: found.channel.parse().unwrap_or(Channel::Form),
            wording: Some((&found.form, &found.text_version)),
            client_ip,
            requested_at: Some(found.requested_at),
        };
        let id = if found.unsubscribed_at.is_some() {
            match come_back_within(&mut tx, &found.subscription_id, &act, now).await? {
                Back::Again(id) | Back::Already(id) => id,
                Back::Ended => return Ok(Answer::Over),
            }
        } else {
            let is_new =
                subscriptions::confirm_within(&mut tx, &found.subscription_id, now).await?;
            let welcome = people::welcome(&mut tx, &found.person_id, now).await?;
            if is_new || welcome == Welcome::Lifted {
                tx.record_consent(&found.subscription_id, Kind::Confirmed, &act, now).await?;
            }
            found.subscription_id
        };
        tx.commit().await?;
        Ok(Answer::Confirmed(id))
    }
}
