//! `mail.dkim`: the keys of the signatures. Each file is read here, so that a key that cannot sign is
//! known when the program starts and not when the first mail is due.

use std::mem::discriminant;
use std::path::PathBuf;

use crate::domain::address::Domain;
use crate::mail::dkim::{Key, Selector, Usage, is_aligned};
use crate::mail::header::Party;

use super::reader::Reader;
use super::row::RowReader;

/// Reads every key; `None` when any of them is unusable. Without a sender, which is then reported
/// elsewhere, nothing can be said about domains.
pub(super) fn keys(r: &mut Reader<'_>, from: Option<&Party>) -> Option<Vec<Key>> {
    let rows = r.rows("mail.dkim")?;
    let from = from?.address.domain();
    let mut keys: Vec<Key> = Vec::new();
    let mut is_sound = true;
    for mut reader in rows.readers() {
        let key = key(&mut reader, from).filter(|key| fits(&mut reader, key, &keys));
        let problems = reader.end();
        is_sound &= problems.is_empty();
        r.note(problems);
        keys.extend(key);
    }
    is_sound.then_some(keys)
}

/// One entry.
fn key(r: &mut RowReader<'_>, from: &str) -> Option<Key> {
    let selector =
        r.parsed("selector", |text| Selector::parse(text).map_err(|error| error.to_string()));
    let file = r.parsed("key", |text| match text {
        "" => Err("must not be empty".to_owned()),
        path => Ok(PathBuf::from(path)),
    });
    let domain = r.optional("domain", |text| aligned(text, from));
    let usage = r.optional("use", |text| match text {
        "sign" => Ok(Usage::Sign),
        "published" => Ok(Usage::Published),
        _ => Err("must be one of \"sign\", \"published\"".to_owned()),
    });
    let (selector, file) = (selector?, file?);
    let domain = match domain? {
        Some(domain) => domain,
        // The sender's address was read by the same rules.
        None => Domain::parse(from).ok()?,
    };
    if selector.record_name(&domain).is_none() {
        r.refuse_all(
            "its selector and domain are too long together; shorten the selector".to_owned(),
        );
        return None;
    }
    match Key::read(&file, selector, domain, usage?.unwrap_or(Usage::Sign)) {
        Ok(key) => Some(key),
        Err(error) => {
            r.refuse_all(format!("its key {} {error}", file.display()));
            None
        }
    }
}

fn aligned(text: &str, from: &str) -> Result<Domain, String> {
    let domain = Domain::parse(text)
        .map_err(|_| "must be a full domain name such as example.org".to_owned())?;
    if is_aligned(domain.as_str(), from) {
        return Ok(domain);
    }
    Err(format!(
        "must be {from}, the domain of mail.from, or one above or below it: receivers ignore the \
         signature of another (RFC 9989)"
    ))
}

/// Whether a key goes with those before it: one name for one key, and one signature of each kind.
fn fits(r: &mut RowReader<'_>, key: &Key, earlier: &[Key]) -> bool {
    let is_same_name =
        |other: &&Key| (&other.selector, &other.domain) == (&key.selector, &key.domain);
    if earlier.iter().any(|other| is_same_name(&other)) {
        let advice = "its selector stands in an earlier entry; one name publishes one key, so make \
                      a new selector for a new key (RFC 6376 3.1)";
        r.refuse_all(advice.to_owned());
        return false;
    }
    let kind = discriminant(&key.algorithm());
    let signs =
        |other: &&Key| other.usage == Usage::Sign && discriminant(&other.algorithm()) == kind;
    if key.usage == Usage::Sign && earlier.iter().any(|other| signs(&other)) {
        let kind = key.algorithm().kind();
        r.refuse_all(format!(
            "it signs with {kind} as an earlier entry does; write use = \"published\" into one of them"
        ));
        return false;
    }
    true
}
