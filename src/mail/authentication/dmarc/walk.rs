//! From a domain up the tree of names, to the records that count (RFC 9989 4.10).

use super::super::answers::{Known, Missing, Nothing};
use super::super::names;
use super::place;
use super::record::{Record, Suffix, is_almost_dmarc, is_dmarc};

/// Labels that are left of a longer name after the first question, so that there are eight
/// questions at most (RFC 9989 4.10, step 4).
const LABELS_MAX: usize = 7;

/// What stands at one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// One record, with its text.
    One(String, Box<Record>),
    /// Several, which count for nothing (RFC 9989 4.10, step 2).
    Several(usize),
    /// None; perhaps a text that means to be one.
    Nothing(Option<String>),
    /// Nobody knows.
    Failed(String),
}

/// One step up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The domain, without `_dmarc`.
    pub domain: String,
    /// What stands there.
    pub at: At,
}

impl Step {
    /// The record, if there is exactly one.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match &self.at {
            At::One(_, record) => Some(record),
            _ => None,
        }
    }
}

/// The domains that are asked, from the longest.
#[must_use]
pub fn targets(domain: &str) -> Vec<String> {
    let mut found = vec![domain.to_owned()];
    let mut next = names::parent(domain);
    while let Some(name) = next {
        next = names::parent(name);
        if names::labels(name) <= LABELS_MAX {
            found.push(name.to_owned());
        }
    }
    found
}

/// Goes up until a record says that it is the top of an organization or above one, or nothing is
/// left.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn walk(known: &Known, domain: &str) -> Result<Vec<Step>, Missing> {
    let mut steps = Vec::new();
    for domain in targets(&names::plain(domain)) {
        let at = look(known, &domain)?;
        let step = Step { domain, at };
        let is_last = step.record().is_some_and(|record| record.suffix != Suffix::Unsaid)
            || matches!(step.at, At::Failed(_));
        steps.push(step);
        if is_last {
            break;
        }
    }
    Ok(steps)
}

fn look(known: &Known, domain: &str) -> Result<At, Missing> {
    let texts = match known.texts(&place(domain))? {
        Ok(texts) => texts,
        Err(Nothing::Failed(why)) => return Ok(At::Failed(why)),
        Err(Nothing::NoName | Nothing::NoData) => Vec::new(),
    };
    let almost = texts.iter().find(|text| is_almost_dmarc(text)).cloned();
    let mut own: Vec<String> = texts.into_iter().filter(|text| is_dmarc(text)).collect();
    Ok(match (own.pop(), own.len()) {
        (None, _) => At::Nothing(almost),
        (Some(text), 0) => {
            let record = Box::new(Record::parse(&text));
            At::One(text, record)
        }
        (Some(_), n) => At::Several(n + 1),
    })
}

/// The organizational domain that steps from `steps[0]` lead to (RFC 9989 4.10.2).
///
/// # Errors
/// The domain that could not be looked up, and why.
pub fn organization(steps: &[Step]) -> Result<String, (String, String)> {
    for (at, step) in steps.iter().enumerate() {
        match (&step.at, step.record().map(|record| record.suffix)) {
            (At::Failed(why), _) => return Err((place(&step.domain), why.clone())),
            (_, Some(Suffix::No)) => return Ok(step.domain.clone()),
            (_, Some(Suffix::Yes)) if at > 0 => {
                // The walk goes one label at a time but for its first step, which may skip some.
                return Ok(below(&steps[0].domain, &step.domain));
            }
            _ => {}
        }
    }
    let shortest = steps.iter().rev().find(|step| step.record().is_some());
    let start = steps.first().map(|step| step.domain.clone()).unwrap_or_default();
    Ok(shortest.map_or(start, |step| step.domain.clone()))
}

/// The name one label longer than `above`, on the way from `start`.
fn below(start: &str, above: &str) -> String {
    let mut name = start;
    while let Some(parent) = names::parent(name) {
        if parent == above {
            break;
        }
        name = parent;
    }
    name.to_owned()
}

/// The record that is applied to mail from `steps[0]`: its own, that of its organization, or that
/// of the public suffix above (RFC 9989 4.10.1).
#[must_use]
pub fn applied(steps: &[Step]) -> Option<&Step> {
    let own = steps.first()?;
    if own.record().is_some() {
        return Some(own);
    }
    let organization = organization(steps).ok()?;
    let of_organization = steps.iter().find(|step| step.domain == organization);
    let of_suffix =
        steps.iter().find(|step| step.record().is_some_and(|record| record.suffix == Suffix::Yes));
    of_organization.filter(|step| step.record().is_some()).or(of_suffix)
}
