//! What must be set before mail may leave this machine (DESIGN 5).
//!
//! On loopback placeholders do; a brief to a real reader with a placeholder in it is a broken
//! promise.

use url::Host;

use crate::mail::relay::Relay;

use super::layer::Origin;
use super::problem::Problem;
use super::settings::Settings;

/// Settings whose default is a placeholder, and what to write there.
const MUST_BE_SET: [(&str, &str); 5] = [
    ("mail.from", "set it to the sender that readers will see: Name <address>"),
    ("mail.reply_to", "set it to an address that a person reads"),
    ("mail.postal_address", "set it to the sender's postal address, which every brief must carry"),
    ("mail.domain", "set it to the domain that sends your mail"),
    ("web.public_url", "set it to the https:// address that readers reach the web pages under"),
];

/// Adds a problem for each setting with which mail must not leave this machine.
pub(super) fn check(settings: &Settings, problems: &mut Vec<Problem>) {
    if settings.relay.ways().all(Relay::is_local) {
        return;
    }
    let layers = &settings.layers;
    let is_default =
        |key: &str| layers.get(key).is_some_and(|entry| entry.origin == Origin::Default);
    let mut add = |key: &str, reason: &str, advice: &str| {
        let place = layers.get(key).map_or_else(String::new, |e| e.origin.to_string());
        problems.push(Problem {
            place,
            key: key.to_owned(),
            reason: reason.to_owned(),
            advice: advice.to_owned(),
        });
    };
    for (key, advice) in MUST_BE_SET {
        if is_default(key) {
            add(key, "a relay beyond this machine needs it and it is not set", advice);
        }
    }
    for (number, way) in settings.relay.ways().enumerate() {
        if !way.is_local() && !way.is_protected() {
            let key = if number == 0 { "relay.url" } else { "relay.fallback" };
            let reason = "a relay beyond this machine is never spoken to without TLS";
            add(key, reason, "write tls=required, or leave the option tls out");
        }
    }
    if !is_default("web.public_url") && !is_reachable(&settings.web.public_url) {
        let reason = "links in mail that leaves this machine must be https:// (RFC 8058 3.1) and \
                      must not lead back to loopback";
        add(
            "web.public_url",
            reason,
            "set it to the https:// address that readers reach the web pages under",
        );
    }
}

/// Whether a reader elsewhere could follow a link that starts with this address.
fn is_reachable(public_url: &str) -> bool {
    let Ok(url) = url::Url::parse(public_url) else {
        return false;
    };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => true,
    };
    url.scheme() == "https" && !is_loopback
}
