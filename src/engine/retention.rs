//! Once a day, what is older than it is kept for goes, in small batches (DESIGN 2.8).
//!
//! **Invariants:** no row goes, only bodies; nothing goes that an unfinished delivery still needs; of
//! several workers one prunes a day, because a row says whose turn it is; whoever is interrupted
//! gives the turn back, or loses it after a while, and the next one goes on.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::store::retention::Kept;
use crate::store::settings;

use super::{Engine, EngineError};

/// The setting that says when the next pruning is due, RFC 3339.
const NEXT_AT: &str = "retention.next_at";
/// How long a turn holds that was not given back.
const TURN: SignedDuration = SignedDuration::from_mins(10);
/// Editions that lose a body in one transaction.
const EDITIONS: i64 = 200;
/// Attempts that lose the relay's words in one transaction.
const ATTEMPTS: i64 = 2_000;
/// Suppressions that are lifted in one round.
const EXPIRED: i64 = 500;
/// What other writers get between two batches.
const PAUSE: Duration = Duration::from_millis(50);
/// Batches in one round of the service: planning waits no longer than that.
pub(in crate::engine) const ROUND: usize = 50;

impl Engine {
    /// Lifts suppressions whose time is over, prunes in at most so many batches if it is time, and logs
    /// what it did. What is left over goes on at the next call; what goes wrong keeps nobody from their
    /// brief and is tried again.
    pub(in crate::engine) async fn keep_house(&self, now: Timestamp, batches: usize) {
        match self.db.lift_expired(now.as_millisecond(), EXPIRED).await {
            Ok(0) => {}
            Ok(addresses) => {
                tracing::info!(addresses, "suppressions whose time was over are lifted")
            }
            Err(error) => tracing::warn!(%error, "suppressions stay for now; it is tried again"),
        }
        match self.prune(now, batches).await {
            Ok([0, 0, 0]) => {}
            Ok([messages, bodies, replies]) => {
                tracing::info!(messages, bodies, replies, "pruned what is kept no longer");
            }
            Err(error) => tracing::warn!(%error, "not pruned; it is tried again later"),
        }
    }

    /// Prunes in at most so many batches, if it is time and nobody else does; how many messages,
    /// bodies and relay's words went.
    ///
    /// # Errors
    /// As any write; the turn is free again after a while.
    pub async fn prune(&self, now: Timestamp, batches: usize) -> Result<[u64; 3], EngineError> {
        let mut pruned = [0; 3];
        let Some(turn) = self.take_turn(now).await? else {
            return Ok(pruned);
        };
        let mut left = batches;
        let mut done = true;
        for (kept, total) in Kept::ALL.into_iter().zip(&mut pruned) {
            done = self.prune_one(kept, now, &mut left, total).await? && done;
        }
        self.end_requests(now).await?;
        self.forget_sign_ins(now).await?;
        self.forget_keys(now).await?;
        self.db.forget_uploads(now).await?;
        // Whoever took the turn over since has it.
        let next = if done { tomorrow(now) } else { now };
        settings::replace(&self.db, NEXT_AT, Some(&turn), &next.to_string(), now).await?;
        Ok(pruned)
    }

    /// Prunes one part; whether all of it that is old is gone.
    async fn prune_one(
        &self,
        kept: Kept,
        now: Timestamp,
        left: &mut usize,
        total: &mut u64,
    ) -> Result<bool, EngineError> {
        let retention = &self.settings.retention;
        let (weeks, limit) = match kept {
            Kept::Message => (retention.message_weeks, EDITIONS),
            Kept::Body => (retention.body_weeks, EDITIONS),
            Kept::Reply => (retention.reply_weeks, ATTEMPTS),
        };
        let Some(weeks) = weeks else {
            return Ok(true);
        };
        let before = now - SignedDuration::from_hours(i64::from(weeks) * 7 * 24);
        while *left > 0 && !self.stop.is_cancelled() {
            *left -= 1;
            let (before, at) = (before.as_millisecond(), now.as_millisecond());
            let batch = self.db.prune(kept, before, limit, at).await?;
            *total += batch.rows;
            self.metrics.schedule.pruned(kept.as_str(), batch.rows);
            if !batch.more {
                return Ok(true);
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.stop.cancelled() => {}
            }
        }
        Ok(false)
    }

    /// Takes today's turn; what the row says then, or none when it is not time or somebody else was
    /// first.
    async fn take_turn(&self, now: Timestamp) -> Result<Option<String>, EngineError> {
        let read = settings::get(&self.db, NEXT_AT).await?;
        let next: Option<Timestamp> = read.as_deref().and_then(|text| text.parse().ok());
        // Further away than tomorrow was set by a clock that ran ahead.
        if next.is_some_and(|next| next > now && next <= tomorrow(now) + TURN) {
            return Ok(None);
        }
        let turn = (now + TURN).to_string();
        let read = read.as_deref();
        let is_ours = settings::replace(&self.db, NEXT_AT, read, &turn, now).await?;
        Ok(is_ours.then_some(turn))
    }
}

/// The next midnight, UTC.
fn tomorrow(now: Timestamp) -> Timestamp {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let into_the_day = now.as_millisecond().rem_euclid(DAY_MS);
    now + SignedDuration::from_millis(DAY_MS - into_the_day)
}
