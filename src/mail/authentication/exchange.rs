//! Whether mail can arrive: answers at the Reply-To, bounces at the bounce address, and both at the
//! From, which receivers look up (RFC 5321 5.1, RFC 7505).

use super::answers::{Kind, Known, Missing, Nothing};
use super::finding::Finding;

const CHECK: &str = "mx";

/// Checks the way to a domain; `purpose` says what goes there, as in "answers".
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn check(known: &Known, domain: &str, purpose: &str) -> Result<Finding, Missing> {
    let hosts = match known.exchanges(domain)? {
        Ok(hosts) => hosts,
        Err(Nothing::Failed(why)) => return Ok(Finding::unanswered(CHECK, domain, &why)),
        Err(Nothing::NoName) => {
            let words = format!("{domain} does not exist, and {purpose} go there");
            return Ok(Finding::failure(CHECK, words, "correct the name, or register it"));
        }
        Err(Nothing::NoData) => return without_exchange(known, domain, purpose),
    };
    if hosts.iter().any(String::is_empty) {
        let words = format!(
            "{domain} accepts no mail (null MX, RFC 7505), and {purpose} go there; receivers turn \
             mail from such a domain away"
        );
        let advice = "publish an MX record with the name of a server that takes mail for it";
        return Ok(Finding::failure(CHECK, words, advice));
    }
    let (mut broken, mut odd) = (Vec::new(), Vec::new());
    for host in &hosts {
        if host.parse::<std::net::IpAddr>().is_ok() {
            broken.push(format!("{host} is an address where a name is due"));
            continue;
        }
        let answer = known.answer(Kind::Address, host)?;
        match answer {
            Ok(found) if found.alias.is_some() => {
                odd.push(format!("{host} is an alias, which no MX may name (RFC 5321 5.1)"));
            }
            Ok(_) => {}
            Err(nothing) => broken.push(format!("{host} {}", nothing.words(Kind::Address))),
        }
    }
    let advice = "correct the MX records, or the names that they lead to";
    let is_lost = broken.len() == hosts.len();
    broken.extend(odd);
    Ok(if broken.is_empty() {
        let words = format!("{domain} takes {purpose}, at {}", hosts.join(", "));
        Finding::well(CHECK, words)
    } else if is_lost {
        let words = format!("{purpose} to {domain} do not arrive: {}", broken.join(", "));
        Finding::failure(CHECK, words, advice)
    } else {
        let words = format!("{domain} takes {purpose}, but {}", broken.join(", "));
        Finding::warning(CHECK, words, advice)
    })
}

/// Without an MX record the domain's own address stands for one (RFC 5321 5.1).
fn without_exchange(known: &Known, domain: &str, purpose: &str) -> Result<Finding, Missing> {
    let advice = "publish an MX record with the name of a server that takes mail for it";
    Ok(match known.addresses(domain)? {
        Ok(_) => {
            let words = format!(
                "{domain} has no MX record; {purpose} are tried at its own address, and some \
                 receivers distrust mail from such a domain"
            );
            Finding::warning(CHECK, words, advice)
        }
        Err(Nothing::Failed(why)) => Finding::unanswered(CHECK, domain, &why),
        Err(_) => {
            let words =
                format!("{domain} has neither an MX record nor an address, and {purpose} go there");
            Finding::failure(CHECK, words, advice)
        }
    })
}
