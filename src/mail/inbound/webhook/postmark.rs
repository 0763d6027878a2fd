//! Postmark: one event a call, proved by the user and password of the address that it calls.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Call, Refusal, der_of_base64, digest, event, marks, recipient, same, text};
use crate::domain::bounce::Action;
use crate::mail::inbound::clues::Ours;
use crate::mail::inbound::{Inbound, What};

/// Checks a call and reads its event. Our Message-ID stands in the content of the bounce, which is
/// sent along where the webhook is set so.
///
/// # Errors
/// [`Refusal`], with which the call is answered.
pub fn read(
    call: &Call<'_>,
    login: Option<&SecretString>,
    ours: &Ours,
) -> Result<Vec<Inbound>, Refusal> {
    let login = login.ok_or(Refusal::NotConfigured)?;
    let given = (call.header)("authorization").ok_or(Refusal::Forged)?;
    let given = given.strip_prefix("Basic ").and_then(der_of_base64).ok_or(Refusal::Forged)?;
    if !same(&given, login.expose_secret().as_bytes()) {
        return Err(Refusal::Forged);
    }
    let body: Value = serde_json::from_slice(call.body).map_err(|_| Refusal::Malformed)?;
    let id = body.get("ID").and_then(Value::as_u64).map(|id| id.to_string()).unwrap_or_default();
    let digest = digest(&["postmark", text(&body, "/RecordType"), &id, text(&body, "/MessageID")]);
    let clues = marks(&[text(&body, "/Content"), text(&body, "/From")], ours);
    Ok(what(&body).map(|what| event(what, clues, digest)).into_iter().collect())
}

fn what(body: &Value) -> Option<What> {
    let kind = text(body, "/Type");
    if text(body, "/RecordType") == "SpamComplaint" || kind == "SpamComplaint" {
        return Some(What::Complaint("abuse".to_owned()));
    }
    if text(body, "/RecordType") != "Bounce" {
        return None;
    }
    let code = match kind {
        "HardBounce" => "5.1.1",
        "BadEmailAddress" => "5.1.3",
        "SoftBounce" | "Undeliverable" => "5.0.0",
        "Transient" | "DnsError" => "4.0.0",
        // They say that we are at fault: for spam, for a policy, for DMARC.
        "SpamNotification"
        | "Blocked"
        | "DMARCPolicy"
        | "VirusNotification"
        | "SMTPApiError"
        | "TemplateRenderingFailed" => "5.7.0",
        "AutoResponder" | "AddressChange" | "ChallengeVerification" => {
            return Some(What::AutoReply);
        }
        _ => return Some(What::Unclear),
    };
    let words = text(body, "/Details");
    Some(What::Report(vec![recipient(Action::Failed, code, words, text(body, "/Email"))]))
}
