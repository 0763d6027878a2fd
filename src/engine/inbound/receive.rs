//! One message that came back, from octets to rows.

use jiff::Timestamp;

use super::ours;
use super::policy::{Limits, Reported, Taken, apply};
use crate::engine::{Engine, EngineError};
use crate::mail::inbound::{Clue, Inbound, read};
use crate::secrets::Purpose;
use crate::store::Tx;
use crate::store::bounces::Subject;

impl Engine {
    /// Takes in one message as it lies in a mailbox; `source` names the way it came.
    ///
    /// # Errors
    /// Whatever the database says; then nothing of it happened, and it is to be tried again.
    pub async fn receive(
        &self,
        octets: &[u8],
        source: &str,
        now: Timestamp,
    ) -> Result<Taken, EngineError> {
        self.take_in(&read(octets, &ours(&self.settings)), source, now).await
    }

    /// Takes in what was read already: of a mailbox, or of a provider's call.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub async fn take_in(
        &self,
        inbound: &Inbound,
        source: &str,
        now: Timestamp,
    ) -> Result<Taken, EngineError> {
        let mut tx = self.db.begin().await?;
        let subject = self.subject(&mut tx, &inbound.clues, now).await?;
        let address = subject.as_ref().and_then(|of| of.email.as_deref());
        let event = Reported {
            finding: &inbound.finding(address),
            subject: subject.as_ref(),
            source,
            digest: &inbound.digest,
            at: now.as_millisecond(),
        };
        let taken = apply(&mut tx, Limits::of(&self.settings.bounce), &event).await?;
        tx.commit().await?;
        if !taken.is_known {
            self.metrics.inbound.taken(taken.meaning.as_str(), taken.is_matched);
        }
        say(&taken, source);
        Ok(taken)
    }

    /// Whose delivery our marks lead to. A token is signed and decides; of the others all must agree.
    async fn subject(
        &self,
        tx: &mut Tx,
        clues: &[Clue],
        now: Timestamp,
    ) -> Result<Option<Subject>, EngineError> {
        let keys = self.keys()?;
        for clue in clues {
            if let Clue::Token(token) = clue
                && let Ok(delivery) = keys.verify(Purpose::Bounce, token, now)
                && let Some(subject) = tx.bounce_subject(&delivery.to_string()).await?
            {
                return Ok(Some(subject));
            }
        }
        let mut found: Option<Subject> = None;
        for clue in clues {
            let Clue::Delivery(id) = clue else { continue };
            let Some(subject) = tx.bounce_subject(id).await? else { continue };
            match &found {
                Some(other) if other != &subject => return Ok(None),
                _ => found = Some(subject),
            }
        }
        Ok(found)
    }
}

/// Logs what was taken in, without addresses and ids.
fn say(taken: &Taken, source: &str) {
    let meaning = taken.meaning.as_str();
    match taken.suppressed {
        _ if taken.is_known => tracing::debug!(source, meaning, "a message came back once more"),
        Some(reason) => {
            tracing::info!(source, meaning, reason = reason.as_str(), "an address is suppressed");
        }
        None => tracing::debug!(source, meaning, matched = taken.is_matched, "a message came back"),
    }
}
