//! Claims what is due and brings each delivery together with its edition (DESIGN 2.5).

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::domain::time::date_of;
use crate::engine::plan::slots::is_paused;
use crate::engine::{Engine, EngineError};
use crate::mail::mould::Mould;
use crate::store::deliveries::Claimed;

use super::CLAIM_LEASE;
use super::round::Round;

/// Deliveries claimed at once.
const CLAIM: i64 = 256;
/// Editions kept ready; a batch rarely needs more.
const MOULDS_KEPT: usize = 512;

/// One delivery on its way to a worker.
#[derive(Debug)]
pub struct Job {
    /// The delivery.
    pub claimed: Claimed,
    /// Its edition's message.
    pub mould: Arc<Mould>,
    /// Why it may not be sent after all.
    pub barred: Option<String>,
}

impl Engine {
    /// Claims batch after batch until nothing is due or the round is stopped.
    pub(super) async fn feed(
        &self,
        now: Timestamp,
        round: &Round,
        jobs: mpsc::Sender<Job>,
    ) -> Result<(), EngineError> {
        let mut moulds: HashMap<String, Arc<Mould>> = HashMap::new();
        while !round.is_stopped() {
            let until = (self.clock.now() + CLAIM_LEASE).as_millisecond();
            let ids =
                self.db.claim_deliveries(now.as_millisecond(), until, &round.token, CLAIM).await?;
            if ids.is_empty() {
                break;
            }
            let claimed = self.db.claimed(&ids, &round.token).await?;
            self.fetch_moulds(&claimed, &mut moulds).await?;
            for claimed in claimed {
                let Some(mould) = moulds.get(&claimed.edition_id).cloned() else {
                    let what = format!("edition {} has lost its message", claimed.edition_id);
                    round.stop(what, false);
                    break;
                };
                let barred = self.barred(&claimed, now);
                let job = Job { claimed, mould, barred };
                if jobs.send(job).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Why a delivery may not be sent after all: the reader left, or pauses today.
    fn barred(&self, claimed: &Claimed, now: Timestamp) -> Option<String> {
        let zone = claimed.time_zone.as_deref().map(|n| self.zones.get(n));
        let zone = zone.and_then(Result::ok).unwrap_or(TimeZone::UTC);
        let day = date_of(now, &zone);
        let pause = (claimed.pause_from.as_deref(), claimed.pause_until.as_deref());
        let paused = is_paused(pause.0, pause.1, day);
        let own = claimed.barred.clone();
        own.or_else(|| paused.then(|| "paused".to_owned()))
    }

    /// Fetches the moulds that a batch needs and that are not at hand.
    async fn fetch_moulds(
        &self,
        claimed: &[Claimed],
        moulds: &mut HashMap<String, Arc<Mould>>,
    ) -> Result<(), EngineError> {
        let mut missing: Vec<String> = claimed
            .iter()
            .map(|c| &c.edition_id)
            .filter(|id| !moulds.contains_key(*id))
            .cloned()
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        if moulds.len() + missing.len() > MOULDS_KEPT {
            moulds.retain(|id, _| claimed.iter().any(|c| c.edition_id == *id));
        }
        for (edition, bytes) in self.db.moulds(&missing).await? {
            let mould = Mould::from_bytes(bytes)
                .map_err(|problem| EngineError::Mould { edition: edition.clone(), problem })?;
            moulds.insert(edition, Arc::new(mould));
        }
        Ok(())
    }
}
