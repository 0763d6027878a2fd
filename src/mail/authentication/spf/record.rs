//! One SPF record (RFC 7208 12).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::macros::Spec;

/// What a term says about an address that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing: may send.
    Pass,
    /// `-`: may not.
    Fail,
    /// `~`: probably may not.
    SoftFail,
    /// `?`: nothing is said.
    Neutral,
}

/// How many leading bits of an address count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// Of an IPv4 address, up to 32.
    pub v4: u8,
    /// Of an IPv6 address, up to 128.
    pub v6: u8,
}

/// What a term matches (RFC 7208 5). A name left out is that of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// Everything.
    All,
    /// What another domain's record lets pass.
    Include(Spec),
    /// The addresses of a name.
    A(Option<Spec>, Prefix),
    /// The addresses of a name's mail exchanges.
    Mx(Option<Spec>, Prefix),
    /// Addresses whose names lie under a name; not to be used any more (RFC 7208 5.5).
    Ptr(Option<Spec>),
    /// A range of addresses.
    Ip4(Ipv4Addr, u8),
    /// A range of addresses.
    Ip6(Ipv6Addr, u8),
    /// Everything, where the name has an address.
    Exists(Spec),
}

/// A qualifier and a mechanism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// What it says.
    pub qualifier: Qualifier,
    /// What it matches.
    pub mechanism: Mechanism,
    /// As it is written.
    pub text: String,
}

/// A record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// In their order.
    pub directives: Vec<Directive>,
    /// The domain whose record counts where nothing matches.
    pub redirect: Option<Spec>,
}

/// A record does not follow the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpfError {
    /// The term.
    pub term: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for SpfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in the term {:?} {}", self.term, self.why)
    }
}

/// Whether a text is an SPF record: the version alone, or with a space behind it (RFC 7208 4.5).
#[must_use]
pub fn is_spf(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    first.eq_ignore_ascii_case("v=spf1")
}

impl Record {
    /// Reads a text that [`is_spf`].
    ///
    /// # Errors
    /// The first term that is wrong.
    pub fn parse(text: &str) -> Result<Self, SpfError> {
        let mut record = Self::default();
        let mut has_explanation = false;
        for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
            let wrong = |why: String| SpfError { term: term.to_owned(), why };
            match modifier(term) {
                Some((name, value)) if name.eq_ignore_ascii_case("redirect") => {
                    if record.redirect.is_some() {
                        return Err(wrong("redirect stands twice".to_owned()));
                    }
                    record.redirect = Some(Spec::parse(value).map_err(wrong)?);
                }
                Some((name, value)) if name.eq_ignore_ascii_case("exp") => {
                    if has_explanation {
                        return Err(wrong("exp stands twice".to_owned()));
                    }
                    has_explanation = true;
                    Spec::parse(value).map_err(wrong)?;
                }
                // Modifiers that nobody knows are passed over (RFC 7208 6).
                Some(_) => {}
                None => record.directives.push(directive(term).map_err(wrong)?),
            }
        }
        Ok(record)
    }

    /// The qualifier of the first `all`, if there is one.
    #[must_use]
    pub fn all(&self) -> Option<Qualifier> {
        let all = self.directives.iter().find(|own| own.mechanism == Mechanism::All);
        all.map(|own| own.qualifier)
    }
}

/// `name=value`, where the name is one (RFC 7208 4.6.1): not `a:x=y`.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    is_name.then_some((name, value))
}

fn directive(term: &str) -> Result<Directive, String> {
    let (qualifier, rest) = match term.as_bytes().first() {
        Some(b'+') => (Qualifier::Pass, &term[1..]),
        Some(b'-') => (Qualifier::Fail, &term[1..]),
        Some(b'~') => (Qualifier::SoftFail, &term[1..]),
        Some(b'?') => (Qualifier::Neutral, &term[1..]),
        _ => (Qualifier::Pass, term),
    };
    Ok(Directive { qualifier, mechanism: mechanism(rest)?, text: term.to_owned() })
}

fn mechanism(text: &str) -> Result<Mechanism, String> {
    let at = text.find([':', '/']).unwrap_or(text.len());
    let (name, rest) = text.split_at(at);
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "all" if rest.is_empty() => Ok(Mechanism::All),
        "all" => Err("all takes nothing behind it".to_owned()),
        "include" => Ok(Mechanism::Include(required(rest)?)),
        "exists" => Ok(Mechanism::Exists(required(rest)?)),
        "a" => named(rest).map(|(spec, prefix)| Mechanism::A(spec, prefix)),
        "mx" => named(rest).map(|(spec, prefix)| Mechanism::Mx(spec, prefix)),
        "ptr" if rest.is_empty() => Ok(Mechanism::Ptr(None)),
        "ptr" => Ok(Mechanism::Ptr(Some(required(rest)?))),
        "ip4" => range(rest, 32).map(|(ip, bits)| Mechanism::Ip4(ip, bits)),
        "ip6" => range(rest, 128).map(|(ip, bits)| Mechanism::Ip6(ip, bits)),
        _ => Err(format!("{name:?} is no mechanism")),
    }
}

fn required(rest: &str) -> Result<Spec, String> {
    let name = rest.strip_prefix(':').ok_or_else(|| "a name must follow a colon".to_owned())?;
    Spec::parse(name)
}

/// `[:name][/bits][//bits]`
fn named(rest: &str) -> Result<(Option<Spec>, Prefix), String> {
    let (name, prefix) = prefix(rest)?;
    let spec = match name.strip_prefix(':') {
        Some(name) => Some(Spec::parse(name)?),
        None if name.is_empty() => None,
        None => return Err("a name must follow a colon".to_owned()),
    };
    Ok((spec, prefix))
}

/// Takes the lengths off the end. A slash may also stand in a macro, so they are read from behind.
fn prefix(rest: &str) -> Result<(&str, Prefix), String> {
    let is_length = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let (rest, v6) = match rest.rsplit_once("//") {
        Some((before, digits)) if is_length(digits) => (before, bits(digits, 128)?),
        _ => (rest, 128),
    };
    let (rest, v4) = match rest.rsplit_once('/') {
        Some((before, digits)) if is_length(digits) => (before, bits(digits, 32)?),
        _ => (rest, 32),
    };
    Ok((rest, Prefix { v4, v6 }))
}

fn bits(digits: &str, most: u8) -> Result<u8, String> {
    let has_zero_in_front = digits.len() > 1 && digits.starts_with('0');
    let bits = digits.parse::<u8>().ok().filter(|bits| *bits <= most && !has_zero_in_front);
    bits.ok_or_else(|| format!("/{digits} is no length from 0 to {most}"))
}

fn range<T: std::str::FromStr>(rest: &str, most: u8) -> Result<(T, u8), String> {
    let text = rest.strip_prefix(':').ok_or_else(|| "an address must follow a colon".to_owned())?;
    let (address, length) = match text.split_once('/') {
        Some((address, digits)) => (address, bits(digits, most)?),
        None => (text, most),
    };
    let address = address.parse().map_err(|_| format!("{address:?} is no address of that kind"))?;
    Ok((address, length))
}

#[cfg(test)]
mod tests;
