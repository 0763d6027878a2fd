//! What mail providers call us with when a mail bounced or a reader complained.
//!
//! Each file checks who calls and reads the octets of the body; nothing here listens, and only `fetch`
//! asks anybody.
//! A provider that names our bounce address or our Message-ID leads to the delivery.
//!
//! **Invariant:** nothing is read of a body whose sender was not proved, and a provider for which no
//! secret is set is refused.
//!
//! Reading order: this file, `check`, then one file for each provider.

mod check;
pub mod fetch;
pub mod mailgun;
pub mod postmark;
pub mod sendgrid;
pub mod ses;

use secrecy::SecretString;
use serde_json::Value;

use super::Inbound;
use super::clues::{Clue, Ours, message_ids_in, tokens_in};
use super::digest::hex;
use super::report::Recipient;
use crate::domain::bounce::{Action, Said};
use crate::domain::status::EnhancedCode;

pub use check::{der_of_base64, same};

/// By what each provider proves that it is the one who calls; none refuses it.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Amazon SES: the ARN of the topic that its notifications are published to.
    pub ses_topic: Option<String>,
    /// Postmark: `USER:PASSWORD` of the address that it calls.
    pub postmark: Option<SecretString>,
    /// SendGrid: the key that the signatures of its events are checked with.
    pub sendgrid: Option<sendgrid::PublicKey>,
    /// Mailgun: the key that it signs with.
    pub mailgun: Option<SecretString>,
}

/// Why a call is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing is set for this provider.
    #[error("this provider is not configured here")]
    NotConfigured,
    /// The proof is missing or wrong.
    #[error("the call is not signed as it must be")]
    Forged,
    /// It is signed and makes no sense.
    #[error("the body cannot be read")]
    Malformed,
}

/// A call: its headers by name in lower case, and the octets of its body.
pub struct Call<'a> {
    /// The value of a header.
    pub header: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The body as it came.
    pub body: &'a [u8],
}

/// The SHA-256 of parts, for what is the same event once more.
fn digest(parts: &[&str]) -> String {
    let whole = parts.join("\u{0}");
    hex(ring::digest::digest(&ring::digest::SHA256, whole.as_bytes()).as_ref())
}

/// The text at a place in a value; empty where there is none.
fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// One recipient of a report: the provider's own code counts where the words hold none.
fn recipient(action: Action, code: &str, words: &str, address: &str) -> Recipient {
    let said = Said::read(words).under(EnhancedCode::parse(code));
    let address = Some(address.to_owned()).filter(|address| !address.is_empty());
    Recipient { final_recipient: address, ..Recipient::new(action, said, words) }
}

/// Our marks in some texts: the bounce address, the Message-ID.
fn marks(texts: &[&str], ours: &Ours) -> Vec<Clue> {
    let mut found: Vec<Clue> = Vec::new();
    let all = texts.iter().flat_map(|text| {
        let mut own = tokens_in(text, ours);
        own.extend(message_ids_in(text, ours));
        own
    });
    for clue in all {
        if !found.contains(&clue) {
            found.push(clue);
        }
    }
    found
}

fn event(what: super::What, clues: Vec<Clue>, digest: String) -> Inbound {
    Inbound { what, clues, digest }
}
