//! All that a receiver may have to look up for one record, and where it ends.
//!
//! A receiver stops at the first match; here every term is followed, as some address will reach
//! the last of them.

use super::super::answers::{Kind, Known, Missing, Nothing};
use super::macros::{Context, Spec};
use super::record::{Directive, Mechanism, Qualifier, Record};
use super::{NAMES_MAX, NoRecord, exchange_addresses, of_domain, void};

/// Lookups after which nothing is counted any more.
const COUNT_MAX: usize = 40;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Terms that cost a lookup, of all records together; counted up to a little over 40.
    pub lookups: usize,
    /// Lookups that find nothing, in words.
    pub voids: Vec<String>,
    /// What makes all of it count for nothing, in words.
    pub errors: Vec<String>,
    /// What could not be looked up, in words.
    pub unanswered: Vec<String>,
    /// Terms that mean another name in every mail, and so cannot be followed.
    pub unfollowed: Vec<String>,
    /// `ptr` terms.
    pub pointers: Vec<String>,
    /// What is said of an address that no other term matches; none where nothing is said.
    pub end: Option<Qualifier>,
}

/// Follows a record and all that it names.
///
/// # Errors
/// [`Missing`] when an answer is not known yet.
pub fn survey(known: &Known, domain: &str, record: &Record) -> Result<Survey, Missing> {
    let mut walk = Walk {
        known,
        sender: domain.to_owned(),
        path: vec![domain.to_owned()],
        seen: Survey::default(),
    };
    let end = walk.record(domain, record)?;
    Ok(Survey { end, ..walk.seen })
}

struct Walk<'a> {
    known: &'a Known,
    sender: String,
    /// The domains whose records are being read, from the outermost.
    path: Vec<String>,
    seen: Survey,
}

impl Walk<'_> {
    /// Follows one record; returns how it ends.
    fn record(&mut self, domain: &str, record: &Record) -> Result<Option<Qualifier>, Missing> {
        for own in &record.directives {
            if own.mechanism == Mechanism::All {
                return Ok(Some(own.qualifier));
            }
            if self.is_enough() {
                return Ok(None);
            }
            self.term(domain, own)?;
        }
        let Some(target) = record.redirect.as_ref().filter(|_| !self.is_enough()) else {
            return Ok(None);
        };
        self.seen.lookups += 1;
        self.other("redirect", domain, target)
    }

    /// Records that lead on and on, each to another one, are not followed for ever.
    fn is_enough(&self) -> bool {
        self.seen.lookups > COUNT_MAX
    }

    fn term(&mut self, domain: &str, own: &Directive) -> Result<(), Missing> {
        match &own.mechanism {
            Mechanism::All | Mechanism::Ip4(..) | Mechanism::Ip6(..) => return Ok(()),
            _ => self.seen.lookups += 1,
        }
        match &own.mechanism {
            Mechanism::Include(spec) => {
                self.other("include", domain, spec)?;
            }
            Mechanism::A(spec, _) => self.addresses(domain, spec.as_ref())?,
            Mechanism::Exists(spec) => self.addresses(domain, Some(spec))?,
            Mechanism::Mx(spec, _) => {
                if let Some(name) = self.name(domain, spec.as_ref()) {
                    self.exchanges(&name)?;
                }
            }
            _ => self.seen.pointers.push(own.text.clone()),
        }
        Ok(())
    }

    fn addresses(&mut self, domain: &str, spec: Option<&Spec>) -> Result<(), Missing> {
        if let Some(name) = self.name(domain, spec) {
            let found = self.known.addresses(&name)?;
            self.note(&name, Kind::Address, found.err());
        }
        Ok(())
    }

    fn exchanges(&mut self, name: &str) -> Result<(), Missing> {
        match exchange_addresses(self.known, name)? {
            Ok((_, n)) if n > NAMES_MAX => {
                let error = format!("{name} has {n} mail exchanges, and {NAMES_MAX} are allowed");
                self.seen.errors.push(error);
            }
            Ok(_) => {}
            Err(nothing) => self.note(name, Kind::Mx, Some(nothing)),
        }
        Ok(())
    }

    /// Follows the record of another domain.
    fn other(
        &mut self,
        word: &str,
        domain: &str,
        spec: &Spec,
    ) -> Result<Option<Qualifier>, Missing> {
        let Some(target) = self.name(domain, Some(spec)) else {
            return Ok(None);
        };
        if self.path.contains(&target) {
            let error = format!("{word} of {target} leads back to itself");
            self.seen.errors.push(error);
            return Ok(None);
        }
        match of_domain(self.known, &target)? {
            Ok((_, record)) => {
                self.path.push(target.clone());
                let end = self.record(&target, &record)?;
                self.path.pop();
                Ok(end)
            }
            Err(NoRecord::Failed(why)) => {
                self.seen.unanswered.push(format!("{target} cannot be looked up: {why}"));
                Ok(None)
            }
            Err(no_record) => {
                let error = format!("{word} names {target}, which {}", no_record.words());
                self.seen.errors.push(error);
                Ok(None)
            }
        }
    }

    /// The name that a term means; noted where it is another one in every mail.
    fn name(&mut self, domain: &str, spec: Option<&Spec>) -> Option<String> {
        let Some(spec) = spec else {
            return Some(domain.to_owned());
        };
        let context = Context { domain, sender: &self.sender, address: None };
        let name = spec.expand(&context);
        if name.is_none() {
            self.seen.unfollowed.push(spec.text().to_owned());
        }
        name
    }

    fn note(&mut self, name: &str, kind: Kind, nothing: Option<Nothing>) {
        match nothing {
            Some(nothing @ Nothing::Failed(_)) => {
                self.seen.unanswered.push(void(name, kind, &nothing));
            }
            Some(nothing) => self.seen.voids.push(void(name, kind, &nothing)),
            None => {}
        }
    }
}
