//! Consultants: one portfolio over all linked clients, before the clients' own cut-offs (DESIGN 1).

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::domain::codes::Role;
use crate::domain::time::{Slot, date_of, iso_week};
use crate::engine::compose::LOCALE;
use crate::engine::{Engine, EngineError};
use crate::store::due::{DueOrganization, Subscriber};
use crate::store::editions::NewEdition;

use super::slots::{Window, skip_reason};
use super::{Fate, PlanReport, Planned};

/// Portfolios planned in one round.
const BATCH: i64 = 64;

/// A consultant's latest cut-off.
#[derive(Debug, Clone)]
pub(in crate::engine) struct PortfolioCut {
    pub at: Timestamp,
    pub slot: LedSlot,
    pub zone: TimeZone,
}

/// A slot, or the hours before somebody else's.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct LedSlot {
    slot: Slot,
    lead: SignedDuration,
}

impl LedSlot {
    fn latest(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        self.slot.latest(now + self.lead, zone).0 - self.lead
    }

    fn next_after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        self.slot.next_after(at + self.lead, zone) - self.lead
    }

    /// The occurrence before one.
    pub fn before(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        self.latest(at - SignedDuration::from_secs(1), zone)
    }
}

impl Engine {
    /// How long before the clients' cut-offs a portfolio is made.
    pub(in crate::engine) fn portfolio_lead(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.settings.schedule.portfolio_lead_hours))
    }

    /// The latest cut-off at or before `now`: the consultant's own slot, else a fixed lead before the
    /// client whose cut-off comes first in the week. None without a client or a slot.
    pub(in crate::engine) fn portfolio_cut(
        &self,
        own: Option<(i64, i64)>,
        own_zone: Option<&str>,
        clients: &[(Slot, TimeZone)],
        now: Timestamp,
    ) -> Result<Option<PortfolioCut>, EngineError> {
        let first = clients.iter().min_by_key(|(slot, zone)| {
            // Any one week orders them; the latest cut-offs at one instant differ by their week.
            slot.minutes_into_week(zone, now)
        });
        let Some((client_slot, client_zone)) = first else {
            return Ok(None);
        };
        let zone = match own_zone {
            Some(name) => self.zones.get(name)?,
            None => client_zone.clone(),
        };
        if let Some(slot) = own.and_then(|(day, hour)| Slot::new(day, hour)) {
            let slot = LedSlot {
                slot,
                lead: SignedDuration::ZERO,
            };
            return Ok(Some(PortfolioCut {
                at: slot.latest(now, &zone),
                slot,
                zone,
            }));
        }
        let slot = LedSlot {
            slot: *client_slot,
            lead: self.portfolio_lead(),
        };
        let at = slot.latest(now, client_zone);
        Ok(Some(PortfolioCut {
            at,
            slot,
            zone: client_zone.clone(),
        }))
    }

    /// Plans every portfolio whose cut-off has come.
    pub(super) async fn plan_portfolios(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut after = String::new();
        loop {
            let role = Role::Consultant.as_str();
            let some = self
                .db
                .subscribers_apart(role, now.as_millisecond(), &after, BATCH)
                .await?;
            let Some(last) = some.last() else {
                return Ok(());
            };
            after.clone_from(&last.id);
            let due: Vec<Subscriber> = some
                .into_iter()
                .filter(|s| s.next_due_at.is_none_or(|at| at <= now.as_millisecond()))
                .collect();
            let ids: Vec<String> = due.iter().map(|s| s.person_id.clone()).collect();
            let mut clients: HashMap<String, Vec<String>> = HashMap::new();
            for link in self.db.clients(&ids, now.as_millisecond()).await? {
                clients
                    .entry(link.person_id)
                    .or_default()
                    .push(link.organization_id);
            }
            for subscriber in due {
                let ids = clients.remove(&subscriber.person_id).unwrap_or_default();
                self.plan_portfolio(&subscriber, &ids, now, report).await?;
            }
        }
    }

    async fn plan_portfolio(
        &self,
        subscriber: &Subscriber,
        client_ids: &[String],
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let organizations = self.db.organizations_named(client_ids).await?;
        let slots = self.slots_of(&organizations)?;
        let own = subscriber.weekday.zip(subscriber.hour);
        let zone = subscriber.time_zone.as_deref();
        let Some(cut) = self.portfolio_cut(own, zone, &slots, now)? else {
            return Ok(());
        };
        if subscriber.confirmed_at > cut.at.as_millisecond() {
            return Ok(());
        }
        let as_of = date_of(cut.at + self.portfolio_lead(), &cut.zone);
        let week = iso_week(as_of);
        let next = cut.slot.next_after(cut.at, &cut.zone);
        let window = Window {
            send_at: cut.at,
            expires_at: next,
        };
        let mut edition = NewEdition {
            id: new_id(),
            scope_kind: "consultant",
            scope_id: subscriber.person_id.clone(),
            iso_week: week.clone(),
            kind: "portfolio",
            variant: format!("full-{LOCALE}"),
            state: "frozen",
            cut_off_at: cut.at.as_millisecond(),
            as_of: as_of.to_string(),
            body: None,
            reason: None,
            at: now.as_millisecond(),
            corrects: None,
        };
        let fate = if self.is_too_late(cut.at, now) {
            edition.state = "expired";
            edition.reason = Some("the cut-off was missed".to_owned());
            report.expired += 1;
            Fate::Expired
        } else {
            let (person, name) = (&subscriber.person_id, &subscriber.name);
            let facts = self
                .portfolio_facts(person, name, client_ids, cut.at, as_of)
                .await?;
            edition.body = Some(self.compose_portfolio(&facts, &subscriber.person_id, now)?);
            report.frozen += 1;
            match skip_reason(subscriber, window, &cut.zone, false) {
                Some(reason) => Fate::Skipped(reason),
                None => Fate::Queued(edition.id.clone()),
            }
        };
        let delivery = self.delivery(subscriber, &week, window, fate, now)?;
        let mut tx = self.db.begin().await?;
        let read = subscriber.next_due_at;
        if tx
            .claim_portfolio(&subscriber.id, next.as_millisecond(), read)
            .await?
        {
            tx.open_run(&week, now.as_millisecond()).await?;
            let planned = Planned {
                editions: vec![edition],
                deliveries: vec![delivery],
                points: Vec::new(),
            };
            report.deliveries += tx.write_plan(planned).await?;
            report.weeks.insert(week);
        }
        tx.commit().await?;
        Ok(())
    }

    pub(in crate::engine) fn slots_of(
        &self,
        organizations: &[DueOrganization],
    ) -> Result<Vec<(Slot, TimeZone)>, EngineError> {
        let mut slots = Vec::with_capacity(organizations.len());
        for organization in organizations {
            let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour);
            if let Some(slot) = slot {
                slots.push((slot, self.zones.get(&organization.time_zone)?));
            }
        }
        Ok(slots)
    }
}
