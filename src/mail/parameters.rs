//! What is said to the relay beside the two addresses, each only where the relay offered it.

use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter, RcptParameter};

use super::answer::refused;
use super::envelope::Envelope;
use super::offers::Offers;
use super::outcome::{EnhancedCode, Outcome, Reply, Stage};

/// For `MAIL FROM`: `SIZE` (RFC 1870), `SMTPUTF8` (RFC 6531 3.4), `BODY=8BITMIME` (RFC 6152), and
/// `RET` and `ENVID` (RFC 3461 4.3, 4.4). A bounce returns our headers only, and
/// names the delivery.
///
/// # Errors
/// When the message cannot be carried by this relay, in the words a relay would use.
pub fn for_mail(
    offers: Offers,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Vec<MailParameter>, Outcome> {
    let mut parameters = Vec::with_capacity(5);
    if offers.size {
        if let Some(most) = offers.size_max.filter(|&most| most < message.len() as u64) {
            let what = format!("the message has {} octets, the relay takes {most}", message.len());
            return Err(cannot_carry(552, 5, 3, 4, what));
        }
        parameters.push(MailParameter::Size(message.len()));
    }
    if envelope.needs_smtputf8() {
        if !offers.utf8_addresses {
            return Err(cannot_carry(553, 5, 6, 7, not_offered("the address needs SMTPUTF8")));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !offers.eight_bit {
            return Err(cannot_carry(554, 5, 6, 1, not_offered("the message needs 8BITMIME")));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if offers.dsn {
        parameters.push(mail("RET", "HDRS"));
        parameters.push(mail("ENVID", envelope.id()));
    }
    Ok(parameters)
}

/// For `RCPT TO`: `NOTIFY` and `ORCPT` (RFC 3461 4.1, 4.2), so that whatever happens on the way, its
/// report names the address as we know it.
pub fn for_rcpt(offers: Offers, envelope: &Envelope) -> Vec<RcptParameter> {
    if !offers.dsn {
        return Vec::new();
    }
    let mut parameters = vec![rcpt("NOTIFY", "FAILURE,DELAY".to_owned())];
    // Beyond ASCII it would be another address type (RFC 6533 section 3), which few relays know.
    if !envelope.to.needs_smtputf8() {
        parameters.push(rcpt("ORCPT", format!("rfc822;{}", envelope.to.as_str())));
    }
    parameters
}

/// lettre writes the value as xtext (RFC 3461 section 4).
fn mail(keyword: &str, value: &str) -> MailParameter {
    MailParameter::Other { keyword: keyword.to_owned(), value: Some(value.to_owned()) }
}

fn rcpt(keyword: &str, value: String) -> RcptParameter {
    RcptParameter::Other { keyword: keyword.to_owned(), value: Some(value) }
}

fn not_offered(needs: &str) -> String {
    format!("{needs}, which the relay does not offer")
}

/// Said by us in the relay's place, with the code a relay would use (RFC 1870 6.1, RFC 6531 3.5,
/// RFC 3463). It is about this message, not about all mail, so it counts as said at RCPT.
fn cannot_carry(code: u16, class: u8, subject: u16, detail: u16, text: String) -> Outcome {
    let enhanced = Some(EnhancedCode { class, subject, detail });
    refused(Stage::Rcpt, Reply { code, enhanced, text })
}
