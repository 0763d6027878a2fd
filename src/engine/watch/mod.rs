//! Watching: what an operator has to know, noticed, kept and told (DESIGN 2.6).

mod halt;

pub(in crate::engine) use halt::HaltNote;
pub use halt::{Halt, Halted};
