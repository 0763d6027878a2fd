//! The gap owner's brief: the leader brief's verdict, what its date counts on, then YOUR GAPS (DESIGN 1,
//! MODEL 4.4).

use std::collections::BTreeMap;

use super::form::Form;
use super::leader::{action_block, and_more, ask, insight, note};
use super::limits::{self, Limits};
use super::numbers::{date, number, weekday_date};
use super::{Ask, Block, BlockRole, Brief, Item, MASTHEAD, Piece, Tone, Toned};
use super::{blockers, footer, names, opening, preheader, profit, readiness, subject};
use crate::domain::action;
use crate::domain::answer::{AnswerKind, is_worked_on};
use crate::domain::codes::GapStatus;
use crate::domain::facts::{ActionFacts, Facts, GapFacts, ImplementationFacts};
use crate::domain::money;
use crate::domain::time::next_friday;

/// Longest next step shown, characters.
const NEXT_STEP: usize = 70;

/// Writes the edition of the person who owns the gaps named `owner` in the facts.
///
/// ONE ACTION is the organization's where it is about no gap or about one of theirs, else their own.
#[must_use]
pub fn compose_owner(facts: &Facts, owner: &str) -> Brief {
    let Some(of) = facts.implementations.first() else {
        return super::compose_leader(facts);
    };
    let form = Form::of(facts);
    limits::within(form.budget(), |limits| draft(facts, of, owner, form, limits))
}

fn draft(
    facts: &Facts,
    of: &ImplementationFacts,
    owner: &str,
    form: Form,
    limits: &Limits,
) -> Brief {
    let own: Vec<&GapFacts> =
        facts.gaps.iter().filter(|gap| gap.owner.as_deref() == Some(owner)).collect();
    let subject = subject::line(facts, of, form);
    let mut blocks: Vec<Block> = Vec::new();
    let action = own_action(facts, owner);
    // A gap of the list below is answered for there.
    let is_listed = |ask: &Ask| {
        form != Form::Line && own.iter().take(limits.own_gaps).any(|gap| ask.gap == gap.external_id)
    };
    blocks.extend(action.as_ref().and_then(|own| {
        action_block(
            &own.text,
            ask(own).filter(|ask| ask.kind != AnswerKind::Done || !is_listed(ask)),
        )
    }));
    // The other forms give no date.
    if matches!(form, Form::Full | Form::Quiet) {
        blocks.extend(readiness::of_the_date(facts, of));
    }
    if form != Form::Line {
        blocks.push(your_gaps(facts, of, &own, action.as_ref(), limits));
        blocks.extend(note(facts, limits));
        blocks.extend(insight(facts, limits));
    }
    let mut under = footer::leader(facts, &form.allowed(limits));
    under.why = format!(
        "You get this because you own gaps at {}.",
        names::organization(&facts.organization.name)
    );
    Brief {
        preheader: preheader::first_fit(own_preheader(facts, &own), &subject),
        subject,
        title: MASTHEAD.to_owned(),
        dateline: footer::dateline(facts),
        verdict: opening::verdict(facts, of, form),
        blocks,
        footer: under,
    }
}

/// The action that this owner's brief carries.
///
/// A sentence that asks for the owner's next step is turned to the owner, who takes the step that is
/// written down and else writes one.
#[must_use]
pub fn own_action(facts: &Facts, owner: &str) -> Option<ActionFacts> {
    let is_own = |action: &ActionFacts| {
        action.gap.as_deref().is_none_or(|id| {
            names::find(facts, id).is_some_and(|gap| gap.owner.as_deref() == Some(owner))
        })
    };
    let chosen =
        facts.action.clone().filter(is_own).or_else(|| action::choose_for_owner(facts, owner));
    chosen.map(|mut chosen| {
        let gap = chosen.gap.as_deref().and_then(|id| names::find(facts, id));
        if let (3, Some(gap)) = (chosen.rule, gap) {
            let today = facts.edition.as_of;
            let do_what = match next_step(gap) {
                Some(_) => "Take the next step on",
                None => "Set a dated next step for",
            };
            chosen.text = format!(
                "{do_what} {} by {}.",
                names::called(&gap.short_name),
                weekday_date(next_friday(today), today)
            );
        }
        chosen
    })
}

/// YOUR GAPS, by rank.
fn your_gaps(
    facts: &Facts,
    of: &ImplementationFacts,
    own: &[&GapFacts],
    action: Option<&ActionFacts>,
    limits: &Limits,
) -> Block {
    // The action is this gap's next step already, in its own words.
    let is_told = |gap: &GapFacts| {
        action.is_some_and(|a| a.rule == 6 && a.gap.as_ref() == Some(&gap.external_id))
    };
    let mut items: Vec<Item> = own
        .iter()
        .take(limits.own_gaps)
        .map(|gap| line(facts, of, gap, limits.details && !is_told(gap)))
        .collect();
    if own.len() > limits.own_gaps {
        items.push(and_more(own.len() - limits.own_gaps));
    }
    let (headline, pieces) = if own.is_empty() {
        (None, vec![Piece::Text("You own no open gap.".to_owned())])
    } else {
        let list = Piece::List { numbered: true, items };
        (Some(total(facts, own)), vec![list])
    };
    Block { role: BlockRole::YourGaps, heading: "YOUR GAPS".to_owned(), headline, pieces }
}

/// "3 open, about $5,000 a week": the likely figures that are priced, of a group the largest.
fn total(facts: &Facts, own: &[&GapFacts]) -> Toned {
    let leaking: Vec<&GapFacts> =
        own.iter().copied().filter(|gap| gap.status.is_leaking()).collect();
    let open = format!("{} open", number(i64::try_from(leaking.len()).unwrap_or(i64::MAX)));
    let text = match per_week(&leaking) {
        None => format!("{open}, not priced."),
        Some(0) => {
            format!("{open}, {} a week.", money::printed(0, &facts.organization.currency))
        }
        Some(sum) => {
            let mut priced = leaking.iter().filter(|gap| gap.likely_per_week.is_some());
            let about = if priced.all(|gap| gap.measured) { "" } else { "about " };
            let sum = money::printed(sum, &facts.organization.currency);
            format!("{open}, {about}{sum} a week.")
        }
    };
    Toned { text, tone: Tone::Plain }
}

/// What some gaps cost a week together; inside a group only the largest counts (MODEL 3). None where
/// none is priced.
fn per_week(gaps: &[&GapFacts]) -> Option<i64> {
    let mut alone: Vec<i64> = Vec::new();
    let mut groups: BTreeMap<&str, i64> = BTreeMap::new();
    for gap in gaps {
        match (gap.likely_per_week, gap.exposure_group.as_deref()) {
            (Some(minor), None) => alone.push(minor),
            (Some(minor), Some(group)) => {
                let largest = groups.entry(group).or_insert(minor);
                *largest = minor.max(*largest);
            }
            (None, _) => {}
        }
    }
    alone.into_iter().chain(groups.into_values()).reduce(i64::saturating_add)
}

/// "Price lists: $3,800. In progress. Due 4 December. Idle 3 weeks. Next: agree which list wins."
fn line(facts: &Facts, of: &ImplementationFacts, gap: &GapFacts, tells_next: bool) -> Item {
    let mut item = profit::line(facts, of, gap, "");
    item.lead = names::first(&gap.short_name);
    item.gap = Some(gap.external_id.clone()).filter(|_| is_worked_on(gap.status));
    let today = facts.edition.as_of;
    let mut more = Vec::new();
    match gap.status {
        GapStatus::InProgress => more.push("In progress.".to_owned()),
        GapStatus::Verifying => more.push("In test.".to_owned()),
        GapStatus::Open if !blockers::blocks(of, &gap.external_id) => {
            more.push("Not started.".to_owned());
        }
        _ => {}
    }
    if let Some(due) = gap.due_on {
        more.push(format!("Due {}.", date(due, today)));
    }
    if let Some(next) = next_step(gap).filter(|_| tells_next) {
        more.push(format!("Next: {next}."));
    }
    for sentence in more {
        item.rest.push(' ');
        item.rest.push_str(&sentence);
    }
    item
}

/// The next step that is written down.
fn next_step(gap: &GapFacts) -> Option<String> {
    let step = gap.next_step.as_deref()?;
    Some(names::tidy(step, NEXT_STEP)).filter(|step| !step.is_empty())
}

fn own_preheader(facts: &Facts, own: &[&GapFacts]) -> Vec<String> {
    let open = own.iter().filter(|gap| gap.status.is_leaking()).count();
    let stalled = own.iter().filter(|gap| !gap.stall_reasons.is_empty()).count();
    let all = facts.exposure.open_gaps;
    let first = match open {
        0 => "None of the open gaps is yours this week.".to_owned(),
        1 => format!("1 of the {} open gaps is yours.", number(all)),
        n => format!("{n} of the {} open gaps are yours.", number(all)),
    };
    let second = match stalled {
        0 if open == 1 => " It is not stalled.".to_owned(),
        1 if open == 1 => " It is stalled.".to_owned(),
        0 => " None of them is stalled.".to_owned(),
        1 => " 1 is stalled.".to_owned(),
        n => format!(" {n} are stalled."),
    };
    vec![format!("{first}{second}"), first]
}
