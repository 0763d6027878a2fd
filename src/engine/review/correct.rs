//! Corrections: one answer to a mistake that went out, to those who got it (DESIGN 2.3).

use jiff::Timestamp;

use crate::domain::brand::Consultant;
use crate::domain::brief::{Corrected, differences};
use crate::domain::facts::Facts;
use crate::engine::compose::READERS;
use crate::engine::plan::cut::Cut;
use crate::engine::plan::rows::edition;
use crate::engine::plan::{Planned, Rows};
use crate::engine::{Engine, EngineError};
use crate::mail::delivery_id;
use crate::mail::message_id::MessageId;
use crate::store::deliveries::NewDelivery;
use crate::store::editions::NewEdition;
use crate::store::snapshot::load_snapshots;

/// A correction stays news for as long as the brief it corrects.
const CORRECTION_DAYS: i64 = 7;
/// Recipients held in memory at once.
const RECIPIENTS: i64 = 4_000;

impl Engine {
    /// Answers a mistake that went out with one correction to everybody who got the edition; that of a
    /// leader's goes to readers too.
    ///
    /// Without stated figures, the facts of the same cut-off are computed anew (a wrong import was
    /// voided meanwhile) and what differs is told. Returns the figures and how many are told.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when the edition never went out, was corrected already, or nothing
    /// differs.
    pub async fn correct(
        &self,
        id: &str,
        stated: Vec<Corrected>,
        why: &str,
    ) -> Result<(Vec<Corrected>, u64), EngineError> {
        let refused = |why: &str| EngineError::Refused(format!("edition {id} {why}"));
        let edition_row = self.db.edition(id).await?;
        let is_brief = matches!(edition_row.kind.as_str(), "leader" | "owner");
        if edition_row.state != "frozen" || !is_brief {
            return Err(refused("is not a leader's or owner's brief that went out"));
        }
        let mut editions = vec![id.to_owned()];
        editions.extend(self.db.edition_twin(id, READERS).await?);
        let mut was_sent = false;
        for edition in &editions {
            was_sent |= self.db.was_sent(edition).await?;
        }
        if !was_sent {
            return Err(refused("was sent to nobody yet; cancel it instead"));
        }
        let facts = self.stored_facts(id).await?;
        let scope = [edition_row.scope_id.clone()];
        let found = self.db.organizations_named(&scope).await?.into_iter().next();
        let organization = found.ok_or_else(|| refused("has no organization"))?;
        let cut = self.cut_at(organization, edition_row.cut_off_at)?;
        let figures = if stated.is_empty() { self.recomputed(&cut, &facts).await? } else { stated };
        if figures.is_empty() {
            return Err(refused(
                "says the same as the database does now; name the figure with --figure, --was and --is",
            ));
        }
        let now = self.clock.now();
        let reply_to = self.consultant_of(&cut, now).await?;
        let composed = self.compose_correction(facts, &figures, why, reply_to.as_ref(), now)?;
        let corrected = Some(id.to_owned());
        let made = edition(&cut, "correction", &composed, "frozen", corrected, now);
        let written = self.write_correction(&cut, made, &editions, now).await?;
        if written == 0 {
            return Err(refused("was corrected already; one correction a week is the most"));
        }
        Ok((figures, written))
    }

    /// The facts of a stored edition.
    async fn stored_facts(&self, id: &str) -> Result<Facts, EngineError> {
        let stored = self.db.edition_body(id).await?.facts.unwrap_or_default();
        serde_json::from_str(&stored).map_err(|problem| EngineError::Facts {
            edition: id.to_owned(),
            problem: problem.to_string(),
        })
    }

    /// Freezes a correction and queues it for everybody who got one of the editions, page by page.
    async fn write_correction(
        &self,
        cut: &Cut,
        made: NewEdition,
        corrected: &[String],
        now: Timestamp,
    ) -> Result<u64, EngineError> {
        let mut tx = self.db.begin().await?;
        tx.open_run(&cut.week, now.as_millisecond()).await?;
        let mut rows = Rows::default();
        tx.write_edition_rows(std::slice::from_ref(&made), &mut rows).await?;
        let mut written = 0;
        for edition in corrected {
            let mut after = String::new();
            loop {
                let page = tx.sent_of_edition(edition, &after, RECIPIENTS).await?;
                let Some(last) = page.last() else { break };
                after.clone_from(last);
                let mut planned = Planned::default();
                for subscription in page {
                    planned.deliveries.push(self.correction(subscription, &made.id, cut, now)?);
                }
                written += tx.write_plan(planned, &mut rows).await?;
            }
        }
        if written == 0 {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
        }
        Ok(written)
    }

    /// In whose name an organization's briefs come.
    async fn consultant_of(
        &self,
        cut: &Cut,
        now: Timestamp,
    ) -> Result<Option<Consultant>, EngineError> {
        let mut tx = self.db.begin_read().await?;
        let consultant = tx.first_consultant(&cut.organization.id, now).await?;
        tx.rollback().await?;
        Ok(consultant)
    }

    /// What the same cut-off gives now, compared with what was mailed.
    async fn recomputed(&self, cut: &Cut, mailed: &Facts) -> Result<Vec<Corrected>, EngineError> {
        let ids = [cut.organization.id.clone()];
        let snapshots = load_snapshots(&self.db, &ids, cut.at).await?;
        let Some(snapshot) = snapshots.first() else {
            return Ok(Vec::new());
        };
        let facts = self.facts_of(snapshot, &cut.zone, cut.at, cut.as_of);
        Ok(differences(mailed, &facts))
    }

    fn correction(
        &self,
        subscription_id: String,
        edition_id: &str,
        cut: &Cut,
        now: Timestamp,
    ) -> Result<NewDelivery, EngineError> {
        let id = delivery_id::Delivery {
            scope: &cut.organization.id,
            subscription: &subscription_id,
            iso_week: &cut.week,
            kind: "correction",
        }
        .id();
        let message = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let expires = now + jiff::SignedDuration::from_hours(24 * CORRECTION_DAYS);
        Ok(NewDelivery {
            id,
            edition_id: Some(edition_id.to_owned()),
            subscription_id,
            iso_week: cut.week.clone(),
            kind: "correction",
            state: "queued",
            reason: None,
            send_at: now.as_millisecond(),
            expires_at: expires.as_millisecond(),
            message_id: Some(message.to_string()),
            at: now.as_millisecond(),
        })
    }
}
