//! Slot arithmetic: when the next message of a bucket may leave (GCRA, the generic cell rate
//! algorithm of ITU-T I.371). Pure. Instants and spans are microseconds.
//!
//! A bucket holds one instant, when its next message would leave if all leave evenly. A message that
//! comes later than that moves it on from the present, so nothing is saved up while nobody sends,
//! but for [`BURST`].

/// One second.
pub const SECOND: i64 = 1_000_000;
/// What may be made up for: as many messages as belong into this span, and at least one, may leave
/// together after a pause. It covers late wake-ups and the time between two rounds.
pub const BURST: i64 = SECOND / 5;
/// How far ahead a domain's slots are given out. What does not fit is put back: long enough that a
/// round is worth its connections, short against the lease of what waits for its slot.
pub const HORIZON: i64 = 5 * SECOND;
/// The furthest end of the line that anybody is sent to. Whoever comes there too early is sent on,
/// which costs less than a long wait behind mail that was cancelled meanwhile.
pub const LINE: i64 = 600 * SECOND;

/// How far apart the clocks of processes may be before one is held to have run ahead.
const SKEW: i64 = 60 * SECOND;

/// An even rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// From one message to the next, rounded up: the rate is never exceeded.
    pub interval: i64,
}

impl Rate {
    /// So many messages a second.
    pub const fn per_second(messages: u32) -> Self {
        let messages = if messages == 0 { 1 } else { messages as i64 };
        Self { interval: (SECOND + messages - 1) / messages }
    }

    /// How many messages belong into a span; at least one.
    pub const fn within(self, span: i64) -> usize {
        let messages = span / self.interval;
        if messages < 1 { 1 } else { messages as usize }
    }
}

/// What is known about the mail to one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// When the next message would leave if all leave evenly.
    pub next_at: i64,
    /// When those that were put back are through, as far as [`LINE`] reaches.
    pub line_until: i64,
}

/// What a batch to one domain got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    interval: i64,
    first: i64,
    /// How many got a slot: the first ones.
    pub granted: usize,
    line: i64,
    line_end: i64,
}

impl Bucket {
    /// Gives the next slots to the first of `wanted` messages, as far as they fit before the
    /// [`HORIZON`], and a place in the line to the others.
    ///
    /// A bucket that is far ahead was written by a clock that ran ahead: its next slot is believed
    /// only as far as any bucket of this present can be, so that it is over soon, and its line not
    /// at all.
    pub fn share(&mut self, rate: Rate, now: i64, wanted: usize) -> Share {
        let interval = rate.interval;
        let horizon = now.saturating_add(HORIZON);
        let first = self.next_at.clamp(now - BURST, horizon + SECOND);
        let fit = if first > horizon { 0 } else { (horizon - first) / interval + 1 };
        let granted = wanted.min(usize::try_from(fit).unwrap_or(0));
        self.next_at = first + granted as i64 * interval;
        let line_end = now + LINE;
        let line = if self.line_until > line_end + SKEW { self.next_at } else { self.line_until };
        let line = line.clamp(self.next_at, line_end.max(self.next_at));
        let left = (wanted - granted) as i64;
        if left > 0 {
            self.line_until = line.saturating_add(left.saturating_mul(interval)).min(line_end);
        }
        Share { interval, first, granted, line, line_end }
    }
}

impl Share {
    /// The slot of the message of this number, from 0; none when it was put back.
    pub fn slot(&self, number: usize) -> Option<i64> {
        (number < self.granted).then(|| self.first + number as i64 * self.interval)
    }

    /// When one that was put back shall come again: at the last multiple of the [`HORIZON`] before
    /// its place in the line, so that a round finds a group of them and takes them all. Always
    /// later than the present, since its place is beyond the horizon.
    pub fn comes_again(&self, number: usize) -> i64 {
        let behind = number.saturating_sub(self.granted) as i64;
        let place = self.line.saturating_add(behind.saturating_mul(self.interval));
        let place = place.min(self.line_end);
        place - place.rem_euclid(HORIZON)
    }
}

/// Keeps messages apart that were late for their slots: what a busy relay held up leaves at the
/// rate, not at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spacing {
    next_at: i64,
}

impl Spacing {
    /// When the message of a slot leaves: then, or as soon as those before it allow.
    pub fn leave(&mut self, rate: Rate, slot: i64, now: i64) -> i64 {
        let at = self.next_at.max(slot).max(now - BURST);
        self.next_at = at + rate.interval;
        at
    }

    /// Whether it still keeps anything back.
    pub const fn matters(&self, now: i64) -> bool {
        self.next_at > now - BURST
    }
}

#[cfg(test)]
mod tests;
