//! Whether the address that mail comes from has a name that leads back to it.
//!
//! Gmail and others turn mail away from an address without one.

use std::net::IpAddr;

use super::answers::{Known, Missing, Nothing};
use super::finding::{Finding, Level};
use super::names;

const CHECK: &str = "reverse dns";

/// What is known of the addresses that mail comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These, as the operator says.
    Declared(Vec<IpAddr>),
    /// Perhaps those of this host, which takes our mail.
    Relay(String),
    /// Nothing, for this reason.
    Hidden(&'static str),
}

/// Checks the names of the addresses; those of a relay only where it is at `own` domain.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, origin: &Origin, own: &str) -> Result<Vec<Finding>, Missing> {
    let (addresses, level) = match origin {
        Origin::Declared(addresses) => (addresses.clone(), Level::Failure),
        Origin::Relay(host) if names::is_within(host, own) => match known.addresses(host)? {
            Ok(addresses) => (addresses, Level::Warning),
            Err(Nothing::Failed(why)) => return Ok(vec![Finding::unanswered(CHECK, host, &why)]),
            Err(nothing) => {
                let words =
                    format!("the relay {host} {}", nothing.words(super::answers::Kind::Address));
                return Ok(vec![Finding::failure(CHECK, words, "give it an address")]);
            }
        },
        Origin::Relay(host) => {
            let words = format!("which addresses {host} sends from, only its operator knows");
            let advice = "their names are the operator's to keep; if mail leaves from an address \
                          of yours, name it with --sends-from";
            return Ok(vec![Finding::unknown(CHECK, words, advice)]);
        }
        Origin::Hidden(why) => {
            let advice = "name the address with --sends-from";
            return Ok(vec![Finding::unknown(CHECK, (*why).to_owned(), advice)]);
        }
    };
    addresses.into_iter().map(|address| one(known, address, level)).collect()
}

fn one(known: &Known, address: IpAddr, level: Level) -> Result<Finding, Missing> {
    let advice = "have whoever gave you the address set its name (PTR) to that of your mail \
                  server, and that name's address to this one";
    let found = match known.pointers(address)? {
        Ok(found) => found,
        Err(Nothing::Failed(why)) => {
            return Ok(Finding::unanswered(CHECK, &names::reverse(address), &why));
        }
        Err(_) => return Ok(Finding::with(level, CHECK, format!("{address} has no name"), advice)),
    };
    // Receivers look at a few names only (RFC 7208 4.6.4 allows ten).
    for name in found.iter().take(10) {
        if known.addresses(name)?.is_ok_and(|back| back.contains(&address)) {
            return Ok(Finding::well(
                CHECK,
                format!("{address} is {name}, which leads back to it"),
            ));
        }
    }
    let words = format!("{address} is called {}, which does not lead back to it", found.join(", "));
    Ok(Finding::with(level, CHECK, words, advice))
}
