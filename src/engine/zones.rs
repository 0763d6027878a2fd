//! Time zones by name, looked up once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::EngineError;
use super::deliver::verdict::without_addresses;

/// Zones already looked up.
#[derive(Debug, Default)]
pub struct Zones {
    known: Mutex<HashMap<String, TimeZone>>,
    /// Names that are no zones: each is said once.
    unknown: Mutex<BTreeSet<String>>,
}

/// Unknown names that are said.
const SAID: usize = 100;

impl Zones {
    /// The zone of an IANA name.
    ///
    /// # Errors
    /// [`EngineError::Zone`] for a name that is not one.
    pub fn get(&self, name: &str) -> Result<TimeZone, EngineError> {
        // A poisoned map is still a map: the worst that can be missing is one entry.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zone) = known.get(name) {
            return Ok(zone.clone());
        }
        let Ok(zone) = TimeZone::get(name) else {
            self.say_unknown(name);
            return Err(EngineError::Zone(name.to_owned()));
        };
        known.insert(name.to_owned(), zone.clone());
        Ok(zone)
    }
    fn say_unknown(&self, name: &str) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if unknown.len() < SAID && unknown.insert(name.to_owned()) {
            let zone = without_addresses(name);
            tracing::warn!(
                ?zone,
                "not a time zone; whoever has it is served in another or not at all"
            );
        }
    }
}
