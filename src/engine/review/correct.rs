//! Corrections: one answer to a mistake that went out, to those who got it (DESIGN 2.3).

use jiff::Timestamp;
use serde_json::json;

use crate::domain::brand::Consultant;
use crate::domain::brief::{Corrected, differences};
use crate::domain::facts::Facts;
use crate::engine::compose::READERS;
use crate::engine::plan::cut::Cut;
use crate::engine::plan::rows::edition;
use crate::engine::plan::{Planned, Rows};
use crate::engine::preview::Preview;
use crate::engine::{Engine, EngineError};
use crate::mail::delivery_id;
use crate::mail::message_id::MessageId;
use crate::store::audit::Actor;
use crate::store::deliveries::NewDelivery;
use crate::store::editions::{EditionRow, NewEdition};
use crate::store::snapshot::load_snapshots;

use super::decide::about;

/// A correction stays news for as long as the brief it corrects.
const CORRECTION_DAYS: i64 = 7;
/// Recipients held in memory at once.
const RECIPIENTS: i64 = 4_000;

/// A correction that is made and not sent.
#[derive(Debug)]
pub struct Correction {
    /// The figures that it names.
    pub figures: Vec<Corrected>,
    /// What it would say.
    pub preview: Preview,
    /// The edition that it corrects.
    row: EditionRow,
    /// The editions whose readers get it.
    editions: Vec<String>,
    cut: Cut,
    made: NewEdition,
}

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
        actor: &Actor,
    ) -> Result<(Vec<Corrected>, u64), EngineError> {
        let correction = self.correction(id, stated, why).await?;
        let written = self.write_correction(&correction, why, actor).await?;
        if written == 0 {
            return Err(refused(id, "was corrected already; one correction a week is the most"));
        }
        Ok((correction.figures, written))
    }

    /// The correction that [`correct`](Self::correct) would send. Nothing is stored.
    ///
    /// # Errors
    /// As there, but for one that was sent already.
    pub async fn correction(
        &self,
        id: &str,
        stated: Vec<Corrected>,
        why: &str,
    ) -> Result<Correction, EngineError> {
        let row = self.db.edition(id).await?;
        if row.state != "frozen" || !matches!(row.kind.as_str(), "leader" | "owner") {
            return Err(refused(id, "is not a leader's or owner's brief that went out"));
        }
        let mut editions = vec![id.to_owned()];
        editions.extend(self.db.edition_twin(id, READERS).await?);
        let mut was_sent = false;
        for edition in &editions {
            was_sent |= self.db.was_sent(edition).await?;
        }
        if !was_sent {
            return Err(refused(id, "was sent to nobody yet; cancel it instead"));
        }
        let facts = self.stored_facts(id).await?;
        let scope = [row.scope_id.clone()];
        let found = self.db.organizations_named(&scope).await?.into_iter().next();
        let organization = found.ok_or_else(|| refused(id, "has no organization"))?;
        let cut = self.cut_at(organization, row.cut_off_at)?;
        let figures = if stated.is_empty() { self.recomputed(&cut, &facts).await? } else { stated };
        if figures.is_empty() {
            return Err(refused(
                id,
                "says the same as the database does now; name the figure that was wrong, what it was and what it is",
            ));
        }
        let now = self.clock.now();
        let reply_to = self.consultant_of(&cut, now).await?;
        let composed = self.compose_correction(facts, &figures, why, reply_to.as_ref(), now)?;
        let made = edition(&cut, "correction", &composed, "frozen", Some(id.to_owned()), now);
        let identity = format!("{}/{}/correction", cut.organization.slug, cut.at);
        let preview = Preview::of(composed.body, &identity, (cut.at, cut.as_of));
        Ok(Correction { figures, preview, row, editions, cut, made })
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
        correction: &Correction,
        why: &str,
        actor: &Actor,
    ) -> Result<u64, EngineError> {
        let Correction { figures, row, editions, cut, made, .. } = correction;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        tx.open_run(&cut.week, now.as_millisecond()).await?;
        let mut rows = Rows::default();
        tx.write_edition_rows(std::slice::from_ref(made), &mut rows).await?;
        let mut written = 0;
        for edition in editions {
            let mut after = String::new();
            loop {
                let page = tx.sent_of_edition(edition, &after, RECIPIENTS).await?;
                let Some(last) = page.last() else { break };
                after.clone_from(last);
                let mut planned = Planned::default();
                for subscription in page {
                    planned.deliveries.push(self.correction_to(
                        subscription,
                        &made.id,
                        cut,
                        now,
                    )?);
                }
                written += tx.write_plan(planned, &mut rows).await?;
            }
        }
        if written == 0 {
            tx.rollback().await?;
            return Ok(0);
        }
        let told = figures.iter().map(|own| json!([own.figure, own.was, own.is]));
        let detail = json!({ "figures": told.collect::<Vec<_>>(), "why": why, "told": written });
        tx.audit(actor, about(row, "edition.correct", &detail), now).await?;
        tx.commit().await?;
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

    fn correction_to(
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

fn refused(id: &str, why: &str) -> EngineError {
    EngineError::Refused(format!("edition {id} {why}"))
}
