//! The one place where time comes from, and chance. Everything else is told what time it is.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// A source of the current instant.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current instant, UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved: `--now`, and tests.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Stands at `now`, to the millisecond.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millisecond()))
    }

    /// Moves to `now`, forwards or backwards.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A clock that runs on from another instant than the present: what is shown after the weeks of a demo.
#[derive(Debug)]
pub struct RunningClock {
    from: Timestamp,
    since: std::time::Instant,
}

impl RunningClock {
    /// Shows `now` at this moment, and runs.
    #[must_use]
    pub fn from(now: Timestamp) -> Self {
        Self { from: now, since: std::time::Instant::now() }
    }
}

impl Clock for RunningClock {
    fn now(&self) -> Timestamp {
        let gone = jiff::SignedDuration::try_from(self.since.elapsed()).unwrap_or_default();
        self.from.checked_add(gone).unwrap_or(Timestamp::MAX)
    }
}

/// The machine's chance, for secrets. Nothing that a brief says depends on it.
#[must_use]
pub const fn chance() -> getrandom::SysRng {
    getrandom::SysRng
}

/// A new row id: UUIDv7 as text, so that id order is the order of making within one process.
///
/// Ids are opaque; nothing printed in a brief depends on them.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// So many octets by chance, from the system's own source: for keys and for what nobody may guess.
///
/// # Errors
/// When the system has none to give.
pub fn random_octets<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut octets = [0; N];
    getrandom::fill(&mut octets).map_err(std::io::Error::from)?;
    Ok(octets)
}
