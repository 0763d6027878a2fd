//! How fast mail may leave: for the whole process and for each recipient domain.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::config::Relay;

/// The limits of one round. Without a limit, asking costs nothing.
#[derive(Debug)]
pub struct Pace {
    whole: Option<Mutex<Interval>>,
    per_domain: Option<u32>,
    domains: Mutex<HashMap<String, Arc<Mutex<Interval>>>>,
}

impl Pace {
    /// The limits of `relay.rate_per_second` and `relay.per_domain`.
    #[must_use]
    pub fn new(relay: &Relay) -> Self {
        Self {
            whole: relay.rate_per_second.map(|rate| Mutex::new(every(rate))),
            per_domain: relay.per_domain,
            domains: Mutex::default(),
        }
    }

    /// Waits until one more mail to `domain` may leave.
    pub async fn wait(&self, domain: &str) {
        if let Some(rate) = self.per_domain {
            let own = {
                let mut domains = self.domains.lock().await;
                Arc::clone(
                    domains
                        .entry(domain.to_owned())
                        .or_insert_with(|| Arc::new(Mutex::new(every(rate)))),
                )
            };
            own.lock().await.tick().await;
        }
        if let Some(whole) = &self.whole {
            whole.lock().await.tick().await;
        }
    }
}

/// An interval of `rate` ticks a second that never catches up with a burst.
fn every(rate: u32) -> Interval {
    let mut ticks = interval(Duration::from_secs(1) / rate.max(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
