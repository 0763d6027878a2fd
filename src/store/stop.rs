//! The emergency stop: a row that every worker looks at before it delivers.

use jiff::Timestamp;

use super::{Db, StoreError, settings};

/// The setting that stops all delivery; its value says why.
pub const PAUSED: &str = "delivery.paused";
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
