//! Every rule that holds for any facts: length, words, sentences, no panic, the same words twice.

use back_office_brief::domain::brief::{
    BlockRole, Brief, Piece, compose_correction, compose_leader, compose_owner, compose_portfolio,
    differences, limits, words,
};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::portfolio::{NudgeRecord, Recipient, portfolio};
use proptest::prelude::*;

use crate::portfolio::{at, edition, input};
use crate::read::assert_limits;
use crate::strategy::facts;

/// The action is a sentence of its own, made and limited elsewhere.
fn without_action(mut brief: Brief) -> Brief {
    brief.blocks.retain(|block| block.role != BlockRole::Action);
    brief
}

fn budget(facts: &Facts) -> usize {
    match (facts.week.first, facts.week.quiet) {
        (true, _) => limits::SHORT,
        (false, true) => limits::SHORT,
        (false, false) => limits::FULL,
    }
}

fn check(brief: Brief, budget: usize) -> Result<(), TestCaseError> {
    prop_assert!(words::count(&brief) <= budget, "{} words", words::count(&brief));
    let mut brief = without_action(brief);
    for block in &mut brief.blocks {
        // Quotations are somebody else's words; only their number is ours.
        block.pieces.retain(|piece| !matches!(piece, Piece::Quote(_)));
    }
    brief.blocks.retain(|block| !block.pieces.is_empty());
    assert_limits(&brief, budget);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn a_leader_brief_keeps_every_limit(facts in facts()) {
        let brief = compose_leader(&facts);
        prop_assert_eq!(&brief, &compose_leader(&facts.clone()));
        check(brief, budget(&facts))?;
    }

    #[test]
    fn an_owner_brief_keeps_every_limit(facts in facts(), pick in 0..9_usize) {
        let owner = facts.gaps.get(pick).and_then(|gap| gap.owner.clone());
        let brief = compose_owner(&facts, owner.as_deref().unwrap_or("D. Ruiz"));
        prop_assert_eq!(brief.verdict.clone(), compose_leader(&facts).verdict);
        check(brief, limits::FULL)?;
    }

    #[test]
    fn a_portfolio_keeps_every_limit(all in prop::collection::vec(facts(), 0..12), answered in any::<bool>()) {
        let nudges = [NudgeRecord {
            gap: Some("G-1".to_owned()),
            recipient: Recipient::Sponsor,
            sent_at: at("2026-11-18T12:00:00Z"),
            answered,
        }];
        let clients: Vec<_> = all.iter().map(|facts| input(facts, &[], &nudges)).collect();
        let told = portfolio(edition(), "A. Mendel", &clients);
        let brief = compose_portfolio(&told);
        prop_assert_eq!(&brief, &compose_portfolio(&told));
        check(brief, limits::PORTFOLIO)?;
    }

    #[test]
    fn a_correction_keeps_every_limit(one in facts(), other in facts(), why in ".{0,400}") {
        let found = differences(&one, &other);
        prop_assert_eq!(differences(&one, &one), vec![]);
        let mut brief = compose_correction(&one, &found, &why);
        // The reason is the corrector's own sentence.
        for block in &mut brief.blocks {
            block.pieces.retain(|piece| !matches!(piece, Piece::Text(_)));
        }
        check(brief, limits::SHORT)?;
    }
}
