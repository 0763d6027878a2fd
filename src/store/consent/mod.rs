//! Consent: who agreed to what and took it back, as a history and as what holds now.
//!
//! **Invariant:** a subscription begins, ends or comes back only together with the row of the history
//! that says how.

mod leave;
mod log;

pub(crate) use leave::STATEMENTS as LEAVE;
pub use leave::{Back, come_back, come_back_within, withdraw, withdraw_all};
pub(crate) use log::STATEMENTS as LOG;
pub use log::{Act, Kind, of_person};
