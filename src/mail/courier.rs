//! Who carries a message out of the house.

use std::future::Future;

use super::envelope::Envelope;
use super::outbox::Outbox;
use super::outcome::Outcome;
use super::session::Session;

/// Hands messages over, one at a time.
///
/// A `send` that is dropped half-way (a time-out around it, a task that is aborted) leaves nothing
/// behind that a later `send` could trip over; what became of that message is then unknown.
pub trait Mailer: Send {
    /// Hands over a finished message.
    fn send(&mut self, envelope: &Envelope, message: &[u8])
    -> impl Future<Output = Outcome> + Send;

    /// Says goodbye; the next `send` begins anew.
    fn close(&mut self) -> impl Future<Output = ()> + Send;
}

/// One worker's way out: it is not shared, so the number of workers is the number of connections.
#[derive(Debug)]
pub enum Courier {
    /// An SMTP relay.
    Smtp(Box<Session>),
    /// A folder of `.eml` files.
    File(Outbox),
}

impl Mailer for Courier {
    async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Outcome {
        match self {
            Self::Smtp(session) => session.send(envelope, message).await,
            Self::File(outbox) => outbox.send(envelope, message).await,
        }
    }

    async fn close(&mut self) {
        if let Self::Smtp(session) = self {
            session.close().await;
        }
    }
}
