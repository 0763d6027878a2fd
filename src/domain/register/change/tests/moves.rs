//! Moves of the status, each with what it asks for.

use jiff::civil::date;

use super::super::super::ask::{GapChange, Owner};
use super::super::super::who::Writer;
use super::{ask, kinds, known, person, refused, shown, status, to, verifying};
use crate::domain::codes::{EventKind, GapStatus};

#[test]
fn closing_takes_evidence_and_somebody_else_than_the_owner() {
    let closing = to(GapStatus::Closed);
    let (field, problem) = refused(&verifying(), &closing, &person("P. Osei"));
    assert_eq!(field, "evidence");
    assert!(problem.contains("one reconciliation within tolerance"), "{problem}");
    let with = GapChange { evidence: shown(), ..closing.clone() };
    let plan = ask(&verifying(), &with, &person("P. Osei")).unwrap();
    assert_eq!(kinds(&plan), [EventKind::Evidence, EventKind::Status]);
    // Evidence from before serves as well.
    let mut earlier = vec![status("in_progress", "2026-11-05"), status("verifying", "2026-11-10")];
    earlier.push((EventKind::Evidence, None, "2026-11-11", "D. Ruiz"));
    assert!(ask(&known(&earlier), &closing, &person("P. Osei")).is_ok());
    // Not from before a reopening.
    earlier.push((EventKind::Status, Some("closed"), "2026-11-12", "P. Osei"));
    earlier.push((EventKind::Reopened, Some("open"), "2026-11-13", "A. Mendel"));
    earlier.extend([status("in_progress", "2026-11-14"), status("verifying", "2026-11-15")]);
    assert_eq!(refused(&known(&earlier), &closing, &person("P. Osei")).0, "evidence");
    // Not by the owner, neither of before nor of after the change.
    let (field, problem) =
        refused(&verifying(), &with, &Writer { person_id: Some("ruiz".to_owned()), ..person("X") });
    assert_eq!(field, "status");
    assert!(problem.contains("is not its owner"), "{problem}");
    let passed_on = Some(Some(Owner { name: "P. Osei".to_owned(), email: None }));
    let passed_on = GapChange { owner: passed_on, ..with.clone() };
    assert_eq!(refused(&verifying(), &passed_on, &person("P. Osei")).0, "status");
    assert_eq!(
        refused(
            &verifying(),
            &passed_on,
            &Writer { person_id: Some("ruiz".to_owned()), ..person("X") }
        )
        .0,
        "status"
    );
    assert!(ask(&verifying(), &passed_on, &person("A. Mendel")).is_ok());
}

#[test]
fn a_named_verifier_closes_or_an_operator() {
    let mut gap = verifying();
    gap.base.verifier = Some("J. Park".to_owned());
    let closing = GapChange { evidence: shown(), ..to(GapStatus::Closed) };
    assert!(
        refused(&gap, &closing, &person("P. Osei")).1.starts_with("J. Park is named to test it")
    );
    assert!(ask(&gap, &closing, &person("j. park")).is_ok());
    assert!(ask(&gap, &closing, &Writer { is_operator: true, ..person("P. Osei") }).is_ok());
    // Naming oneself in the same breath does not help.
    let self_named = GapChange { verifier: Some(Some("P. Osei".to_owned())), ..closing };
    assert_eq!(refused(&gap, &self_named, &person("P. Osei")).0, "status");
    let both = GapChange { verifier: Some(Some("D. RUIZ".to_owned())), ..GapChange::default() };
    assert_eq!(refused(&gap, &both, &person("P. Osei")).0, "verifier");
    let both = Some(Some(Owner { name: "J. Park".to_owned(), email: None }));
    assert_eq!(
        refused(&gap, &GapChange { owner: both, ..GapChange::default() }, &person("P. Osei")).0,
        "owner"
    );
}

#[test]
fn a_closed_gap_is_reopened_only_to_open() {
    let mut story = vec![status("in_progress", "2026-11-05"), status("verifying", "2026-11-10")];
    story.push(status("closed", "2026-11-12"));
    let closed = known(&story);
    let plan = ask(&closed, &to(GapStatus::Open), &person("A. Mendel")).unwrap();
    assert_eq!(kinds(&plan), [EventKind::Reopened]);
    assert_eq!(
        (plan.events[0].from.as_deref(), plan.events[0].to.as_deref()),
        (Some("closed"), Some("open"))
    );
    assert!(
        refused(&closed, &to(GapStatus::InProgress), &person("A. Mendel"))
            .1
            .contains("reopen it first")
    );
}

#[test]
fn accepting_takes_a_name_and_an_end() {
    let accepted = |by: Option<&str>, until| GapChange {
        accepted_by: by.map(str::to_owned),
        accepted_until: until,
        reason: Some("Budget comes in spring".to_owned()),
        ..to(GapStatus::Accepted)
    };
    let writer = person("A. Mendel");
    let open = known(&[]);
    let refusals = ask(&open, &accepted(None, None), &writer).unwrap_err();
    assert!(refusals.is_about("accepted_by") && refusals.is_about("accepted_until"), "{refusals}");
    assert_eq!(
        refused(&open, &accepted(Some("board"), Some(date(2027, 1, 31))), &writer).0,
        "accepted_by"
    );
    assert_eq!(
        refused(&open, &accepted(Some("J. Park"), Some(date(2027, 5, 23))), &writer).0,
        "accepted_until"
    );
    let plan = ask(&open, &accepted(Some("J. Park"), Some(date(2027, 1, 31))), &writer).unwrap();
    assert_eq!(plan.events[0].to.as_deref(), Some("accepted:2027-01-31"));
    assert_eq!(plan.events[0].note.as_deref(), Some("Accepted by J. Park. Budget comes in spring"));
    // It stays, is extended, and is open again once it is over.
    let mut standing = known(&[status("accepted:2026-12-31", "2026-11-10")]);
    standing.told.last_mut().unwrap().note = Some("Accepted by J. Park.".to_owned());
    let same = GapChange { reason: None, ..accepted(Some("J. Park"), Some(date(2026, 12, 31))) };
    assert_eq!(kinds(&ask(&standing, &same, &writer).unwrap()), []);
    assert_eq!(kinds(&ask(&standing, &to(GapStatus::Accepted), &writer).unwrap()), []);
    let longer = GapChange { accepted_until: Some(date(2027, 1, 31)), ..same };
    assert_eq!(kinds(&ask(&standing, &longer, &writer).unwrap()), [EventKind::Status]);
    let over = known(&[status("accepted:2026-11-20", "2026-11-10")]);
    assert!(ask(&over, &to(GapStatus::Accepted), &writer).is_err(), "it has to be accepted anew");
    for next in [GapStatus::Open, GapStatus::InProgress] {
        assert_eq!(kinds(&ask(&over, &to(next), &writer).unwrap()), [EventKind::Status]);
    }
    let lost = GapChange { accepted_by: Some("J. Park".to_owned()), ..GapChange::default() };
    assert_eq!(refused(&open, &lost, &writer).0, "status");
}

#[test]
fn a_withdrawal_has_a_reason_and_two_signatures() {
    let writer = person("A. Mendel");
    let open = known(&[]);
    assert_eq!(refused(&open, &to(GapStatus::Withdrawn), &writer).0, "reason");
    let why = GapChange {
        reason: Some("It was the same as NS-2".to_owned()),
        ..to(GapStatus::Withdrawn)
    };
    let plan = ask(&open, &why, &writer).unwrap();
    assert_eq!(plan.events[0].note.as_deref(), Some("It was the same as NS-2"));
    let sign = GapChange { is_withdrawal_confirmed: true, ..GapChange::default() };
    assert_eq!(refused(&open, &sign, &writer).0, "is_withdrawal_confirmed");
    assert_eq!(
        refused(&open, &GapChange { is_withdrawal_confirmed: true, ..why }, &writer).0,
        "is_withdrawal_confirmed"
    );
    let withdrawn = known(&[status("withdrawn", "2026-11-20")]);
    for own in [
        writer.clone(),
        Writer { person_id: Some("other".to_owned()), ..writer.clone() },
        Writer { names: vec!["Renamed".to_owned()], ..writer.clone() },
    ] {
        let (field, problem) = refused(&withdrawn, &sign, &own);
        assert_eq!(field, "is_withdrawal_confirmed");
        assert!(problem.contains("have somebody else look"), "{problem}");
    }
    let plan = ask(&withdrawn, &sign, &person("P. Osei")).unwrap();
    assert_eq!(kinds(&plan), [EventKind::WithdrawConfirmed]);
    // Signed: no third signature, and the way back is open.
    let void = known(&[
        status("withdrawn", "2026-11-20"),
        (EventKind::WithdrawConfirmed, None, "2026-11-21", "P. Osei"),
    ]);
    assert!(void.is_void);
    assert_eq!(kinds(&ask(&void, &sign, &person("J. Park")).unwrap()), []);
    assert_eq!(
        kinds(&ask(&void, &to(GapStatus::Open), &person("J. Park")).unwrap()),
        [EventKind::Status]
    );
}
