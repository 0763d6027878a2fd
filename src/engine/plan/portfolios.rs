//! Consultants: one portfolio over all linked clients, before the clients' own cut-offs (DESIGN 1).

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::domain::time::iso_week;
use crate::engine::compose::LOCALE;
use crate::engine::nudges::draft;
use crate::engine::{Engine, EngineError};
use crate::store::deliveries::NewDelivery;
use crate::store::due::Subscriber;
use crate::store::editions::{Body, NewEdition};
use crate::store::nudges::NewNudge;

use super::portfolio_cut::PortfolioCut;
use super::slots::{Window, skip_reason};
use super::{Fate, PlanReport, Planned, Rows};

/// Portfolios planned in one round.
const BATCH: i64 = 64;

impl Engine {
    /// Plans every portfolio whose cut-off has come.
    pub(super) async fn plan_portfolios(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut after = String::new();
        let at = now.as_millisecond();
        // A portfolio's latest cut-off is never older than this.
        let gone_since = (now - SignedDuration::from_hours(15 * 24)).as_millisecond();
        loop {
            let due = self.db.consultants_due(at, &after, gone_since, BATCH);
            let due = due.await?;
            let Some(last) = due.last() else {
                return Ok(());
            };
            after.clone_from(&last.id);
            let ids: Vec<String> = due.iter().map(|s| s.person_id.clone()).collect();
            let mut clients = self.clients_of(&ids, now).await?;
            let stopped = self.stopped_texts().await?;
            for subscriber in due {
                let own = clients.remove(&subscriber.person_id).unwrap_or_default();
                match self.plan_portfolio(&subscriber, (&own, &stopped), now, report).await {
                    Ok(()) => {}
                    Err(error) if error.is_away() => return Err(error),
                    Err(error) => report.fail("portfolio", &subscriber.id, &error),
                }
            }
        }
    }

    /// The clients of some consultants at an instant.
    pub(in crate::engine) async fn clients_of(
        &self,
        consultants: &[String],
        at: Timestamp,
    ) -> Result<HashMap<String, Vec<String>>, EngineError> {
        let mut clients: HashMap<String, Vec<String>> = HashMap::new();
        let links = self.db.clients(consultants, at.as_millisecond()).await?;
        for link in links {
            let own = clients.entry(link.person_id).or_default();
            own.push(link.organization_id);
        }
        Ok(clients)
    }

    async fn plan_portfolio(
        &self,
        subscriber: &Subscriber,
        (client_ids, stopped): (&[String], &[String]),
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
        let at = cut.at.as_millisecond();
        let left = [subscriber.unsubscribed_at, subscriber.ended_at];
        if subscriber.confirmed_at > at || left.into_iter().flatten().any(|gone| gone <= at) {
            return Ok(());
        }
        let next = cut.slot.next_after(cut.at, &cut.zone);
        let claim = (subscriber, next.as_millisecond());
        let is_moved = subscriber.next_due_at.is_some_and(|due| due > at);
        let until = now.as_millisecond();
        if is_moved && self.db.portfolio_stands(&subscriber.person_id, at, until).await? {
            // The slot was moved back from one that has had its portfolio: nothing older follows it.
            return self.pass_portfolio(claim).await;
        }
        let as_of = self.portfolio_day(&cut);
        let week = iso_week(as_of);
        let late = self.is_missed(cut.at, subscriber.next_due_at, now).await?;
        let (mut body, mut nudges) = (None, Vec::new());
        if !late {
            let person = &subscriber.person_id;
            let of = (person.as_str(), subscriber.name.as_str());
            let portfolio = self.portfolio_at(of, (client_ids, stopped), cut.at, as_of).await?;
            nudges = draft::rows(person, &portfolio, &week, now);
            let brand = self.db.brand_of(person, cut.at).await?;
            body = Some(self.compose_portfolio(&portfolio.facts, person, &brand)?);
        }
        let edition = edition(subscriber, &week, &cut, as_of, body, now);
        let window = Window { send_at: cut.at, expires_at: next };
        let fate = match skip_reason(subscriber, window, &cut.zone, false) {
            Some(reason) => Fate::Skipped(reason),
            None if late => Fate::Expired,
            None => Fate::Queued(edition.id.clone()),
        };
        let delivery = self.delivery(subscriber, &week, window, fate, now)?;
        self.write_portfolio(claim, edition, (delivery, nudges), now, report).await
    }

    /// Moves on to the next cut-off.
    async fn pass_portfolio(
        &self,
        (subscriber, next): (&Subscriber, i64),
    ) -> Result<(), EngineError> {
        let mut tx = self.db.begin().await?;
        tx.claim_portfolio(&subscriber.id, next, subscriber.next_due_at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes a portfolio unless somebody else did; a week that stands already stays as it is.
    async fn write_portfolio(
        &self,
        (subscriber, next): (&Subscriber, i64),
        edition: NewEdition,
        (delivery, nudges): (NewDelivery, Vec<NewNudge>),
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let (id, state) = (edition.id.clone(), edition.state);
        let week = edition.iso_week.clone();
        let mut tx = self.db.begin().await?;
        let read = subscriber.next_due_at;
        if tx.claim_portfolio(&subscriber.id, next, read).await? {
            let mut rows = Rows::default();
            tx.write_edition_rows(&[edition], &mut rows).await?;
            if rows.of(&id).is_some() {
                let planned = Planned { deliveries: vec![delivery], ..Planned::default() };
                report.deliveries += tx.write_plan(planned, &mut rows).await?;
                tx.draft_nudges(&nudges).await?;
                tx.open_run(&week, now.as_millisecond()).await?;
                report.count(Some(state));
                report.weeks.insert(week);
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The row of a portfolio; without a body it was missed.
fn edition(
    subscriber: &Subscriber,
    week: &str,
    cut: &PortfolioCut,
    as_of: Date,
    body: Option<Body>,
    now: Timestamp,
) -> NewEdition {
    let missed = body.is_none();
    NewEdition {
        id: new_id(),
        scope_kind: "consultant",
        scope_id: subscriber.person_id.clone(),
        iso_week: week.to_owned(),
        kind: "portfolio",
        variant: format!("full-{LOCALE}"),
        state: if missed { "expired" } else { "frozen" },
        cut_off_at: cut.at.as_millisecond(),
        as_of: as_of.to_string(),
        body,
        reason: missed.then(|| "the cut-off was missed".to_owned()),
        at: now.as_millisecond(),
        corrects: None,
        approved: None,
    }
}
