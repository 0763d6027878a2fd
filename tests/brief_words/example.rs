//! The brief that MODEL 6.1 prints, word for word.

use back_office_brief::domain::brief::{BlockRole, compose_leader, compose_owner, limits};
use back_office_brief::domain::codes::Verdict;

use crate::fixture::{northfield, quiet};
use crate::read::{assert_style, text};

#[test]
fn the_worked_case_gives_the_brief_of_the_model() {
    let brief = compose_leader(&northfield());
    assert_eq!(brief.subject, "ERP cutover: 17 weeks late at this pace");
    assert_eq!(brief.preheader, "Two closures change that. One of them has no owner.");
    let expected = "\
BACK OFFICE BRIEF
Northfield Supply | week to 23 November 2026
At this pace the ERP cutover is ready on 31 May, 17 weeks after go-live. If the faster weeks hold: 15 February. If the slower: no date.
ONE ACTION
Name one owner for invoice exceptions by Friday 27 November.
READINESS: 66 of 100, up 3. Target: 85 by 1 February.
Eight weeks: 34 58 60 63 63 62 63 66
Closing price lists and invoice exceptions makes it 88. Without price lists it stops at 79. Look at billing and payables again by 14 December.
PROFIT AT STAKE: about $7,800 a week ($4,400 to $11,800)
Lost $4,400, time and corrections $2,300, late cash $1,100.
1. Price lists (D. Ruiz): $3,800. Blocks go-live. Idle 3 weeks.
2. Close pack (P. Osei): $1,500.
3. Disputed invoices (D. Ruiz): $1,100.
All gaps, open and closed, have cost $74,900 since 14 September.
THIS WEEK
- Closed: duplicate vendor payments. Protects $440 a week.
- In test: purchase approvals.
FROM A. MENDEL
\"Two teams quote from different lists. Ask who decides.\"
WHY IT MATTERS
In one company, incidents that were never handed over took a median of 45 hours. Handed over twice or more: 185 hours. [1]";
    assert_eq!(text(&brief), expected);
    assert_eq!(
        brief.footer.notes,
        ["Figures of 20 November, estimated from your team's own numbers."]
    );
    assert_eq!(brief.footer.sources.len(), 1);
    assert!(brief.footer.invites_reply);
    assert_style(&brief, limits::FULL);
}

#[test]
fn an_owner_reads_the_same_verdict_and_then_their_own_gaps() {
    let facts = northfield();
    let leader = compose_leader(&facts);
    let brief = compose_owner(&facts, "D. Ruiz");
    assert_eq!(brief.verdict, leader.verdict);
    let roles: Vec<_> = brief.blocks.iter().map(|block| block.role).collect();
    assert_eq!(
        roles,
        [
            BlockRole::Action,
            BlockRole::Readiness,
            BlockRole::YourGaps,
            BlockRole::From,
            BlockRole::Insight
        ]
    );
    let whole = text(&brief);
    let assumed = "READINESS\nThe date counts on closing price lists too. The date holds if the areas are looked at again in time.\n";
    assert!(whole.contains(assumed), "{whole}");
    // The organization's action is about a gap that nobody owns; this one is about a gap of theirs.
    assert!(
        whole.contains("Set a dated next step for price lists by Friday 27 November."),
        "{whole}"
    );
    assert!(whole.contains("YOUR GAPS: 2 open, about $4,900 a week."), "{whole}");
    assert!(
        whole.contains("1. Price lists: $3,800. Blocks go-live. Idle 3 weeks. In progress."),
        "{whole}"
    );
    assert!(!whole.contains("Close pack"), "{whole}");
    assert_style(&brief, limits::FULL);
}

#[test]
fn an_owner_is_told_what_a_date_counts_on_only_where_there_is_one() {
    for (verdict, is_told) in [
        (Verdict::Late, true),
        (Verdict::OnTime, true),
        (Verdict::NoGoLive, true),
        (Verdict::NoDate, false),
        (Verdict::TooEarly, false),
        (Verdict::Live, false),
    ] {
        for mut facts in [northfield(), quiet(1)] {
            facts.implementations[0].verdict = verdict;
            let brief = compose_owner(&facts, "P. Osei");
            let whole = text(&brief);
            assert_eq!(
                whole.contains("The date counts on closing price lists too."),
                is_told,
                "{whole}"
            );
            assert_eq!(whole.contains("looked at again in time."), is_told, "{whole}");
            assert_style(&brief, limits::FULL);
            facts.edition.variant = "line-en".to_owned();
            if facts.week.quiet {
                let line = text(&compose_owner(&facts, "P. Osei"));
                assert!(!line.contains("The date"), "one line gives no date: {line}");
            }
        }
    }
    let mut facts = northfield();
    facts.implementations[0].open_material.clear();
    facts.implementations[0].relook_by = None;
    let brief = compose_owner(&facts, "P. Osei");
    assert!(brief.blocks.iter().all(|block| block.role != BlockRole::Readiness));
}

#[test]
fn an_owners_total_counts_a_group_once_and_the_list_each_gap() {
    let mut facts = northfield();
    for at in [0, 2] {
        facts.gaps[at].exposure_group = Some("billing run".to_owned());
    }
    let whole = text(&compose_owner(&facts, "D. Ruiz"));
    assert!(whole.contains("YOUR GAPS: 2 open, about $3,800 a week."), "{whole}");
    assert!(whole.contains("2. Disputed invoices: $1,100."), "{whole}");
    // Somebody else's gap of the group changes nothing.
    facts.gaps[1].exposure_group = Some("billing run".to_owned());
    facts.gaps[2].exposure_group = Some("disputes".to_owned());
    let whole = text(&compose_owner(&facts, "D. Ruiz"));
    assert!(whole.contains("YOUR GAPS: 2 open, about $4,900 a week."), "{whole}");
}

#[test]
fn an_owner_is_told_a_next_step_once_and_asked_to_take_it() {
    let mut facts = northfield();
    let step = "Sales and finance sign one list.";
    facts.gaps[0].next_step = Some(step.to_owned());
    let stalled = text(&compose_owner(&facts, "D. Ruiz"));
    assert!(
        stalled.contains("Take the next step on price lists by Friday 27 November."),
        "{stalled}"
    );
    assert!(stalled.contains("Next: Sales and finance sign one list."), "{stalled}");
    for gap in &mut facts.gaps {
        gap.stall_reasons.clear();
    }
    facts.implementations[0].open_material.clear();
    let steady = text(&compose_owner(&facts, "D. Ruiz"));
    assert!(steady.contains("Price lists: sales and finance sign one list."), "{steady}");
    assert_eq!(steady.matches("sign one list").count(), 1, "{steady}");
}

#[test]
fn an_owner_of_the_gap_in_question_gets_the_organizations_action() {
    let mut facts = northfield();
    facts.gaps[3].owner = Some("L. Haas".to_owned());
    let whole = text(&compose_owner(&facts, "L. Haas"));
    assert!(whole.contains("Name one owner for invoice exceptions"), "{whole}");
    let nobody = text(&compose_owner(&facts, "Somebody Else"));
    assert!(nobody.contains("You own no open gap."), "{nobody}");
    assert!(!nobody.contains("ONE ACTION"), "{nobody}");
}
