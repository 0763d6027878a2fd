//! Claims what is due and brings each delivery together with its edition (DESIGN 2.5).

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::engine::{Engine, EngineError};
use crate::mail::mould::Mould;
use crate::store::deliveries::Claimed;

use super::{LEASE, Round};

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
            let until = (self.clock.now() + LEASE).as_millisecond();
            let ids = self
                .db
                .claim_deliveries(now.as_millisecond(), until, &round.token, CLAIM)
                .await?;
            if ids.is_empty() {
                break;
            }
            let claimed = self.db.claimed(&ids, &round.token).await?;
            self.fetch_moulds(&claimed, &mut moulds).await?;
            for claimed in claimed {
                let Some(mould) = moulds.get(&claimed.edition_id).cloned() else {
                    round.stop(format!(
                        "edition {} has lost its message",
                        claimed.edition_id
                    ));
                    break;
                };
                if jobs.send(Job { claimed, mould }).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
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
            let mould = Mould::from_bytes(bytes).map_err(|problem| EngineError::Mould {
                edition: edition.clone(),
                problem,
            })?;
            moulds.insert(edition, Arc::new(mould));
        }
        Ok(())
    }
}
