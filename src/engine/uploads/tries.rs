//! Tries of uploads: one at a time, however many ask.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::UploadError;
use super::study::Opened;

/// How long somebody waits for the try of somebody else.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the rows that cannot be taken are kept after a try, and of how many tries.
const KEPT: SignedDuration = SignedDuration::from_mins(1);
const MOST: usize = 8;
/// More octets of them than this are not kept, but read anew.
const LARGEST: usize = 4 << 20;

/// What tries share. A try is the whole import in one transaction that is taken back, so on a file it
/// keeps every writer out: never more than one, and nobody waits for it for long.
#[derive(Debug)]
pub(in crate::engine) struct Tries {
    one: Semaphore,
    rejects: Mutex<VecDeque<Rejects>>,
}

/// The rows that could not be taken of an upload under one map.
#[derive(Debug)]
struct Rejects {
    upload: String,
    map: String,
    at: Timestamp,
    csv: Vec<u8>,
}

impl Default for Tries {
    fn default() -> Self {
        Self { one: Semaphore::new(1), rejects: Mutex::default() }
    }
}

impl Tries {
    /// Waits a little until no other try runs.
    ///
    /// # Errors
    /// [`UploadError::Busy`] where it takes longer.
    pub(super) async fn begin(&self) -> Result<SemaphorePermit<'_>, UploadError> {
        self.begin_within(PATIENCE).await
    }

    async fn begin_within(&self, patience: Duration) -> Result<SemaphorePermit<'_>, UploadError> {
        match tokio::time::timeout(patience, self.one.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(UploadError::Busy),
        }
    }

    /// Keeps the rows that a try could not take, for whoever saw it and asks for them next.
    pub(super) fn keep(&self, opened: &Opened, at: Timestamp, csv: &[u8]) {
        let (upload, map) = (opened.id.clone(), opened.map.to_toml());
        let mut kept = self.rejects.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|own| own.upload != upload && at < own.at + KEPT);
        if csv.len() > LARGEST {
            return;
        }
        kept.truncate(MOST - 1);
        kept.push_front(Rejects { upload, map, at, csv: csv.to_vec() });
    }

    /// Those rows, where the upload is still read by the same map.
    pub(super) fn kept(&self, opened: &Opened, now: Timestamp) -> Option<Vec<u8>> {
        let map = opened.map.to_toml();
        let kept = self.rejects.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |own: &&Rejects| own.upload == opened.id && own.map == map && now < own.at + KEPT;
        kept.iter().find(is_it).map(|own| own.csv.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_try_waits_and_is_told() {
        let tries = Tries::default();
        let first = tries.begin().await.expect("nobody else tries");
        let second = tries.begin_within(Duration::from_millis(5));
        assert!(matches!(second.await, Err(UploadError::Busy)));
        drop(first);
        assert!(tries.begin().await.is_ok());
    }
}
