//! The schedule loop: sources are begun to be read; what is due is settled, drafted, planned, reminded of and proved.

use std::sync::Arc;

use jiff::Timestamp;

use super::Part;
use super::shared::{MINUTE, Shared};
use super::trouble::Trouble;
use crate::engine::EngineError;
use crate::engine::retention::ROUND;
use crate::engine::watch::Watcher;

/// How often the latest run is proved again although it closed: a row that vanished shows.
const AGAIN_MS: i64 = 60 * 60_000;

/// Runs until the service is asked to end.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut trouble = Trouble::new(Part::Schedule);
    let mut latest_proved = None;
    while !shared.is_stopping() {
        let round = shared.work(Part::Schedule, round(&shared, &mut latest_proved)).await;
        let wait = match round {
            Ok(()) => {
                trouble.end();
                MINUTE
            }
            Err(error) => trouble.note(&error),
        };
        shared.rest(Part::Schedule, wait).await;
    }
}

/// One look at what is due now.
async fn round(shared: &Shared, latest_proved: &mut Option<Timestamp>) -> Result<(), EngineError> {
    let engine = &shared.engine;
    let at = engine.clock.now();
    engine.start_due_pulls(at).await;
    let scheduled = match engine.schedule(at).await {
        Ok(done) => done,
        Err(error) => {
            engine.watch_failure(Watcher::Service, &error, at).await;
            return Err(error);
        }
    };
    if scheduled.plan.deliveries > 0 || scheduled.plan.frozen > 0 {
        shared.ring(Part::Delivery);
    }
    if shared.is_stopping() {
        return Ok(());
    }
    let mut weeks = engine.open_weeks(at).await?;
    weeks.extend(scheduled.plan.weeks.iter().cloned());
    weeks.extend(engine.alerted_weeks().await?);
    let touched = shared.take_touched();
    weeks.extend(touched.iter().cloned());
    let is_hourly = latest_proved
        .is_none_or(|last| (at.as_millisecond() - last.as_millisecond()).abs() >= AGAIN_MS);
    if is_hourly {
        weeks.extend(engine.latest_week().await?);
    }
    let proofs = match engine.prove(&weeks, at).await {
        Ok(proofs) => proofs,
        Err(error) => {
            shared.touch(touched);
            return Err(error);
        }
    };
    if is_hourly {
        *latest_proved = Some(at);
    }
    engine.watch(Watcher::Service, &scheduled.plan, &proofs, at).await?;
    engine.keep_house(at, ROUND).await;
    match &shared.after_proof {
        Some(call) => call(scheduled, proofs).await,
        None => Ok(()),
    }
}
