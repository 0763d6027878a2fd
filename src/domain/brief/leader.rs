//! The leader's brief (MODEL 6.1), in the form that fits the week (MODEL 6.3).

use super::form::Form;
use super::limits::{self, Limits};
use super::{Ask, Block, BlockRole, Brief, Item, MASTHEAD, Piece, Toned};
use super::{changes, footer, names, opening, preheader, profit, readiness, subject};
use crate::domain::answer::AnswerKind;
use crate::domain::facts::{ActionFacts, Facts, ImplementationFacts};
use crate::domain::one_line::one_line;
use crate::domain::plain;

/// The rule that asks for a number (MODEL 4.5).
const UNPRICED: u8 = 5;

/// Writes the leader's edition. Readers get the same words.
///
/// The verdict, then the blocks that have something to say, within the words of the form. The same
/// facts give the same words.
#[must_use]
pub fn compose_leader(facts: &Facts) -> Brief {
    let form = Form::of(facts);
    limits::within(form.budget(), |limits| draft(facts, form, limits))
}

fn draft(facts: &Facts, form: Form, limits: &Limits) -> Brief {
    let Some(of) = facts.implementations.first() else {
        return nothing_known(facts);
    };
    let subject = subject::line(facts, of, form);
    Brief {
        preheader: preheader::line(facts, of, &subject),
        subject,
        title: MASTHEAD.to_owned(),
        dateline: footer::dateline(facts),
        verdict: opening::verdict(facts, of, form),
        blocks: blocks(facts, of, form, limits),
        footer: footer::leader(facts, &form.allowed(limits)),
    }
}

/// The blocks of a form, in the fixed order of MODEL 6.4, rule 1.
fn blocks(facts: &Facts, of: &ImplementationFacts, form: Form, limits: &Limits) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(action(facts));
    match form {
        Form::Line => return blocks,
        Form::Full => {
            blocks.push(readiness::block(facts, of, limits));
            blocks.extend(profit::block(facts, of, limits));
            blocks.extend(changes::block(facts, limits));
        }
        Form::First => {
            blocks.push(readiness::first_week(facts, of, limits));
            blocks.extend(profit::block(facts, of, limits));
        }
        Form::Quiet => {
            blocks.push(readiness::quiet(facts, of, limits));
            blocks.extend(stalled(facts, of));
        }
        Form::AllClosed => {
            blocks.push(readiness::block(facts, of, limits));
            blocks.extend(changes::block(facts, limits));
        }
    }
    blocks.extend(note(facts, limits));
    blocks.extend(insight(facts, limits));
    blocks
}

/// ONE ACTION.
#[must_use]
pub fn action(facts: &Facts) -> Option<Block> {
    let action = facts.action.as_ref()?;
    action_block(&action.text, ask(action))
}

/// Where the reader answers an action that is about a gap.
#[must_use]
pub fn ask(action: &ActionFacts) -> Option<Ask> {
    let gap = action.gap.clone()?;
    Some(match action.rule {
        UNPRICED => Ask { label: "Give the number", kind: AnswerKind::Correct, gap },
        _ => Ask { label: "Done, blocked or not mine", kind: AnswerKind::Done, gap },
    })
}

/// ONE ACTION with a sentence.
#[must_use]
pub fn action_block(text: &str, ask: Option<Ask>) -> Option<Block> {
    let text = one_line(text);
    (!text.is_empty()).then(|| Block {
        role: BlockRole::Action,
        heading: "ONE ACTION".to_owned(),
        headline: None,
        pieces: std::iter::once(Piece::Text(text)).chain(ask.map(Piece::Ask)).collect(),
    })
}

/// The one stalled gap of a quiet week, or how many gaps no figure stands for.
fn stalled(facts: &Facts, of: &ImplementationFacts) -> Option<Block> {
    let gap =
        facts.gaps.iter().find(|gap| gap.status.is_leaking() && !gap.stall_reasons.is_empty())?;
    Some(Block {
        role: BlockRole::Profit,
        heading: "WHAT WAITS".to_owned(),
        headline: None,
        pieces: vec![Piece::List {
            numbered: false,
            items: vec![profit::line(facts, of, gap, " a week")],
        }],
    })
}

/// FROM A. MENDEL; the note is cut at a word where it is longer than a brief can hold.
#[must_use]
pub fn note(facts: &Facts, limits: &Limits) -> Option<Block> {
    let note = facts.note.as_ref()?;
    let text = first_words(&one_line(&note.text), limits.note_words);
    let author = names::person(&note.author).unwrap_or_else(|| "your consultant".to_owned());
    (!text.is_empty()).then(|| Block {
        role: BlockRole::From,
        heading: format!("FROM {}", author.to_uppercase()),
        headline: None,
        pieces: vec![Piece::Quote(text)],
    })
}

/// The first `most` words, with an ellipsis where some are missing; none for zero words.
fn first_words(text: &str, most: usize) -> String {
    if plain::count_words(text) <= most {
        return text.to_owned();
    }
    let words: Vec<&str> = plain::words(text).take(most).collect();
    if words.is_empty() {
        return String::new();
    }
    format!("{} ...", words.join(" "))
}

/// WHY IT MATTERS, with its source in the footer.
#[must_use]
pub fn insight(facts: &Facts, limits: &Limits) -> Option<Block> {
    let insight = facts.insight.as_ref().filter(|_| limits.insight)?;
    Some(Block {
        role: BlockRole::Insight,
        heading: "WHY IT MATTERS".to_owned(),
        headline: None,
        pieces: vec![Piece::Text(format!("{} [1]", one_line(&insight.text)))],
    })
}

/// A brief about an organization of which nothing was recorded yet.
fn nothing_known(facts: &Facts) -> Brief {
    Brief {
        subject: "Back office: nothing recorded yet".to_owned(),
        preheader: preheader::ANY.to_owned(),
        title: MASTHEAD.to_owned(),
        dateline: footer::dateline(facts),
        verdict: Toned {
            text: "Nothing has been recorded yet. Name the first gap, and next week's brief counts it."
                .to_owned(),
            tone: super::Tone::Plain,
        },
        blocks: action(facts).into_iter().collect(),
        footer: footer::leader(facts, &limits::ALL),
    }
}

/// A list entry that only counts what is left out.
#[must_use]
pub fn and_more(count: usize) -> Item {
    Item { rest: format!("and {count} more"), ..Item::default() }
}
