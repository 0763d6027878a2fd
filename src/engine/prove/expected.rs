//! What a week is expected to have sent: counted from the subscriptions, never from the outbox.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::codes::Role;
use crate::domain::time::iso_week;
use crate::engine::{Engine, EngineError};
use crate::store::due::DueOrganization;
use crate::store::runs::Consultant;

/// Organizations held in memory at once.
const ORGANIZATIONS: i64 = 1_000;
/// Consultants held in memory at once, with all their clients.
const CONSULTANTS: i64 = 200;

impl Engine {
    /// Subscriptions whose cut-off of this week has come, and that were active and confirmed then.
    ///
    /// Where an edition stands for the week, its cut-off counts: the slot may have been moved since.
    /// Where none does, the slot's own occurrence counts, as long as nobody has planned past it.
    /// What stands is counted by the database, what does not page by page.
    pub(super) async fn expected(&self, week: &str, now: Timestamp) -> Result<i64, EngineError> {
        let at = now.as_millisecond();
        let planned = self.db.count_planned(week, at).await?;
        let unplanned = self.unplanned_organizations(week, now).await?;
        let portfolios = self.unplanned_portfolios(week, now).await?;
        let public = match self.db.planned_public_cut(week, at).await? {
            Some(cut) => Some(cut),
            None => self.unplanned_public(week, now)?,
        };
        let public = match public {
            Some(cut) => self.db.count_apart(Role::Public.as_str(), cut).await?,
            None => 0,
        };
        Ok(planned + unplanned + portfolios + public)
    }

    /// Subscriptions to organizations that existed at their cut-off of a week and for which nothing
    /// stands.
    async fn unplanned_organizations(
        &self,
        week: &str,
        now: Timestamp,
    ) -> Result<i64, EngineError> {
        let (mut total, mut after) = (0, String::new());
        let at = now.as_millisecond();
        loop {
            let page = self.db.organizations_unplanned(week, at, &after, ORGANIZATIONS).await?;
            let Some(last) = page.last() else {
                return Ok(total);
            };
            after.clone_from(&last.id);
            let cut = |o: &DueOrganization| Some((o.id.clone(), self.unplanned_cut(o, week, now)?));
            let mut missed: Vec<(String, i64)> = page.iter().filter_map(cut).collect();
            if missed.is_empty() {
                continue;
            }
            let ids: Vec<String> = missed.iter().map(|(id, _)| id.clone()).collect();
            let firsts: HashMap<String, i64> =
                self.db.first_records(&ids).await?.into_iter().collect();
            missed.retain(|(id, cut)| firsts.get(id).is_some_and(|first| first <= cut));
            total += self.db.count_subscribed(&missed).await?;
        }
    }

    /// The same for portfolios.
    async fn unplanned_portfolios(&self, week: &str, now: Timestamp) -> Result<i64, EngineError> {
        let (mut total, mut after) = (0, String::new());
        let at = now.as_millisecond();
        loop {
            let page = self.db.consultants_unplanned(week, at, &after, CONSULTANTS).await?;
            let Some(last) = page.last() else {
                return Ok(total);
            };
            after.clone_from(&last.id);
            let ids: Vec<String> = page.iter().map(|c| c.person_id.clone()).collect();
            let clients = self.clients_of(&ids, now).await?;
            let mut named: Vec<String> = clients.values().flatten().cloned().collect();
            named.sort_unstable();
            named.dedup();
            let organizations = self.db.organizations_named(&named).await?;
            for consultant in &page {
                let own = clients.get(&consultant.person_id).map_or(&[][..], Vec::as_slice);
                let own = organizations.iter().filter(|o| own.contains(&o.id));
                let cut = self.unplanned_portfolio(own, consultant, week, now)?;
                total += i64::from(cut.is_some_and(|cut| in_force(consultant, cut)));
            }
        }
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
    fn unplanned_portfolio<'a>(
        &self,
        clients: impl Iterator<Item = &'a DueOrganization>,
        consultant: &Consultant,
        week: &str,
        now: Timestamp,
    ) -> Result<Option<i64>, EngineError> {
        let slots: Vec<_> = clients.filter_map(|o| self.slot_of(o).ok()).collect();
        let zone = consultant.time_zone.as_deref();
        let own = consultant.weekday.zip(consultant.hour);
        let Some(cut) = self.portfolio_cut(own, zone, &slots, now)? else {
            return Ok(None);
        };
        let is_week = iso_week(self.portfolio_day(&cut)) == week;
        Ok(is_week.then_some(cut.at.as_millisecond()))
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
