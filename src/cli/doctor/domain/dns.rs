//! What name servers say of the sender.

use crate::mail::authentication::answers::{Known, Missing};
use crate::mail::authentication::dkim::{self, Expected};
use crate::mail::authentication::dmarc::{self, walk};
use crate::mail::authentication::finding::Finding;
use crate::mail::authentication::{exchange, reverse, spf};
use crate::probe::dns::NameServers;

use super::super::Check;
use super::subject::Subject;

/// Every check, in the order of the report; all ask at the same time.
pub(super) async fn checks(servers: &NameServers, subject: &Subject) -> Vec<Check> {
    let Subject { from, bounce, keys, origins, returns } = subject;
    let (spf, dkim, dmarc, alignment, mx, reverse) = tokio::join!(
        settle(servers, "spf", |known| spf::findings::check(known, bounce, origins)),
        settle(servers, "dkim", |known| keys_of(known, keys)),
        settle(servers, "dmarc", |known| dmarc::findings::check(known, from)),
        settle(servers, "alignment", |known| {
            dmarc::findings::alignment(known, from, bounce, &signers(keys))
        }),
        settle(servers, "mx", |known| {
            returns.iter().map(|(domain, what)| exchange::check(known, domain, what)).collect()
        }),
        settle(servers, "reverse dns", |known| reverse_of(known, from, origins)),
    );
    let all = [spf, dkim, dmarc, alignment, mx, reverse];
    all.into_iter().flatten().map(Check::from).collect()
}

async fn settle(
    servers: &NameServers,
    check: &'static str,
    run: impl Fn(&Known) -> Result<Vec<Finding>, Missing>,
) -> Vec<Finding> {
    servers.settle(run).await.unwrap_or_else(|| {
        let words = "the records lead on and on, and were not followed to the end";
        vec![Finding::failure(check, words, "look for names that lead to each other")]
    })
}

fn keys_of(known: &Known, keys: &[Expected]) -> Result<Vec<Finding>, Missing> {
    if keys.is_empty() {
        let words = "which key mail is signed with is not known here";
        let advice = "name it with --selector: the s= of a DKIM-Signature in a mail that arrived";
        return Ok(vec![Finding::unknown("dkim", words, advice)]);
    }
    let mut found = Vec::new();
    for key in keys {
        found.extend(dkim::findings::check(known, key)?);
    }
    Ok(found)
}

/// The domains of the keys, each once.
fn signers(keys: &[Expected]) -> Vec<String> {
    let mut found: Vec<String> = keys.iter().map(|key| key.domain.clone()).collect();
    found.sort();
    found.dedup();
    found
}

fn reverse_of(
    known: &Known,
    from: &str,
    origins: &[reverse::Origin],
) -> Result<Vec<Finding>, Missing> {
    let own = walk::organization(&walk::walk(known, from)?).unwrap_or_else(|_| from.to_owned());
    let mut found = Vec::new();
    for origin in origins {
        found.extend(reverse::check(known, origin, &own)?);
    }
    Ok(found)
}
