//! What comes back is taken in: read, matched with its delivery, recorded, and drawn consequences from.
//!
//! ```text
//! octets ──read──► marks + finding ──match──► whose ──policy──► bounce row, suppression, flag
//!                                     (one transaction)
//! ```
//! **Invariants:** a message counts once, whichever way it comes; nobody is suppressed by a report in
//! which no mark of ours leads to a delivery; a delivery that was sent stays sent, so that a run that
//! was proved stays proved: what came back of it is a row beside it.
//!
//! Reading order: [`receive`](crate::engine::Engine::receive), `policy`, `refusals`, `mailboxes`, `keep`.

mod keep;
mod mailboxes;
mod policy;
mod receive;
pub(in crate::engine) mod refusals;

use crate::config::Settings;
use crate::mail::inbound::Ours;

pub use mailboxes::Looked;
pub(in crate::engine) use policy::Limits;
pub use policy::Taken;

/// By what our mail is known when it comes back.
#[must_use]
pub fn ours(settings: &Settings) -> Ours {
    Ours { domain: settings.mail.domain.clone() }
}
