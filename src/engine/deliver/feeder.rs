//! Claims what is due and brings each delivery together with its edition (DESIGN 2.5).

use std::collections::HashMap;
use std::sync::Arc;

use async_channel::Sender;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::address::Domain;
use crate::domain::time::date_of;
use crate::engine::plan::slots::is_paused;
use crate::engine::{Engine, EngineError};
use crate::mail::mould::Mould;
use crate::store::deliveries::Claimed;

use super::CLAIM_LEASE;
use super::pace::{Pace, Seat};
use super::round::Round;

/// Deliveries claimed at once.
const CLAIM: usize = 512;
/// Octets of editions kept ready beside those of the present batch. Deliveries come by their hour
/// and in the order of planning, so that the same few editions are needed again and again.
const MOULDS_KEPT: usize = 8 << 20;

/// One delivery on its way to a worker.
#[derive(Debug)]
pub struct Job {
    /// The delivery.
    pub claimed: Claimed,
    /// The domain that limits and refusals are counted by.
    pub domain: Arc<str>,
    /// Its edition's message.
    pub mould: Arc<Mould>,
    /// The state it ends in without being sent, and why.
    pub barred: Option<(&'static str, String)>,
    /// Its place among the hand-overs to its domain, where these are limited.
    pub seat: Option<Seat>,
}

impl Engine {
    /// Claims batch after batch until nothing is due or the round is stopped. What a stop leaves
    /// unbegun is given back.
    pub(super) async fn feed(
        &self,
        now: Timestamp,
        round: &Round,
        jobs: Sender<Job>,
    ) -> Result<(), EngineError> {
        let mut pace = Pace::of(self, round, &jobs);
        let fed = self.feed_at(now, round, &jobs, pace.as_mut()).await;
        if let Some(pace) = pace {
            pace.leave();
        }
        fed
    }

    async fn feed_at(
        &self,
        now: Timestamp,
        round: &Round,
        jobs: &Sender<Job>,
        mut pace: Option<&mut Pace<'_>>,
    ) -> Result<(), EngineError> {
        let claim = pace.as_ref().map_or(CLAIM, |pace| pace.claim(CLAIM));
        let mut moulds = Moulds::default();
        let mut after = (i64::MIN, String::new());
        while !round.is_stopped() {
            if let Some(why) = self.paused().await? {
                round.stop(why);
                break;
            }
            let until = (self.clock.now() + CLAIM_LEASE).as_millisecond();
            let place = (after.0, after.1.as_str());
            let at = now.as_millisecond();
            let claimed =
                self.db.claim_deliveries(at, until, &round.token, place, claim as i64).await?;
            let Some(last) = claimed.last() else { break };
            after = (last.next_attempt_at, last.id.clone());
            let is_last = claimed.len() < claim;
            self.fetch_moulds(&claimed, &mut moulds).await?;
            let mut batch = Vec::new();
            for claimed in claimed {
                let Some(mould) = moulds.kept.get(&claimed.edition_id).cloned() else {
                    round.stop(format!("edition {} has lost its message", claimed.edition_id));
                    round.leave(claimed.id);
                    continue;
                };
                let barred = self.barred(&claimed, now);
                let domain = domain_of(&claimed);
                let job = Job { claimed, domain, mould, barred, seat: None };
                if pace.is_some() {
                    batch.push(job);
                } else if let Err(back) = jobs.send(job).await {
                    round.leave(back.0.claimed.id);
                }
            }
            if let Some(pace) = &mut pace {
                pace.admit(batch).await?;
            }
            if is_last {
                break;
            }
        }
        match pace {
            Some(pace) => pace.finish().await,
            None => Ok(()),
        }
    }

    /// Why a delivery may not be sent after all: its edition was cancelled while it was on its way, the
    /// reader left, or pauses today, or the next brief is due as well (DESIGN 2.3, 2.4).
    fn barred(&self, claimed: &Claimed, now: Timestamp) -> Option<(&'static str, String)> {
        if let Some(why) = &claimed.cancelled {
            return Some(("cancelled", why.clone()));
        }
        if let Some(why) = &claimed.barred {
            return Some(("skipped", why.clone()));
        }
        if self.pauses(claimed, now) {
            return Some(("skipped", "paused".to_owned()));
        }
        claimed.is_overtaken.then(|| ("expired", "the next brief is due".to_owned()))
    }

    /// Whether the reader pauses today, in the zone that the pause was planned in.
    fn pauses(&self, claimed: &Claimed, now: Timestamp) -> bool {
        let pause = (claimed.pause_from.as_deref(), claimed.pause_until.as_deref());
        if pause == (None, None) {
            return false;
        }
        let name = claimed.time_zone.as_deref().unwrap_or(&self.settings.schedule.zone);
        let zone = self.zones.get(name).unwrap_or(TimeZone::UTC);
        is_paused(pause.0, pause.1, date_of(now, &zone))
    }

    /// Fetches the moulds that a batch needs and that are not at hand.
    async fn fetch_moulds(
        &self,
        claimed: &[Claimed],
        moulds: &mut Moulds,
    ) -> Result<(), EngineError> {
        let mut missing: Vec<String> = claimed
            .iter()
            .map(|c| &c.edition_id)
            .filter(|id| !moulds.kept.contains_key(*id))
            .cloned()
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        if moulds.octets > MOULDS_KEPT {
            moulds.kept.retain(|id, _| claimed.iter().any(|c| c.edition_id == *id));
            moulds.octets = moulds.kept.values().map(|m| m.as_bytes().len()).sum();
        }
        for (edition, bytes) in self.db.moulds(&missing).await? {
            moulds.octets += bytes.len();
            let mould = Mould::from_bytes(bytes)
                .map_err(|problem| EngineError::Mould { edition: edition.clone(), problem })?;
            moulds.kept.insert(edition, Arc::new(mould));
        }
        Ok(())
    }
}

/// The recipient's domain, in A-labels and lower case.
fn domain_of(claimed: &Claimed) -> Arc<str> {
    let email = claimed.email.as_deref().unwrap_or_default();
    let domain = email.rsplit_once('@').map_or(email, |(_, domain)| domain);
    match Domain::parse(domain) {
        Ok(domain) => Arc::from(domain.as_str()),
        // It is refused when its message is made.
        Err(_) => Arc::from(domain.to_ascii_lowercase()),
    }
}

/// Editions at hand.
#[derive(Debug, Default)]
struct Moulds {
    kept: HashMap<String, Arc<Mould>>,
    octets: usize,
}
