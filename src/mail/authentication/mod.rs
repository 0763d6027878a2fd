//! What a sender's domain says about itself in DNS, read as receivers read it.
//!
//! Everything here is a function of [`answers::Known`], what name servers have said so far. Where an
//! answer is needed that is not known yet, a check stops with [`answers::Missing`]; whoever called
//! it asks, adds the answer and calls again. So the rules can be read and tested without a network.
//! Each check returns [`finding::Finding`]s: what was found, and what to do about it.
//!
//! **Invariants:** nothing here waits, reads a file or speaks to anybody; no record, however broken,
//! makes it panic; every check ends after a bounded number of questions.

pub mod answers;
pub mod dkim;
pub mod dmarc;
pub mod exchange;
pub mod finding;
pub mod names;
pub mod reverse;
pub mod spf;
mod tags;
