//! DMARC: what the From domain asks of receivers, and whom they report to (RFC 9989, RFC 9990).
//!
//! [`record`] reads one record, [`walk`] finds those that count by going up the tree of names, and
//! [`findings`] says what is wrong with them. [`reports`] follows the addresses for reports, and
//! [`alignment`] tells whether SPF and DKIM speak for the From domain.

pub mod alignment;
pub mod findings;
pub mod record;
pub mod reports;
pub mod walk;

/// Where the record of a domain is.
#[must_use]
pub fn place(domain: &str) -> String {
    format!("_dmarc.{domain}")
}
