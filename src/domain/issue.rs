//! A public issue, and which one is next (MODEL 6.7).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::source::{ClaimKind, Source};

/// One authored issue of the public edition: at most 150 words with its question and byline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicIssue {
    /// Lower-case words joined by hyphens: its address in the archive.
    pub id: String,
    /// Its place in the schedule, from 1; unique.
    pub order: u32,
    /// The question to ask on Monday. It is the subject: at most 50 characters.
    pub question: String,
    /// 40 to 60 characters that do not repeat the subject.
    pub preheader: String,
    /// A scene that anyone in operations knows.
    pub scene: String,
    /// How it leaks profit, with one sourced figure.
    pub leak: String,
    /// What to ask on Monday, and what the answer means.
    pub ask: String,
    /// Who signs it.
    pub byline: String,
    /// What kind of claim the figure is.
    pub claim_kind: ClaimKind,
    /// Where the figure comes from.
    pub source: Source,
    /// The day from which the figure wants a fresh look.
    pub review_by: Date,
}

/// The issue to send next: the first in the schedule that was never sent; when all were sent, the
/// one unsent for longest. `sent` holds weeks since each id was last sent.
#[must_use]
pub fn next<'a>(
    issues: &'a [PublicIssue],
    sent: &BTreeMap<String, u32>,
) -> Option<&'a PublicIssue> {
    issues.iter().min_by_key(|issue| {
        let unsent = sent.get(&issue.id).map_or(u64::MAX, |weeks| u64::from(*weeks));
        (Reverse(unsent), issue.order, issue.id.as_str())
    })
}
