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

/// A row id of a batch whose place among the others is given, whatever the order of making: by `at`, the
/// milliseconds that a day is old, then by `nth`. It comes after what was made before the batch.
///
/// Rows of one day that were told at once are ordered by their ids, and a file may tell them in any order.
#[must_use]
pub fn id_within(batch: &str, at: i64, nth: u64) -> String {
    /// Bits of a day of 25 hours, of a number, and of what is left to chance.
    const AT: u32 = 27;
    const NTH: u32 = 30;
    const CHANCE: u32 = 17;
    let Ok(batch) = uuid::Uuid::parse_str(batch) else { return new_id() };
    let low = |value: u128, bits: u32| value & ((1 << bits) - 1);
    let millis = low((batch.as_u128() >> 80) + 1, 48);
    let at = u128::from(at.clamp(0, (1 << AT) - 1).unsigned_abs());
    let chance = low(uuid::Uuid::now_v7().as_u128(), CHANCE);
    let order = low(at, 15) << (NTH + CHANCE) | low(u128::from(nth), NTH) << CHANCE | chance;
    // RFC 9562 5.7: 48 bits of time, the version, 12 bits, the variant, 62 bits.
    let id = millis << 80 | 7 << 76 | (at >> 15) << 64 | 0b10 << 62 | order;
    uuid::Uuid::from_u128(id).to_string()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_batch_stand_in_the_order_that_is_given() {
        let before = new_id();
        let batch = new_id();
        let places =
            [(0, 1), (0, 2), (1, 1), (32_767, 9), (32_768, 1), (89_999_999, 1), (i64::MAX, 0)];
        let mut ids: Vec<String> =
            places.iter().rev().map(|(at, nth)| id_within(&batch, *at, *nth)).collect();
        ids.reverse();
        let mut all = vec![before, batch.clone()];
        all.extend(ids.clone());
        assert!(all.is_sorted(), "{all:?}");
        for id in &ids {
            let id = uuid::Uuid::parse_str(id).unwrap();
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
        }
        assert_ne!(id_within(&batch, 1, 1), id_within(&batch, 1, 1));
    }
}
