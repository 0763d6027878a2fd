//! What name servers are asked, and what they have said so far.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::names;

/// What kind of record is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text.
    Txt,
    /// Mail exchanges.
    Mx,
    /// Addresses of both families, A and AAAA.
    Address,
    /// The names of an address.
    Pointer,
}

/// One question; the name is in lower case and has no dot at its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// What is asked for.
    pub kind: Kind,
    /// Of which name.
    pub name: String,
}

/// One record of an answer; names are in lower case and have no dot at their end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The strings of one TXT record, joined without a space (RFC 7208 3.3, RFC 6376 3.6.2.2).
    Txt(String),
    /// A mail exchange; an empty host is the null MX (RFC 7505 3).
    Mx {
        /// Lower goes first.
        preference: u16,
        /// Its name.
        host: String,
    },
    /// An address.
    Address(IpAddr),
    /// A name of an address.
    Pointer(String),
}

/// The records that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// At least one, of the kind that was asked for.
    pub records: Vec<Record>,
    /// Where an alias (CNAME) led to, if one did.
    pub alias: Option<String>,
}

/// Why there are no records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The name does not exist (NXDOMAIN).
    NoName,
    /// The name exists and has no record of this kind (NODATA).
    NoData,
    /// Nobody knows: no answer, or one that says that it failed.
    Failed(String),
}

impl Nothing {
    /// In words, behind a name: "does not exist".
    #[must_use]
    pub fn words(&self, kind: Kind) -> String {
        match self {
            Self::NoName => "does not exist".to_owned(),
            Self::NoData => format!(
                "has no {}",
                match kind {
                    Kind::Txt => "TXT record",
                    Kind::Mx => "MX record",
                    Kind::Address => "address",
                    Kind::Pointer => "name",
                }
            ),
            Self::Failed(why) => format!("cannot be looked up: {why}"),
        }
    }
}

/// An answer, whatever it says.
pub type Answer = Result<Found, Nothing>;

static NO_NAME: Answer = Err(Nothing::NoName);

/// An answer that is needed and not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub Question);

/// The answers so far.
#[derive(Debug, Clone, Default)]
pub struct Known(BTreeMap<Question, Answer>);

impl Known {
    /// Adds an answer.
    pub fn add(&mut self, question: Question, answer: Answer) {
        self.0.insert(question, answer);
    }

    /// The whole answer.
    ///
    /// # Errors
    /// [`Missing`] when it is not known yet.
    pub fn answer(&self, kind: Kind, name: &str) -> Result<&Answer, Missing> {
        let question = Question { kind, name: names::plain(name) };
        if !names::can_be_asked(&question.name) {
            // Such a name cannot be put into a question, so no name server knows it.
            return Ok(&NO_NAME);
        }
        self.0.get(&question).ok_or(Missing(question))
    }

    fn records<T>(
        &self,
        kind: Kind,
        name: &str,
        pick: impl Fn(&Record) -> Option<T>,
    ) -> Result<Result<Vec<T>, Nothing>, Missing> {
        Ok(match self.answer(kind, name)? {
            Ok(found) => {
                let picked: Vec<T> = found.records.iter().filter_map(pick).collect();
                if picked.is_empty() { Err(Nothing::NoData) } else { Ok(picked) }
            }
            Err(nothing) => Err(nothing.clone()),
        })
    }

    /// The texts of a name.
    ///
    /// # Errors
    /// [`Missing`] when they are not known yet.
    pub fn texts(&self, name: &str) -> Result<Result<Vec<String>, Nothing>, Missing> {
        self.records(Kind::Txt, name, |record| match record {
            Record::Txt(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// The mail exchanges of a name, the first to be tried first.
    ///
    /// # Errors
    /// [`Missing`] when they are not known yet.
    pub fn exchanges(&self, name: &str) -> Result<Result<Vec<String>, Nothing>, Missing> {
        let found = self.records(Kind::Mx, name, |record| match record {
            Record::Mx { preference, host } => Some((*preference, host.clone())),
            _ => None,
        })?;
        Ok(found.map(|mut hosts| {
            hosts.sort();
            hosts.into_iter().map(|(_, host)| host).collect()
        }))
    }

    /// The addresses of a name.
    ///
    /// # Errors
    /// [`Missing`] when they are not known yet.
    pub fn addresses(&self, name: &str) -> Result<Result<Vec<IpAddr>, Nothing>, Missing> {
        self.records(Kind::Address, name, |record| match record {
            Record::Address(address) => Some(*address),
            _ => None,
        })
    }

    /// The names of an address.
    ///
    /// # Errors
    /// [`Missing`] when they are not known yet.
    pub fn pointers(&self, address: IpAddr) -> Result<Result<Vec<String>, Nothing>, Missing> {
        self.records(Kind::Pointer, &names::reverse(address), |record| match record {
            Record::Pointer(name) => Some(name.clone()),
            _ => None,
        })
    }
}
