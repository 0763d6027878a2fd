//! Recipient domains that turn mail away: counted in a row, left alone, and tried with one mail
//! (DESIGN 2.5).
//!
//! What is not open yet is counted in memory, across rounds and workers of one process; what is open
//! stands in the table.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::breaker::{Breaker, Cause, IN_A_ROW, Kind};
use super::keeper::Keeper;
use crate::domain::insight::fnv1a64;
use crate::store::StoreError;
use crate::store::breakers::BreakerRow;

/// Deliveries that wait for a domain are spread over this time after its breaker's, milliseconds.
const SPREAD_MS: u64 = 120_000;

/// Whether a delivery may go to its domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// It may.
    Open,
    /// Not before this instant.
    Shut(Timestamp),
    /// One mail is on its way to find out; the others stay where they are.
    Tried,
}

/// What is known of one domain.
#[derive(Debug, Default)]
struct Known {
    /// Policy refusals in a row.
    refusals: i64,
    breaker: Option<Breaker>,
    /// The delivery that finds out whether it takes mail again.
    trial: Option<String>,
}

/// The domains that refused something since their last success.
#[derive(Debug, Default)]
pub struct Domains(Mutex<HashMap<String, Known>>);

impl Domains {
    /// Takes over what the rows say: what is not in them is closed.
    pub fn load(&self, rows: &[BreakerRow], keeper: &Keeper) {
        let mut known = self.known();
        known.retain(|_, known| known.breaker.take().is_none());
        for row in rows.iter().filter(|row| row.kind == Kind::Domain.as_str()) {
            known.entry(row.name.clone()).or_default().breaker = Breaker::of(row);
        }
        known.values_mut().for_each(|known| known.trial = None);
        keeper.show(Kind::Domain, n_open(&known));
    }

    /// Whether a delivery may go to a domain now. Of those that come when its time is over one does,
    /// whichever worker of whichever process asks first.
    ///
    /// # Errors
    /// As any write: the trial is claimed in the table.
    pub async fn gate(
        &self,
        keeper: &Keeper,
        domain: &str,
        delivery: &str,
        now: Timestamp,
    ) -> Result<Gate, StoreError> {
        let seen = {
            let mut all = self.known();
            let Some(known) = all.get_mut(domain) else { return Ok(Gate::Open) };
            let Some(breaker) = &known.breaker else { return Ok(Gate::Open) };
            if known.trial.is_some() {
                return Ok(Gate::Tried);
            }
            if breaker.is_open(now, now) {
                return Ok(Gate::Shut(spread(breaker.open_until, delivery)));
            }
            known.trial = Some(delivery.to_owned());
            breaker.clone()
        };
        if let Some(ours) = keeper.claim(Kind::Domain, domain, &seen, now).await? {
            self.replace(domain, Some(ours));
            return Ok(Gate::Open);
        }
        let theirs = keeper.look(Kind::Domain, domain).await?;
        let gate = match &theirs {
            Some(theirs) => Gate::Shut(spread(theirs.open_until, delivery)),
            None => Gate::Open,
        };
        self.replace(domain, theirs);
        self.give_up(domain, delivery);
        Ok(gate)
    }

    /// Until when a domain is left alone that began to turn mail away after this delivery was let
    /// through; none for the one that finds out whether it takes mail again.
    pub fn shut_since(&self, domain: &str, delivery: &str) -> Option<Timestamp> {
        let all = self.known();
        let known = all.get(domain)?;
        let breaker = known.breaker.as_ref()?;
        let is_trial = known.trial.as_deref() == Some(delivery);
        (!is_trial).then(|| spread(breaker.open_until, delivery))
    }

    fn replace(&self, domain: &str, breaker: Option<Breaker>) {
        if let Some(known) = self.known().get_mut(domain) {
            known.breaker = breaker;
        }
    }

    /// Notes that a domain did not turn a mail away for now.
    pub async fn works(&self, keeper: &Keeper, domain: &str, now: Timestamp) {
        let n_open = {
            let mut all = self.known();
            let was_open = all.remove(domain).is_some_and(|known| known.breaker.is_some());
            was_open.then(|| n_open(&all))
        };
        if let Some(n_open) = n_open {
            keeper.show(Kind::Domain, n_open);
            keeper.closed(Kind::Domain, domain, now).await;
        }
    }

    /// Notes a refusal by policy. What was on its way when the breaker opened counts no more.
    pub async fn turns_away(
        &self,
        keeper: &Keeper,
        domain: &str,
        delivery: &str,
        why: &str,
        now: Timestamp,
    ) {
        let (before, opened, n_open) = {
            let mut all = self.known();
            let known = all.entry(domain.to_owned()).or_default();
            known.refusals = known.refusals.saturating_add(1);
            let before = known.breaker.clone();
            let why = why.to_owned();
            let opened = match &before {
                None if known.refusals < IN_A_ROW => return,
                None => Breaker::open(domain, Cause::Policy, why, now),
                Some(_) if known.trial.as_deref() != Some(delivery) => return,
                Some(before) => before.again(domain, Cause::Policy, why, now),
            };
            (known.breaker, known.trial) = (Some(opened.clone()), None);
            (before, opened, n_open(&all))
        };
        keeper.show(Kind::Domain, n_open);
        keeper.opened(Kind::Domain, domain, &opened, before.as_ref()).await;
    }

    /// Notes that a delivery finds out nothing: it was not handed over, or nobody knows. Where it was
    /// the trial, the next one comes when the claim of this one runs out.
    pub fn give_up(&self, domain: &str, delivery: &str) {
        if let Some(known) = self.known().get_mut(domain) {
            known.trial.take_if(|trial| trial == delivery);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        // A poisoned map is still a map: no call leaves an entry half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn n_open(known: &HashMap<String, Known>) -> usize {
    known.values().filter(|known| known.breaker.is_some()).count()
}

/// Spreads deliveries that wait for the same instant. The jitter comes from the delivery's id, so
/// that a repeated run gives the same plan.
fn spread(until: Timestamp, delivery: &str) -> Timestamp {
    let jitter = fnv1a64(delivery.as_bytes()) % SPREAD_MS;
    until + SignedDuration::from_millis(i64::try_from(jitter).unwrap_or(0))
}
