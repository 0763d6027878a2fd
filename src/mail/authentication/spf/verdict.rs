//! What a receiver makes of mail from one address (RFC 7208 4, `check_host`).

use std::net::IpAddr;

use super::super::answers::{Kind, Known, Missing, Nothing};
use super::super::names;
use super::macros::{Context, Spec};
use super::record::{Directive, Mechanism, Prefix, Qualifier, Record};
use super::{LOOKUPS_MAX, NAMES_MAX, VOIDS_MAX, exchange_addresses, of_domain, void};

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A term matches, and says this.
    Matched(Qualifier, String),
    /// No term matches, and nothing is said of that.
    Open,
    /// The records cannot be used (`permerror`), in words.
    Broken(String),
    /// Something could not be looked up (`temperror`), in words.
    Unanswered(String),
    /// It depends on the single mail: the term.
    Undecided(String),
}

/// Judges an address by the record of a domain.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn judge(
    known: &Known,
    domain: &str,
    record: &Record,
    address: IpAddr,
) -> Result<Verdict, Missing> {
    let address = address.to_canonical();
    let mut run = Run { known, sender: domain.to_owned(), address, lookups: 0, voids: 0 };
    match run.record(domain, record) {
        Ok(Some((qualifier, text))) => Ok(Verdict::Matched(qualifier, text)),
        Ok(None) => Ok(Verdict::Open),
        Err(Stop::Missing(missing)) => Err(missing),
        Err(Stop::At(verdict)) => Ok(verdict),
    }
}

/// Why an evaluation ends early.
enum Stop {
    Missing(Missing),
    At(Verdict),
}

impl From<Missing> for Stop {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

fn broken(why: String) -> Stop {
    Stop::At(Verdict::Broken(why))
}

struct Run<'a> {
    known: &'a Known,
    sender: String,
    address: IpAddr,
    lookups: usize,
    voids: usize,
}

impl Run<'_> {
    fn record(
        &mut self,
        domain: &str,
        record: &Record,
    ) -> Result<Option<(Qualifier, String)>, Stop> {
        for own in &record.directives {
            if self.matches(domain, own)? {
                return Ok(Some((own.qualifier, own.text.clone())));
            }
        }
        match &record.redirect {
            Some(target) => {
                let target = self.name(domain, Some(target))?;
                self.other(&target)
            }
            None => Ok(None),
        }
    }

    fn other(&mut self, target: &str) -> Result<Option<(Qualifier, String)>, Stop> {
        self.spend()?;
        match of_domain(self.known, target)? {
            Ok((_, record)) => self.record(target, &record),
            Err(super::NoRecord::Failed(why)) => {
                Err(Stop::At(Verdict::Unanswered(format!("{target}: {why}"))))
            }
            Err(no_record) => Err(broken(format!("{target} {}", no_record.words()))),
        }
    }

    fn matches(&mut self, domain: &str, own: &Directive) -> Result<bool, Stop> {
        match &own.mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4(net, bits) => Ok(is_in(self.address, (*net).into(), *bits)),
            Mechanism::Ip6(net, bits) => Ok(is_in(self.address, (*net).into(), *bits)),
            Mechanism::Include(spec) => {
                let target = self.name(domain, Some(spec))?;
                Ok(matches!(self.other(&target)?, Some((Qualifier::Pass, _))))
            }
            Mechanism::A(spec, prefix) => {
                self.spend()?;
                let name = self.name(domain, spec.as_ref())?;
                let found = self.known.addresses(&name)?;
                let found = self.some(&name, Kind::Address, found)?.unwrap_or_default();
                Ok(found.iter().any(|net| self.is_near(*net, *prefix)))
            }
            Mechanism::Mx(spec, prefix) => {
                self.spend()?;
                let name = self.name(domain, spec.as_ref())?;
                let found = exchange_addresses(self.known, &name)?;
                let (found, n) = self.some(&name, Kind::Mx, found)?.unwrap_or_default();
                if n > NAMES_MAX {
                    return Err(broken(format!("{name} has {n} mail exchanges")));
                }
                Ok(found.iter().any(|net| self.is_near(*net, *prefix)))
            }
            Mechanism::Exists(spec) => {
                self.spend()?;
                let name = self.name(domain, Some(spec))?;
                let found = self.known.addresses(&name)?;
                let found = self.some(&name, Kind::Address, found)?.unwrap_or_default();
                // Only A records count, whatever the family of the address (RFC 7208 5.7).
                Ok(found.iter().any(IpAddr::is_ipv4))
            }
            Mechanism::Ptr(spec) => {
                self.spend()?;
                let name = self.name(domain, spec.as_ref())?;
                self.has_name_within(&name)
            }
        }
    }

    /// Whether one of the address's names lies under `above` and leads back (RFC 7208 5.5).
    fn has_name_within(&mut self, above: &str) -> Result<bool, Stop> {
        let Ok(found) = self.known.pointers(self.address)? else {
            return Ok(false);
        };
        for name in found.iter().take(NAMES_MAX).filter(|name| names::is_within(name, above)) {
            if self.known.addresses(name)?.is_ok_and(|back| back.contains(&self.address)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn spend(&mut self) -> Result<(), Stop> {
        self.lookups += 1;
        if self.lookups > LOOKUPS_MAX {
            return Err(broken(format!("it takes more than {LOOKUPS_MAX} lookups")));
        }
        Ok(())
    }

    /// What was found, none where there is nothing; that is allowed twice.
    fn some<T>(
        &mut self,
        name: &str,
        kind: Kind,
        found: Result<T, Nothing>,
    ) -> Result<Option<T>, Stop> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(nothing @ Nothing::Failed(_)) => {
                Err(Stop::At(Verdict::Unanswered(void(name, kind, &nothing))))
            }
            Err(_) => {
                self.voids += 1;
                if self.voids > VOIDS_MAX {
                    return Err(broken(format!("more than {VOIDS_MAX} lookups find nothing")));
                }
                Ok(None)
            }
        }
    }

    fn name(&self, domain: &str, spec: Option<&Spec>) -> Result<String, Stop> {
        let Some(spec) = spec else {
            return Ok(domain.to_owned());
        };
        let context = Context { domain, sender: &self.sender, address: Some(self.address) };
        let undecided = || Stop::At(Verdict::Undecided(spec.text().to_owned()));
        spec.expand(&context).ok_or_else(undecided)
    }

    fn is_near(&self, net: IpAddr, prefix: Prefix) -> bool {
        is_in(self.address, net, if net.is_ipv4() { prefix.v4 } else { prefix.v6 })
    }
}

/// Whether the leading bits of two addresses of one family are the same.
fn is_in(address: IpAddr, net: IpAddr, bits: u8) -> bool {
    let differ = |apart: u128, width: u8| {
        let rest = u32::from(width.saturating_sub(bits));
        // A shift by the whole width would be one too far: a prefix of nothing fits everything.
        apart.checked_shr(rest).unwrap_or(0) != 0
    };
    match (address, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => !differ(u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => !differ(a.to_bits() ^ b.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_compared_bit_by_bit() {
        let is_in = |a: &str, b: &str, bits| {
            is_in(a.parse().expect("an address"), b.parse().expect("an address"), bits)
        };
        assert!(
            is_in("192.0.2.129", "192.0.2.128", 25) && !is_in("192.0.2.127", "192.0.2.128", 25)
        );
        assert!(is_in("1.2.3.4", "9.9.9.9", 0) && is_in("::1", "ff::", 0));
        assert!(is_in("2001:db8::1", "2001:db8::", 32) && !is_in("2001:db9::1", "2001:db8::", 32));
        assert!(!is_in("::1", "0.0.0.1", 0));
    }
}
