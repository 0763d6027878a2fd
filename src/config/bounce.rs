//! Reads `[bounce]`: what follows from what comes back, and the ways it comes.

use std::path::PathBuf;

use secrecy::SecretString;

use super::reader::Reader;
use super::settings::Bounce;
use super::values;
use crate::mail::inbound::imap::Mailbox;
use crate::mail::inbound::webhook::{Secrets, sendgrid};

/// Shortest secret of a hook: whoever guesses it can suppress readers.
const SECRET_LEAST: usize = 16;

/// `None` when a value is unusable.
pub(super) fn read(r: &mut Reader<'_>) -> Option<Bounce> {
    let soft_limit = r.whole("bounce.soft_limit", 1, 52);
    let soft_weeks = r.limit("bounce.soft_weeks", 520);
    let maildir = r.optional("bounce.maildir", |text| Ok(PathBuf::from(text)));
    let imap = r.optional("bounce.imap_url", Mailbox::parse);
    let poll = r.parsed("bounce.poll", values::span);
    let unclear_dir = r.optional("bounce.unclear_dir", |text| Ok(PathBuf::from(text)));
    let hooks = hooks(r);
    Some(Bounce {
        soft_limit: soft_limit?,
        soft_weeks: soft_weeks?,
        maildir: maildir?,
        imap: imap?,
        poll: poll?,
        unclear_dir: unclear_dir?,
        hooks: hooks?,
    })
}

fn hooks(r: &mut Reader<'_>) -> Option<Secrets> {
    let ses_topic = r.optional("bounce.ses_topic", |text| {
        let fits = text.starts_with("arn:aws") && text.contains(":sns:");
        fits.then(|| text.to_owned())
            .ok_or_else(|| "it must be the ARN of an SNS topic, arn:aws:sns:REGION:…".to_owned())
    });
    let postmark = r.optional("bounce.postmark_login", |text| {
        let is_login = text.split_once(':').is_some_and(|(user, _)| !user.is_empty());
        if is_login { secret(text) } else { Err("it must be USER:PASSWORD".to_owned()) }
    });
    let sendgrid = r.optional("bounce.sendgrid_key", |text| {
        sendgrid::PublicKey::parse(text).ok_or_else(|| {
            "it must be the verification key that SendGrid shows, base64 on one line".to_owned()
        })
    });
    let mailgun = r.optional("bounce.mailgun_key", secret);
    Some(Secrets {
        ses_topic: ses_topic?,
        postmark: postmark?,
        sendgrid: sendgrid?,
        mailgun: mailgun?,
    })
}

fn secret(text: &str) -> Result<SecretString, String> {
    if text.len() < SECRET_LEAST {
        return Err(format!("it must have {SECRET_LEAST} characters at least"));
    }
    Ok(SecretString::from(text))
}
