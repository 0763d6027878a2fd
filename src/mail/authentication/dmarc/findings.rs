//! DMARC in words.

use super::super::answers::{Kind, Known, Missing, Nothing};
use super::super::finding::{Finding, Level};
use super::alignment::{Alignment, align};
use super::record::{Mode, Policy, Record};
use super::walk::{At, Step, applied, organization, walk};
use super::{place, reports};

const CHECK: &str = "dmarc";
const ALIGNMENT: &str = "alignment";

/// Checks the record that is applied to mail from a domain, and who is named in it.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, from: &str) -> Result<Vec<Finding>, Missing> {
    let steps = walk(known, from)?;
    let mut found: Vec<Finding> = steps.iter().filter_map(ignored).collect();
    let failed = steps.iter().find_map(|step| match &step.at {
        At::Failed(why) => Some((place(&step.domain), why)),
        _ => None,
    });
    let Some(step) = applied(&steps) else {
        match failed {
            Some((name, why)) => found.push(Finding::unanswered(CHECK, &name, why)),
            None => found.push(none(from)),
        }
        return Ok(found);
    };
    if let At::One(text, record) = &step.at {
        found.push(asked(known, from, &steps, step, text, record)?);
        found.extend(flaws(&step.domain, from, record));
        found.extend(reports::check(known, &step.domain, record)?);
    }
    Ok(found)
}

/// A text that means to be a record and counts for nothing.
fn ignored(step: &Step) -> Option<Finding> {
    let name = place(&step.domain);
    match &step.at {
        At::Several(n) => {
            let words = format!("{name} has {n} records, and receivers use none of them");
            Some(Finding::failure(CHECK, words, "keep one"))
        }
        At::Nothing(Some(text)) => {
            let words = format!("{name} holds {text:?}, which is no DMARC record");
            let advice = "v=DMARC1 must come first, in capitals, with a semicolon behind it";
            Some(Finding::failure(CHECK, words, advice))
        }
        _ => None,
    }
}

fn none(from: &str) -> Finding {
    let words = format!(
        "mail from {from} has no DMARC record, which Gmail, Yahoo and Outlook ask of those who \
         send much"
    );
    let advice = format!(
        "publish at {} the TXT record \"v=DMARC1; p=none; rua=mailto:ADDRESS\" with an address \
         where reports are read",
        place(from)
    );
    Finding::failure(CHECK, words, advice)
}

/// What is asked of receivers.
fn asked(
    known: &Known,
    from: &str,
    steps: &[Step],
    step: &Step,
    text: &str,
    record: &Record,
) -> Result<Finding, Missing> {
    let is_subdomain = step.domain != from;
    // A name that does not exist falls under np (RFC 9989 4.10.1).
    let is_missing = is_subdomain
        && record.missing_subdomains.is_some()
        && matches!(known.answer(Kind::Mx, from)?, Err(Nothing::NoName));
    let policy = match record.missing_subdomains {
        Some(policy) if is_missing && record.invalid_policies.is_empty() => policy,
        _ => record.asked(is_subdomain),
    };
    let tag = match (is_subdomain, is_missing) {
        (true, true) => "np",
        (true, false) if record.subdomains.is_some() => "sp",
        _ => "p",
    };
    let of = match organization(steps) {
        Ok(organization) if organization != step.domain => {
            format!(", organization {organization}")
        }
        _ => String::new(),
    };
    let words = format!("{}: {text:?}; {tag}={} for {from}{of}", step.domain, policy.as_str());
    Ok(if policy == Policy::None {
        let advice = "when the reports show that all of your mail passes, ask for quarantine, then \
                      for reject: until then anybody can send as you";
        Finding::warning(CHECK, words, advice)
    } else {
        Finding::well(CHECK, words)
    })
}

/// What is wrong in the record.
fn flaws(domain: &str, from: &str, record: &Record) -> Vec<Finding> {
    let mut found = Vec::new();
    for tag in &record.invalid_policies {
        let is_used = record.reports.iter().any(|uri| reports::is_valid(uri));
        let then = if is_used { "read it as p=none" } else { "pass over the whole record" };
        let words =
            format!("{domain}: {tag} is none of none, quarantine, reject; receivers {then}");
        found.push(Finding::failure(CHECK, words, "correct it (RFC 9989 4.10.1)"));
    }
    let mut warn = |words: String, advice: &str| {
        found.push(Finding::warning(CHECK, format!("{domain}: {words}"), advice));
    };
    if record.policy.is_none() && record.invalid_policies.is_empty() {
        warn("it has no p=, which counts as p=none".to_owned(), "say what you mean");
    }
    if record.is_test {
        warn(
            "t=y has receivers apply the policy one step lower".to_owned(),
            "take it out when the test is over",
        );
    }
    for tag in &record.removed {
        let advice = "take it out; t=y has taken the place of pct";
        warn(format!("{tag}= is a tag no more, and receivers part over it (RFC 9989 C)"), advice);
    }
    for problem in &record.problems {
        warn(format!("{problem}; receivers pass over it"), "correct it");
    }
    if record.suffix == super::record::Suffix::Yes && domain == from {
        let advice = "take psd=y out: it is for registries";
        warn("psd=y says that everything below it is somebody else's".to_owned(), advice);
    }
    found
}

/// Checks that SPF and the DKIM signatures speak for the From domain; `spf` is the domain of the
/// bounce address, `dkim` those of the signatures.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn alignment(
    known: &Known,
    from: &str,
    spf: &str,
    dkim: &[String],
) -> Result<Vec<Finding>, Missing> {
    let steps = walk(known, from)?;
    let record = applied(&steps).and_then(Step::record);
    let modes = record.map_or((Mode::Relaxed, Mode::Relaxed), |own| (own.spf, own.dkim));
    let mut found = vec![one(known, from, "the bounce domain", spf, modes.0)?];
    for domain in dkim {
        found.push(one(known, from, "the DKIM domain", domain, modes.1)?);
    }
    if found.iter().any(|own| own.level == Level::Well) {
        return Ok(found);
    }
    let words = format!("nothing that is known here speaks for {from}");
    found.push(if dkim.is_empty() {
        let advice = "have the mail signed by the From domain, and name the key with --selector";
        Finding::unknown(ALIGNMENT, words, advice)
    } else {
        let words = format!("{words}: the mail does not pass DMARC");
        Finding::failure(ALIGNMENT, words, "have the mail signed by the From domain")
    });
    Ok(found)
}

fn one(known: &Known, from: &str, what: &str, other: &str, mode: Mode) -> Result<Finding, Missing> {
    Ok(match align(known, from, other, mode)? {
        Alignment::Same => Finding::well(ALIGNMENT, format!("{what} {other} is the From domain")),
        Alignment::Organization(organization) => {
            let words = format!("{what} {other} and {from} belong to {organization}");
            Finding::well(ALIGNMENT, words)
        }
        Alignment::TooStrict => {
            let words = format!("{what} {other} is not {from}, and the DMARC record asks for that");
            let advice = "use the From domain, or take the s of aspf= or adkim= back to r";
            Finding::warning(ALIGNMENT, words, advice)
        }
        Alignment::Apart(ours, theirs) => {
            let words = format!(
                "{what} {other} belongs to {theirs} and {from} to {ours}: it does not count for DMARC"
            );
            let advice = "use a domain of the From domain's organization, or publish a DMARC record \
                          at the domain that both are below";
            Finding::warning(ALIGNMENT, words, advice)
        }
        Alignment::Unanswered(name, why) => Finding::unanswered(ALIGNMENT, &name, &why),
    })
}
