//! Clients as they stand now, and not as they stood at their last cut-off: what whoever looks after
//! them works with (MODEL 6.2).

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::changes::Window;
use crate::domain::facts::Facts;
use crate::domain::portfolio::PortfolioFacts;
use crate::domain::snapshot::Snapshot;
use crate::domain::time::date_of;
use crate::store::snapshot::load_snapshots;

use super::portfolio::SNAPSHOTS;
use super::{Engine, EngineError};

/// One client as it stands.
#[derive(Debug, Clone)]
pub struct ClientToday {
    /// Row id of the organization.
    pub organization: String,
    /// Its zone.
    pub zone: TimeZone,
    /// Every figure, by all that is recorded. Its changes are those since the last brief.
    pub facts: Facts,
    /// The latest cut-off: what was recorded since then is this week's.
    pub week_from: Timestamp,
    /// When each gap was last told of, by external id: the newest record of any kind.
    pub told_at: HashMap<String, Timestamp>,
}

impl ClientToday {
    /// Since when nothing was said about some gap that leaks; none where nothing does.
    #[must_use]
    pub fn all_told_since(&self) -> Option<Timestamp> {
        let open = self.facts.gaps.iter().filter(|gap| gap.status.is_leaking());
        open.filter_map(|gap| self.told_at.get(&gap.external_id).copied()).min()
    }

    /// Whether every gap that leaks was looked at since the latest cut-off.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.all_told_since().is_none_or(|told| told > self.week_from)
    }
}

impl Engine {
    /// Organizations as they stand now, in the order of the ids. The number of statements grows by
    /// one for every 64 of them.
    ///
    /// # Errors
    /// As any read.
    pub async fn clients_today(
        &self,
        ids: &[String],
        now: Timestamp,
    ) -> Result<Vec<ClientToday>, EngineError> {
        let mut cuts = HashMap::new();
        for organization in self.db.organizations_named(ids).await? {
            let id = organization.id.clone();
            cuts.insert(id, self.latest_cut(organization, now)?.at);
        }
        let mut clients = Vec::with_capacity(ids.len());
        for some in ids.chunks(SNAPSHOTS) {
            for snapshot in &load_snapshots(&self.db, some, now).await? {
                let organization = &snapshot.organization;
                let zone = self.zones.get(&organization.time_zone)?;
                clients.push(ClientToday {
                    facts: self.facts_of(snapshot, &zone, now, date_of(now, &zone)),
                    week_from: cuts.get(&organization.id).copied().unwrap_or(Timestamp::MIN),
                    told_at: told_at(snapshot),
                    organization: organization.id.clone(),
                    zone,
                });
            }
        }
        Ok(clients)
    }

    /// The portfolio of a person, with its name, over clients as they stand now: what moved since each
    /// one's own last brief.
    ///
    /// # Errors
    /// As any read.
    pub async fn portfolio_today(
        &self,
        person: (&str, &str),
        clients: &[ClientToday],
        now: Timestamp,
    ) -> Result<PortfolioFacts, EngineError> {
        let own = clients.iter().map(|own| (own.organization.as_str(), &own.zone, &own.facts));
        let own: Vec<_> = own.collect();
        let today = date_of(now, &TimeZone::UTC);
        let stopped = self.stopped_texts().await?;
        let window = Window::since(None, now);
        Ok(self.portfolio_of(person, (&own, &stopped), window, today).await?.facts)
    }
}

fn told_at(snapshot: &Snapshot) -> HashMap<String, Timestamp> {
    let of = |gap: &crate::domain::snapshot::Gap| {
        let events = gap.events.iter().map(|event| event.recorded_at);
        let prices = gap.exposures.iter().map(|price| price.recorded_at);
        Some((gap.external_id.clone(), events.chain(prices).max()?))
    };
    snapshot.gaps.iter().filter_map(of).collect()
}
