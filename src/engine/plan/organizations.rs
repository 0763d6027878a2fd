//! Organizations: leader and owner editions at each one's own cut-off (DESIGN 2.2, 2.3).

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::new_id;
use crate::domain::codes::{QuietChoice, Role};
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Slot, iso_week};
use crate::engine::compose::{Composed, LOCALE};
use crate::engine::{Engine, EngineError};
use crate::store::due::{Claim, DueOrganization, Subscriber};
use crate::store::editions::{Decision, NewEdition};
use crate::store::points::NewPoint;
use crate::store::snapshot::load_snapshots;

use super::slots::{skip_reason, window};
use super::{Fate, PlanReport, Planned};

/// Organizations planned in one transaction: bounds memory, and what a failure costs.
const BATCH: i64 = 64;

/// One organization at one cut-off.
pub(in crate::engine) struct Cut {
    pub organization: DueOrganization,
    pub zone: TimeZone,
    pub at: Timestamp,
    pub as_of: Date,
    pub week: String,
    /// The cut-off after this one.
    pub next: Timestamp,
}

/// Which stage of its week an organization is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Frozen and sent.
    Send,
    /// Made, and kept until somebody approves.
    Hold,
    /// Nothing is sent, by decision.
    Skip,
    /// The cut-off was missed by more than the grace.
    TooLate,
    /// The organization is paused.
    Paused,
}

impl Engine {
    /// Plans every organization whose cut-off has come, in batches.
    pub(super) async fn plan_organizations(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut after = String::new();
        loop {
            let due = self
                .db
                .organizations_due(now.as_millisecond(), &after, BATCH)
                .await?;
            let Some(last) = due.last() else {
                return Ok(());
            };
            after.clone_from(&last.id);
            let mut by_cut_off: BTreeMap<Timestamp, Vec<Cut>> = BTreeMap::new();
            for organization in due {
                match self.latest_cut(organization, now) {
                    Ok(cut) => by_cut_off.entry(cut.at).or_default().push(cut),
                    // One organization's bad zone must not hold up another's brief.
                    Err((slug, error)) => {
                        tracing::error!(organization = slug, %error, "not planned")
                    }
                }
            }
            for cuts in by_cut_off.into_values() {
                self.plan_cuts(cuts, now, report).await?;
            }
        }
    }

    /// The latest cut-off of an organization at or before `now`.
    pub(in crate::engine) fn latest_cut(
        &self,
        organization: DueOrganization,
        now: Timestamp,
    ) -> Result<Cut, (String, EngineError)> {
        let zone = self
            .zones
            .get(&organization.time_zone)
            .map_err(|e| (organization.slug.clone(), e))?;
        let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour);
        let slot = slot.ok_or_else(|| {
            let problem = format!("organization {} has no valid cut-off", organization.slug);
            (organization.slug.clone(), EngineError::Refused(problem))
        })?;
        let (at, as_of) = slot.latest(now, &zone);
        let next = slot.next_after(at, &zone);
        Ok(Cut {
            organization,
            zone,
            at,
            as_of,
            week: iso_week(as_of),
            next,
        })
    }

    /// Plans organizations that share a cut-off instant, in one transaction.
    async fn plan_cuts(
        &self,
        cuts: Vec<Cut>,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let Some(cut_off) = cuts.first().map(|c| c.at) else {
            return Ok(());
        };
        let ids: Vec<String> = cuts.iter().map(|c| c.organization.id.clone()).collect();
        let snapshots = load_snapshots(&self.db, &ids, cut_off).await?;
        let mut subscribers = self.subscribers_by_organization(&ids, cut_off).await?;
        let decisions = self.decisions_of(&cuts, now).await?;
        let snapshots: HashMap<&str, &Snapshot> = snapshots
            .iter()
            .map(|s| (s.organization.id.as_str(), s))
            .collect();
        let mut plans: Vec<(String, Planned, &Cut)> = Vec::new();
        for cut in &cuts {
            let id = cut.organization.id.as_str();
            let list = subscribers.remove(id).unwrap_or_default();
            let planned = match snapshots.get(id).filter(|s| exists(s)) {
                Some(snapshot) => {
                    let stage = self.stage(cut, decisions.get(id), now);
                    self.plan_one(cut, snapshot, &list, stage, now, report)?
                }
                None => Planned::default(),
            };
            plans.push((id.to_owned(), planned, cut));
        }
        let claims: Vec<Claim> = cuts
            .iter()
            .map(|c| {
                (
                    c.organization.id.clone(),
                    c.next.as_millisecond(),
                    c.organization.next_due_at,
                )
            })
            .collect();
        let mut tx = self.db.begin().await?;
        let won = tx.claim_organizations(&claims).await?;
        let mut all = Planned::default();
        for (id, planned, cut) in plans {
            if won.contains(&id) && !planned.editions.is_empty() {
                report.weeks.insert(cut.week.clone());
                all.append(planned);
            }
        }
        for week in &report.weeks {
            tx.open_run(week, now.as_millisecond()).await?;
        }
        report.deliveries += tx.write_plan(all).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn subscribers_by_organization(
        &self,
        ids: &[String],
        cut_off: Timestamp,
    ) -> Result<HashMap<String, Vec<Subscriber>>, EngineError> {
        let mut by_organization: HashMap<String, Vec<Subscriber>> = HashMap::new();
        for subscriber in self.db.subscribers(ids, cut_off.as_millisecond()).await? {
            if let Some(id) = subscriber.organization_id.clone() {
                by_organization.entry(id).or_default().push(subscriber);
            }
        }
        Ok(by_organization)
    }

    async fn decisions_of(
        &self,
        cuts: &[Cut],
        now: Timestamp,
    ) -> Result<HashMap<String, Decision>, EngineError> {
        let reviewed = cuts.iter().filter(|c| c.organization.review != "none");
        let mut by_week: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for cut in reviewed {
            by_week
                .entry(&cut.week)
                .or_default()
                .push(cut.organization.id.clone());
        }
        let mut found = HashMap::new();
        for (week, ids) in by_week {
            let some = self
                .db
                .decisions("organization", week, &ids, now.as_millisecond())
                .await?;
            found.extend(some.into_iter().map(|d| (d.scope_id.clone(), d)));
        }
        Ok(found)
    }

    /// What happens at a cut-off (DESIGN 2.3, 2.4).
    fn stage(&self, cut: &Cut, decision: Option<&Decision>, now: Timestamp) -> Stage {
        let decided = decision.map(|d| d.decision.as_str());
        if cut.organization.status == "paused" {
            Stage::Paused
        } else if self.is_too_late(cut.at, now) {
            Stage::TooLate
        } else if matches!(decided, Some("skip" | "cancel")) {
            Stage::Skip
        } else if cut.organization.review == "required" && decided != Some("approve") {
            Stage::Hold
        } else {
            Stage::Send
        }
    }

    /// One organization's editions and deliveries.
    fn plan_one(
        &self,
        cut: &Cut,
        snapshot: &Snapshot,
        subscribers: &[Subscriber],
        stage: Stage,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<Planned, EngineError> {
        match stage {
            Stage::Send => {
                let planned = self.send(cut, snapshot, subscribers, now)?;
                report.frozen += planned.editions.len();
                Ok(planned)
            }
            Stage::Hold => {
                report.held += 1;
                let composed = self.leader(cut, snapshot, now)?;
                let edition = edition(cut, "leader", &composed, "held", None, now);
                self.without_edition(cut, edition, subscribers, now, |_| Fate::Held)
            }
            Stage::Skip => {
                let edition = unmade(cut, "skipped", "skipped in review", now);
                self.without_edition(cut, edition, subscribers, now, |_| Fate::Skipped("review"))
            }
            Stage::Paused => {
                let edition = unmade(cut, "skipped", "the organization is paused", now);
                let fate = |_: &Subscriber| Fate::Skipped("organization_paused");
                self.without_edition(cut, edition, subscribers, now, fate)
            }
            Stage::TooLate => {
                report.expired += 1;
                let edition = unmade(cut, "expired", "the cut-off was missed", now);
                self.without_edition(cut, edition, subscribers, now, |_| Fate::Expired)
            }
        }
    }

    /// A week in which nothing is sent now: one edition row, and one delivery row for everybody.
    fn without_edition(
        &self,
        cut: &Cut,
        edition: NewEdition,
        subscribers: &[Subscriber],
        now: Timestamp,
        fate: impl Fn(&Subscriber) -> Fate,
    ) -> Result<Planned, EngineError> {
        let mut planned = Planned {
            editions: vec![edition],
            ..Planned::default()
        };
        for subscriber in subscribers {
            let zone = self.zone_of(subscriber, &cut.zone)?;
            let window = window(subscriber, cut.at, &zone, Some(self.default_slot()));
            let fate = match skip_reason(subscriber, window, &zone, false) {
                Some(reason) => Fate::Skipped(reason),
                None => fate(subscriber),
            };
            planned
                .deliveries
                .push(self.delivery(subscriber, &cut.week, window, fate, now)?);
        }
        Ok(planned)
    }

    /// Freezes the editions that somebody gets, the leader's always, and queues everybody's.
    pub(in crate::engine) fn send(
        &self,
        cut: &Cut,
        snapshot: &Snapshot,
        subscribers: &[Subscriber],
        now: Timestamp,
    ) -> Result<Planned, EngineError> {
        let composed = self.leader(cut, snapshot, now)?;
        let facts = &composed.facts;
        let quiet = facts.week.quiet;
        let mut planned = Planned::default();
        let mut ids: HashMap<String, String> = HashMap::new();
        let first = edition(cut, "leader", &composed, "frozen", None, now);
        planned.points = points(snapshot, facts, &first.id);
        ids.insert(first.variant.clone(), first.id.clone());
        planned.editions.push(first);
        for subscriber in subscribers {
            let zone = self.zone_of(subscriber, &cut.zone)?;
            let window = window(subscriber, cut.at, &zone, Some(self.default_slot()));
            let mut fate = skip_reason(subscriber, window, &zone, quiet).map(Fate::Skipped);
            if fate.is_none() && subscriber.role == Role::Owner.as_str() {
                fate = self
                    .owner_edition(cut, facts, subscriber, now, &mut planned, &mut ids)?
                    .map_or(Some(Fate::Skipped("no_open_gaps")), |id| {
                        Some(Fate::Queued(id))
                    });
            }
            let fate = match fate {
                Some(fate) => fate,
                None => {
                    let short = quiet && subscriber.quiet == QuietChoice::Line.as_str();
                    Fate::Queued(self.leader_variant(
                        cut,
                        facts,
                        short,
                        now,
                        &mut planned,
                        &mut ids,
                    )?)
                }
            };
            planned
                .deliveries
                .push(self.delivery(subscriber, &cut.week, window, fate, now)?);
        }
        Ok(planned)
    }

    /// The id of the leader edition in full or in one line, made when first wanted.
    fn leader_variant(
        &self,
        cut: &Cut,
        facts: &Facts,
        short: bool,
        now: Timestamp,
        planned: &mut Planned,
        ids: &mut HashMap<String, String>,
    ) -> Result<String, EngineError> {
        let variant = if short {
            format!("line-{LOCALE}")
        } else {
            format!("full-{LOCALE}")
        };
        if let Some(id) = ids.get(&variant) {
            return Ok(id.clone());
        }
        let composed = self.compose_line(facts, &variant, now)?;
        let made = edition(cut, "leader", &composed, "frozen", None, now);
        let id = made.id.clone();
        ids.insert(variant, id.clone());
        planned.editions.push(made);
        Ok(id)
    }

    /// The id of an owner's edition; none where nothing open is theirs.
    fn owner_edition(
        &self,
        cut: &Cut,
        facts: &Facts,
        subscriber: &Subscriber,
        now: Timestamp,
        planned: &mut Planned,
        ids: &mut HashMap<String, String>,
    ) -> Result<Option<String>, EngineError> {
        let variant = format!("full-{LOCALE}-{}", subscriber.person_id);
        if let Some(id) = ids.get(&variant) {
            return Ok(Some(id.clone()));
        }
        let Some(composed) = self.compose_owner(facts, &subscriber.name, &variant, now)? else {
            return Ok(None);
        };
        let made = edition(cut, "owner", &composed, "frozen", None, now);
        let id = made.id.clone();
        ids.insert(variant, id.clone());
        planned.editions.push(made);
        Ok(Some(id))
    }

    /// The leader edition of a cut.
    pub(in crate::engine) fn leader(
        &self,
        cut: &Cut,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Composed, EngineError> {
        let facts = self.facts_of(snapshot, &cut.zone, cut.at, cut.as_of);
        self.compose_leader(facts, now)
    }

    /// The person's own zone, else the organization's.
    pub(super) fn zone_of(
        &self,
        subscriber: &Subscriber,
        fallback: &TimeZone,
    ) -> Result<TimeZone, EngineError> {
        match &subscriber.time_zone {
            Some(name) => self.zones.get(name),
            None => Ok(fallback.clone()),
        }
    }

    /// The slot of a subscription that names none.
    pub(super) const fn default_slot(&self) -> Slot {
        self.settings.schedule.send.slot
    }
}

/// An organization exists from its earliest event (DESIGN 2.1).
fn exists(snapshot: &Snapshot) -> bool {
    !snapshot.looks.is_empty()
        || snapshot.gaps.iter().any(|g| !g.events.is_empty())
        || snapshot
            .implementations
            .iter()
            .any(|i| !i.events.is_empty())
}

/// An edition row with what it says.
pub(in crate::engine) fn edition(
    cut: &Cut,
    kind: &'static str,
    composed: &Composed,
    state: &'static str,
    corrects: Option<String>,
    now: Timestamp,
) -> NewEdition {
    NewEdition {
        id: new_id(),
        scope_kind: "organization",
        scope_id: cut.organization.id.clone(),
        iso_week: cut.week.clone(),
        kind,
        variant: composed.variant.clone(),
        state,
        cut_off_at: cut.at.as_millisecond(),
        as_of: cut.as_of.to_string(),
        body: Some(composed.body.clone()),
        reason: None,
        at: now.as_millisecond(),
        corrects,
    }
}

/// An edition row of a week in which none was made.
pub(in crate::engine) fn unmade(
    cut: &Cut,
    state: &'static str,
    reason: &str,
    now: Timestamp,
) -> NewEdition {
    NewEdition {
        id: new_id(),
        scope_kind: "organization",
        scope_id: cut.organization.id.clone(),
        iso_week: cut.week.clone(),
        kind: "leader",
        variant: format!("full-{LOCALE}"),
        state,
        cut_off_at: cut.at.as_millisecond(),
        as_of: cut.as_of.to_string(),
        body: None,
        reason: Some(reason.to_owned()),
        at: now.as_millisecond(),
        corrects: None,
    }
}

/// The weekly points that an edition reports (its own day) and restates (the days before).
fn points(snapshot: &Snapshot, facts: &Facts, edition: &str) -> Vec<NewPoint> {
    let mut out = Vec::new();
    for told in &facts.implementations {
        let Some(known) = snapshot
            .implementations
            .iter()
            .find(|i| i.slug == told.slug)
        else {
            continue;
        };
        for point in &told.points {
            let own = point.as_of == facts.edition.as_of;
            out.push(NewPoint {
                implementation_id: known.id.clone(),
                as_of: point.as_of.to_string(),
                score_reported: own.then_some(point.score_milli),
                score_restated: point.score_milli,
                load_restated: point.load_milli,
                coverage_bp: point.coverage_bp,
                edition_id: own.then(|| edition.to_owned()),
            });
        }
    }
    out
}
