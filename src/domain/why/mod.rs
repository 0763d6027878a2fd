//! "Why this number?": how each figure came about, in steps that a reader can redo.
//!
//! A [`Step`] is a name, a sum in words with its numbers put in, and what it comes to. The pages print
//! them and programs get them; both are made here, from the sums of a [course](super::course) alone, so
//! that what is explained is what was computed.

mod dates;
mod gap;
mod money;
mod price;
mod score;
pub mod units;
pub mod words;

use serde::Serialize;

pub use dates::dates;
pub use gap::{cost_so_far, counted, points, protected, told, where_from};
pub use money::{cost_total, delay, effects, protected_total, total, zones};
pub use price::price;
pub use score::{areas, in_short, score};

/// One line of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is: "Likely".
    pub name: String,
    /// How it is made: "26 h × $58.00"; empty where it stands by itself.
    pub sum: String,
    /// What it comes to: "$1,508.00 a week"; empty where the sum is only a remark.
    pub result: String,
}

impl Step {
    /// A figure with its sum.
    fn of(name: impl Into<String>, sum: impl Into<String>, result: impl Into<String>) -> Self {
        Self { name: name.into(), sum: sum.into(), result: result.into() }
    }

    /// A remark without a result.
    fn remark(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self::of(name, words, "")
    }
}
