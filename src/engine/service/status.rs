//! What the loops are doing: for the watchdog, the status line of the service and the health pages.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::Part;
use crate::engine::deliver::DeliverReport;

/// What one loop is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartStatus {
    /// Whether this service runs it.
    pub is_on: bool,
    /// Whether it works at this moment; else it waits.
    pub is_working: bool,
    /// Rounds begun.
    pub rounds: u64,
    /// When the last round began, by the engine's clock.
    pub began_at: Option<Timestamp>,
    /// When a round last ended well, by the engine's clock; at first, when the service was made.
    pub well_at: Timestamp,
    /// When the last round ended, well or not.
    pub ended_at: Option<Timestamp>,
    /// Why the last round failed, in words for the operator; none when it went well.
    pub trouble: Option<String>,
    /// How often the loop panicked and was started anew.
    pub panics: u64,
}

#[derive(Debug, Default)]
struct Inner {
    schedule: PartStatus,
    delivery: PartStatus,
    sent: u64,
    stopped: Option<String>,
}

/// What the service is doing. Shared with whoever wants to know.
#[derive(Debug)]
pub struct Status(Mutex<Inner>);

impl Status {
    pub(super) fn new(schedule: bool, deliver: bool, at: Timestamp) -> Self {
        let part = |is_on| PartStatus { is_on, well_at: at, ..PartStatus::default() };
        let inner = Inner { schedule: part(schedule), delivery: part(deliver), ..Inner::default() };
        Self(Mutex::new(inner))
    }

    /// One loop.
    #[must_use]
    pub fn part(&self, part: Part) -> PartStatus {
        self.inner().part(part).clone()
    }

    /// Mails that the relay took since the start.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.inner().sent
    }

    /// Why the last delivery stopped before everything due was tried; none when it did not.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        self.inner().stopped.clone()
    }

    pub(super) fn begin(&self, part: Part, at: Timestamp) {
        let mut inner = self.inner();
        let part = inner.part(part);
        part.is_working = true;
        part.rounds += 1;
        part.began_at = Some(at);
    }

    pub(super) fn end(&self, part: Part, at: Timestamp, trouble: Option<String>) {
        let mut inner = self.inner();
        let part = inner.part(part);
        part.is_working = false;
        part.ended_at = Some(at);
        if trouble.is_none() {
            part.well_at = at;
        }
        part.trouble = trouble;
    }

    pub(super) fn panicked(&self, part: Part) {
        let mut inner = self.inner();
        let part = inner.part(part);
        part.is_working = false;
        part.panics += 1;
        part.trouble = Some("it panicked and was started anew; the log has more".to_owned());
    }

    pub(super) fn delivered(&self, report: &DeliverReport) {
        let mut inner = self.inner();
        inner.sent += report.sent;
        inner.stopped.clone_from(&report.stopped);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Every field is whole at any time, whoever panicked while it was held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    const fn part(&mut self, part: Part) -> &mut PartStatus {
        match part {
            Part::Schedule => &mut self.schedule,
            Part::Delivery => &mut self.delivery,
        }
    }
}
