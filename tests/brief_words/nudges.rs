//! Nudges and the limits that hold them back (MODEL 6.6).

use back_office_brief::domain::codes::{Area, Category};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::plain;
use back_office_brief::domain::portfolio::{NudgeRecord, Recipient, SessionInput, portfolio};

use crate::portfolio::{at, edition, input, named, session};

#[test]
fn a_nudge_never_repeats_the_action_of_the_same_reader() {
    // Northfield's action asks for an owner of the invoice exceptions; the sponsor reads that brief.
    let mut facts = named("Northfield", "USD");
    facts.gaps.retain(|gap| gap.external_id == "N-2");
    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
    assert!(told.nudges.is_empty());
    assert_eq!(told.held_back[0].reason, "in this week's brief");
    // The same for an owner who reads an edition of their own, and not for one who reads none.
    let mut owned = named("Northfield", "USD");
    owned.gaps.truncate(1);
    let reading = ["D. Ruiz".to_owned()];
    let mut client = input(&owned, &[], &[]);
    assert_eq!(portfolio(edition(), "A. Mendel", &[client.clone()]).nudges.len(), 1);
    client.owners_reading = &reading;
    assert_eq!(portfolio(edition(), "A. Mendel", &[client]).nudges.len(), 0);
    facts.action = None;
    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
    assert_eq!(told.nudges[0].recipient, Recipient::Sponsor);
    assert_eq!(
        told.nudges[0].text,
        "When you open Friday's stand-up, name one owner for invoice exceptions."
    );
    assert_eq!(told.nudges[0].reason, "no owner, idle 7 weeks");
    assert_eq!(told.nudges[0].send_from, at("2026-11-26T07:00:00Z"));
    assert!(told.nudges[0].expires_at <= at("2026-11-30T12:00:00Z"));
}

#[test]
fn the_limits_of_nudging_hold_back_and_say_why() {
    let mut facts = named("Northfield", "USD");
    facts.gaps.truncate(1);
    facts.action = None;
    facts.gaps[0].owner = None;
    let held = |facts: &Facts, sessions: &[SessionInput], nudges: &[NudgeRecord]| {
        let told = portfolio(edition(), "A. Mendel", &[input(facts, sessions, nudges)]);
        assert_ne!(told.nudges.is_empty(), told.held_back.is_empty());
        told.held_back.first().map(|held| held.reason.clone())
    };
    let sent = |day: &str, gap: &str, answered: bool| NudgeRecord {
        gap: Some(gap.to_owned()),
        recipient: Recipient::Sponsor,
        sent_at: at(day),
        answered,
    };
    let none: Option<String> = None;
    assert_eq!(held(&facts, &[], &[]), none);
    let other = [sent("2026-11-18T12:00:00Z", "X", true)];
    assert_eq!(held(&facts, &[], &other), Some("nudged 5 days ago".to_owned()));
    let same = [sent("2026-11-12T12:00:00Z", "N-1", true)];
    assert_eq!(held(&facts, &[], &same), Some("nudged 11 days ago".to_owned()));
    let long_ago = [sent("2026-11-08T12:00:00Z", "N-1", true)];
    assert_eq!(held(&facts, &[], &long_ago), none);
    let silent = ["2026-10-01T12:00:00Z", "2026-10-10T12:00:00Z", "2026-10-20T12:00:00Z"]
        .map(|day| sent(day, "X", false));
    assert_eq!(held(&facts, &[], &silent), Some("3 unanswered, call".to_owned()));
    let meeting = [session("2026-11-26T16:00:00Z", "2026-11-26T10:00:00", Vec::new())];
    assert_eq!(held(&facts, &meeting, &[]), Some("session Thursday".to_owned()));
    facts.gaps[0].idle_weeks = 0;
    assert_eq!(held(&facts, &[], &[]), Some("moved this week".to_owned()));
}

#[test]
fn what_is_held_for_a_session_is_asked_there() {
    let mut facts = named("Northfield", "USD");
    facts.gaps.truncate(1);
    facts.action = None;
    let meeting = [session("2026-11-26T16:00:00Z", "2026-11-26T10:00:00", Vec::new())];
    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &meeting, &[])]);
    let ask = told.next_session.unwrap().ask.unwrap();
    assert_eq!(ask, "Ask them to say which copy wins for price lists, and who keeps it.");
}

#[test]
fn a_nudge_reads_as_english_for_one_thing_for_many_and_for_a_name() {
    for (name, reason, end) in [
        (
            "Payroll list",
            "no_movement_4w",
            "say which copy wins for the payroll list, and who keeps it.",
        ),
        ("Price lists", "no_movement_4w", "say which copy wins for price lists, and who keeps it."),
        (
            "Payroll list",
            "unverified",
            "compare two records for the payroll list and say whether they agree.",
        ),
        (
            "Exports to Excel",
            "overdue_14d",
            "set one new date for exports to Excel, and say who keeps it.",
        ),
        ("SAP", "sliding", "choose the first small step for SAP and its day."),
    ] {
        let mut facts = named("Northfield", "USD");
        facts.action = None;
        facts.gaps.truncate(1);
        facts.gaps[0].short_name = name.to_owned();
        facts.gaps[0].stall_reasons = vec![reason.to_owned()];
        let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
        let nudge = &told.nudges[0].text;
        assert!(nudge.ends_with(end), "{nudge}");
    }
}

#[test]
fn every_nudge_is_one_short_sentence_of_when_and_then() {
    for category in Category::ALL {
        for area in Area::ALL {
            for reason in ["no_movement_4w", "no_owner", "overdue_14d", "sliding", "unverified"] {
                for name in ["Price lists", "a b c d e f g h i j k l m n o p"] {
                    let mut facts = named("Northfield", "USD");
                    facts.action = None;
                    facts.gaps.truncate(1);
                    let gap = &mut facts.gaps[0];
                    (gap.category, gap.area) = (*category, *area);
                    gap.short_name = name.to_owned();
                    gap.owner = (reason != "no_owner").then(|| "J. Park".to_owned());
                    gap.stall_reasons = vec![reason.to_owned()];
                    facts.implementations[0].open_material.clear();
                    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
                    assert_eq!(told.nudges.len(), 1);
                    for nudge in &told.nudges {
                        assert!(nudge.text.starts_with("When "), "{}", nudge.text);
                        assert!(plain::count_words(&nudge.text) <= 25, "{}", nudge.text);
                        assert_eq!(plain::sentences(&nudge.text).len(), 1, "{}", nudge.text);
                    }
                }
            }
        }
    }
}
