//! The public pages, asked for as a reader and a mailbox provider ask for them, and their clock.

use jiff::Timestamp;
use url::{Host, Url};

use crate::mail::relay::Relay;
use crate::probe::http::{Ask, Reply, request};
use crate::web::NOT_WHOLE;

use super::super::super::Context;
use super::super::Check;
use super::relay::FEW_DAYS;

/// What is asked whether the service lives.
const HEALTH: &str = "/healthz";
/// Where a mailbox provider unsubscribes a reader, with a token that no key has signed.
const ONE_CLICK: &str = "/u/no-token-a-test-by-brief-doctor";
/// What a mailbox provider posts there (RFC 8058 3.2).
const FORM: &str = "List-Unsubscribe=One-Click";
/// Most that the server's clock may be off; its date has whole seconds.
const MOST_SKEW_MS: i64 = 30_000;

/// Asks for both pages.
pub(super) async fn checks(ctx: &Context) -> Vec<Check> {
    let public_url = &ctx.settings.web.public_url;
    let parsed = |path: &str| Url::parse(&format!("{public_url}{path}"));
    let (Ok(health), Ok(one_click)) = (parsed(HEALTH), parsed(ONE_CLICK)) else {
        let words = format!("web.public_url {public_url} is no address");
        return vec![Check::fail("public url", words, "write it as https://brief.example.org")];
    };
    let mut found = Vec::new();
    found.extend(reachable(ctx, &health));
    let before = ctx.clock.now();
    let alive = request(&health, Ask::Get, before).await;
    let after = ctx.clock.now();
    let date = alive.as_ref().ok().and_then(|reply| reply.date);
    let is_there = alive.is_ok();
    found.push(health_of(&health, alive));
    if is_there {
        found.push(one_click_of(&one_click, request(&one_click, Ask::Post(FORM), after).await));
    }
    if let Some(theirs) = date.filter(|_| !ctx.is_now_given) {
        found.push(clock(theirs, before, after));
    }
    found
}

/// Whether readers elsewhere can follow a link at all.
fn reachable(ctx: &Context, url: &Url) -> Option<Check> {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => true,
    };
    let public_url = &ctx.settings.web.public_url;
    let advice = "set web.public_url to the https:// address that readers reach the pages under";
    if is_loopback {
        let words = format!("{public_url} leads readers to their own machines");
        let is_quiet = ctx.settings.relay.ways().all(Relay::is_local);
        return Some(if is_quiet {
            Check::warn("public url", words, advice)
        } else {
            Check::fail("public url", words, advice)
        });
    }
    (url.scheme() != "https").then(|| {
        let words = format!("{public_url} is not https://, as one-click needs it (RFC 8058 3.1)");
        Check::fail("public url", words, advice)
    })
}

fn health_of(url: &Url, reply: Result<Reply, String>) -> Check {
    const CHECK: &str = "public url";
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => {
            let advice = "start `brief serve`, and check web.public_url, its name and the proxy \
                          before web.listen";
            return Check::fail(CHECK, format!("{url}: {why}"), advice);
        }
    };
    let is_ours = reply.body.contains("\"alive\"");
    match reply.status {
        200 if is_ours => match reply.days_left {
            Some(days) if days < FEW_DAYS => {
                let words = format!("{url} answers; its certificate will do for {days} days more");
                Check::warn(CHECK, words, "have it renewed: no link works once it has expired")
            }
            Some(days) => {
                let words = format!("{url} answers; its certificate will do for {days} days");
                Check::ok(CHECK, words)
            }
            None => Check::ok(CHECK, format!("{url} answers")),
        },
        503 if is_ours => {
            let words = format!("{url} is reached, and the service says that it is stuck");
            Check::warn(CHECK, words, "see its log, and restart it")
        }
        300..400 => {
            let to = reply.location.as_deref().unwrap_or("nowhere");
            let words = format!("{url} is redirected to {to}");
            let advice = "set web.public_url to where the pages are: one-click follows no redirect";
            Check::fail(CHECK, words, advice)
        }
        status => {
            let words = format!("{url} answers {status}, and not as this service does");
            let advice = "have the proxy pass all paths under web.public_url to web.listen";
            Check::fail(CHECK, words, advice)
        }
    }
}

/// An invalid token must be refused by the page itself: what comes before it would refuse a valid
/// one as well.
fn one_click_of(url: &Url, reply: Result<Reply, String>) -> Check {
    const CHECK: &str = "one-click";
    let advice = "have the proxy pass POST requests under web.public_url as they come, without a \
                  login, a redirect or a challenge (RFC 8058 3.1)";
    let reply = match reply {
        Ok(reply) => reply,
        Err(why) => return Check::fail(CHECK, format!("POST {url}: {why}"), advice),
    };
    let status = reply.status;
    match status {
        404 if reply.body.contains(NOT_WHOLE) => {
            Check::ok(CHECK, "a POST reaches the page, which refuses a false token")
        }
        200..300 => {
            let words = format!("POST {url} takes a false token ({status})");
            Check::fail(CHECK, words, "see which server answers there: it is not this one")
        }
        300..400 => {
            let to = reply.location.as_deref().unwrap_or("nowhere");
            Check::fail(CHECK, format!("POST {url} is redirected to {to}"), advice)
        }
        429 => {
            let words = format!("POST {url} is put off (429): too many requests came");
            Check::warn(CHECK, words, "ask again in a while")
        }
        _ => {
            let words = format!("POST {url} answers {status}, and not as the page does");
            Check::fail(CHECK, words, advice)
        }
    }
}

fn clock(theirs: Timestamp, before: Timestamp, after: Timestamp) -> Check {
    // A date of whole seconds may be up to a second old when it is sent.
    let early = before.as_millisecond() - theirs.as_millisecond() - 1_000;
    let late = theirs.as_millisecond() - after.as_millisecond();
    let apart = early.max(late).max(0);
    if apart > MOST_SKEW_MS {
        let words =
            format!("the clock behind web.public_url is {} seconds apart from ours", apart / 1000);
        Check::fail("clock", words, "set both machines by NTP: signatures and hours depend on it")
    } else {
        Check::ok("clock", "the clock behind web.public_url agrees with ours")
    }
}
