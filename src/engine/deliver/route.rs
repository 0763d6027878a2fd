//! How a worker comes by a relay, and what it makes of how a hand-over ended (DESIGN 2.5).

use super::breaker::Cause;
use super::lanes::{Choice, Pass, Then};
use super::verdict::Effect;
use super::worker::Parts;
use crate::mail::courier::Mailer;

/// The reason to leave a relay alone that was tried with one mail and never answered its end.
const TRIED_IN_VAIN: &str = "the relay is away: no answer after the whole message";

/// Waits for leave to hand one mail over; none when the round is over for this worker.
pub(super) async fn enter(parts: &Parts) -> Option<Pass> {
    let lanes = &parts.round.lanes;
    let mut changes = None;
    loop {
        if parts.round.is_stopped() {
            return None;
        }
        let now = parts.clock.now();
        match lanes.choose(now, parts.turned_away) {
            Choice::Go(pass) => return Some(pass),
            Choice::Shut if parts.round.stop_shut(now) => return None,
            Choice::Park if lanes.is_drained() => return None,
            Choice::Shut => continue,
            Choice::Wait | Choice::Park => {}
        }
        // Listening comes first, then one more look: a change between the two is not missed.
        match &mut changes {
            None => changes = Some(lanes.changes()),
            // The sender lives as long as the round.
            Some(changes) => drop(changes.changed().await),
        }
    }
}

/// Whether the pass still holds; then the courier is one of its relay.
pub(super) async fn board(parts: &mut Parts, pass: Pass) -> bool {
    match parts.round.lanes.confirm(pass, parts.clock.now()).await {
        Ok(true) => {}
        Ok(false) => return false,
        Err(error) => {
            parts.round.lanes.release(pass);
            parts.round.stop(format!("the database does not take a trial: {error}"));
            return false;
        }
    }
    if parts.lane != pass.lane {
        parts.courier.close().await;
        parts.courier = parts.ways[pass.lane].courier();
        parts.lane = pass.lane;
    }
    true
}

/// Notes what a hand-over means for its relay and for the recipient's domain. Says what becomes of a
/// mail that certainly did not leave.
pub(super) async fn take_note(
    parts: &Parts,
    pass: Pass,
    (domain, delivery): (&str, &str),
    effect: Effect,
) -> Option<Then> {
    let (lanes, keeper, now) = (&parts.round.lanes, &parts.keeper, parts.clock.now());
    match effect {
        Effect::Works => {
            parts.domains.works(keeper, domain, now).await;
            lanes.works(pass, now).await;
        }
        Effect::TurnsAway(why) => {
            parts.domains.turns_away(keeper, domain, delivery, &why, now).await;
            lanes.works(pass, now).await;
        }
        Effect::Unclear => {
            parts.domains.give_up(domain, delivery);
            if pass.is_probe() {
                lanes.fails(pass, Cause::Away, TRIED_IN_VAIN.to_owned(), now).await;
            } else {
                lanes.works(pass, now).await;
            }
        }
        Effect::Away(why) => return Some(lanes.fails(pass, Cause::Away, why, now).await),
        Effect::Refuses(why) => return Some(lanes.fails(pass, Cause::Refused, why, now).await),
    }
    None
}
