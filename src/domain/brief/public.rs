//! The public edition: one authored issue, in the words of its author (MODEL 6.7).

use super::numbers::full_date;
use super::{Block, BlockRole, Brief, Footer, MASTHEAD, Piece, Source, Tone, Toned};
use crate::domain::issue::PublicIssue;
use crate::domain::one_line::one_line;
use crate::domain::plain;
use jiff::civil::Date;

/// Writes an issue. The subject is its question; the scene comes first, then how it leaks profit with
/// its source, then what to ask on Monday.
#[must_use]
pub fn compose_public(issue: &PublicIssue, on: Date) -> Brief {
    let part = |text: &str| Block {
        role: BlockRole::Essay,
        heading: String::new(),
        headline: None,
        pieces: plain::paragraphs(text).map(|p| Piece::Text(one_line(p))).collect(),
    };
    Brief {
        subject: one_line(&issue.question),
        preheader: one_line(&issue.preheader),
        title: MASTHEAD.to_owned(),
        dateline: format!("{} | {}", one_line(&issue.byline), full_date(on)),
        verdict: Toned { text: one_line(&issue.question), tone: Tone::Plain },
        blocks: vec![
            part(&issue.scene),
            part(&format!("{} [1]", issue.leak.trim_end())),
            part(&issue.ask),
        ],
        footer: Footer {
            notes: Vec::new(),
            sources: vec![Source { text: issue.source.to_string(), url: issue.source.url.clone() }],
            invites_reply: false,
            why: "You get this because you confirmed a subscription to the public brief."
                .to_owned(),
        },
    }
}
