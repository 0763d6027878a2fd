//! The rate of each domain: a claimed batch is shared out in one transaction, however many domains
//! it is for. Who gets no slot is put back, and holds up nobody.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::EngineError;
use crate::store::buckets::BucketRow;

use super::bucket::{BURST, Bucket, HORIZON, Rate, Spacing};
use super::{Pace, Waiting};

/// How long before it expires one that is put back comes again at the latest: then a round and one
/// more find it.
const BEFORE_EXPIRY: i64 = 2 * HORIZON / 1_000;
/// Domains whose spacing is kept; beyond that the idle ones are forgotten.
const SPACED: usize = 4_096;

/// A delivery that waits for its domain's slot.
#[derive(Debug)]
pub(super) struct Timed {
    pub slot: i64,
    /// Its place among the claimed, for the order within one slot.
    number: usize,
    /// Whether its slot keeps to those before it already.
    is_spaced: bool,
    pub waiting: Waiting,
}

impl Timed {
    /// Lets it leave, or gives it a later slot when it and those before it were held up.
    pub fn turn(mut self, spacing: &mut Spacing, rate: Rate, now: i64) -> Turn {
        if self.is_spaced && self.slot >= now - BURST {
            return Turn::Leaves(self.waiting);
        }
        let at = spacing.leave(rate, self.slot, now);
        if at <= now.max(self.slot) {
            return Turn::Leaves(self.waiting);
        }
        (self.slot, self.is_spaced) = (at, true);
        Turn::Later(self)
    }
}

/// What becomes of a delivery whose slot has come.
pub(super) enum Turn {
    /// It may leave.
    Leaves(Waiting),
    /// It was held up, and waits for this slot.
    Later(Timed),
}

impl Ord for Timed {
    /// The earliest slot is the greatest: it comes first out of a heap.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.slot, other.number).cmp(&(self.slot, self.number))
    }
}

impl PartialOrd for Timed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Timed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Timed {}

impl Pace<'_> {
    /// Gives a claimed batch the slots of its domains; who gets none is put back.
    pub(super) async fn share_out(
        &mut self,
        rate: Rate,
        batch: Vec<Waiting>,
    ) -> Result<(), EngineError> {
        let mut domains: BTreeMap<Arc<str>, Vec<Waiting>> = BTreeMap::new();
        for waiting in batch {
            domains.entry(Arc::clone(&waiting.job.domain)).or_default().push(waiting);
        }
        if domains.is_empty() {
            return Ok(());
        }
        let now = self.time.now();
        self.forget_idle(now);
        let names: Vec<&str> = domains.keys().map(AsRef::as_ref).collect();
        let mut tx = self.engine.db.begin().await?;
        let mut rows = tx.lock_buckets(&names, now).await?;
        let mut put_back = Vec::new();
        for row in &mut rows {
            let waiting = domains.remove(row.name.as_str()).unwrap_or_default();
            self.share_one(rate, now, row, waiting, &mut put_back);
        }
        tx.keep_buckets(&rows).await?;
        if !put_back.is_empty() {
            tx.put_back(&put_back, &self.round.token, now / 1_000, BEFORE_EXPIRY).await?;
            let deliveries = put_back.len();
            tracing::debug!(deliveries, "put back: the rates of their domains are used up");
        }
        Ok(tx.commit().await?)
    }

    fn share_one(
        &mut self,
        rate: Rate,
        now: i64,
        row: &mut BucketRow,
        waiting: Vec<Waiting>,
        put_back: &mut Vec<(String, i64)>,
    ) {
        let mut bucket = Bucket { next_at: row.next_at, line_until: row.line_until };
        let share = bucket.share(rate, now, waiting.len());
        (row.next_at, row.line_until) = (bucket.next_at, bucket.line_until);
        for (number, waiting) in waiting.into_iter().enumerate() {
            match share.slot(number) {
                Some(slot) => {
                    self.timed.push(Timed { slot, number, is_spaced: false, waiting });
                }
                None => {
                    let at = share.comes_again(number) / 1_000;
                    put_back.push((waiting.job.claimed.id, at));
                }
            }
        }
    }

    fn forget_idle(&mut self, now: i64) {
        if self.spacing.len() > SPACED {
            self.spacing.retain(|_, spacing| spacing.matters(now));
        }
    }
}
