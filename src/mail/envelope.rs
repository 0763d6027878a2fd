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
    /// The message's id. The file transport names its file by it.
    pub message_id: MessageId,
    /// What a relay that offers DSN is told as `ENVID`, and repeats in its reports (RFC 3461 4.4);
    /// none is the delivery in the Message-ID.
    pub envelope_id: Option<String>,
}

impl Envelope {
    /// The envelope of one message.
    #[must_use]
    pub const fn new(from: EmailAddress, to: EmailAddress, message_id: MessageId) -> Self {
        Self { from, to, message_id, envelope_id: None }
    }

    /// The same with an id of its own for the relay's reports: at most 100 printable ASCII characters
    /// without blanks.
    #[must_use]
    pub fn known_as(self, envelope_id: String) -> Self {
        Self { envelope_id: Some(envelope_id), ..self }
    }

    /// What the relay's reports name this message by.
    #[must_use]
    pub fn id(&self) -> &str {
        self.envelope_id.as_deref().unwrap_or_else(|| self.message_id.delivery_id())
    }

    /// Whether either address needs the relay to offer SMTPUTF8 (RFC 6531 3.2).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        self.from.needs_smtputf8() || self.to.needs_smtputf8()
    }
}
