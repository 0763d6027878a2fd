//! Review before sending: draft, note, approve, skip, cancel, correct (DESIGN 2.3).
//!
//! A decision is a row; the next tick acts on it. Only cancelling acts at once, because mail may be
//! on its way.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::clock::new_id;
use crate::domain::brief::{Corrected, differences};
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Slot, date_of};
use crate::mail::message_id::MessageId;
use crate::store::deliveries::NewDelivery;
use crate::store::editions::EditionRow;
use crate::store::snapshot::{load_snapshots, note};

use super::plan::organizations::{Cut, edition, unmade};
use super::plan::{PlanReport, Planned};
use super::{Engine, EngineError};

/// A correction stays news for as long as the brief it corrects.
const CORRECTION_DAYS: i64 = 7;

impl Engine {
    /// Makes the drafts that are due before their cut-offs.
    pub(super) async fn make_drafts(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let due = self.db.drafts_due(now.as_millisecond()).await?;
        if due.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = due.iter().map(|o| o.id.clone()).collect();
        let snapshots = load_snapshots(&self.db, &ids, now).await?;
        let snapshots: HashMap<&str, &Snapshot> = snapshots
            .iter()
            .map(|s| (s.organization.id.as_str(), s))
            .collect();
        let mut planned = Planned::default();
        for organization in due {
            let Some(snapshot) = snapshots.get(organization.id.as_str()) else {
                continue;
            };
            let Some(next) = organization.next_due_at else {
                continue;
            };
            let cut = self.cut_at(organization.clone(), next)?;
            // A draft says what would be said if nothing more were recorded.
            let facts = self.facts_of(snapshot, &cut.zone, now, cut.as_of);
            let composed = self.compose_leader(facts, now)?;
            planned
                .editions
                .push(edition(&cut, "leader", &composed, "draft", None, now));
            report.drafts += 1;
        }
        let mut tx = self.db.begin().await?;
        tx.write_plan(planned).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends or skips what was held and has been decided on since.
    pub(super) async fn settle_reviews(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        for (scope, week, cut_off) in self.db.held_decided(now.as_millisecond()).await? {
            let ids = [scope];
            let decisions = self
                .db
                .decisions("organization", &week, &ids, now.as_millisecond())
                .await?;
            let Some(decision) = decisions.first() else {
                continue;
            };
            let found = self.db.organizations_named(&ids).await?;
            let Some(organization) = found.into_iter().next() else {
                continue;
            };
            let cut = self.cut_at(organization, cut_off)?;
            if decision.decision == "approve" {
                self.release(&cut, now, report).await?;
            } else {
                let mut tx = self.db.begin().await?;
                let mut planned = Planned::default();
                planned
                    .editions
                    .push(unmade(&cut, "skipped", "skipped in review", now));
                tx.write_plan(planned).await?;
                tx.skip_held(&cut.organization.id, &week, "review", now.as_millisecond())
                    .await?;
                tx.open_run(&week, now.as_millisecond()).await?;
                tx.commit().await?;
            }
            report.weeks.insert(week);
        }
        Ok(())
    }

    /// Freezes an approved edition with the facts of its cut-off and today's note, and queues what
    /// was held.
    async fn release(
        &self,
        cut: &Cut,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let ids = [cut.organization.id.clone()];
        let mut snapshots = load_snapshots(&self.db, &ids, cut.at).await?;
        let Some(mut snapshot) = snapshots.pop() else {
            return Ok(());
        };
        let mut tx = self.db.begin().await?;
        snapshot.note = note(&mut tx, "organization", &ids[0], &cut.week, now).await?;
        tx.rollback().await?;
        let subscribers = self.db.subscribers(&ids, cut.at.as_millisecond()).await?;
        let mut planned = self.send(cut, &snapshot, &subscribers, now)?;
        let wanted = std::mem::take(&mut planned.deliveries);
        report.frozen += planned.editions.len();
        let held: HashMap<String, String> = self
            .db
            .held_deliveries(&cut.organization.id, &cut.week)
            .await?
            .into_iter()
            .map(|(id, subscription)| (subscription, id))
            .collect();
        let at = now.as_millisecond();
        let mut tx = self.db.begin().await?;
        let (_, rows) = tx.write_plan_rows(planned).await?;
        for delivery in wanted {
            let Some(id) = held.get(&delivery.subscription_id) else {
                continue;
            };
            let made = delivery.edition_id.as_ref();
            match made.and_then(|made| rows.get(made)) {
                Some(row) => {
                    let message = MessageId::of_delivery(id, &self.settings.mail.domain)?;
                    tx.approve_delivery(id, row, &message.to_string(), at)
                        .await?;
                }
                None => {
                    let why = delivery.reason.as_deref().unwrap_or("review");
                    tx.skip_held_one(id, why, at).await?;
                }
            }
        }
        tx.open_run(&cut.week, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// An organization at a stated cut-off.
    pub(super) fn cut_at(
        &self,
        organization: crate::store::due::DueOrganization,
        at: i64,
    ) -> Result<Cut, EngineError> {
        let at = Timestamp::from_millisecond(at)
            .map_err(|_| EngineError::Refused("a cut-off is not an instant".to_owned()))?;
        let zone = self.zones.get(&organization.time_zone)?;
        let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour)
            .unwrap_or(Slot::MONDAY_SEVEN);
        let as_of = date_of(at, &zone);
        let next = slot.next_after(at, &zone);
        let week = crate::domain::time::iso_week(as_of);
        Ok(Cut {
            organization,
            zone,
            at,
            as_of,
            week,
            next,
        })
    }

    /// Writes a note on top of an edition that is not sent yet; an empty one takes the last back.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for an edition that is frozen already.
    pub async fn add_note(&self, id: &str, text: &str, author: &str) -> Result<(), EngineError> {
        let edition = self.open_edition(id).await?;
        let now = self.clock.now().as_millisecond();
        Ok(self.db.add_note(&edition, text, author, now).await?)
    }

    /// Records the decision to approve or skip an edition; the next tick acts on it.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for an edition that is frozen already.
    pub async fn decide(
        &self,
        id: &str,
        decision: &str,
        actor: &str,
        reason: Option<&str>,
    ) -> Result<(), EngineError> {
        let edition = self.open_edition(id).await?;
        let now = self.clock.now().as_millisecond();
        Ok(self
            .db
            .add_decision(&edition, decision, actor, reason, now)
            .await?)
    }

    async fn open_edition(&self, id: &str) -> Result<EditionRow, EngineError> {
        let edition = self.db.edition(id).await?;
        if matches!(edition.state.as_str(), "draft" | "held") {
            return Ok(edition);
        }
        Err(EngineError::Refused(format!(
            "edition {id} is {}; only a draft or a held edition can be changed. \
             Use `brief editions cancel` for what has not left yet, or `brief editions correct`",
            edition.state
        )))
    }

    /// Stops an edition at once: nothing of it that has not left will leave. Returns how many
    /// deliveries were stopped.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when there is nothing to stop.
    pub async fn cancel(&self, id: &str, actor: &str, why: &str) -> Result<u64, EngineError> {
        let edition = self.db.edition(id).await?;
        let now = self.clock.now().as_millisecond();
        let reason = format!("cancelled by {actor}: {why}");
        let mut tx = self.db.begin().await?;
        if !tx.cancel_edition(id, &reason).await? {
            let state = edition.state;
            return Err(EngineError::Refused(format!(
                "edition {id} is {state}: nothing to cancel"
            )));
        }
        let mut stopped = tx.cancel_deliveries_of(id, &reason, now).await?;
        if edition.state == "held" {
            stopped += tx
                .skip_held(&edition.scope_id, &edition.iso_week, &reason, now)
                .await?;
        }
        tx.open_run(&edition.iso_week, now).await?;
        tx.commit().await?;
        self.db
            .add_decision(&edition, "cancel", actor, Some(why), now)
            .await?;
        Ok(stopped)
    }

    /// Answers a mistake that went out with one correction to everybody who got the edition.
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
        let edition_row = self.db.edition(id).await?;
        let refused = |why: &str| EngineError::Refused(format!("edition {id} {why}"));
        let is_brief = matches!(edition_row.kind.as_str(), "leader" | "owner");
        if edition_row.state != "frozen" || !is_brief {
            return Err(refused("is not a leader's or owner's brief that went out"));
        }
        let recipients = self.db.sent_of_edition(id).await?;
        if recipients.is_empty() {
            return Err(refused("was sent to nobody yet; cancel it instead"));
        }
        let stored = self.db.edition_body(id).await?.facts.unwrap_or_default();
        let facts: Facts = serde_json::from_str(&stored).map_err(|problem| EngineError::Facts {
            edition: id.to_owned(),
            problem: problem.to_string(),
        })?;
        let found = self
            .db
            .organizations_named(std::slice::from_ref(&edition_row.scope_id))
            .await?;
        let organization = found
            .into_iter()
            .next()
            .ok_or_else(|| refused("has no organization"))?;
        let cut = self.cut_at(organization, edition_row.cut_off_at)?;
        let figures = if stated.is_empty() {
            self.recomputed(&cut, &facts).await?
        } else {
            stated
        };
        if figures.is_empty() {
            return Err(refused(
                "says the same as the database does now; name the figure with --figure, --was and --is",
            ));
        }
        let now = self.clock.now();
        let composed = self.compose_correction(facts, &figures, why, now)?;
        let made = edition(
            &cut,
            "correction",
            &composed,
            "frozen",
            Some(id.to_owned()),
            now,
        );
        let mut deliveries = Vec::with_capacity(recipients.len());
        for subscription in recipients {
            deliveries.push(self.correction(subscription, &made.id, &cut.week, now)?);
        }
        let mut tx = self.db.begin().await?;
        tx.open_run(&cut.week, now.as_millisecond()).await?;
        let planned = Planned {
            editions: vec![made],
            deliveries,
            ..Planned::default()
        };
        let written = tx.write_plan(planned).await?;
        if written == 0 {
            tx.rollback().await?;
            return Err(refused(
                "was corrected already; one correction a week is the most",
            ));
        }
        tx.commit().await?;
        Ok((figures, written))
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
        week: &str,
        now: Timestamp,
    ) -> Result<NewDelivery, EngineError> {
        let id = new_id();
        let message = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let expires = now + jiff::SignedDuration::from_hours(24 * CORRECTION_DAYS);
        Ok(NewDelivery {
            id,
            edition_id: Some(edition_id.to_owned()),
            subscription_id,
            iso_week: week.to_owned(),
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
