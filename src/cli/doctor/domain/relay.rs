//! The way to the relay: TLS, and how long its certificates will do.

use std::time::Duration;

use tokio::time::timeout;

use crate::mail::check::Seen;
use crate::mail::relay::Relay;

use super::super::super::Context;
use super::super::Check;

/// How long a relay may take. Deliveries wait longer, but nobody watches them.
const PATIENCE: Duration = Duration::from_secs(45);
/// Days before the end of a certificate from which it is spoken of.
pub(super) const FEW_DAYS: u32 = 21;

/// Greets each relay as a delivery would.
pub(super) async fn checks(ctx: &Context) -> Vec<Check> {
    let mut found = Vec::new();
    for way in ctx.settings.relay.ways() {
        found.push(one(ctx, way).await);
    }
    found
}

async fn one(ctx: &Context, way: &Relay) -> Check {
    if way.host().is_none() {
        let words = format!("{way}: mail stays in a folder, and there is no relay to look at");
        let advice = "set relay.url to the relay that takes mail to the world";
        return Check::unknown("relay", words, advice);
    }
    let advice = "check relay.url, its password and certificate, and the way through the firewall";
    match timeout(PATIENCE, way.look(Some(ctx.clock.now()))).await {
        Err(_) => {
            let words = format!("{way}: no answer within {} s", PATIENCE.as_secs());
            Check::fail("relay", words, advice)
        }
        Ok(Err(why)) => Check::fail("relay", format!("{way}: {why}"), advice),
        // A folder was dealt with above.
        Ok(Ok(seen)) => seen.map_or_else(|| Check::ok("relay", way.to_string()), |s| told(way, s)),
    }
}

fn told(way: &Relay, seen: Seen) -> Check {
    match seen {
        Seen { is_encrypted: true, days_left: Some(days) } if days < FEW_DAYS => {
            let words = format!("{way} lets us in; its certificate will do for {days} days more");
            Check::warn("relay", words, "have it renewed: no mail leaves once it has expired")
        }
        Seen { is_encrypted: true, days_left } => {
            let lasts = days_left.map_or_else(|| "years".to_owned(), |days| format!("{days} days"));
            let words = format!("{way} lets us in over TLS; its certificate will do for {lasts}");
            Check::ok("relay", words)
        }
        Seen { is_encrypted: false, .. } if way.is_local() => {
            Check::ok("relay", format!("{way} lets us in, without TLS, on this machine"))
        }
        Seen { is_encrypted: false, .. } => {
            let words = format!("{way} lets us in without TLS: whoever is between reads the mail");
            Check::warn("relay", words, "use a relay that offers TLS, and write tls=required")
        }
    }
}
