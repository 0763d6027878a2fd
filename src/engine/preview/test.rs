//! A test that somebody at the desk sends: rarely enough, to an address that gets mail, and written down
//! before it leaves.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::domain::address::EmailAddress;
use crate::engine::{Engine, EngineError};
use crate::mail::outcome::Outcome;
use crate::store::address_hash::AddressHash;
use crate::store::audit::{Actor, Entry};

use super::Preview;

/// Most tests of one person in a [`STRETCH`].
pub const MOST: u32 = 10;
/// What they are counted in.
const STRETCH: SignedDuration = SignedDuration::from_hours(1);

/// What a test is of, for the audit log.
#[derive(Debug, Clone, Copy)]
pub struct TestOf<'a> {
    /// Row id of the organization; none for a portfolio.
    pub organization: Option<&'a str>,
    /// Whose edition: `leader`, `reader`, `owner`, a subscription's row id, `portfolio`.
    pub whose: &'a str,
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tested {
    /// The relay was asked.
    Asked(Outcome),
    /// Delivery is stopped; why.
    Paused(String),
    /// Nothing is sent to the address; why.
    Suppressed(String),
    /// There were too many; when the next may be sent.
    TooMany(Timestamp),
}

impl Engine {
    /// Sends a preview as a test, for somebody who is known.
    ///
    /// # Errors
    /// As [`send_test`](Self::send_test).
    pub async fn send_test_for(
        &self,
        preview: Preview,
        to: &EmailAddress,
        of: TestOf<'_>,
        actor: &Actor,
    ) -> Result<Tested, EngineError> {
        let now = self.clock.now();
        if let Some(why) = self.db.paused().await? {
            return Ok(Tested::Paused(why));
        }
        if let Some(why) =
            self.db.suppressed_for(&AddressHash::of(to), now.as_millisecond()).await?
        {
            return Ok(Tested::Suppressed(why));
        }
        let who = actor.person_id.as_deref().unwrap_or_default();
        let counted = self.db.count_one(&format!("test-mail.{who}"), STRETCH, now).await?;
        if counted.count > MOST {
            return Ok(Tested::TooMany(counted.ends));
        }
        let day = preview.as_of;
        let detail = json!({ "as": of.whose, "day": day.to_string() });
        self.write_down(of, "test.send", &detail, actor, now).await?;
        let outcome = self.send_test(preview, to, now).await?;
        let detail = json!({ "as": of.whose, "day": day.to_string(), "outcome": word(&outcome) });
        self.write_down(of, "test.outcome", &detail, actor, self.clock.now()).await?;
        Ok(Tested::Asked(outcome))
    }

    async fn write_down(
        &self,
        of: TestOf<'_>,
        action: &str,
        detail: &Value,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let entry = Entry { organization: of.organization, action, subject: of.whose, detail };
        let mut tx = self.db.begin().await?;
        tx.audit(actor, entry, now).await?;
        Ok(tx.commit().await?)
    }
}

const fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::Refused { .. } => "refused",
        Outcome::NotSent { .. } => "not_sent",
        Outcome::Unknown { .. } => "unknown",
    }
}
