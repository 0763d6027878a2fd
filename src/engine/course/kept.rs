//! Courses that were computed, by organization.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::domain::course::Told;

use super::Key;

/// Most gaps that are kept, over all organizations: some 20 MB.
const GAPS: u64 = 10_000;
/// What an organization weighs beside its gaps.
const ITSELF: u64 = 100;

/// All that is kept.
#[derive(Debug, Default)]
pub struct Kept {
    places: Mutex<Places>,
}

#[derive(Debug, Default)]
struct Places {
    by_id: HashMap<String, Place>,
    /// Counts the askings, so that who was asked for last is known without a clock.
    asked: u64,
}

/// One organization's.
#[derive(Debug, Clone, Default)]
pub struct Place {
    turn: Arc<Turn<Held>>,
    asked: u64,
    weight: u64,
}

/// What is there.
#[derive(Debug, Default)]
pub struct Held(Option<(Key, Arc<Told>)>);

impl Held {
    /// The course, if it is still the one of this key.
    pub fn get(&self, key: &Key) -> Option<Arc<Told>> {
        self.0.as_ref().filter(|(own, _)| own == key).map(|(_, told)| Arc::clone(told))
    }

    /// Puts another one in its place.
    pub fn put(&mut self, key: Key, told: Arc<Told>) {
        self.0 = Some((key, told));
    }
}

impl Place {
    /// Waits for whoever computes it.
    pub async fn held(&self) -> OwnedMutexGuard<Held> {
        Arc::clone(&self.turn).lock_owned().await
    }
}

impl Kept {
    /// The place of an organization, made where there was none.
    pub fn place(&self, organization_id: &str) -> Place {
        // A poisoned map is still a map: the worst that can be missing is one course.
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.asked += 1;
        let asked = places.asked;
        let place = places.by_id.entry(organization_id.to_owned()).or_default();
        place.asked = asked;
        place.clone()
    }

    /// Says what an organization's course weighs, and lets the longest unasked ones go.
    pub fn weigh(&self, organization_id: &str, gaps: u64) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.by_id.get_mut(organization_id) {
            place.weight = gaps.saturating_add(ITSELF);
        }
        let mut total: u64 = places.by_id.values().map(|place| place.weight).sum();
        while total > GAPS && places.by_id.len() > 1 {
            let oldest = places.by_id.iter().min_by_key(|(_, place)| place.asked);
            let Some(id) = oldest.map(|(id, _)| id.clone()) else { break };
            total -= places.by_id.remove(&id).map_or(0, |place| place.weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(kept: &Kept) -> Vec<String> {
        let places = kept.places.lock().unwrap();
        let mut ids: Vec<String> = places.by_id.keys().cloned().collect();
        ids.sort();
        ids
    }

    #[test]
    fn the_longest_unasked_ones_go_first() {
        let kept = Kept::default();
        for id in ["a", "b", "c"] {
            kept.place(id);
            kept.weigh(id, GAPS / 3 - ITSELF);
        }
        assert_eq!(ids(&kept), ["a", "b", "c"]);
        kept.place("a");
        kept.place("d");
        kept.weigh("d", GAPS / 2);
        assert_eq!(ids(&kept), ["a", "d"]);
        kept.place("e");
        kept.weigh("e", 10 * GAPS);
        assert_eq!(ids(&kept), ["e"], "one is kept, whatever it weighs");
    }
}
