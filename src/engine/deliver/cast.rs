//! One recipient's message: a splice into the edition's mould (DESIGN 2.7), and the signatures of the
//! whole, which come last.

use crate::domain::address::{AddressError, EmailAddress};
use crate::domain::line::DisplayName;
use crate::domain::one_line::cut_at_word;
use crate::domain::slots::SlotValues;
use crate::mail::dkim::Signer;
use crate::mail::envelope::Envelope;
use crate::mail::header::{HeaderUri, Party, Unsubscribe};
use crate::mail::message::Addressing;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;

/// Where mail is from, where a reader writes to in order to leave, and who answers for it.
#[derive(Debug, Clone)]
pub struct Sender {
    /// `MAIL FROM`.
    pub envelope_from: EmailAddress,
    /// Receives the mails of those who want to leave.
    pub stop_to: EmailAddress,
    /// Signs what leaves, once it is cast.
    pub signer: Signer,
}

/// Whom a message is for.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// The address as stored.
    pub email: &'a str,
    /// The name; may be empty.
    pub name: &'a str,
    /// Which list is left: an organization's name, or none.
    pub organization: Option<&'a str>,
}

impl Sender {
    /// Casts a message into `out`, unsigned, and returns its envelope.
    ///
    /// # Errors
    /// When the stored address is not one.
    pub fn cast(
        &self,
        mould: &Mould,
        recipient: Recipient<'_>,
        message_id: MessageId,
        out: &mut Vec<u8>,
    ) -> Result<Envelope, AddressError> {
        let address = EmailAddress::parse(recipient.email)?;
        let stop = HeaderUri::mailto(&self.stop_to, &stop_subject(recipient.organization));
        let addressing = Addressing {
            to: Party { address: address.clone(), name: DisplayName::new(recipient.name) },
            message_id: message_id.clone(),
            unsubscribe: Unsubscribe { web: None, mail: Some(stop.clone()), one_click: false },
        };
        let values =
            SlotValues { stop: stop.as_str(), name: recipient.name, ..SlotValues::default() };
        out.clear();
        mould.cast(&addressing, &values, out);
        Ok(Envelope::new(self.envelope_from.clone(), address, message_id))
    }
}

/// Most characters of a list's name in that subject: the link in the plain text stays on one line.
const NAME_MAX: usize = 24;

/// The subject of a mail that ends a subscription, in characters that need no encoding but blanks.
#[must_use]
pub fn stop_subject(organization: Option<&str>) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' { c } else { ' ' }
    };
    let name: String = organization.unwrap_or_default().chars().map(plain).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    format!("Unsubscribe {}", cut_at_word(&words.join(" "), NAME_MAX)).trim_end().to_owned()
}
