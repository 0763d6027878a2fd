//! Writes that a program may send again: taken, answered, forgotten after a day.

use jiff::{SignedDuration, Timestamp};

use crate::store::idempotency::{Before, Key};

use super::{Engine, EngineError};

/// How long the answer to a key is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long the first request of a key may be under way. One that takes longer was cut off, and nobody
/// knows how far it came.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(2);
/// Keys forgotten in one statement of the daily pruning, and statements in one.
const BATCH: i64 = 500;
const BATCHES: usize = 200;

/// What a key means for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is the first one.
    First,
    /// It was answered before, in this way: status, headers as JSON, body.
    Answered(u16, String, String),
    /// Another request had this key.
    Other,
    /// The first one is being answered.
    UnderWay,
    /// The first one was cut off: it may have been done.
    CutOff,
}

impl Engine {
    /// Takes a key for a request, known by its hash.
    ///
    /// # Errors
    /// As any write.
    pub async fn take_key(
        &self,
        key: Key<'_>,
        request_sha256: &str,
        now: Timestamp,
    ) -> Result<Taken, EngineError> {
        let before = self.db.take_key(key, request_sha256, now - KEPT, now).await?;
        let Some(Before { request_sha256: own, created_at, status, head, body }) = before else {
            return Ok(Taken::First);
        };
        if own != request_sha256 {
            return Ok(Taken::Other);
        }
        if let (Some(status), Some(head), Some(body)) = (status, head, body) {
            return Ok(Taken::Answered(u16::try_from(status).unwrap_or(500), head, body));
        }
        let is_recent = created_at > (now - UNDER_WAY).as_millisecond();
        Ok(if is_recent { Taken::UnderWay } else { Taken::CutOff })
    }

    /// Forgets what programs asked for more than a day ago.
    pub(in crate::engine) async fn forget_keys(&self, now: Timestamp) -> Result<(), EngineError> {
        for _ in 0..BATCHES {
            if self.db.forget_keys(now - KEPT, BATCH).await? == 0 {
                break;
            }
        }
        Ok(())
    }
}
