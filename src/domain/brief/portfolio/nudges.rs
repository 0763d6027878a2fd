//! The nudges that wait for approval and those that a limit holds back (MODEL 6.6).

use super::super::leader::and_more;
use super::super::limits::Limits;
use super::super::numbers::counted;
use super::super::{Block, BlockRole, Item, Piece, Tone, names};
use super::{client_name, length};
use crate::domain::portfolio::{NudgeFacts, PortfolioFacts, Recipient};

/// NUDGES TO APPROVE (2), and what is held back.
pub fn block(facts: &PortfolioFacts, limits: &Limits) -> Option<Block> {
    let mut pieces = Vec::new();
    if !facts.nudges.is_empty() && limits.nudges > 0 {
        let mut items: Vec<Item> = facts.nudges.iter().take(limits.nudges).map(nudge).collect();
        if facts.nudges.len() > limits.nudges {
            items.push(and_more(facts.nudges.len() - limits.nudges));
        }
        pieces.push(Piece::List { numbered: true, items });
    }
    if limits.details && !facts.held_back.is_empty() {
        let held: Vec<String> = facts
            .held_back
            .iter()
            .map(|held| format!("{} ({})", client_name(&held.client_name), held.reason))
            .collect();
        let list = |most: usize| format!("Held back: {}.", names::after_colon(&held, most));
        let count = format!("Held back: {}.", counted(length(held.len()), "nudge", "nudges"));
        pieces.push(Piece::Text(names::fitting([list(3), list(1), count])));
    }
    if pieces.is_empty() {
        return None;
    }
    Some(Block {
        role: BlockRole::Nudges,
        heading: match facts.nudges.len() {
            0 => "NUDGES".to_owned(),
            n => format!("NUDGES TO APPROVE ({n})"),
        },
        headline: None,
        pieces,
    })
}

/// "Calder Dental, to J. Park. Payroll list, idle 4 weeks." with its text.
fn nudge(nudge: &NudgeFacts) -> Item {
    let to = match &nudge.recipient {
        Recipient::Owner(name) => names::person(name).unwrap_or_else(|| "the owner".to_owned()),
        Recipient::Sponsor => "the sponsor".to_owned(),
    };
    Item {
        lead: format!("{}, to {}.", client_name(&nudge.client_name), to.trim_end_matches('.')),
        rest: format!("{}, {}.", names::first(&nudge.gap_name), nudge.reason),
        tone: Tone::Plain,
        quote: Some(nudge.text.clone()),
        gap: None,
    }
}
