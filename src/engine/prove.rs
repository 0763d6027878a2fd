//! The proof of a run: what was expected equals what became of it (DESIGN 2.6).
//!
//! `expected` is counted from the subscriptions that were active and confirmed at their cut-offs, by
//! the same civil arithmetic as the planner but never from the outbox. A brief that was lost between
//! the two shows as a difference.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use crate::domain::codes::Role;
use crate::domain::time::{Slot, iso_week};
use crate::store::runs::{Count, Expected};

use super::{Engine, EngineError};

/// What a proof found for one ISO week.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proof {
    /// The run.
    pub iso_week: String,
    /// Briefs expected by the subscriptions.
    pub expected: i64,
    /// Briefs accounted for by the outbox.
    pub accounted: i64,
    /// Briefs by state and reason.
    pub counts: Vec<Count>,
    /// Corrections by state and reason.
    pub corrections: Vec<Count>,
    /// Briefs and corrections due at the instant and neither sent nor given up.
    pub due: i64,
    /// Queued for later, milliseconds of the first.
    pub next_at: Option<i64>,
    /// Copies that may have gone out beyond the first.
    pub resends: i64,
    /// Whether the run closes.
    pub closes: bool,
}

/// What is known when a week is counted.
struct Ledger {
    /// Latest cut-off of each organization in force, with when it began to exist.
    organizations: HashMap<String, OrganizationSlot>,
    subscriptions: Vec<Expected>,
    clients: HashMap<String, Vec<String>>,
}

struct OrganizationSlot {
    slot: Slot,
    zone: jiff::tz::TimeZone,
    first_record: Option<i64>,
}

impl Engine {
    /// Proves some weeks at `now` and writes the result into the ledger of runs.
    ///
    /// # Errors
    /// As any read or write.
    pub async fn prove(
        &self,
        weeks: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<Vec<Proof>, EngineError> {
        if weeks.is_empty() {
            return Ok(Vec::new());
        }
        let ledger = self.ledger(now).await?;
        let mut proofs = Vec::with_capacity(weeks.len());
        for week in weeks {
            let expected = self.expected(&ledger, week, now).await?;
            let counts = self.db.counts(week, now.as_millisecond()).await?;
            let proof = Proof::of(week, expected, counts);
            let stored = serde_json::to_string(&proof).unwrap_or_default();
            self.db
                .run_proved(week, now.as_millisecond(), expected, &stored, proof.closes)
                .await?;
            proofs.push(proof);
        }
        Ok(proofs)
    }

    async fn ledger(&self, now: Timestamp) -> Result<Ledger, EngineError> {
        let firsts: HashMap<String, i64> = self.db.first_records().await?.into_iter().collect();
        let mut organizations = HashMap::new();
        for organization in self.db.organizations_all().await? {
            let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour);
            let (Some(slot), Ok(zone)) = (slot, self.zones.get(&organization.time_zone)) else {
                continue;
            };
            let first_record = firsts.get(&organization.id).copied();
            organizations.insert(
                organization.id,
                OrganizationSlot {
                    slot,
                    zone,
                    first_record,
                },
            );
        }
        let subscriptions = self.db.confirmed(now.as_millisecond()).await?;
        let consultants: Vec<String> = subscriptions
            .iter()
            .filter(|s| s.role == Role::Consultant.as_str())
            .map(|s| s.person_id.clone())
            .collect();
        let mut clients: HashMap<String, Vec<String>> = HashMap::new();
        for link in self.db.clients(&consultants, now.as_millisecond()).await? {
            clients
                .entry(link.person_id)
                .or_default()
                .push(link.organization_id);
        }
        Ok(Ledger {
            organizations,
            subscriptions,
            clients,
        })
    }

    /// Subscriptions whose cut-off of this week has come, and that were active and confirmed then.
    async fn expected(
        &self,
        ledger: &Ledger,
        week: &str,
        now: Timestamp,
    ) -> Result<i64, EngineError> {
        let public_cut = self.public_cut_off_of(week)?;
        let public_planned = self.db.public_is_planned(week).await?;
        let mut cuts: HashMap<&str, Option<Timestamp>> = HashMap::new();
        for (id, organization) in &ledger.organizations {
            let cut = organization
                .slot
                .in_week(week, &organization.zone)
                .filter(|cut| {
                    *cut <= now
                        && organization
                            .first_record
                            .is_some_and(|f| f <= cut.as_millisecond())
                });
            cuts.insert(id, cut);
        }
        let mut expected = 0;
        for subscription in &ledger.subscriptions {
            let cut = match &subscription.organization_id {
                Some(id) => cuts.get(id.as_str()).copied().flatten(),
                None if subscription.role == Role::Public.as_str() => {
                    public_cut.filter(|cut| public_planned && *cut <= now)
                }
                None => self.portfolio_cut_of(ledger, subscription, week, now)?,
            };
            let Some(cut) = cut.map(Timestamp::as_millisecond) else {
                continue;
            };
            let there = subscription.confirmed_at <= cut
                && subscription.gone_at.is_none_or(|gone| gone > cut);
            expected += i64::from(there);
        }
        Ok(expected)
    }

    /// A consultant's cut-off for a week; none before it has come or without a client.
    fn portfolio_cut_of(
        &self,
        ledger: &Ledger,
        subscription: &Expected,
        week: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, EngineError> {
        let clients = ledger.clients.get(&subscription.person_id);
        let slots: Vec<_> = clients
            .into_iter()
            .flatten()
            .filter_map(|id| ledger.organizations.get(id))
            .map(|o| (o.slot, o.zone.clone()))
            .collect();
        let zone = subscription.time_zone.as_deref();
        let own = subscription.weekday.zip(subscription.hour);
        let Some(cut) = self.portfolio_cut(own, zone, &slots, now)? else {
            return Ok(None);
        };
        // The latest cut-off decides: a portfolio of an older week was counted when it was planned.
        let lead = self.portfolio_lead();
        let as_of = cut.zone.to_datetime(cut.at + lead).date();
        if iso_week(as_of) == week {
            return Ok(Some(cut.at));
        }
        let earlier = cut.slot.before(cut.at, &cut.zone);
        let as_of = cut.zone.to_datetime(earlier + lead).date();
        Ok((iso_week(as_of) == week).then_some(earlier))
    }
}

impl Proof {
    /// Compares what was expected with the counts of the outbox.
    pub(crate) fn of(week: &str, expected: i64, counts: Vec<Count>) -> Self {
        let (counts, corrections): (Vec<_>, Vec<_>) =
            counts.into_iter().partition(|c| c.kind == "brief");
        let accounted = counts.iter().map(|c| c.deliveries).sum();
        let both = || counts.iter().chain(&corrections);
        let due: i64 = both().map(|c| c.due).sum();
        let next_at = both().filter_map(|c| c.next_at).min();
        let resends = both().map(|c| c.resends).sum();
        Self {
            iso_week: week.to_owned(),
            expected,
            accounted,
            due,
            next_at,
            resends,
            closes: expected == accounted && due == 0,
            counts,
            corrections,
        }
    }

    /// Briefs in one state.
    #[must_use]
    pub fn in_state(&self, state: &str) -> i64 {
        self.counts
            .iter()
            .filter(|c| c.state == state)
            .map(|c| c.deliveries)
            .sum()
    }
}
