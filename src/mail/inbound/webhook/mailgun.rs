//! Mailgun: one event a call, signed with HMAC-SHA256 over time and token.
//!
//! The signature does not cover the event. So a token counts once: whoever has overheard a call can
//! say nothing new with it.

use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Call, Refusal, digest, event, marks, recipient, text};
use crate::domain::bounce::Action;
use crate::mail::inbound::clues::Ours;
use crate::mail::inbound::{Inbound, What};

/// Checks a call and reads its event.
///
/// # Errors
/// [`Refusal`], with which the call is answered.
pub fn read(
    call: &Call<'_>,
    key: Option<&SecretString>,
    ours: &Ours,
) -> Result<Vec<Inbound>, Refusal> {
    let key = key.ok_or(Refusal::NotConfigured)?;
    let body: Value = serde_json::from_slice(call.body).map_err(|_| Refusal::Malformed)?;
    let (at, token) = (text(&body, "/signature/timestamp"), text(&body, "/signature/token"));
    let signature = octets_of(text(&body, "/signature/signature")).ok_or(Refusal::Forged)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret().as_bytes());
    let is_whole = !at.is_empty() && !token.is_empty();
    let signed = format!("{at}{token}");
    if !is_whole || hmac::verify(&key, signed.as_bytes(), &signature).is_err() {
        return Err(Refusal::Forged);
    }
    let data = body.get("event-data").ok_or(Refusal::Malformed)?;
    let id = format!("<{}>", text(data, "/message/headers/message-id"));
    let clues = marks(&[text(data, "/envelope/sender"), &id], ours);
    let digest = digest(&["mailgun", token]);
    Ok(what(data).map(|what| event(what, clues, digest)).into_iter().collect())
}

fn what(data: &Value) -> Option<What> {
    let complaint = || Some(What::Complaint("abuse".to_owned()));
    match (text(data, "/event"), text(data, "/reason")) {
        ("complained", _) | ("failed", "suppress-complaint") => complaint(),
        ("failed", "suppress-unsubscribe") => None,
        ("failed", reason) => {
            let action = match text(data, "/severity") {
                "temporary" => Action::Delayed,
                _ => Action::Failed,
            };
            let code = match reason {
                "suppress-bounce" => "5.1.1",
                _ => text(data, "/delivery-status/enhanced-code"),
            };
            let number = data.pointer("/delivery-status/code").and_then(Value::as_u64).unwrap_or(0);
            let said = match text(data, "/delivery-status/message") {
                "" => text(data, "/delivery-status/description"),
                message => message,
            };
            let words = format!("{number} {said}");
            Some(What::Report(vec![recipient(action, code, &words, text(data, "/recipient"))]))
        }
        _ => None,
    }
}

/// Octets of hexadecimal digits.
fn octets_of(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let digits = std::str::from_utf8(pair).ok().filter(|digits| digits.len() == 2)?;
            u8::from_str_radix(digits, 16).ok()
        })
        .collect()
}
