//! Numbers and ids that follow from a seed.

use jiff::Timestamp;

/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): one
/// addition and three mixing steps a number. The same seed gives the same numbers everywhere.
#[derive(Debug, Clone)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator that starts at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for part number `part`, so that parts do not depend on each other.
    #[must_use]
    pub fn part(seed: u64, part: u64) -> Self {
        let mut mixer = Self(seed ^ part.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixer.next_u64())
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.next_u64()) * end as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high.saturating_sub(low)).unwrap_or_default();
        low + i64::try_from(self.below(span + 1)).unwrap_or_default()
    }

    /// One of `items`.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Row ids in the shape of `UUIDv7` (RFC 9562 5.7): the instant they are given in front, then a
/// count that rises, then chance. So their order is the order of making, as with real ones.
#[derive(Debug, Clone)]
pub struct Ids {
    chance: SplitMix64,
    milliseconds: u64,
    count: u64,
}

impl Ids {
    /// Ids that begin at `from`.
    #[must_use]
    pub fn new(seed: u64, from: Timestamp) -> Self {
        Self {
            chance: SplitMix64::part(seed, 0x1D5),
            milliseconds: u64::try_from(from.as_millisecond()).unwrap_or_default(),
            count: 0,
        }
    }

    /// The next id.
    pub fn next_id(&mut self) -> String {
        let (milliseconds, count) = (self.milliseconds + (self.count >> 12), self.count & 0xFFF);
        self.count += 1;
        let high = (milliseconds << 16) | 0x7000 | count;
        let low = (self.chance.next_u64() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        uuid::Uuid::from_u64_pair(high, low).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_algorithm() {
        // First outputs for seed 1234567, as in the reference implementation's test.
        let mut random = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(
            first,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn ids_rise_and_are_version_seven() {
        let mut ids = Ids::new(1, Timestamp::UNIX_EPOCH);
        let made: Vec<String> = (0..10_000).map(|_| ids.next_id()).collect();
        assert!(made.is_sorted());
        assert!(made.iter().all(|id| uuid::Uuid::parse_str(id).unwrap().get_version_num() == 7));
    }
}
