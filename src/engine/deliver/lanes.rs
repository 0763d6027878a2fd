//! The relays of one round: which one a worker uses, and what becomes of it when a relay fails
//! (DESIGN 2.5).
//!
//! ```text
//! untried ──one worker tries one mail──► works ──the last connection fails──► open
//!                                          ▲                                   │ its time is over
//!                                          └────── one worker tries one mail ◄─┘
//! ```
//! **Invariants:** a relay that is not known to work is tried by one worker with one mail, while the
//! others wait, or use a later relay where an earlier one is open; no connection is made to an open
//! one. Asking which relay to use costs a lock and no statement.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::breaker::{Breaker, Cause, Kind};
use super::keeper::Keeper;
use crate::mail::relay::Relay;
use crate::store::StoreError;
use crate::store::breakers::BreakerRow;

/// Leave to hand one mail over to a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Which relay, by its place in the order.
    pub lane: usize,
    /// How often it had opened when the pass was given.
    opened: u32,
    /// Whether nobody knows yet that the relay works.
    is_trial: bool,
    /// Whether the trial is of an open breaker whose time is over.
    is_probe: bool,
}

impl Pass {
    /// Whether nobody knows yet that the relay works.
    pub const fn is_trial(self) -> bool {
        self.is_trial
    }

    /// Whether an open breaker whose time is over is tried with it.
    pub const fn is_probe(self) -> bool {
        self.is_probe
    }
}

/// A connection that a relay turned away while others were served: its worker waits for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TurnedAway {
    lane: usize,
    opened: u32,
}

/// What a worker does that asks for a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It hands one mail over.
    Go(Pass),
    /// It waits until another one has found out.
    Wait,
    /// It waits for as long as the relay serves others.
    Park,
    /// Every relay is open.
    Shut,
}

/// What a worker does with a mail that certainly did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It asks again which relay to use.
    Again,
    /// It gives the mail back: the relay serves others, and not this connection.
    Park(TurnedAway),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Trial {
    #[default]
    Untried,
    UnderWay,
    Works,
}

#[derive(Debug, Default)]
struct Lane {
    trial: Trial,
    breaker: Option<Breaker>,
    /// Connections turned away since it opened last.
    turned_away: usize,
    /// How often it opened.
    opened: u32,
}

#[derive(Debug)]
struct State {
    lanes: Vec<Lane>,
    /// Workers that are done.
    ended: usize,
    /// Whether nothing is left to do.
    is_drained: bool,
}

/// The relays of one round.
#[derive(Debug)]
pub struct Lanes {
    places: Vec<Arc<str>>,
    keeper: Keeper,
    workers: usize,
    /// When this process began.
    began: Timestamp,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

impl Lanes {
    /// The relays in order, with what the rows say of them, for so many workers of a process that
    /// began at `began`.
    pub fn new<'a>(
        ways: impl Iterator<Item = &'a Relay>,
        rows: &[BreakerRow],
        keeper: Keeper,
        workers: usize,
        began: Timestamp,
    ) -> Self {
        let places: Vec<Arc<str>> = ways.map(|way| way.place().into()).collect();
        let relays = || rows.iter().filter(|row| row.kind == Kind::Relay.as_str());
        let row = |place: &str| relays().find(|row| row.name == place);
        let lane = |place: &Arc<str>| Lane {
            breaker: row(place).and_then(Breaker::of),
            ..Lane::default()
        };
        let lanes = places.iter().map(lane).collect();
        let state = Mutex::new(State { lanes, ended: 0, is_drained: false });
        let made = Self { places, keeper, workers, began, state, changed: watch::Sender::new(()) };
        made.show();
        made
    }

    /// The place of the relay that a pass is for.
    pub fn place(&self, pass: Pass) -> Arc<str> {
        Arc::clone(&self.places[pass.lane])
    }

    /// What a worker does next. It uses the first relay that is not open; where that one's time is
    /// over it tries it, unless another one does.
    pub fn choose(&self, now: Timestamp, away: Option<TurnedAway>) -> Choice {
        let mut is_tried = false;
        for (number, lane) in self.state().lanes.iter_mut().enumerate() {
            let (opened, is_probe) = (lane.opened, lane.breaker.is_some());
            match (&lane.breaker, lane.trial) {
                (Some(_), Trial::UnderWay) => is_tried = true,
                (Some(breaker), _) if breaker.is_open(now, self.began) => {}
                (None, Trial::UnderWay) => return Choice::Wait,
                (None, Trial::Works) if away == Some(TurnedAway { lane: number, opened }) => {
                    return Choice::Park;
                }
                (None, Trial::Works) => {
                    let (is_trial, is_probe) = (false, false);
                    return Choice::Go(Pass { lane: number, opened, is_trial, is_probe });
                }
                _ => {
                    lane.trial = Trial::UnderWay;
                    return Choice::Go(Pass { lane: number, opened, is_trial: true, is_probe });
                }
            }
        }
        if is_tried { Choice::Wait } else { Choice::Shut }
    }

    /// Tells of every change from now on.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Has every worker that waits look again.
    pub fn wake(&self) {
        self.changed.send_replace(());
    }

    /// Whether nothing is left to do.
    pub fn is_drained(&self) -> bool {
        self.state().is_drained
    }

    /// Notes that nothing is left to do, and gives back a pass that was not used.
    pub fn drained(&self, pass: Pass) {
        self.state().is_drained = true;
        self.release(pass);
    }

    /// Gives back a pass that was not used.
    pub fn release(&self, pass: Pass) {
        if pass.is_trial {
            self.state().lanes[pass.lane].trial = Trial::Untried;
        }
        self.wake();
    }

    /// Notes that a worker is done.
    pub fn leave(&self, away: Option<TurnedAway>) {
        let mut state = self.state();
        // Who was turned away is counted there.
        let is_counted = away.is_some_and(|away| state.lanes[away.lane].opened == away.opened);
        state.ended += usize::from(!is_counted);
    }

    /// Whether a pass still holds just before its mail leaves: the trial of an open breaker is claimed
    /// in the table, so that of all workers one tries it.
    ///
    /// # Errors
    /// As any write.
    pub async fn confirm(&self, pass: Pass, now: Timestamp) -> Result<bool, StoreError> {
        let place = &self.places[pass.lane];
        let seen = self.state().lanes[pass.lane].breaker.clone().filter(|_| pass.is_probe);
        let Some(seen) = seen else { return Ok(true) };
        let ours = self.keeper.claim(Kind::Relay, place, &seen, now).await?;
        let is_ours = ours.is_some();
        let breaker = match ours {
            Some(ours) => Some(ours),
            None => self.keeper.look(Kind::Relay, place).await?,
        };
        self.state().lanes[pass.lane].breaker = breaker;
        if !is_ours {
            self.release(pass);
        }
        Ok(is_ours)
    }

    /// Notes that the relay took a mail or refused its recipient: it works.
    pub async fn works(&self, pass: Pass, now: Timestamp) {
        if !pass.is_trial {
            return;
        }
        let closed = {
            let lane = &mut self.state().lanes[pass.lane];
            lane.trial = Trial::Works;
            lane.breaker.take()
        };
        self.wake();
        if closed.is_some() {
            self.show();
            self.keeper.closed(Kind::Relay, &self.places[pass.lane], now).await;
        }
    }

    /// Notes that a hand-over failed by the relay's fault or by our settings', and says what becomes
    /// of the mail.
    ///
    /// A relay may limit connections: one that was turned away while others are served is no dead
    /// relay. It opens with the last of them, or at once where none ever got through.
    pub async fn fails(&self, pass: Pass, cause: Cause, why: String, now: Timestamp) -> Then {
        let place = &self.places[pass.lane];
        let (before, opened) = {
            let mut state = self.state();
            let ended = state.ended;
            let lane = &mut state.lanes[pass.lane];
            if lane.opened != pass.opened {
                return Then::Again;
            }
            if cause == Cause::Away && !pass.is_trial {
                lane.turned_away += 1;
                if lane.turned_away + ended < self.workers {
                    return Then::Park(TurnedAway { lane: pass.lane, opened: lane.opened });
                }
            }
            let before = lane.breaker.take();
            let opened = match &before {
                None => Breaker::open(place, cause, why, now),
                Some(before) => before.again(place, cause, why, now),
            };
            (lane.trial, lane.turned_away) = (Trial::Untried, 0);
            lane.opened += 1;
            lane.breaker = Some(opened.clone());
            (before, opened)
        };
        self.wake();
        self.show();
        self.keeper.opened(Kind::Relay, place, &opened, before.as_ref()).await;
        Then::Again
    }

    /// Why no relay can be used at `now`, and when the first may be tried again; none where one can.
    pub fn shut(&self, now: Timestamp) -> Option<(String, Timestamp)> {
        let state = self.state();
        let open = |lane: &Lane| {
            let breaker = lane.breaker.clone()?;
            breaker.is_open(now, self.began).then_some(breaker)
        };
        let open: Vec<Breaker> = state.lanes.iter().map(open).collect::<Option<_>>()?;
        let until = open.iter().map(|breaker| breaker.tried_at(self.began)).min()?;
        let mut why = open.first()?.why.clone();
        for (place, breaker) in self.places.iter().zip(&open).skip(1) {
            why.push_str(&format!("; {place}: {}", breaker.why));
        }
        let to_the_second = until.strftime("%Y-%m-%dT%H:%M:%SZ");
        Some((format!("{why}; tried again at {to_the_second}"), until))
    }

    fn show(&self) {
        let n_open = self.state().lanes.iter().filter(|lane| lane.breaker.is_some()).count();
        self.keeper.show(Kind::Relay, n_open);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned state is still a state: no call leaves a lane half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
