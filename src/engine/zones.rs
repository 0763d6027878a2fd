//! Time zones by name, looked up once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::EngineError;

/// Zones already looked up.
#[derive(Debug, Default)]
pub struct Zones(Mutex<HashMap<String, TimeZone>>);

impl Zones {
    /// The zone of an IANA name.
    ///
    /// # Errors
    /// [`EngineError::Zone`] for a name that is not one.
    pub fn get(&self, name: &str) -> Result<TimeZone, EngineError> {
        // A poisoned map is still a map: the worst that can be missing is one entry.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = known.get(name) {
            return Ok(zone.clone());
        }
        let zone = TimeZone::get(name).map_err(|_| EngineError::Zone(name.to_owned()))?;
        known.insert(name.to_owned(), zone.clone());
        Ok(zone)
    }
}
