//! Organizations: leader and owner editions at each one's own cut-off (DESIGN 2.2, 2.3).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::engine::deliver::verdict::without_addresses;
use crate::engine::{Engine, EngineError};
use crate::store::Tx;
use crate::store::due::{Claim, DueOrganization};
use crate::store::snapshot::load_snapshots;

use super::cut::{Cut, exists};
use super::desk::Desk;
use super::heard::{self, Said};
use super::{PlanReport, Planned, Rows};

/// Due organizations held in memory at once: enough for full batches in every zone.
const PAGE: i64 = 4_000;
/// Organizations planned in one transaction: bounds memory, and what a failure costs.
const BATCH: usize = 32;
/// Batches in the making at once.
const SIDE_BY_SIDE: usize = 4;
/// Subscriptions held in memory at once.
const SUBSCRIBERS: i64 = 4_000;
/// Editions held in memory at once: each owner has one of their own.
const EDITIONS: usize = 64;

impl Engine {
    /// Plans every organization whose cut-off has come, page by page, on all cores, a few batches at
    /// a time: memory does not grow with their number.
    pub(super) async fn plan_organizations(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut running = JoinSet::new();
        let mut failed = None;
        let mut after = String::new();
        while failed.is_none() && !self.stop.is_cancelled() {
            let due = match self.db.organizations_due(now.as_millisecond(), &after, PAGE).await {
                Ok(due) => due,
                Err(error) => {
                    failed = Some(error.into());
                    break;
                }
            };
            let Some(last) = due.last() else { break };
            after.clone_from(&last.id);
            for batch in self.batches(due, now, report) {
                if running.len() >= SIDE_BY_SIDE {
                    self.take_planned(&mut running, report, &mut failed).await;
                }
                if failed.is_some() || self.stop.is_cancelled() {
                    break;
                }
                let engine = self.clone();
                running.spawn(async move { engine.plan_batch(&batch, now).await });
            }
        }
        while !running.is_empty() {
            self.take_planned(&mut running, report, &mut failed).await;
        }
        failed.map_or(Ok(()), Err)
    }

    /// Batches of organizations that share a cut-off instant, the earliest first.
    fn batches(
        &self,
        due: Vec<DueOrganization>,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Vec<Vec<Cut>> {
        let mut by_cut_off: BTreeMap<Timestamp, Vec<Vec<Cut>>> = BTreeMap::new();
        for organization in due {
            let slug = organization.slug.clone();
            match self.latest_cut(organization, now) {
                Ok(cut) => {
                    let batches = by_cut_off.entry(cut.at).or_default();
                    match batches.last_mut().filter(|batch| batch.len() < BATCH) {
                        Some(batch) => batch.push(cut),
                        None => batches.push(vec![cut]),
                    }
                }
                // One organization's bad zone must not hold up another's brief.
                Err(error) => report.fail("organization", &slug, &error),
            }
        }
        by_cut_off.into_values().flatten().collect()
    }

    /// Waits for one batch; keeps the first failure.
    async fn take_planned(
        &self,
        running: &mut JoinSet<Result<PlanReport, EngineError>>,
        report: &mut PlanReport,
        failed: &mut Option<EngineError>,
    ) {
        let ended = |e| EngineError::Refused(format!("a planning task ended early: {e}"));
        match running.join_next().await.map(|done| done.map_err(ended).and_then(|done| done)) {
            Some(Ok(done)) => report.take_in(done),
            Some(Err(error)) => {
                failed.get_or_insert(error);
            }
            None => {}
        }
    }

    /// Plans a batch; where it fails, one by one, so that what is wrong with one organization costs
    /// no other its brief.
    async fn plan_batch(&self, cuts: &[Cut], now: Timestamp) -> Result<PlanReport, EngineError> {
        match self.plan_cuts(cuts, now).await {
            Ok(done) => return Ok(done),
            Err(error) if error.is_away() => return Err(error),
            Err(error) if cuts.len() == 1 => {
                tracing::debug!(
                    why = without_addresses(&error.to_string()),
                    "a batch of one was not planned"
                );
            }
            Err(error) => tracing::debug!(
                why = without_addresses(&error.to_string()),
                "a batch was not planned"
            ),
        }
        let mut report = PlanReport::default();
        for cut in cuts {
            match self.plan_cuts(std::slice::from_ref(cut), now).await {
                Ok(done) => report.take_in(done),
                Err(error) if error.is_away() => return Err(error),
                Err(error) => {
                    report.fail("organization", &cut.organization.slug, &error);
                    // The proof has to show that something is missing.
                    self.open_runs([cut.week.clone()], now, &mut report).await?;
                }
            }
        }
        Ok(report)
    }

    /// Begins the transaction of a batch, with the organizations of it that are ours to plan. On a
    /// server several planners work at once, so they are locked before anything is computed; on a
    /// file nobody else can write from here on.
    async fn begin_plan<'a>(
        &self,
        cuts: &'a [Cut],
        now: Timestamp,
    ) -> Result<(Tx, Vec<&'a Cut>), EngineError> {
        let mut tx = self.db.begin().await?;
        let ids: Vec<&str> = cuts.iter().map(|c| c.organization.id.as_str()).collect();
        let ours = tx.lock_organizations(&ids, now.as_millisecond()).await?;
        let is_ours = |cut: &&Cut| ours.contains(&cut.organization.id);
        Ok((tx, cuts.iter().filter(is_ours).collect()))
    }

    /// Plans organizations that share a cut-off instant, in one transaction.
    async fn plan_cuts(&self, cuts: &[Cut], now: Timestamp) -> Result<PlanReport, EngineError> {
        let Some(cut_off) = cuts.first().map(|c| c.at) else {
            return Ok(PlanReport::default());
        };
        if self.db.is_postgres() {
            let (mut tx, ours) = self.begin_plan(cuts, now).await?;
            let done = match self.desks(&ours, cut_off, now).await {
                Ok(desks) => self.write_desks(&mut tx, desks, cut_off, now).await,
                Err(error) => Err(error),
            };
            return end_plan(tx, done).await;
        }
        let all: Vec<&Cut> = cuts.iter().collect();
        let desks = self.desks(&all, cut_off, now).await?;
        let _turn = self.turn.lock().await;
        let mut tx = self.db.begin().await?;
        let done = self.write_desks(&mut tx, desks, cut_off, now).await;
        end_plan(tx, done).await
    }

    /// Claims the organizations of a batch and writes what was made for those that were won.
    async fn write_desks(
        &self,
        tx: &mut Tx,
        mut desks: BTreeMap<String, Desk<'_>>,
        cut_off: Timestamp,
        now: Timestamp,
    ) -> Result<PlanReport, EngineError> {
        let mut report = PlanReport::default();
        if desks.is_empty() {
            return Ok(report);
        }
        self.leave_unheard(tx, &mut desks).await?;
        let won = tx.claim_organizations(&claims(&desks)).await?;
        desks.retain(|id, _| won.contains(id));
        let mut rows = Rows::default();
        let mut planned = Planned::default();
        for desk in desks.values_mut() {
            planned.editions.append(&mut desk.editions);
            planned.points.append(&mut desk.points);
        }
        let states: HashMap<String, &str> =
            planned.editions.iter().map(|e| (e.id.clone(), e.state)).collect();
        tx.write_plan(planned, &mut rows).await?;
        // A week that stands already stays as it is.
        desks.retain(|_, desk| rows.of(&desk.first).is_some());
        for desk in desks.values() {
            report.count(states.get(&desk.first).copied());
            report.weeks.insert(desk.cut.week.clone());
        }
        let ids: Vec<String> = desks.keys().cloned().collect();
        self.expire_unapproved(tx, &ids, cut_off, now, &mut report).await?;
        for week in &report.weeks {
            tx.open_run(week, now.as_millisecond()).await?;
        }
        self.place_all(tx, &mut desks, cut_off, now, &mut rows, &mut report).await?;
        Ok(report)
    }

    /// The first edition of each organization that existed at the cut-off, by its id.
    async fn desks<'a>(
        &self,
        cuts: &[&'a Cut],
        cut_off: Timestamp,
        now: Timestamp,
    ) -> Result<BTreeMap<String, Desk<'a>>, EngineError> {
        let ids: Vec<&str> = cuts.iter().map(|c| c.organization.id.as_str()).collect();
        let mut said = self.said_of(cuts).await?;
        let mut desks = BTreeMap::new();
        let mut snapshots: HashMap<String, _> = load_snapshots(&self.db, &ids, cut_off)
            .await?
            .into_iter()
            .map(|s| (s.organization.id.clone(), s))
            .collect();
        let is_late = |cut: &Cut| self.is_late(cut.at, cut.organization.next_due_at, now);
        // Asked once for all, and only where it matters.
        let is_restored =
            cuts.iter().any(|cut| is_late(cut)) && self.is_restored_since(cut_off).await?;
        for cut in cuts {
            let id = &cut.organization.id;
            if let Some(mut snapshot) = snapshots.remove(id).filter(exists) {
                let decision = said.decisions.get(id);
                snapshot.note = said.notes.remove(id);
                let stage = Self::stage(cut, decision, is_late(cut) && !is_restored);
                desks.insert(id.clone(), self.desk(cut, &snapshot, stage, decision, now)?);
            }
        }
        Ok(desks)
    }

    /// Writes one delivery for every subscription, page by page.
    async fn place_all(
        &self,
        tx: &mut Tx,
        desks: &mut BTreeMap<String, Desk<'_>>,
        cut_off: Timestamp,
        now: Timestamp,
        rows: &mut Rows,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let ids: Vec<String> = desks.keys().cloned().collect();
        let mut after = String::new();
        let at = cut_off.as_millisecond();
        while !ids.is_empty() {
            let page = tx.subscribers(&ids, at, &after, SUBSCRIBERS).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            let is_last = i64::try_from(page.len()).is_ok_and(|n| n < SUBSCRIBERS);
            let mut planned = Planned::default();
            for subscriber in &page {
                let own = subscriber.organization_id.as_deref().unwrap_or_default();
                if let Some(desk) = desks.get_mut(own) {
                    planned.deliveries.push(self.place(desk, subscriber, now)?);
                    report.frozen += desk.editions.len();
                    planned.editions.append(&mut desk.editions);
                }
                if planned.editions.len() >= EDITIONS {
                    report.deliveries += tx.write_plan(std::mem::take(&mut planned), rows).await?;
                }
            }
            report.deliveries += tx.write_plan(planned, rows).await?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// What waited for an approval until the next cut-off came is no longer news.
    async fn expire_unapproved(
        &self,
        tx: &mut Tx,
        organizations: &[String],
        cut_off: Timestamp,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let at = cut_off.as_millisecond();
        let gone: BTreeSet<(String, String)> =
            tx.expire_unapproved(organizations, at).await?.into_iter().collect();
        for (organization, week) in gone {
            let why = "not approved before the next cut-off";
            tx.end_held(&organization, &week, "expired", why, now.as_millisecond()).await?;
            report.weeks.insert(week);
        }
        Ok(())
    }

    async fn said_of(&self, cuts: &[&Cut]) -> Result<Said, EngineError> {
        // Where review was switched off since, what was decided about the draft still holds.
        let week = |cut: &&Cut| (cut.organization.id.clone(), cut.week.clone());
        let weeks: BTreeMap<String, String> = cuts.iter().map(week).collect();
        let mut tx = self.db.begin_read().await?;
        let said = heard::said(&mut tx, &weeks).await?;
        tx.rollback().await?;
        Ok(said)
    }
}

/// Commits what was written, or takes it back. A transaction that is only dropped ends some time
/// later, and holds until then what the next try would lock.
async fn end_plan(
    tx: Tx,
    done: Result<PlanReport, EngineError>,
) -> Result<PlanReport, EngineError> {
    match done {
        Ok(report) => {
            tx.commit().await?;
            Ok(report)
        }
        Err(error) => {
            // What cannot even be rolled back is told by the first error.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

fn claims(desks: &BTreeMap<String, Desk<'_>>) -> Vec<Claim> {
    let claim = |(id, desk): (&String, &Desk<'_>)| {
        let next = desk.cut.next.as_millisecond();
        (id.clone(), next, desk.cut.organization.next_due_at)
    };
    desks.iter().map(claim).collect()
}
