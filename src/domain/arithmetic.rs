//! Integer division with a stated rounding. Nothing in the model is a float.

/// `numerator / denominator`, rounded half up (towards positive infinity on a tie).
///
/// A denominator of zero or less gives zero: callers divide by constants or checked counts.
#[must_use]
pub const fn half_up(numerator: i128, denominator: i128) -> i128 {
    if denominator <= 0 {
        return 0;
    }
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

/// `numerator / denominator`, rounded half away from zero.
#[must_use]
pub const fn half_away(numerator: i128, denominator: i128) -> i128 {
    if numerator < 0 { -half_up(-numerator, denominator) } else { half_up(numerator, denominator) }
}

/// `numerator / denominator`, rounded up. A denominator of zero or less gives zero.
#[must_use]
pub const fn ceil(numerator: i128, denominator: i128) -> i128 {
    if denominator <= 0 {
        return 0;
    }
    -((-numerator).div_euclid(denominator))
}

/// Into the width that rows hold; what does not fit stands at the limit instead of wrapping.
#[must_use]
pub const fn to_i64(wide: i128) -> i64 {
    if wide > i64::MAX as i128 {
        i64::MAX
    } else if wide < i64::MIN as i128 {
        i64::MIN
    } else {
        wide as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_goes_up_and_a_negative_tie_too() {
        assert_eq!(half_up(101, 2), 51);
        assert_eq!(half_up(-101, 2), -50);
        assert_eq!(half_away(-101, 2), -51);
        assert_eq!(half_up(1, 3), 0);
        assert_eq!(ceil(7, 2), 4);
        assert_eq!(ceil(-7, 2), -3);
    }
}
