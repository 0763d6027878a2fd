//! One recipient's message: a splice into the edition's mould (DESIGN 2.7), and the signatures of the
//! whole, which come last.

use crate::domain::address::{AddressError, Domain, EmailAddress};
use crate::domain::line::DisplayName;
use crate::domain::one_line::cut_at_word;
use crate::domain::slots::SlotValues;
use crate::engine::links::{Pages, WayOut};
use crate::mail::dkim::Signer;
use crate::mail::envelope::Envelope;
use crate::mail::header::{HeaderUri, Party, Unsubscribe};
use crate::mail::message::Addressing;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;
use crate::secrets::Subject;

/// Where mail is from, where a reader writes to in order to leave, and who answers for it.
#[derive(Debug, Clone)]
pub struct Sender {
    /// `MAIL FROM` of what is no delivery, or where the relay takes no other.
    pub envelope_from: EmailAddress,
    /// Where a delivery's own `MAIL FROM` is, one for each (VERP).
    pub bounces_at: Option<Domain>,
    /// Receives the mails of those who want to leave.
    pub stop_to: EmailAddress,
    /// Makes the links.
    pub pages: Pages,
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
    /// What it ends to leave.
    pub way_out: WayOut<'a>,
    /// The ISO week of what is sent; empty where it belongs to none.
    pub iso_week: &'a str,
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
        let mailto = HeaderUri::mailto(&self.stop_to, &stop_subject(recipient.organization));
        let delivery = Subject::parse(message_id.delivery_id());
        let pages = self.pages.of(recipient.way_out, delivery, recipient.iso_week);
        // Settings allow no public address that a header does not.
        let web = HeaderUri::web("List-Unsubscribe", &pages.stop).ok();
        let stop = web.as_ref().unwrap_or(&mailto).clone();
        let addressing = Addressing {
            to: Party { address: address.clone(), name: DisplayName::new(recipient.name) },
            message_id: message_id.clone(),
            unsubscribe: Unsubscribe { web, mail: Some(mailto), one_click: true },
        };
        let values = SlotValues {
            stop: stop.as_str(),
            why: &pages.choices,
            copy: &pages.copy,
            trend: &pages.trend,
            answer: &pages.answer,
            name: recipient.name,
        };
        out.clear();
        mould.cast(&addressing, &values, out);
        Ok(self.envelope(address, message_id, delivery))
    }

    /// A delivery has an envelope sender of its own (VERP), and the same token as its `ENVID`: a
    /// bounce names it however little of the message comes back (RFC 3461 4.4).
    fn envelope(
        &self,
        to: EmailAddress,
        message_id: MessageId,
        delivery: Option<Subject>,
    ) -> Envelope {
        let from = self.envelope_from.clone();
        let Some(token) = delivery.map(|delivery| self.pages.bounce(delivery)) else {
            return Envelope::new(from, to, message_id);
        };
        let own = self.bounces_at.as_ref().map(|domain| format!("b+{token}@{domain}"));
        let own = own.and_then(|own| EmailAddress::parse(&own).ok());
        Envelope::new(own.unwrap_or(from), to, message_id).known_as(token)
    }
}

/// Most characters of a list's name in that subject: the link in the plain text stays on one line.
const NAME_MAX: usize = 24;

/// The subject of a mail that ends a subscription, in characters that need no encoding but blanks.
fn stop_subject(organization: Option<&str>) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' { c } else { ' ' }
    };
    let name: String = organization.unwrap_or_default().chars().map(plain).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    format!("Unsubscribe {}", cut_at_word(&words.join(" "), NAME_MAX)).trim_end().to_owned()
}
