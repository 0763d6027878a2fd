//! THIS WEEK: what changed, in the order of MODEL 4.5, each in one line.

use jiff::civil::Date;

use super::limits::Limits;
use super::names;
use super::numbers::{counted, date, spelled};
use super::{Block, BlockRole, Item, Piece, Tone, blockers};
use crate::domain::facts::{ChangeFacts, Facts};
use crate::domain::money;

/// The block; none where nothing counted changed.
#[must_use]
pub fn block(facts: &Facts, limits: &Limits) -> Option<Block> {
    if facts.changes.is_empty() {
        return None;
    }
    let mut items: Vec<Item> =
        facts.changes.iter().take(limits.changes).map(|change| line(facts, change)).collect();
    let rest = facts.changes.len().saturating_sub(limits.changes);
    if rest > 0 {
        items.push(Item {
            rest: format!(
                "and {}",
                counted(
                    i64::try_from(rest).unwrap_or(i64::MAX),
                    "smaller change",
                    "smaller changes"
                )
            ),
            ..Item::default()
        });
    }
    Some(Block {
        role: BlockRole::ThisWeek,
        heading: heading(facts.week.weeks_covered),
        headline: None,
        pieces: vec![Piece::List { numbered: false, items }],
    })
}

/// "THIS WEEK", or "THESE TWO WEEKS" after a missed brief (DESIGN 2.4).
fn heading(weeks_covered: i64) -> String {
    if weeks_covered > 1 {
        format!("THESE {} WEEKS", spelled(weeks_covered)).to_uppercase()
    } else {
        "THIS WEEK".to_owned()
    }
}

/// "Closed: duplicate vendor payments. Protects $440 a week."
#[must_use]
pub fn line(facts: &Facts, change: &ChangeFacts) -> Item {
    let name = names::inside(&change.name);
    let to = change.to.as_deref();
    let (lead, what, after, tone) = match (change.kind.as_str(), to) {
        ("go_live_on", _) => return moved(facts, change, "Go-live"),
        ("configuration_starts_on", _) => return moved(facts, change, "Configuration"),
        ("reopened", Some("closed")) => ("Reopened and closed again", name, None, Tone::Plain),
        ("reopened", Some("withdrawn")) => {
            ("Reopened and withdrawn", name, unsigned(facts, change), Tone::Plain)
        }
        ("reopened", _) => ("Reopened", name, weekly(facts, change, "Costs", "again"), Tone::Bad),
        ("opened", _) => {
            let verb = if change.measured { "Costs" } else { "About" };
            ("New", name, weekly(facts, change, verb, ""), Tone::Plain)
        }
        ("status", Some("closed")) => {
            ("Closed", name, weekly(facts, change, "Protects", ""), Tone::Good)
        }
        ("status", Some("verifying")) => ("In test", name, None, Tone::Good),
        ("status", Some("withdrawn")) => ("Withdrawn", name, unsigned(facts, change), Tone::Plain),
        ("severity", _) => return severity(facts, change, &name),
        ("due_on", Some(_)) => ("Due later", due(facts, change, &name), None, Tone::Bad),
        ("owner", Some(owner)) => ("Owner named", owned(&name, owner), None, Tone::Good),
        ("owner", None) => ("Owner lost", name, Some("Nobody owns it now.".to_owned()), Tone::Bad),
        ("exposure", _) => {
            let lead = if change.measured { "Measured" } else { "New estimate" };
            (lead, estimate(facts, change, &name), None, Tone::Plain)
        }
        ("assessment", _) => ("Looked at", looked_at(&change.name), None, Tone::Good),
        _ => ("Changed", name, None, Tone::Plain),
    };
    item(facts, change, (lead, &what), after, tone)
}

/// Puts a line together; a change told late carries its own date (MODEL 4.5).
fn item(
    facts: &Facts,
    change: &ChangeFacts,
    (lead, what): (&str, &str),
    after: Option<String>,
    tone: Tone,
) -> Item {
    let dated = if change.backdated {
        format!(" (dated {})", date(change.effective_on, facts.edition.as_of))
    } else {
        String::new()
    };
    let after = after.map_or(String::new(), |after| format!(" {after}"));
    Item { lead: lead.to_owned(), rest: format!("{what}{dated}.{after}"), tone, ..Item::default() }
}

/// "Go-live moved: to 1 March. It was 1 February." The old date is named once.
fn moved(facts: &Facts, change: &ChangeFacts, what: &str) -> Item {
    let today = facts.edition.as_of;
    let day = |text: &Option<String>| -> Option<String> {
        let day: Date = text.as_deref()?.parse().ok()?;
        Some(date(day, today))
    };
    let several = facts.implementations.len() > 1;
    let of = if several { format!("{}, ", names::tidy(&change.name, 32)) } else { String::new() };
    let (lead, said, after) = match (day(&change.from), day(&change.to)) {
        (Some(from), Some(to)) => {
            ("moved", format!("{of}to {to}"), Some(format!("It was {from}.")))
        }
        (None, Some(to)) => ("set", format!("{of}{to}"), None),
        (Some(from), None) => {
            ("taken off", format!("{of}no date now"), Some(format!("It was {from}.")))
        }
        (None, None) => ("changed", format!("{of}no date now"), None),
    };
    item(facts, change, (&format!("{what} {lead}"), &said), after, Tone::Plain)
}

/// "Protects $440 a week."
fn weekly(facts: &Facts, change: &ChangeFacts, verb: &str, then: &str) -> Option<String> {
    let minor = change.likely_per_week.filter(|minor| *minor > 0)?;
    let amount = money::printed(minor, &facts.organization.currency);
    let then = if then.is_empty() { String::new() } else { format!(" {then}") };
    Some(format!("{verb} {amount} a week{then}."))
}

/// "Now blocks go-live: price lists." and weaker moves; "Now severity 4: price lists." where no go-live
/// is left to block.
fn severity(facts: &Facts, change: &ChangeFacts, name: &str) -> Item {
    let number = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<i64>().ok());
    let (from, to) = (number(&change.from).unwrap_or(0), number(&change.to).unwrap_or(0));
    let can_block = blockers::is_before_go_live(facts, &change.gap);
    let (lead, tone) = match (from, to) {
        (_, 4) if can_block => ("Now blocks go-live", Tone::Bad),
        (_, 4) => ("Now severity 4", Tone::Bad),
        (4, _) if can_block => ("Blocks go-live no longer", Tone::Good),
        (4, 3) => ("Now severity 3", Tone::Good),
        (4, 2) => ("Now severity 2", Tone::Good),
        (4, _) => ("Now severity 1", Tone::Good),
        _ if to > from => ("Weighs more", Tone::Bad),
        _ => ("Weighs less", Tone::Good),
    };
    item(facts, change, (lead, name), None, tone)
}

/// A withdrawal counts in full until a second person signs; a signed one is not among the gaps.
fn unsigned(facts: &Facts, change: &ChangeFacts) -> Option<String> {
    names::find(facts, &change.gap).map(|_| "It counts until a second person signs.".to_owned())
}

/// "invoice exceptions, now 14 December".
fn due(facts: &Facts, change: &ChangeFacts, name: &str) -> String {
    let to = change.to.as_deref().and_then(|to| to.parse::<Date>().ok());
    to.map_or_else(
        || name.to_owned(),
        |day| format!("{name}, now {}", date(day, facts.edition.as_of)),
    )
}

/// "invoice exceptions, M. Lind".
fn owned(name: &str, owner: &str) -> String {
    names::person(owner).map_or_else(|| name.to_owned(), |owner| format!("{name}, {owner}"))
}

/// "close pack, about $1,500 a week, was $900"; a measured figure is told without "about".
fn estimate(facts: &Facts, change: &ChangeFacts, name: &str) -> String {
    let about = if change.measured { "" } else { "about " };
    let print = |minor| money::printed(minor, &facts.organization.currency);
    let before = change.from.as_deref().and_then(|from| from.parse::<i64>().ok());
    match (before, change.likely_per_week) {
        (Some(from), Some(to)) => {
            format!("{name}, {about}{} a week, was {}", print(to), print(from))
        }
        (None, Some(to)) => format!("{name}, {about}{} a week", print(to)),
        (_, None) => format!("{name}, no longer priced"),
    }
}

/// Areas of an assessment as a sentence list: at most three.
fn looked_at(listed: &str) -> String {
    let areas: Vec<String> = listed
        .split(", ")
        .map(|area| names::tidy(area, 20))
        .filter(|area| !area.is_empty())
        .collect();
    if areas.is_empty() {
        return "the areas in scope".to_owned();
    }
    names::listed(&areas, 3)
}
