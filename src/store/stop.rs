//! What stops delivery: the emergency stop, a row that every worker looks at before it delivers, and
//! a row for each edition that was cancelled after some of it had left.

use jiff::Timestamp;

use super::{Db, StoreError, Tx, settings};

/// The setting that stops all delivery; its value says why.
pub const PAUSED: &str = "delivery.paused";

/// How the setting begins that stops what of an edition comes back from a relay; the edition's row id
/// follows, the value says why. A row of its own, since it is looked for at each hand-over, and
/// the edition's own row is a long one.
#[macro_export]
macro_rules! stopped_edition {
    () => {
        "edition.stopped."
    };
}

impl Tx {
    /// Stops what of an edition is on its way now and comes back: it is cancelled in place of being
    /// sent again.
    ///
    /// # Errors
    /// As any write.
    pub async fn stop_edition(
        &mut self,
        id: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = format!(concat!(stopped_edition!(), "{}"), id);
        settings::set_within(self, &key, why, now).await
    }
}

impl Db {
    /// Stops all delivery; a second stop replaces the first one's reason.
    ///
    /// # Errors
    /// As any write.
    pub async fn pause(&self, why: &str, now: Timestamp) -> Result<(), StoreError> {
        settings::set(self, PAUSED, why, now).await
    }

    /// Ends the stop. Returns whether there was one.
    ///
    /// # Errors
    /// As any write.
    pub async fn resume(&self) -> Result<bool, StoreError> {
        settings::remove(self, PAUSED).await
    }

    /// Why delivery is stopped, if it is.
    ///
    /// # Errors
    /// As any read.
    pub async fn paused(&self) -> Result<Option<String>, StoreError> {
        settings::get(self, PAUSED).await
    }
}
