//! The correction of an edition that went out with a wrong figure (DESIGN 2.3).

use super::limits;
use super::names;
use super::numbers::{date, full_date, points, spelled, spelled_first};
use super::{Block, BlockRole, Brief, Footer, Item, MASTHEAD, Piece, Tone, Toned};
use super::{footer, forecast, preheader};
use crate::domain::facts::Facts;
use crate::domain::money;
use crate::domain::one_line::{cut_at_word, one_line};

/// Most figures told; a brief that was wrong in more is better sent as a whole.
const MOST: usize = 8;

/// One figure as it was mailed and as it should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// What it is: "Readiness".
    pub figure: String,
    /// As it was mailed: "66 of 100".
    pub was: String,
    /// As it is: "61 of 100".
    pub is: String,
}

/// The printed figures in which two sets of facts of the same week differ, in reading order.
#[must_use]
pub fn differences(original: &Facts, corrected: &Facts) -> Vec<Corrected> {
    let (was, is) = (figures(original), figures(corrected));
    was.into_iter()
        .zip(is)
        .filter(|((_, was), (_, is))| was != is)
        .map(|((figure, was), (_, is))| Corrected { figure: figure.to_owned(), was, is })
        .collect()
}

/// Every figure that a leader's brief prints, as printed.
fn figures(facts: &Facts) -> Vec<(&'static str, String)> {
    let print = |minor| money::printed(minor, &facts.organization.currency);
    let today = facts.edition.as_of;
    let exposure = &facts.exposure;
    let mut figures = Vec::new();
    let of = facts.implementations.first();
    let say = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    figures.push(("Readiness", say(of.map(|of| format!("{} of 100", of.score_printed)))));
    figures.push(("Target", say(of.map(|of| points(of.target_milli).to_string()))));
    figures.push(("Go-live", say(of.and_then(|of| of.go_live_on).map(|day| date(day, today)))));
    figures.push((
        "Ready at this pace",
        say(of.and_then(|of| of.ready_on).map(|day| date(day, today))),
    ));
    figures.push(("Forecast", say(of.map(|of| forecast::in_short(of, today)))));
    let weekly = if exposure.priced_gaps > 0 {
        format!("{} a week", print(exposure.likely))
    } else {
        "not priced".to_owned()
    };
    figures.push(("Profit at stake", weekly));
    figures.push(("Range", format!("{} to {} a week", print(exposure.low), print(exposure.high))));
    figures.push(("Cost of all gaps so far", print(exposure.cost_so_far)));
    figures.push(("Protected", format!("{} a week", print(exposure.protected_per_week))));
    figures.push(("Open gaps", exposure.open_gaps.to_string()));
    figures
}

/// Writes the correction of the edition that `original` made. `why` is one sentence of the person who
/// corrects; it may be empty.
#[must_use]
pub fn compose_correction(original: &Facts, corrected: &[Corrected], why: &str) -> Brief {
    let day = date(original.edition.as_of, original.edition.as_of);
    let count = i64::try_from(corrected.len()).unwrap_or(i64::MAX);
    let wrong = match count {
        0 => format!("The brief of {day} was sent with a mistake."),
        1 => format!("One figure in the brief of {day} was wrong."),
        n => format!("{} figures in the brief of {day} were wrong.", spelled_first(n)),
    };
    let mut pieces = Vec::new();
    if !corrected.is_empty() {
        pieces.push(Piece::List { numbered: false, items: items(corrected) });
    }
    let why = cut_at_word(&one_line(why), 300);
    if !why.is_empty() {
        pieces.push(Piece::Text(why));
    }
    Brief {
        subject: format!("Correction to the brief of {day}"),
        preheader: match count {
            1 => "One figure was wrong. Here is the right one.".to_owned(),
            2..=10 => {
                format!("{} figures were wrong. Here are the right ones.", spelled_first(count))
            }
            _ => preheader::first_fit(
                vec!["Something was wrong. Here is what is right.".to_owned()],
                "",
            ),
        },
        title: format!("{MASTHEAD} | CORRECTION"),
        dateline: format!(
            "{} | brief of {}",
            names::organization(&original.organization.name),
            full_date(original.edition.as_of)
        ),
        verdict: Toned {
            text: format!("{wrong} The rest stands as it was sent."),
            tone: Tone::Plain,
        },
        blocks: if pieces.is_empty() { Vec::new() } else { vec![block(pieces)] },
        footer: under(original),
    }
}

fn block(pieces: Vec<Piece>) -> Block {
    Block { role: BlockRole::Correction, heading: "CORRECTION".to_owned(), headline: None, pieces }
}

fn items(corrected: &[Corrected]) -> Vec<Item> {
    let short = |text: &str| names::tidy(text, 60);
    let mut items: Vec<Item> = corrected
        .iter()
        .take(MOST)
        .map(|figure| Item {
            lead: short(&figure.figure),
            rest: format!("{}, not {}.", short(&figure.is), short(&figure.was)),
            ..Item::default()
        })
        .collect();
    if corrected.len() > MOST {
        let rest = i64::try_from(corrected.len() - MOST).unwrap_or(i64::MAX);
        items.push(Item {
            rest: format!("and {} more on the trend page", spelled(rest)),
            ..Item::default()
        });
    }
    items
}

/// The footer without the note on this week's figures and without sources.
fn under(original: &Facts) -> Footer {
    let mut under = footer::leader(original, &limits::ALL);
    under.notes.clear();
    under.sources.clear();
    under
}
