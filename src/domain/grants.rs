//! What the token of a program allows: to read or to write which resources of the API.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::codes::{UnknownCode, vocabulary};

vocabulary!(
    /// What the API is about.
    Resource, "resource", {
        Organizations = "organizations", Implementations = "implementations", Gaps = "gaps",
        Assessments = "assessments", Facts = "facts", People = "people",
        Subscriptions = "subscriptions", Editions = "editions", Deliveries = "deliveries",
        Suppressions = "suppressions",
    }
);

vocabulary!(
    /// What is done with a resource.
    Verb, "verb", { Read = "read", Write = "write" }
);

/// One thing that a token may allow, written `read:gaps`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// What it is about.
    pub resource: Resource,
    /// What is done with it.
    pub verb: Verb,
}

impl Grant {
    /// Every grant there is: facts are computed, so that there is nothing to write.
    pub fn all() -> impl Iterator<Item = Self> {
        Resource::ALL
            .iter()
            .flat_map(|&resource| Verb::ALL.iter().map(move |&verb| Self { resource, verb }))
            .filter(|grant| grant.is_known())
    }

    const fn is_known(self) -> bool {
        !matches!((self.resource, self.verb), (Resource::Facts, Verb::Write))
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.verb, self.resource)
    }
}

impl FromStr for Grant {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::all().find(|grant| grant.to_string() == text).ok_or_else(|| UnknownCode {
            what: "scope",
            found: text.to_owned(),
            known: "read, write, or read:RESOURCE and write:RESOURCE with organizations, \
                    implementations, gaps, assessments, facts (read only), people, subscriptions, \
                    editions, deliveries, suppressions",
        })
    }
}

/// All that a token allows. Whoever may write may read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(BTreeSet<Grant>);

impl Grants {
    /// From words: `read:gaps`, `write:gaps`, or `read` and `write` for everything there is today.
    ///
    /// # Errors
    /// A word that is none of them.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownCode> {
        let mut grants = BTreeSet::new();
        for word in words {
            match word.parse::<Verb>() {
                Ok(verb) => grants.extend(Grant::all().filter(|grant| grant.verb == verb)),
                Err(_) => drop(grants.insert(word.parse()?)),
            }
        }
        Ok(Self(grants))
    }

    /// Whether nothing at all is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one thing is allowed.
    #[must_use]
    pub fn allow(&self, grant: Grant) -> bool {
        let has = |verb| self.0.contains(&Grant { verb, ..grant });
        has(grant.verb) || has(Verb::Write)
    }

    /// Whether a resource may be read.
    #[must_use]
    pub fn may_read(&self, resource: Resource) -> bool {
        self.allow(Grant { resource, verb: Verb::Read })
    }
}

impl FromStr for Grants {
    type Err = UnknownCode;

    /// Words with blanks between them, as [`Display`](fmt::Display) writes them.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::of(text.split_ascii_whitespace())
    }
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, grant) in self.0.iter().enumerate() {
            let between = if n == 0 { "" } else { " " };
            write!(f, "{between}{grant}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(text: &str) -> Grant {
        text.parse().unwrap()
    }

    #[test]
    fn whoever_may_write_may_read_and_nothing_else() {
        let grants = Grants::of(["write:gaps", "read:people"]).unwrap();
        for (wanted, is_allowed) in [
            ("write:gaps", true),
            ("read:gaps", true),
            ("read:people", true),
            ("write:people", false),
            ("read:facts", false),
        ] {
            assert_eq!(grants.allow(grant(wanted)), is_allowed, "{wanted}");
        }
        assert!(!Grants::default().may_read(Resource::Gaps));
    }

    #[test]
    fn short_words_mean_everything_there_is() {
        let all = Grants::of(["read", "write"]).unwrap();
        assert!(Grant::all().all(|grant| all.allow(grant)));
        let read = Grants::of(["read"]).unwrap();
        assert!(Grant::all().all(|own| read.allow(own) == (own.verb == Verb::Read)));
        assert_eq!(read.to_string().parse::<Grants>(), Ok(read));
    }

    #[test]
    fn a_scope_that_is_none_is_answered_with_those_that_are() {
        for text in ["", "gaps", "read:", "read:tokens", "write:facts", "READ:gaps"] {
            let error = Grants::of([text]).unwrap_err().to_string();
            assert!(error.contains("read:RESOURCE"), "{error}");
        }
    }
}
