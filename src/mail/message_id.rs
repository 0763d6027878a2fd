//! Message-IDs: one for each delivery, the same on every try, so that a bounce finds its delivery.

use std::fmt;

use crate::domain::address::Domain;

/// `<DELIVERY@DOMAIN>`: a dot-atom on both sides, nothing to fold (RFC 5322 3.6.4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId {
    text: String,
    left_len: usize,
}

/// The id of a row cannot stand in a Message-ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the id {0:?} cannot be made a Message-ID; ids are 1 to 100 letters, digits and hyphens")]
pub struct MessageIdError(String);

impl MessageId {
    /// The Message-ID of the delivery with this row id, under the domain the mail is sent from.
    ///
    /// # Errors
    /// When the id holds anything but 1 to 100 letters, digits and hyphens.
    pub fn of_delivery(delivery_id: &str, domain: &Domain) -> Result<Self, MessageIdError> {
        let fits = (1..=100).contains(&delivery_id.len())
            && delivery_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fits {
            return Err(MessageIdError(delivery_id.chars().take(120).collect()));
        }
        Ok(Self { text: format!("<{delivery_id}@{domain}>"), left_len: delivery_id.len() })
    }

    /// With its angle brackets, as it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The delivery's row id.
    #[must_use]
    pub fn delivery_id(&self) -> &str {
        &self.text[1..=self.left_len]
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
