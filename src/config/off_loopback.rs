//! What must be set before mail may leave this machine (DESIGN 5).
//!
//! On loopback placeholders do; a brief to a real reader with a placeholder in it is a broken
//! promise, and a link to 127.0.0.1 leads nowhere.

use super::layer::Origin;
use super::problem::Problem;
use super::relay::{RelayTarget, is_loopback};
use super::settings::{RelayTls, Settings};

/// Settings whose default is a placeholder, and what to write there.
const MUST_BE_SET: [(&str, &str); 5] = [
    (
        "mail.from",
        "set it to the sender that readers will see: Name <address>",
    ),
    ("mail.reply_to", "set it to an address that a person reads"),
    (
        "mail.postal_address",
        "set it to the sender's postal address, which every brief must carry",
    ),
    ("mail.domain", "set it to the domain that sends your mail"),
    (
        "web.public_url",
        "set it to the https:// address that readers reach the web pages under",
    ),
];

/// Adds a problem for each setting with which mail must not leave this machine.
pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    let RelayTarget::Smtp(smtp) = &settings.relay.target else {
        return;
    };
    if smtp.is_loopback() {
        return;
    }
    let layers = &settings.layers;
    let mut add = |key: &str, reason: String, advice: &str| {
        let place = layers
            .get(key)
            .map_or_else(String::new, |e| e.origin.to_string());
        problems.push(Problem {
            place,
            key: key.to_owned(),
            reason,
            advice: advice.to_owned(),
        });
    };
    for (key, advice) in MUST_BE_SET {
        if layers
            .get(key)
            .is_some_and(|entry| entry.origin == Origin::Default)
        {
            add(
                key,
                "a relay beyond this machine needs it and it is not set".to_owned(),
                advice,
            );
        }
    }
    if settings.relay.tls == RelayTls::Plain {
        let reason = "a relay beyond this machine is never spoken to without TLS".to_owned();
        add("relay.tls", reason, "write \"auto\" or \"starttls\"");
    }
    if !layers
        .get("web.public_url")
        .is_some_and(|entry| entry.origin == Origin::Default)
    {
        let url = url::Url::parse(&settings.web.public_url).ok();
        let host = url
            .as_ref()
            .and_then(url::Url::host_str)
            .unwrap_or_default();
        if is_loopback(host) || !settings.web.public_url.starts_with("https://") {
            let reason = "links in mail that leaves this machine must be https:// (RFC 8058 3.1) \
                          and must not lead to loopback";
            add("web.public_url", reason.to_owned(), MUST_BE_SET[4].1);
        }
    }
}
