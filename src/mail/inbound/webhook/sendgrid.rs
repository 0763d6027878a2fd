//! SendGrid: many events a call, signed with ECDSA over the time and the body.

use std::fmt;

use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use serde_json::Value;

use super::check::key_of_info;
use super::{Call, Refusal, der_of_base64, digest, event, marks, recipient, text};
use crate::domain::bounce::Action;
use crate::mail::inbound::clues::Ours;
use crate::mail::inbound::{Inbound, What};

/// Most events of one call.
const MOST: usize = 2_000;

/// The key that signatures are checked with.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey")
    }
}

impl PublicKey {
    /// Reads the verification key as SendGrid shows it: base64 of a SubjectPublicKeyInfo.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        /// An uncompressed point of P-256 (SEC 1 2.3.3).
        const POINT: usize = 65;
        let info = der_of_base64(text.trim())?;
        let point = key_of_info(&info).filter(|point| point.len() == POINT && point[0] == 4)?;
        Some(Self(point.to_vec()))
    }
}

/// Checks a call and reads its events.
///
/// # Errors
/// [`Refusal`], with which the call is answered.
pub fn read(
    call: &Call<'_>,
    key: Option<&PublicKey>,
    ours: &Ours,
) -> Result<Vec<Inbound>, Refusal> {
    let key = key.ok_or(Refusal::NotConfigured)?;
    let signature = (call.header)("x-twilio-email-event-webhook-signature");
    let signature = signature.as_deref().and_then(der_of_base64).ok_or(Refusal::Forged)?;
    let at = (call.header)("x-twilio-email-event-webhook-timestamp").ok_or(Refusal::Forged)?;
    let signed = [at.as_bytes(), call.body].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key.0)
        .verify(&signed, &signature)
        .map_err(|_| Refusal::Forged)?;
    let events: Vec<Value> = serde_json::from_slice(call.body).map_err(|_| Refusal::Malformed)?;
    Ok(events.iter().take(MOST).filter_map(|one| read_one(one, ours)).collect())
}

fn read_one(one: &Value, ours: &Ours) -> Option<Inbound> {
    let what = what(one)?;
    let clues = marks(&[text(one, "/smtp-id")], ours);
    Some(event(what, clues, digest(&["sendgrid", text(one, "/sg_event_id")])))
}

fn what(one: &Value) -> Option<What> {
    let (reason, address) = (text(one, "/reason"), text(one, "/email"));
    let report =
        |action, code: &str| Some(What::Report(vec![recipient(action, code, reason, address)]));
    match text(one, "/event") {
        "spamreport" => Some(What::Complaint("abuse".to_owned())),
        "deferred" => report(Action::Delayed, text(one, "/status")),
        // Blocked by the receiving side, which says no word about the mailbox.
        "bounce" if text(one, "/type") == "blocked" && text(one, "/status").is_empty() => {
            report(Action::Failed, "5.7.0")
        }
        "bounce" => report(Action::Failed, text(one, "/status")),
        "dropped" => match reason {
            "Bounced Address" | "Invalid" => report(Action::Failed, "5.1.1"),
            "Spam Reporting Address" => Some(What::Complaint("abuse".to_owned())),
            _ => None,
        },
        _ => None,
    }
}
