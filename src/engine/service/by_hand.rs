//! Waking by hand: a simulation moves the clock and lets the loops look, as fast as they can.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use super::{Part, Wake};

/// Wakes when told to and tells when both loops wait again. Times asked for are not waited for.
#[derive(Debug, Default)]
pub struct ByHand {
    schedule: Turns,
    delivery: Turns,
}

/// Turns of one loop: how many were asked for, how many the loop has begun, and how many were done
/// when it last came to wait.
#[derive(Debug)]
struct Turns {
    asked: watch::Sender<u64>,
    begun: AtomicU64,
    done: watch::Sender<u64>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { asked: watch::Sender::new(0), begun: AtomicU64::new(0), done: watch::Sender::new(0) }
    }
}

impl ByHand {
    /// Lets the schedule loop look, then the delivery loop, then the schedule loop once more for
    /// the proof; returns when both wait again. Both must be switched on.
    pub async fn step(&self) {
        self.turn(Part::Schedule).await;
        self.turn(Part::Delivery).await;
        self.turn(Part::Schedule).await;
    }

    /// Lets one loop look and returns when it waits again. Waits for ever where the service does
    /// not run that loop or has ended.
    pub async fn turn(&self, part: Part) {
        let turns = self.turns(part);
        let mut done = turns.done.subscribe();
        let mut number = 0;
        turns.asked.send_modify(|asked| {
            *asked += 1;
            number = *asked;
        });
        // The sender lives as long as `self`, so there is nothing to be told of but a change.
        let _ = done.wait_for(|done| *done >= number).await;
    }

    const fn turns(&self, part: Part) -> &Turns {
        match part {
            Part::Schedule => &self.schedule,
            Part::Delivery => &self.delivery,
        }
    }
}

impl Wake for ByHand {
    fn wait(&self, part: Part, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let turns = self.turns(part);
        Box::pin(async move {
            let begun = turns.begun.load(Ordering::SeqCst);
            let mut asked = turns.asked.subscribe();
            turns.done.send_replace(begun);
            if let Ok(number) = asked.wait_for(|asked| *asked > begun).await {
                turns.begun.store(*number, Ordering::SeqCst);
            }
        })
    }
}
