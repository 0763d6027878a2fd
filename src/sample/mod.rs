//! Data to look at and to measure with: the demo's stories and the seed's crowds.
//!
//! Both are made as plain [`rows`] by pure functions and then written through the store, so that
//! they are held to the same rules as anybody's data.
//!
//! **Invariants:** no clock and no chance: what is made depends on the arguments alone, ids
//! included. Every address ends in `.example`, which belongs to nobody (RFC 2606).

pub mod random;
pub mod rows;
pub mod seed;
pub mod story;
