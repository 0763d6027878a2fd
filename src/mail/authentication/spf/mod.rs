//! SPF: who may send for the domain of the bounce address (RFC 7208).
//!
//! [`record`] reads one record, [`survey`] counts what a receiver would have to look up, and
//! [`verdict`] says what a receiver would make of one address. [`findings`] puts them into words.

pub mod findings;
pub mod macros;
pub mod record;
pub mod survey;
pub mod verdict;

use super::answers::{Kind, Known, Missing, Nothing};
use record::{Record, SpfError};

/// Terms that cost a lookup, in one evaluation (RFC 7208 4.6.4).
pub const LOOKUPS_MAX: usize = 10;
/// Lookups that find nothing, in one evaluation (RFC 7208 4.6.4).
pub const VOIDS_MAX: usize = 2;
/// Exchanges of one `mx`, or names of one `ptr` (RFC 7208 4.6.4).
pub const NAMES_MAX: usize = 10;

/// Why a domain has no record that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRecord {
    /// There is none (RFC 7208 4.5).
    None,
    /// There are several, which is an error (RFC 7208 4.5).
    Several(usize),
    /// It does not follow the grammar; all of it counts for nothing (RFC 7208 4.6).
    Broken(SpfError),
    /// Nobody knows.
    Failed(String),
}

impl NoRecord {
    /// In words, behind the domain: "has no SPF record".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::None => "has no SPF record".to_owned(),
            Self::Several(n) => format!("has {n} SPF records, and receivers use none of them"),
            Self::Broken(error) => format!("has an SPF record that cannot be read: {error}"),
            Self::Failed(why) => format!("cannot be looked up: {why}"),
        }
    }
}

/// The one record of a domain (RFC 7208 4.4, 4.5), with its text.
///
/// # Errors
/// [`Missing`] when the domain's texts are not known yet.
pub fn of_domain(
    known: &Known,
    domain: &str,
) -> Result<Result<(String, Record), NoRecord>, Missing> {
    let texts = match known.texts(domain)? {
        Ok(texts) => texts,
        Err(Nothing::Failed(why)) => return Ok(Err(NoRecord::Failed(why))),
        Err(Nothing::NoName | Nothing::NoData) => return Ok(Err(NoRecord::None)),
    };
    let mut own: Vec<String> = texts.into_iter().filter(|text| record::is_spf(text)).collect();
    if own.len() > 1 {
        return Ok(Err(NoRecord::Several(own.len())));
    }
    let Some(text) = own.pop() else {
        return Ok(Err(NoRecord::None));
    };
    Ok(match Record::parse(&text) {
        Ok(record) => Ok((text, record)),
        Err(error) => Err(NoRecord::Broken(error)),
    })
}

/// The addresses of the exchanges that `mx` names, with how many exchanges there are.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
fn exchange_addresses(
    known: &Known,
    name: &str,
) -> Result<Result<(Vec<std::net::IpAddr>, usize), Nothing>, Missing> {
    let hosts = match known.exchanges(name)? {
        Ok(hosts) => hosts,
        Err(nothing) => return Ok(Err(nothing)),
    };
    let mut addresses = Vec::new();
    for host in hosts.iter().filter(|host| !host.is_empty()).take(NAMES_MAX) {
        match known.addresses(host)? {
            Ok(found) => addresses.extend(found),
            Err(Nothing::NoName | Nothing::NoData) => {}
            Err(Nothing::Failed(why)) => {
                return Ok(Err(Nothing::Failed(format!("{host}: {why}"))));
            }
        }
    }
    Ok(Ok((addresses, hosts.len())))
}

/// What an empty answer is called in a finding.
fn void(name: &str, kind: Kind, nothing: &Nothing) -> String {
    format!("{name} {}", nothing.words(kind))
}
