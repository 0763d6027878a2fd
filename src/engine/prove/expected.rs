//! What a week is expected to have sent: counted from the subscriptions, never from the outbox.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::codes::Role;
use crate::domain::time::iso_week;
use crate::engine::{Engine, EngineError};
use crate::store::due::DueOrganization;
use crate::store::runs::Consultant;

/// What is known when weeks are counted.
pub(super) struct Ledger {
    organizations: Vec<DueOrganization>,
    consultants: Vec<Consultant>,
    clients: HashMap<String, Vec<String>>,
}

/// The cut-offs that were planned in one week, by scope.
#[derive(Default)]
struct Planned {
    organizations: HashMap<String, i64>,
    consultants: HashMap<String, i64>,
    public: Option<i64>,
}

impl Engine {
    pub(super) async fn ledger(&self, now: Timestamp) -> Result<Ledger, EngineError> {
        let organizations = self.db.organizations_all().await?;
        let consultants = self.db.consultants(now.as_millisecond()).await?;
        let ids: Vec<String> = consultants.iter().map(|c| c.person_id.clone()).collect();
        let clients = self.clients_of(&ids, now).await?;
        Ok(Ledger { organizations, consultants, clients })
    }

    /// Subscriptions whose cut-off of this week has come, and that were active and confirmed then.
    ///
    /// Where an edition stands for the week, its cut-off counts: the slot may have been moved since.
    /// Where none does, the slot's own occurrence counts, as long as nobody has planned past it.
    pub(super) async fn expected(
        &self,
        ledger: &Ledger,
        week: &str,
        now: Timestamp,
    ) -> Result<i64, EngineError> {
        let planned = self.planned(week, now).await?;
        let mut cuts: Vec<(String, i64)> = Vec::new();
        let mut missed: Vec<(String, i64)> = Vec::new();
        for organization in &ledger.organizations {
            if !planned.organizations.contains_key(&organization.id) {
                let cut = self.unplanned_cut(organization, week, now);
                missed.extend(cut.map(|cut| (organization.id.clone(), cut)));
            }
        }
        if !missed.is_empty() {
            let ids: Vec<String> = missed.iter().map(|(id, _)| id.clone()).collect();
            let firsts = self.db.first_records(&ids).await?;
            let firsts: HashMap<String, i64> = firsts.into_iter().collect();
            missed.retain(|(id, cut)| firsts.get(id).is_some_and(|first| first <= cut));
            cuts.append(&mut missed);
        }
        cuts.extend(planned.organizations.iter().map(|(id, cut)| (id.clone(), *cut)));
        let mut expected = self.db.count_subscribed(&cuts).await?;
        for consultant in &ledger.consultants {
            let cut = match planned.consultants.get(&consultant.person_id) {
                Some(cut) => Some(*cut),
                None => self.unplanned_portfolio(ledger, consultant, week, now)?,
            };
            expected += i64::from(cut.is_some_and(|cut| in_force(consultant, cut)));
        }
        let public = match planned.public {
            Some(cut) => Some(cut),
            None => self.unplanned_public(week, now)?,
        };
        if let Some(cut) = public {
            expected += self.db.count_apart(Role::Public.as_str(), cut).await?;
        }
        Ok(expected)
    }

    async fn planned(&self, week: &str, now: Timestamp) -> Result<Planned, EngineError> {
        let mut planned = Planned::default();
        for row in self.db.planned_cuts(week).await? {
            if row.cut_off_at > now.as_millisecond() {
                continue;
            }
            match row.scope_kind.as_str() {
                "organization" => {
                    planned.organizations.insert(row.scope_id, row.cut_off_at);
                }
                "consultant" => {
                    planned.consultants.insert(row.scope_id, row.cut_off_at);
                }
                _ => planned.public = Some(row.cut_off_at),
            }
        }
        Ok(planned)
    }

    /// The cut-off of an organization in a week for which no edition stands.
    fn unplanned_cut(
        &self,
        organization: &DueOrganization,
        week: &str,
        now: Timestamp,
    ) -> Option<i64> {
        let (slot, zone) = self.slot_of(organization).ok()?;
        let cut = slot.in_week(week, &zone).filter(|cut| *cut <= now)?;
        let next = organization.next_due_at;
        let waits = next.is_some_and(|due| due <= cut.as_millisecond());
        // A cut-off that was moved on from a later week has nothing to catch up on.
        let follows = slot.next_after(cut, &zone).as_millisecond();
        let is_latest = slot.latest(now, &zone).0 == cut && next.is_none_or(|due| due <= follows);
        (waits || is_latest).then_some(cut.as_millisecond())
    }

    /// The same for a consultant's portfolio; none without a client.
    fn unplanned_portfolio(
        &self,
        ledger: &Ledger,
        consultant: &Consultant,
        week: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, EngineError> {
        let Some(clients) = ledger.clients.get(&consultant.person_id) else {
            return Ok(None);
        };
        let own_clients = ledger.organizations.iter().filter(|o| clients.contains(&o.id));
        let slots: Vec<_> = own_clients.filter_map(|o| self.slot_of(o).ok()).collect();
        let zone = consultant.time_zone.as_deref();
        let own = consultant.weekday.zip(consultant.hour);
        let Some(cut) = self.portfolio_cut(own, zone, &slots, now)? else {
            return Ok(None);
        };
        let due = consultant.next_due_at;
        let open = due.is_none_or(|due| due <= now.as_millisecond());
        let is_week = iso_week(self.portfolio_day(&cut)) == week;
        Ok((open && is_week).then_some(cut.at.as_millisecond()))
    }

    /// The same for the public edition.
    fn unplanned_public(&self, week: &str, now: Timestamp) -> Result<Option<i64>, EngineError> {
        let (cut, of) = self.public_cut(now)?;
        let there_are_issues = !self.content.issues.is_empty();
        Ok((there_are_issues && of == week).then_some(cut.as_millisecond()))
    }
}

/// Whether a portfolio was confirmed and not left at its cut-off.
fn in_force(consultant: &Consultant, cut: i64) -> bool {
    let left = [consultant.unsubscribed_at, consultant.ended_at];
    consultant.confirmed_at <= cut && left.into_iter().flatten().all(|gone| gone > cut)
}
