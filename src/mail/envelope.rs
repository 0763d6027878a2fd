//! What the relay is told beside the message itself.

use lettre::transport::smtp::extension::{MailParameter, RcptParameter};

use super::message_id::MessageId;
use crate::domain::address::EmailAddress;

/// The SMTP envelope of one message to one recipient.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// `MAIL FROM`: where bounces go.
    pub from: EmailAddress,
    /// `RCPT TO`.
    pub to: EmailAddress,
    /// The message's id; the file transport names its file by it.
    pub message_id: MessageId,
    /// Further `MAIL FROM` parameters, such as `ENVID` (RFC 3461 4.4).
    pub mail_parameters: Vec<MailParameter>,
    /// Further `RCPT TO` parameters, such as `NOTIFY` (RFC 3461 4.1).
    pub rcpt_parameters: Vec<RcptParameter>,
}

impl Envelope {
    /// An envelope without further parameters.
    #[must_use]
    pub fn new(from: EmailAddress, to: EmailAddress, message_id: MessageId) -> Self {
        Self { from, to, message_id, mail_parameters: Vec::new(), rcpt_parameters: Vec::new() }
    }

    /// Whether either address needs the relay to offer SMTPUTF8 (RFC 6531 3.2).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        self.from.needs_smtputf8() || self.to.needs_smtputf8()
    }
}
