//! SPF in words.

use std::net::IpAddr;

use super::super::answers::{Known, Missing};
use super::super::finding::Finding;
use super::super::reverse::Origin;
use super::record::{Mechanism, Qualifier, Record};
use super::survey::{Survey, survey};
use super::verdict::{Verdict, judge};
use super::{LOOKUPS_MAX, NoRecord, VOIDS_MAX, of_domain};

const CHECK: &str = "spf";

/// Checks the record of the domain of the bounce address, and whether it covers where mail comes
/// from (RFC 7208).
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, domain: &str, origins: &[Origin]) -> Result<Vec<Finding>, Missing> {
    let (text, record) = match of_domain(known, domain)? {
        Ok(found) => found,
        Err(no_record) => return Ok(vec![none(domain, &no_record)]),
    };
    let survey = survey(known, domain, &record)?;
    let mut found = errors(domain, &survey);
    if found.is_empty() {
        let n = survey.lookups;
        let words = format!("{domain}: {text:?}, {n} of {LOOKUPS_MAX} lookups{}", end(&survey));
        found.push(Finding::well(CHECK, words));
    }
    found.extend(advice(domain, &record, &survey));
    for origin in origins {
        found.extend(coverage(known, domain, &record, origin)?);
    }
    Ok(found)
}

fn none(domain: &str, why: &NoRecord) -> Finding {
    let advice = match why {
        NoRecord::Failed(why) => return Finding::unanswered(CHECK, domain, why),
        NoRecord::None => {
            "publish a TXT record there: v=spf1, then the term that your relay's operator names \
             (such as include:spf.relay.example) or ip4: and the address that mail leaves from, \
             then ~all"
        }
        NoRecord::Several(_) => "join them into one TXT record that starts with v=spf1",
        NoRecord::Broken(_) => "correct the term: receivers use nothing of a record with an error",
    };
    Finding::failure(CHECK, format!("{domain} {}", why.words()), advice)
}

/// What makes the record count for nothing.
fn errors(domain: &str, survey: &Survey) -> Vec<Finding> {
    let mut found = Vec::new();
    for why in &survey.unanswered {
        let advice = "ask the operator of that domain; receivers put mail off until it answers";
        found.push(Finding::failure(CHECK, format!("{domain}: {why}"), advice));
    }
    for why in &survey.errors {
        let advice = "take the term out or correct it: receivers use nothing of a record with an \
                      error (RFC 7208 4.6)";
        found.push(Finding::failure(CHECK, format!("{domain}: {why}"), advice));
    }
    if survey.lookups > LOOKUPS_MAX {
        let n = survey.lookups;
        let words = format!("{domain}: {n} lookups, and receivers give up after {LOOKUPS_MAX}");
        let advice = "take out what is not used any more, or write ip4: and ip6: in place of a, mx \
                      and include (RFC 7208 4.6.4)";
        found.push(Finding::failure(CHECK, words, advice));
    }
    if survey.voids.len() > VOIDS_MAX {
        let n = survey.voids.len();
        let words = format!(
            "{domain}: {n} lookups find nothing, and receivers give up after {VOIDS_MAX}: {}",
            survey.voids.join(", ")
        );
        let advice = "take these terms out (RFC 7208 4.6.4)";
        found.push(Finding::failure(CHECK, words, advice));
    }
    found
}

/// What works and should be better.
fn advice(domain: &str, record: &Record, survey: &Survey) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut warn = |words: String, advice: &str| found.push(Finding::warning(CHECK, words, advice));
    match survey.end {
        Some(Qualifier::Fail | Qualifier::SoftFail) => {}
        Some(Qualifier::Pass) => {
            let advice = "end it in ~all or -all";
            let words = format!("{domain}: it ends in +all, which lets everybody send as you");
            found.push(Finding::failure(CHECK, words, advice));
        }
        Some(Qualifier::Neutral) => {
            warn(
                format!("{domain}: it ends in ?all, which says nothing"),
                "end it in ~all or -all",
            );
        }
        None if !survey.errors.is_empty() || !survey.unanswered.is_empty() => {}
        None => {
            warn(format!("{domain}: it has no all at its end"), "end it in ~all or -all");
        }
    }
    let mut warn = |words: String, advice: &str| found.push(Finding::warning(CHECK, words, advice));
    let at = record.directives.iter().position(|own| own.mechanism == Mechanism::All);
    if at.is_some_and(|at| at + 1 < record.directives.len()) {
        warn(format!("{domain}: what stands behind all is never read"), "move all to the end");
    }
    if at.is_some() && record.redirect.is_some() {
        warn(
            format!("{domain}: redirect is never followed where there is an all"),
            "keep the one that you mean (RFC 7208 6.1)",
        );
    }
    if !survey.voids.is_empty() && survey.voids.len() <= VOIDS_MAX {
        let words = survey.voids.join(", ");
        warn(format!("{domain}: a lookup finds nothing: {words}"), "take the term out");
    }
    for term in &survey.pointers {
        let advice = "write ip4: or ip6: in its place (RFC 7208 5.5)";
        warn(format!("{domain}: {term} is slow, and some receivers pass over it"), advice);
    }
    for name in &survey.unfollowed {
        let words = format!("{domain}: {name} is another name in every mail and was not followed");
        let advice = "see to it yourself, or name an address with --sends-from";
        found.push(Finding::unknown(CHECK, words, advice));
    }
    found
}

fn end(survey: &Survey) -> &'static str {
    match survey.end {
        Some(Qualifier::Fail) => ", ends in -all",
        Some(Qualifier::SoftFail) => ", ends in ~all",
        _ => "",
    }
}

/// Whether the record lets mail pass from where it comes from.
fn coverage(
    known: &Known,
    domain: &str,
    record: &Record,
    origin: &Origin,
) -> Result<Vec<Finding>, Missing> {
    let mut found = Vec::new();
    match origin {
        Origin::Declared(addresses) => {
            for address in addresses {
                found.push(declared(domain, *address, judge(known, domain, record, *address)?));
            }
        }
        Origin::Relay(host) => found.push(relay(known, domain, record, host)?),
        Origin::Hidden(why) => {
            let words = format!("whether {domain} covers where mail comes from: {why}");
            found.push(Finding::unknown(CHECK, words, "name the address with --sends-from"));
        }
    }
    Ok(found)
}

fn declared(domain: &str, address: IpAddr, verdict: Verdict) -> Finding {
    let advice = format!("add ip{}:{address} to the record, in front of all", version(address));
    match verdict {
        Verdict::Matched(Qualifier::Pass, term) => {
            Finding::well(CHECK, format!("{address} may send for {domain}, by {term}"))
        }
        Verdict::Matched(_, term) => {
            Finding::failure(CHECK, format!("{address} may not send for {domain}: {term}"), advice)
        }
        Verdict::Open => {
            let words = format!("{domain} does not say that {address} may send");
            Finding::failure(CHECK, words, advice)
        }
        Verdict::Broken(why) => {
            let words = format!("{address} gets no pass from {domain}: {why}");
            Finding::failure(CHECK, words, "correct the record; the other findings say how")
        }
        Verdict::Unanswered(why) => {
            let words = format!("{address} gets no pass from {domain} for now: {why}");
            Finding::failure(CHECK, words, "ask again when the name server answers")
        }
        Verdict::Undecided(term) => {
            let words = format!("whether {address} may send for {domain} depends on {term}");
            Finding::unknown(CHECK, words, "send a test and read its Authentication-Results")
        }
    }
}

fn version(address: IpAddr) -> u8 {
    if address.to_canonical().is_ipv4() { 4 } else { 6 }
}

/// A relay's own addresses need not be those that it sends from: only a pass says something.
fn relay(known: &Known, domain: &str, record: &Record, host: &str) -> Result<Finding, Missing> {
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => known.addresses(host)?.unwrap_or_default(),
    };
    let mut covered = None;
    for address in addresses {
        if let Verdict::Matched(Qualifier::Pass, term) = judge(known, domain, record, address)? {
            covered = Some((address, term));
            break;
        }
    }
    Ok(match covered {
        Some((address, term)) => {
            let words = format!("{host} ({address}) may send for {domain}, by {term}");
            Finding::well(CHECK, words)
        }
        None => {
            let words = format!(
                "{domain} does not cover the addresses of {host}; the relay may send from others, \
                 which are not known here"
            );
            let advice = "ask the relay's operator for the term to publish, or name the address \
                          that mail leaves from with --sends-from";
            Finding::unknown(CHECK, words, advice)
        }
    })
}
