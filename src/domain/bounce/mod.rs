//! What a report about one of our mails means for its address, and what follows from it.
//!
//! **Invariant:** a fault of the sender never counts against a reader, and what is not understood
//! counts against nobody. [`said`] reads a mail system's words, [`verdict`] says what they mean.

pub mod said;
pub mod verdict;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::codes::{UnknownCode, vocabulary};

pub use said::{Hint, Said};

vocabulary!(
    /// What a mail system did with a message for one recipient (RFC 3464 2.3.3).
    Action, "action", {
        Failed = "failed", Delayed = "delayed", Delivered = "delivered", Relayed = "relayed",
        Expanded = "expanded",
    }
);

vocabulary!(
    /// What a report means for the address. The mildest stands first, as far as they are of one kind.
    Meaning, "meaning of a report", {
        /// It arrived.
        Delivered = "delivered",
        /// It is still tried: no failure.
        Delayed = "delayed",
        /// The sender, the message or its way is at fault, and not the reader.
        Sender = "sender",
        /// It failed for a reason that may pass.
        Soft = "soft",
        /// The address is none, or is shut for good.
        Hard = "hard",
        /// The reader called it spam.
        Complaint = "complaint",
        /// An answer of a machine, which is about nothing.
        AutoReply = "auto_reply",
        /// Nobody can tell.
        Unclear = "unclear",
    }
);

vocabulary!(
    /// Why an address gets no mail, the gravest reason last.
    SuppressionReason, "reason", {
        /// Mail to it failed week after week.
        SoftBounces = "soft_bounces",
        /// A mail system said that there is no such address.
        HardBounce = "hard_bounce",
        /// The reader called the mail spam.
        Complaint = "complaint",
        /// The reader wants no mail of any kind.
        UnsubscribedAll = "unsubscribed_all",
        /// The operator says so.
        Operator = "operator",
        /// The person was forgotten and shall not be mailed by an oversight.
        Forgotten = "forgotten",
    }
);

impl SuppressionReason {
    /// Whether it is over once the reader asks for mail and follows the link of the mail that asks to
    /// confirm: their own wish ends by their wish, and the link shows that mail arrives. What a mail
    /// system, a complaint or the operator says holds until the operator lifts it.
    #[must_use]
    pub const fn yields_to_consent(self) -> bool {
        matches!(self, Self::SoftBounces | Self::UnsubscribedAll | Self::Forgotten)
    }
}
