//! The facts of a consultant's portfolio, from the clients' snapshots and sessions (MODEL 6.2).

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::changes::Window;
use crate::domain::codes::{EditionKind, Role};
use crate::domain::constants::MODEL_VERSION;
use crate::domain::facts::{EditionFacts, Facts};
use crate::domain::portfolio::{
    ClientInput, NudgeRecord, PortfolioFacts, PromiseInput, Recipient, SessionInput, portfolio,
};
use crate::domain::time::iso_week;
use crate::store::portfolios::{NudgeRow, ReaderRow, SessionRow};
use crate::store::snapshot::load_snapshots;

use super::compose::LOCALE;
use super::nudges::Reach;
use super::{Engine, EngineError};

/// Clients whose whole history is in memory at once.
pub(super) const SNAPSHOTS: usize = 64;

/// A portfolio, with whom a nudge of it would reach.
#[derive(Debug)]
pub(super) struct Portfolio {
    /// What it says.
    pub facts: PortfolioFacts,
    /// Row id and people of each client, by slug.
    pub clients: HashMap<String, (String, Reach)>,
}

/// One client's facts.
struct Own {
    /// Row id of the client.
    organization: String,
    zone: TimeZone,
    facts: Facts,
}

/// What stands beside one client's facts.
#[derive(Debug, Default)]
struct Beside {
    sessions: Vec<SessionInput>,
    nudges: Vec<NudgeRecord>,
    owners: Vec<String>,
    leaders: Vec<String>,
    waiting: i64,
    reach: Reach,
    unreachable: Vec<(Recipient, String)>,
}

impl Engine {
    /// Computes a consultant's portfolio at a cut-off. `as_of` is the day of the clients' own
    /// cut-offs, so that both briefs speak of the same week. `stopped` are the texts that are drafted no
    /// more ([`Engine::stopped_texts`]), which are the same for everybody and read once for many.
    ///
    /// # Errors
    /// As any read.
    pub(super) async fn portfolio_at(
        &self,
        (person_id, name): (&str, &str),
        (clients, stopped): (&[String], &[String]),
        cut_off: Timestamp,
        as_of: Date,
    ) -> Result<Portfolio, EngineError> {
        let before = self.db.portfolio_before(person_id, cut_off.as_millisecond()).await?;
        let before = before.and_then(|at| Timestamp::from_millisecond(at).ok());
        let mut facts: Vec<Own> = Vec::with_capacity(clients.len());
        for some in clients.chunks(SNAPSHOTS) {
            for mut snapshot in load_snapshots(&self.db, some, cut_off).await? {
                // All clients are told since the portfolio before. Since their own briefs, what moved
                // between a portfolio and a client's cut-off would be told in none, or in two.
                snapshot.previous_cut_off = before;
                let organization = &snapshot.organization;
                let zone = self.zones.get(&organization.time_zone)?;
                let own = self.facts_of(&snapshot, &zone, cut_off, as_of);
                facts.push(Own { organization: organization.id.clone(), zone, facts: own });
            }
        }
        let own = facts.iter().map(|own| (own.organization.as_str(), &own.zone, &own.facts));
        let own: Vec<_> = own.collect();
        let window = Window::since(before, cut_off);
        self.portfolio_of((person_id, name), (&own, stopped), window, as_of).await
    }

    /// The portfolio over clients whose facts are there: each by its row id and zone. The window is the
    /// one that it says it tells of.
    pub(super) async fn portfolio_of(
        &self,
        (person_id, name): (&str, &str),
        (clients, stopped): (&[(&str, &TimeZone, &Facts)], &[String]),
        window: Window,
        as_of: Date,
    ) -> Result<Portfolio, EngineError> {
        let cut_off = window.to;
        let ids: Vec<String> = clients.iter().map(|(id, ..)| (*id).to_owned()).collect();
        let next = self.next_cut_offs(&ids, cut_off).await?;
        let zones = clients.iter().map(|(id, zone, _)| ((*id).to_owned(), (*zone).clone()));
        let mut beside = self.beside(person_id, &ids, cut_off, &zones.collect()).await?;
        for (id, _, facts) in clients {
            let own = beside.entry((*id).to_owned()).or_default();
            own.unreachable = own.reach.unreachable(facts);
        }
        let nothing = Beside::default();
        let inputs: Vec<ClientInput<'_>> = clients
            .iter()
            .map(|(id, _, facts)| {
                let beside = beside.get(*id).unwrap_or(&nothing);
                ClientInput {
                    facts,
                    drafts_waiting: beside.waiting,
                    next_brief_at: next.get(*id).copied().unwrap_or(cut_off),
                    sessions: &beside.sessions,
                    nudges: &beside.nudges,
                    owners_reading: &beside.owners,
                    leaders_reading: &beside.leaders,
                    unreachable: &beside.unreachable,
                    stopped,
                }
            })
            .collect();
        let edition = EditionFacts {
            kind: EditionKind::Portfolio,
            variant: format!("full-{LOCALE}"),
            iso_week: iso_week(as_of),
            cut_off,
            as_of,
            window_from: window.from,
            previous_sent_at: None,
            model_version: MODEL_VERSION,
            constants: self.settings.model.clone(),
        };
        let facts = portfolio(edition, name, &inputs);
        let mut people = HashMap::new();
        for (id, _, facts) in clients {
            let reach = beside.remove(*id).map(|own| own.reach).unwrap_or_default();
            people.insert(facts.organization.slug.clone(), ((*id).to_owned(), reach));
        }
        Ok(Portfolio { facts, clients: people })
    }

    /// Each client's first cut-off after an instant.
    async fn next_cut_offs(
        &self,
        clients: &[String],
        after: Timestamp,
    ) -> Result<HashMap<String, Timestamp>, EngineError> {
        let mut next = HashMap::new();
        for organization in self.db.organizations_named(clients).await? {
            let id = organization.id.clone();
            next.insert(id, self.latest_cut(organization, after)?.next);
        }
        Ok(next)
    }

    async fn beside(
        &self,
        person_id: &str,
        clients: &[String],
        cut_off: Timestamp,
        zones: &HashMap<String, TimeZone>,
    ) -> Result<HashMap<String, Beside>, EngineError> {
        let at = cut_off.as_millisecond();
        let mut beside: HashMap<String, Beside> = HashMap::new();
        let mut of_session: HashMap<String, (String, usize)> = HashMap::new();
        for row in self.db.sessions_with(person_id, clients, at).await? {
            let Some(zone) = zones.get(&row.organization_id) else {
                continue;
            };
            let own = &mut beside.entry(row.organization_id.clone()).or_default().sessions;
            let place = of_session.entry(row.id.clone()).or_insert_with(|| {
                let starts_at = Timestamp::from_millisecond(row.starts_at).unwrap_or(cut_off);
                let local = zone.to_datetime(starts_at);
                own.push(SessionInput { starts_at, local, promises: Vec::new() });
                (row.organization_id.clone(), own.len() - 1)
            });
            if let Some(promise) = promise(&row) {
                own[place.1].promises.push(promise);
            }
        }
        for row in self.db.nudges_to(clients, at).await? {
            let id = row.organization_id.clone();
            beside.entry(id).or_default().nudges.extend(nudges(&row));
        }
        for (id, reach) in self.reach(clients, cut_off).await? {
            beside.entry(id).or_default().reach = reach;
        }
        for (id, waiting) in self.db.editions_waiting(clients).await? {
            beside.entry(id).or_default().waiting = waiting;
        }
        for ReaderRow { organization_id, role, name } in self.db.readers_of(clients, at).await? {
            let own = beside.entry(organization_id).or_default();
            if role == Role::Owner.as_str() {
                own.owners.push(name);
            } else {
                own.leaders.push(name);
            }
        }
        Ok(beside)
    }
}

fn promise(row: &SessionRow) -> Option<PromiseInput> {
    Some(PromiseInput {
        text: row.text.clone()?,
        owner: row.owner.clone().filter(|o| !o.is_empty()),
        due_on: row.due_on.as_deref().and_then(|d| d.parse().ok()),
        done: row.done.unwrap_or(false),
    })
}

/// An earlier nudge as a record for its owner, and for the sponsor where who got it leads as well.
fn nudges(row: &NudgeRow) -> Vec<NudgeRecord> {
    let Ok(sent_at) = Timestamp::from_millisecond(row.sent_at) else {
        return Vec::new();
    };
    let record = |recipient| NudgeRecord {
        gap: row.gap.clone(),
        recipient,
        sent_at,
        answered: row.answered,
    };
    let as_owner = record(Recipient::Owner(row.recipient.clone()));
    let as_sponsor = row.is_leader.then(|| record(Recipient::Sponsor));
    std::iter::once(as_owner).chain(as_sponsor).collect()
}
