//! One organization's week in the making: its editions, and what each subscription gets of them.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::brand::Consultant;
use crate::domain::codes::{QuietChoice, Role};
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::engine::compose::{Composed, LOCALE, READERS};
use crate::engine::{Engine, EngineError};
use crate::store::deliveries::NewDelivery;
use crate::store::due::Subscriber;
use crate::store::editions::{Decision, NewEdition};
use crate::store::points::NewPoint;

use super::Fate;
use super::cut::{Cut, Stage};
use super::heard::Heard;
use super::rows::{edition, points, unmade};
use super::slots::{skip_reason, window};

/// The first edition of an organization's week with what the others are made from.
#[derive(Debug)]
pub(in crate::engine) struct Desk<'a> {
    pub cut: &'a Cut,
    stage: Stage,
    /// The leader's facts, where something is sent.
    facts: Option<Facts>,
    approved: Option<(String, i64)>,
    /// In whose name it comes.
    consultant: Option<Consultant>,
    /// What was decided and noted when it was made.
    pub heard: Heard,
    /// Planned ids of the editions made so far, by kind and variant.
    made: HashMap<(&'static str, String), String>,
    /// Editions made and not yet written.
    pub editions: Vec<NewEdition>,
    /// Points not yet written.
    pub points: Vec<NewPoint>,
    /// Planned id of the leader's edition.
    pub first: String,
}

impl Engine {
    /// Makes the leader's edition of a week, or the row that says why there is none.
    pub(in crate::engine) fn desk<'a>(
        &self,
        cut: &'a Cut,
        snapshot: &Snapshot,
        stage: Stage,
        decision: Option<&Decision>,
        now: Timestamp,
    ) -> Result<Desk<'a>, EngineError> {
        let mut desk = Desk::new(cut, stage, decision);
        desk.consultant.clone_from(&snapshot.consultant);
        desk.heard = Heard::of(decision, snapshot.note.as_ref());
        let (edition, facts) = match stage {
            Stage::Send | Stage::Hold => {
                let facts = self.facts_of(snapshot, &cut.zone, cut.at, cut.as_of);
                let composed = self.compose_leader(facts, desk.consultant.as_ref())?;
                let state = if stage == Stage::Send { "frozen" } else { "held" };
                let edition = desk.edition("leader", &composed, state, now);
                (edition, Some(composed.facts))
            }
            Stage::Skip => {
                let why = desk.why_skipped(decision);
                (unmade(cut, "skipped", &why, now), None)
            }
            Stage::Paused => {
                let why = "the organization is paused";
                (unmade(cut, "skipped", why, now), None)
            }
            Stage::TooLate => {
                let why = "the cut-off was missed";
                (unmade(cut, "expired", why, now), None)
            }
        };
        desk.first.clone_from(&edition.id);
        desk.made.insert(("leader", edition.variant.clone()), edition.id.clone());
        if let (Stage::Send, Some(facts)) = (stage, &facts) {
            desk.points = points(snapshot, facts, &edition.id);
        }
        desk.editions.push(edition);
        desk.facts = facts;
        Ok(desk)
    }

    /// What a subscription gets, with the edition made when the first one wants it.
    pub(in crate::engine) fn place(
        &self,
        desk: &mut Desk<'_>,
        subscriber: &Subscriber,
        now: Timestamp,
    ) -> Result<NewDelivery, EngineError> {
        let zone = self.zone_of(subscriber, &desk.cut.zone);
        let slot = Some(self.settings.schedule.send.slot);
        let window = window(subscriber, desk.cut.at, &zone, slot);
        let quiet = desk.stage == Stage::Send && desk.facts.as_ref().is_some_and(|f| f.week.quiet);
        let fate = match skip_reason(subscriber, window, &zone, quiet) {
            Some(reason) => Fate::Skipped(reason),
            None => match desk.stage {
                Stage::Send => self.edition_for(desk, subscriber, quiet, now)?,
                Stage::Hold => Fate::Held,
                Stage::Skip => Fate::Skipped("review"),
                Stage::Paused => Fate::Skipped("organization_paused"),
                Stage::TooLate => Fate::Expired,
            },
        };
        self.delivery(subscriber, &desk.cut.week, window, fate, now)
    }

    fn edition_for(
        &self,
        desk: &mut Desk<'_>,
        subscriber: &Subscriber,
        quiet: bool,
        now: Timestamp,
    ) -> Result<Fate, EngineError> {
        let Some(facts) = &desk.facts else {
            return Ok(Fate::Skipped("review"));
        };
        let (kind, variant) = if subscriber.role == Role::Owner.as_str() {
            ("owner", format!("full-{LOCALE}-{}", subscriber.person_id))
        } else {
            let is_line = quiet && subscriber.quiet == QuietChoice::Line.as_str();
            let form = if is_line { "line" } else { "full" };
            let of = if subscriber.role == Role::Reader.as_str() { READERS } else { "" };
            ("leader", format!("{form}-{LOCALE}{of}"))
        };
        if let Some(id) = desk.made.get(&(kind, variant.clone())) {
            return Ok(Fate::Queued(id.clone()));
        }
        let composed = if kind == "owner" {
            self.compose_owner(facts, &subscriber.name, &variant, desk.consultant.as_ref())?
        } else {
            Some(self.compose_variant(facts, &variant, desk.consultant.as_ref())?)
        };
        let Some(composed) = composed else {
            return Ok(Fate::Skipped("no_open_gaps"));
        };
        let made = desk.edition(kind, &composed, "frozen", now);
        let id = made.id.clone();
        desk.made.insert((kind, variant), id.clone());
        desk.editions.push(made);
        Ok(Fate::Queued(id))
    }
}

impl<'a> Desk<'a> {
    fn new(cut: &'a Cut, stage: Stage, decision: Option<&Decision>) -> Self {
        let approval = decision.filter(|d| d.decision == "approve");
        Self {
            cut,
            stage,
            facts: None,
            approved: approval.map(|d| (d.actor.clone(), d.decided_at)),
            consultant: None,
            heard: Heard::default(),
            made: HashMap::new(),
            editions: Vec::new(),
            points: Vec::new(),
            first: String::new(),
        }
    }

    fn edition(
        &self,
        kind: &'static str,
        composed: &Composed,
        state: &'static str,
        now: Timestamp,
    ) -> NewEdition {
        NewEdition {
            approved: self.approved.clone(),
            ..edition(self.cut, kind, composed, state, None, now)
        }
    }

    fn why_skipped(&self, decision: Option<&Decision>) -> String {
        let by = decision.map_or("review", |d| d.actor.as_str());
        match decision.and_then(|d| d.reason.as_deref()) {
            Some(why) => format!("skipped by {by}: {why}"),
            None => format!("skipped by {by}"),
        }
    }
}
