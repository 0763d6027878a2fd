//! One SMTP conversation after another with one relay (RFC 5321), over lettre's connection.
//!
//! **Invariant:** a connection is taken out of the session while it is used, and put back only when
//! every reply that was asked for has been read. So whatever goes wrong, a dropped future included, it is gone, and a reply
//! that was still on its way cannot be taken for the answer to a later command.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Rset;
use tokio::time::timeout;

use super::dial;
use super::endpoint::Endpoint;
use super::envelope::Envelope;
use super::greeting::late;
use super::outcome::{CauseKind, Outcome, Stage};
use super::transaction::transact;
use super::wire::Line;

/// Refusals on one connection before it is left: relays slow down or cut off a client with many
/// (Postfix after ten, and a refused recipient may count twice).
const REFUSALS_PER_CONNECTION: u32 = 4;

/// A connection that is ready for `MAIL FROM`.
pub(super) struct Open {
    pub connection: AsyncSmtpConnection,
    pub line: Line,
    pub n_sent: u32,
    pub n_refused: u32,
}

/// One worker's conversation with the relay.
pub struct Session {
    endpoint: Arc<Endpoint>,
    open: Option<Open>,
    /// How long connecting may take, and as long again what is said before the message.
    haste: Duration,
}

impl Session {
    /// A session that has not connected yet.
    #[must_use]
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        Self { endpoint, open: None, haste: Duration::MAX }
    }

    /// One that connects within `haste`, and comes to the message within as long again: after either
    /// the message certainly did not leave, however patient the endpoint is.
    #[must_use]
    pub fn hasty(endpoint: Arc<Endpoint>, haste: Duration) -> Self {
        Self { haste, ..Self::new(endpoint) }
    }

    /// Hands over one message; connects first where needed.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Outcome {
        if let Some(open) = self.open.take() {
            let (outcome, open) = self.converse(open, envelope, message).await;
            if !went_stale(&outcome) {
                self.open = open;
                return outcome;
            }
        }
        let dialled = timeout(self.haste, dial::dial(&self.endpoint)).await;
        match dialled.unwrap_or_else(|_| Err(late(Stage::Greeting, self.haste))) {
            Ok(open) => {
                let (outcome, open) = self.converse(open, envelope, message).await;
                self.open = open;
                outcome
            }
            Err(outcome) => outcome,
        }
    }

    /// Ends the conversation with QUIT, without waiting long for the answer.
    pub async fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.quit(open).await;
        }
    }

    async fn converse(
        &self,
        mut open: Open,
        envelope: &Envelope,
        message: &[u8],
    ) -> (Outcome, Option<Open>) {
        let (outcome, is_in_step) =
            transact(&mut open, (&self.endpoint.timeouts, self.haste), envelope, message).await;
        if !is_in_step {
            return (outcome, None);
        }
        let goes_on = if matches!(outcome, Outcome::Accepted { .. }) {
            open.n_sent += 1;
            open.n_sent < self.endpoint.messages_per_connection
        } else {
            open.n_refused += 1;
            open.n_refused < REFUSALS_PER_CONNECTION && self.reset(&mut open).await
        };
        if goes_on {
            return (outcome, Some(open));
        }
        self.quit(open).await;
        (outcome, None)
    }

    /// Begins anew after a refusal (RFC 5321 4.1.1.5); whether the relay agreed.
    async fn reset(&self, open: &mut Open) -> bool {
        let reset = timeout(self.endpoint.timeouts.quit, open.connection.command(Rset)).await;
        matches!(reset, Ok(Ok(response)) if response.has_code(250))
    }

    async fn quit(&self, mut open: Open) {
        // Whatever comes of it, the connection is dropped and no message depends on it.
        let _ = timeout(self.endpoint.timeouts.quit, open.connection.quit()).await;
    }
}

/// A relay may close an idle connection at any time; then the next message begins on a new one.
fn went_stale(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::NotSent { stage: Stage::Mail, cause } => cause.kind != CauseKind::Timeout,
        Outcome::Refused { stage: Stage::Mail, reply, .. } => reply.code == 421,
        _ => false,
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, open: {})", self.endpoint, self.open.is_some())
    }
}
