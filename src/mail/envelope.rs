//! What the relay is told beside the message itself.

use super::message_id::MessageId;
use crate::domain::address::EmailAddress;

/// The SMTP envelope of one message to one recipient.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// `MAIL FROM`: where bounces go.
    pub from: EmailAddress,
    /// `RCPT TO`.
    pub to: EmailAddress,
    /// The message's id. The file transport names its file by it; a relay that offers DSN is told
    /// the delivery in it as `ENVID`, and repeats that in its reports (RFC 3461 4.4).
    pub message_id: MessageId,
}

impl Envelope {
    /// The envelope of one message.
    #[must_use]
    pub const fn new(from: EmailAddress, to: EmailAddress, message_id: MessageId) -> Self {
        Self { from, to, message_id }
    }

    /// Whether either address needs the relay to offer SMTPUTF8 (RFC 6531 3.2).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        self.from.needs_smtputf8() || self.to.needs_smtputf8()
    }
}
