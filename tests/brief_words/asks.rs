//! Where a brief asks its reader to answer (DESIGN 1, MODEL 6.4 rule 10).

use back_office_brief::domain::answer::AnswerKind;
use back_office_brief::domain::brief::{
    Ask, BlockRole, Brief, Piece, compose_leader, compose_owner, compose_portfolio, limits,
};
use back_office_brief::domain::codes::GapStatus;
use back_office_brief::domain::portfolio::portfolio;

use crate::fixture::northfield;
use crate::portfolio::{edition, input};
use crate::read::assert_style;

/// Where a brief asks for what, block by block.
fn asks(brief: &Brief) -> Vec<(BlockRole, AnswerKind, &str)> {
    let of = |role, piece| match piece {
        &Piece::Ask(Ask { kind, ref gap, .. }) => Some((role, kind, gap.as_str())),
        _ => None,
    };
    let blocks = brief.blocks.iter();
    blocks.flat_map(|block| block.pieces.iter().filter_map(move |p| of(block.role, p))).collect()
}

/// The gaps of the lists that are answered for under their entry.
fn listed(brief: &Brief) -> Vec<&str> {
    let pieces = brief.blocks.iter().flat_map(|block| &block.pieces);
    let items = pieces.filter_map(|piece| match piece {
        Piece::List { items, .. } => Some(items),
        _ => None,
    });
    items.flatten().filter_map(|item| item.gap.as_deref()).collect()
}

#[test]
fn a_leader_is_asked_at_the_action_and_may_correct_one_number() {
    let mut facts = northfield();
    let brief = compose_leader(&facts);
    let exceptions = facts.gaps[3].external_id.clone();
    let first = facts.gaps[0].external_id.clone();
    assert_eq!(
        asks(&brief),
        [
            (BlockRole::Action, AnswerKind::Done, exceptions.as_str()),
            (BlockRole::Profit, AnswerKind::Correct, first.as_str()),
        ]
    );
    assert!(listed(&brief).is_empty(), "a leader's list is about money");
    assert_style(&brief, limits::FULL);
    // The first that has a number.
    facts.gaps[0].likely_per_week = None;
    let second = facts.gaps[1].external_id.clone();
    assert_eq!(asks(&compose_leader(&facts))[1].2, second);
}

#[test]
fn an_action_that_asks_for_a_number_is_answered_with_one() {
    let mut facts = northfield();
    let gap = facts.gaps[3].external_id.clone();
    let action = facts.action.as_mut().unwrap();
    (action.rule, action.text) = (5, "Put a number on invoice exceptions by Friday.".to_owned());
    let told = compose_leader(&facts);
    assert_eq!(asks(&told)[0], (BlockRole::Action, AnswerKind::Correct, gap.as_str()));
    // And one that is about no gap has nothing to answer.
    facts.action.as_mut().unwrap().gap = None;
    let told = compose_leader(&facts);
    assert!(asks(&told).iter().all(|(role, ..)| *role != BlockRole::Action));
}

#[test]
fn where_no_number_is_printed_none_is_corrected() {
    let mut facts = northfield();
    facts.gaps.iter_mut().for_each(|gap| gap.likely_per_week = None);
    facts.exposure.priced_gaps = 0;
    assert!(asks(&compose_leader(&facts)).iter().all(|(role, ..)| *role != BlockRole::Profit));
}

#[test]
fn an_owner_is_asked_about_each_own_gap_once() {
    let mut facts = northfield();
    let brief = compose_owner(&facts, "D. Ruiz");
    let own: Vec<String> = facts
        .gaps
        .iter()
        .filter(|gap| gap.owner.as_deref() == Some("D. Ruiz"))
        .map(|gap| gap.external_id.clone())
        .collect();
    assert_eq!(listed(&brief), own);
    assert!(asks(&brief).is_empty(), "the action is about the first of them");
    // What nobody works on is not asked about.
    facts.gaps[0].status = GapStatus::Accepted;
    assert_eq!(listed(&compose_owner(&facts, "D. Ruiz")), own[1..]);
}

#[test]
fn in_one_line_an_owner_is_asked_at_the_action() {
    let mut facts = northfield();
    facts.edition.variant = "line-en".to_owned();
    facts.week.quiet = true;
    let first = facts.gaps[0].external_id.clone();
    let brief = compose_owner(&facts, "D. Ruiz");
    assert_eq!(asks(&brief), [(BlockRole::Action, AnswerKind::Done, first.as_str())]);
    assert!(listed(&brief).is_empty());
}

#[test]
fn a_consultant_is_asked_nothing() {
    let facts = northfield();
    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
    let brief = compose_portfolio(&told);
    assert!(asks(&brief).is_empty() && listed(&brief).is_empty());
}
