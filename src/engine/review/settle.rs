//! Acting on decisions about what was held: sent with the facts of its cut-off, or skipped.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::engine::plan::cut::{Cut, Stage};
use crate::engine::plan::desk::Desk;
use crate::engine::plan::heard::EVER;
use crate::engine::plan::rows::unmade;
use crate::engine::plan::{PlanReport, Planned, Rows};
use crate::engine::{Engine, EngineError};
use crate::store::Tx;
use crate::store::due::Subscriber;
use crate::store::editions::Decision;
use crate::store::snapshot::{load_within, note};

/// Subscriptions held in memory at once.
const SUBSCRIBERS: i64 = 4_000;
/// Editions held in memory at once: each owner has one of their own.
const EDITIONS: usize = 64;
/// Decided editions read at once.
const PAGE: i64 = 500;

impl Engine {
    /// Sends or skips what was held and has been decided on since.
    pub(in crate::engine) async fn settle_reviews(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let at = now.as_millisecond();
        let mut after = (i64::MIN, String::new());
        loop {
            let page = self.db.held_decided(at, (after.0, &after.1), PAGE).await?;
            let Some((scope, _, cut_off)) = page.last() else {
                return Ok(());
            };
            after = (*cut_off, scope.clone());
            for held in page {
                self.settle_review(held, now, report).await?;
            }
        }
    }

    /// Acts on the decision about one scope and week, with its cut-off. What is wrong with it keeps
    /// no other from being settled.
    async fn settle_review(
        &self,
        (scope, week, cut_off): (String, String, i64),
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let ids = [scope];
        let ever = EVER.as_millisecond();
        let decisions = self.db.decisions("organization", &week, &ids, ever).await?;
        let found = self.db.organizations_named(&ids).await?;
        let (Some(decision), Some(organization)) =
            (decisions.into_iter().next(), found.into_iter().next())
        else {
            return Ok(());
        };
        let slug = organization.slug.clone();
        let settled = match self.cut_at(organization, cut_off) {
            Ok(cut) if decision.decision == "approve" => {
                self.release(&cut, &decision, now, report).await
            }
            Ok(cut) => self.drop_held(&cut, &decision, now).await,
            Err(error) => Err(error),
        };
        match settled {
            Ok(()) => {
                report.weeks.insert(week);
                Ok(())
            }
            Err(error) if error.is_away() => Err(error),
            Err(error) => {
                report.fail("approved edition", &slug, &error);
                Ok(())
            }
        }
    }

    async fn drop_held(
        &self,
        cut: &Cut,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let (at, id) = (now.as_millisecond(), &cut.organization.id);
        let why = format!("skipped by {}", decision.actor);
        let planned =
            Planned { editions: vec![unmade(cut, "skipped", &why, now)], ..Planned::default() };
        let mut tx = self.db.begin().await?;
        if !still_holds(&mut tx, cut, decision).await? {
            return Ok(tx.rollback().await?);
        }
        tx.write_plan(planned, &mut Rows::default()).await?;
        tx.end_held(id, &cut.week, "skipped", "review", at).await?;
        tx.open_run(&cut.week, at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Freezes an approved edition with the facts of its cut-off and today's note, and queues what
    /// was held.
    async fn release(
        &self,
        cut: &Cut,
        decision: &Decision,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let ids = [cut.organization.id.clone()];
        let mut tx = self.db.begin().await?;
        if !still_holds(&mut tx, cut, decision).await? {
            return Ok(tx.rollback().await?);
        }
        let Some(mut snapshot) = load_within(&mut tx, &ids, cut.at).await?.pop() else {
            return Ok(());
        };
        snapshot.note = note(&mut tx, "organization", &ids[0], &cut.week, EVER).await?;
        let mut desk = self.desk(cut, &snapshot, Stage::Send, Some(decision), now)?;
        let mut rows = Rows::default();
        let first = Planned {
            editions: std::mem::take(&mut desk.editions),
            points: std::mem::take(&mut desk.points),
            ..Planned::default()
        };
        tx.write_plan(first, &mut rows).await?;
        if rows.of(&desk.first).is_none() {
            // Another planner was here first.
            return Ok(tx.rollback().await?);
        }
        report.frozen += 1;
        let (mut after, at) = (String::new(), cut.at.as_millisecond());
        loop {
            let page = tx.subscribers(&ids, at, &after, SUBSCRIBERS).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            self.release_page(&mut tx, &mut desk, &page, &mut rows, now).await?;
        }
        tx.open_run(&cut.week, now.as_millisecond()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Queues, or skips for its own reason, what was held for a page of subscriptions.
    async fn release_page(
        &self,
        tx: &mut Tx,
        desk: &mut Desk<'_>,
        page: &[Subscriber],
        rows: &mut Rows,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let mut queued: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut skipped: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for subscriber in page {
            let delivery = self.place(desk, subscriber, now)?;
            let list = match delivery.edition_id {
                Some(edition) => queued.entry(edition).or_default(),
                None => {
                    let why = delivery.reason.unwrap_or_else(|| "review".to_owned());
                    skipped.entry(why).or_default()
                }
            };
            list.push(delivery.subscription_id);
            if desk.editions.len() >= EDITIONS {
                tx.write_edition_rows(&std::mem::take(&mut desk.editions), rows).await?;
            }
        }
        tx.write_edition_rows(&std::mem::take(&mut desk.editions), rows).await?;
        let (week, at) = (desk.cut.week.as_str(), now.as_millisecond());
        for (planned, subscriptions) in queued {
            if let Some(edition) = rows.of(&planned) {
                tx.approve_deliveries(edition, week, &subscriptions, at).await?;
            }
        }
        for (why, subscriptions) in skipped {
            tx.skip_deliveries(&why, week, &subscriptions, at).await?;
        }
        Ok(())
    }
}

/// Whether a decision is the latest one yet. From here on nobody takes it back until what it says is
/// done.
async fn still_holds(tx: &mut Tx, cut: &Cut, decision: &Decision) -> Result<bool, EngineError> {
    let ids = [cut.organization.id.clone()];
    tx.take_turn(&ids[0]).await?;
    let latest = tx.decisions("organization", &cut.week, &ids, EVER.as_millisecond()).await?;
    Ok(latest.first() == Some(decision))
}
