//! Where aggregate reports go, and whether whoever is there wants them (RFC 9990 4).

use super::super::answers::{Known, Missing, Nothing};
use super::super::finding::Finding;
use super::super::names;
use super::record::{Record, is_dmarc};
use super::walk::{organization, walk};

const CHECK: &str = "dmarc";

/// Checks the `rua` of the record that stands at `domain`.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, domain: &str, record: &Record) -> Result<Vec<Finding>, Missing> {
    if record.reports.is_empty() {
        let words = format!("{domain}: it has no rua=, so nobody tells you who sends as you");
        let advice = "add rua=mailto: and an address where reports are read";
        return Ok(vec![Finding::warning(CHECK, words, advice)]);
    }
    let mut found = Vec::new();
    let mut hosts: Vec<String> = Vec::new();
    for uri in &record.reports {
        match host(uri) {
            Some(host) if !hosts.contains(&host) => hosts.push(host),
            Some(_) => {}
            None => {
                let words = format!("{domain}: no report goes to rua={uri}");
                let advice = "write mailto: and an address; commas and exclamation marks in it as \
                              %2C and %21";
                found.push(Finding::warning(CHECK, words, advice));
            }
        }
    }
    for host in hosts {
        found.extend(consent(known, domain, &host)?);
    }
    Ok(found)
}

/// Whether a place is one that a report can be mailed to.
#[must_use]
pub fn is_valid(uri: &str) -> bool {
    host(uri).is_some()
}

/// The domain of `mailto:local@domain`; a size behind an exclamation mark is passed over, as it is
/// allowed no more (RFC 9989 C.4).
fn host(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("mailto") {
        return None;
    }
    let address = rest.split(['!', '?']).next().unwrap_or_default();
    let (local, domain) = address.rsplit_once('@')?;
    let domain = names::plain(domain);
    let fits = !local.is_empty() && domain.contains('.') && names::can_be_asked(&domain);
    fits.then_some(domain)
}

/// Another organization must say that it takes reports about this domain.
fn consent(known: &Known, domain: &str, host: &str) -> Result<Option<Finding>, Missing> {
    let ours = organization(&walk(known, domain)?);
    let theirs = organization(&walk(known, host)?);
    let (ours, theirs) = match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => (ours, theirs),
        (Err((name, why)), _) | (_, Err((name, why))) => {
            return Ok(Some(Finding::unanswered(CHECK, &name, &why)));
        }
    };
    if ours == theirs {
        return Ok(None);
    }
    let name = format!("{domain}._report._dmarc.{host}");
    let is_wanted = match known.texts(&name)? {
        Ok(texts) => texts.iter().any(|text| is_dmarc(text)),
        Err(Nothing::Failed(why)) => return Ok(Some(Finding::unanswered(CHECK, &name, &why))),
        Err(_) => false,
    };
    Ok(if is_wanted {
        Some(Finding::well(CHECK, format!("{host} takes the reports about {domain}")))
    } else {
        let words =
            format!("{host} does not say that it takes reports about {domain}: none are sent");
        let advice = format!("have its operator publish at {name} the TXT record \"v=DMARC1\"");
        Some(Finding::warning(CHECK, words, advice))
    })
}
