//! Sending the mails that ask to confirm.

use jiff::{SignedDuration, Timestamp};

use crate::engine::notice::{Handed, Notice, NoticeKind};
use crate::engine::secret::{secret, sha256};
use crate::engine::{Engine, EngineError};
use crate::render::Note;
use crate::store::confirmations::Due;

use super::words;

/// Mails looked for at once.
const BATCH: i64 = 50;
/// How long a claim holds: longer than the slowest hand-over of a notice.
const CLAIM: SignedDuration = SignedDuration::from_mins(15);
/// How long after a hand-over that did not come about the next one is tried, once for each try so far.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// Tries that still add to that.
const LONGEST: i64 = 12;

impl Engine {
    /// Sends what is due. What goes wrong keeps nobody from their brief and is tried again.
    pub async fn mail_confirmations(&self, now: Timestamp) {
        if let Err(error) = self.send_confirmations(now).await {
            tracing::warn!(%error, "mails that ask to confirm wait; they are tried again later");
        }
    }

    /// Sends what is due, until a relay takes nothing; how many left.
    ///
    /// # Errors
    /// The database, the keys, the source of chance.
    pub async fn send_confirmations(&self, now: Timestamp) -> Result<usize, EngineError> {
        let mut left = 0;
        while !self.stop.is_cancelled() && self.db.paused().await?.is_none() {
            let due = self.db.confirmations_due(now, BATCH).await?;
            let n_due = due.len();
            for due in due {
                match self.send_confirmation(&due, now).await? {
                    Some(Handed::NotLeft) => return Ok(left),
                    Some(Handed::Over) => left += 1,
                    Some(Handed::Refused | Handed::Unwanted) | None => {}
                }
            }
            if n_due == 0 {
                break;
            }
        }
        Ok(left)
    }

    /// Sends one, unless another process is at it.
    async fn send_confirmation(
        &self,
        due: &Due,
        now: Timestamp,
    ) -> Result<Option<Handed>, EngineError> {
        let (token, note) = self.note_of(due)?;
        let hash = token.as_deref().map(sha256);
        if !self.db.claim_confirmation(due, hash.as_deref(), now, now + CLAIM).await? {
            return Ok(None);
        }
        let identity = format!("{}/{}", due.id, due.attempts);
        let notice = Notice {
            kind: NoticeKind::Confirm,
            identity: &identity,
            scope: "a confirmation",
            note: &note,
            email: &due.email,
            name: &due.name,
            // Whoever wants none of it may say so for good.
            subscription: Some(&due.subscription_id),
            of: None,
        };
        let handed = self.send_notice(&notice, now).await;
        match handed {
            Ok(Handed::Over) => self.db.confirmation_mailed(due, now).await?,
            Ok(Handed::Refused | Handed::Unwanted) => {
                self.db.close_confirmation(due, "refused", now).await?;
            }
            Ok(Handed::NotLeft) => {
                let tries = i32::try_from(due.attempts.clamp(0, LONGEST) + 1).unwrap_or(1);
                self.db.retry_confirmation(due, now + AGAIN * tries).await?;
            }
            Err(ref error) if error.is_away() => {}
            // An address or a name that no mail can be made of: it would fail for ever.
            Err(_) => self.db.close_confirmation(due, "no mail can be made", now).await?,
        }
        handed.map(Some)
    }

    /// What the mail says, and the token in its link if it has one.
    fn note_of(&self, due: &Due) -> Result<(Option<String>, Note), EngineError> {
        let site = &self.settings.web.public_url;
        if due.kind == "known" {
            return Ok((None, words::known(site)));
        }
        let ends = Timestamp::from_millisecond(due.expires_at).unwrap_or(Timestamp::MAX);
        let token = secret()?;
        let link = format!("{site}/confirm/{token}");
        let note = match due.kind.as_str() {
            "invitation" => words::invitation(&link, &due.role, due.organization.as_deref(), ends),
            _ => words::request(&link, site, ends),
        };
        Ok((Some(token), note))
    }
}
