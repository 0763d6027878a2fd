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
//! Reading order: [`receive`](Engine::receive), `policy`, `refusals`, `mailboxes`, `keep`.

mod keep;
mod mailboxes;
mod policy;
mod receive;
pub(in crate::engine) mod refusals;

use std::fmt;
use std::sync::Arc;

use crate::config::Settings;
use crate::mail::inbound::Ours;

use super::Engine;

pub use mailboxes::Looked;
pub(in crate::engine) use policy::Limits;
pub use policy::Taken;

/// Says of which delivery the token of a bounce address is; none for a token that is not ours.
#[derive(Clone)]
pub struct BounceTokens(Arc<DeliveryOf>);

/// The delivery of a token.
type DeliveryOf = dyn Fn(&str) -> Option<String> + Send + Sync;

impl BounceTokens {
    /// Reads tokens with a function that checks them.
    pub fn new(delivery_of: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(delivery_of))
    }

    fn delivery_of(&self, token: &str) -> Option<String> {
        (self.0)(token)
    }
}

/// Until there are keys, no token is ours.
impl Default for BounceTokens {
    fn default() -> Self {
        Self::new(|_| None)
    }
}

impl fmt::Debug for BounceTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BounceTokens")
    }
}

impl Engine {
    /// The same engine, which knows the tokens of bounce addresses.
    #[must_use]
    pub fn with_bounce_tokens(self, tokens: BounceTokens) -> Self {
        Self { bounce_tokens: tokens, ..self }
    }
}

/// By what our mail is known when it comes back.
#[must_use]
pub fn ours(settings: &Settings) -> Ours {
    Ours { domain: settings.mail.domain.clone() }
}
