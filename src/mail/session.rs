//! One SMTP conversation after another with one relay (RFC 5321), over lettre's connection.
//!
//! **Invariant:** a connection is taken out of the session while it is used and put back only after
//! an accepted message. So whatever goes wrong, a dropped future included, it is gone, and a reply
//! that was still on its way cannot be taken for the answer to a later command.

use std::fmt;
use std::sync::Arc;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::timeout;

use super::dial;
use super::endpoint::Endpoint;
use super::envelope::Envelope;
use super::outcome::{CauseKind, Outcome, Stage};
use super::transaction::transact;
use super::wire::Line;

/// A connection that is ready for `MAIL FROM`.
pub(super) struct Open {
    pub connection: AsyncSmtpConnection,
    pub line: Line,
    pub n_sent: u32,
}

/// One worker's conversation with the relay.
pub struct Session {
    endpoint: Arc<Endpoint>,
    open: Option<Open>,
}

impl Session {
    /// A session that has not connected yet.
    #[must_use]
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        Self { endpoint, open: None }
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
        match dial::dial(&self.endpoint).await {
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
            transact(&mut open, &self.endpoint.timeouts, envelope, message).await;
        if !is_in_step {
            return (outcome, None);
        }
        let is_accepted = matches!(outcome, Outcome::Accepted { .. });
        open.n_sent += u32::from(is_accepted);
        if is_accepted && open.n_sent < self.endpoint.messages_per_connection {
            return (outcome, Some(open));
        }
        self.quit(open).await;
        (outcome, None)
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
