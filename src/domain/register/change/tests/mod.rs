//! What a change comes to, field by field, and a gap to change.

mod moves;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::json;

use super::super::ask::{Estimate, Evidence, NextStep, Owner};
use super::super::known::{Base, Told};
use super::*;
use crate::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus};
use crate::domain::snapshot::{Gap, GapEvent};

const TODAY: Date = date(2026, 11, 23);

/// What happened, each on its day at eight: kind, value, who.
type Happened<'a> = (EventKind, Option<&'a str>, &'a str, &'a str);

fn known(happened: &[Happened<'_>]) -> Known {
    let opened_on = date(2026, 11, 2);
    let base = Base {
        title: "Two price lists are in use".to_owned(),
        short_name: Some("Price lists".to_owned()),
        description: String::new(),
        area: Area::Billing,
        category: Category::NoSource,
        leak_zone: Area::Billing.leak_zone(),
        implementation_id: None,
        exposure_group: None,
        existed_since: None,
        opened_on,
        verifier: None,
    };
    let gap = Gap {
        id: "g1".to_owned(),
        external_id: "NS-1".to_owned(),
        implementation_id: None,
        area: base.area,
        category: base.category,
        leak_zone: base.leak_zone,
        title: base.title.clone(),
        short_name: base.short_name.clone(),
        exposure_group: None,
        existed_since: None,
        opened_on,
        events: Vec::new(),
        exposures: Vec::new(),
    };
    let first: [Happened<'_>; 3] = [
        (EventKind::Opened, Some("open"), "2026-11-02", "A. Mendel"),
        (EventKind::Severity, Some("3"), "2026-11-02", "A. Mendel"),
        (EventKind::Owner, Some("D. Ruiz"), "2026-11-02", "A. Mendel"),
    ];
    let told = first.iter().chain(happened).enumerate().map(|(n, (kind, to, day, actor))| {
        let recorded_at: Timestamp = format!("{day}T08:00:00Z").parse().unwrap();
        let event = GapEvent {
            id: format!("e{n:02}"),
            kind: *kind,
            from: None,
            to: to.map(str::to_owned),
            effective_on: day.parse().unwrap(),
            recorded_at,
            actor: Some((*actor).to_owned()),
        };
        Told {
            event,
            note: None,
            evidence_url: None,
            person_id: (*kind == EventKind::Owner).then(|| "ruiz".to_owned()),
            actor_id: Some(actor.to_lowercase()),
            is_imported: false,
        }
    });
    Known::of(base, gap, told.collect(), Vec::new(), &TimeZone::UTC, &Constants::default())
}

fn status<'a>(to: &'a str, day: &'a str) -> Happened<'a> {
    (EventKind::Status, Some(to), day, "A. Mendel")
}

/// In verification, by way of all that comes before it.
fn verifying() -> Known {
    known(&[status("in_progress", "2026-11-05"), status("verifying", "2026-11-10")])
}

fn person(name: &str) -> Writer {
    let person_id = Some(name.to_lowercase());
    Writer { person_id, names: vec![name.to_owned()], is_operator: false }
}

fn ask(known: &Known, change: &GapChange, writer: &Writer) -> Result<Plan, Refusals> {
    let constants = Constants::default();
    let implementation_id = None;
    let asking = Asking {
        known,
        change,
        writer,
        today: TODAY,
        constants: &constants,
        person: None,
        implementation_id,
    };
    super::change(&asking, Refusals::default())
}

/// The one sentence, with its field.
fn refused(known: &Known, change: &GapChange, writer: &Writer) -> (&'static str, String) {
    let mut refusals = ask(known, change, writer).unwrap_err().0;
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    let refusal = refusals.remove(0);
    (refusal.field, refusal.problem)
}

fn kinds(plan: &Plan) -> Vec<EventKind> {
    plan.events.iter().map(|e| e.kind).collect()
}

fn to(status: GapStatus) -> GapChange {
    GapChange { status: Some(status), ..GapChange::default() }
}

fn shown() -> Option<Evidence> {
    Some(Evidence { text: "The list of finance won".to_owned(), url: None })
}

#[test]
fn what_is_the_same_is_no_change() {
    let change = GapChange {
        title: Some("Two price lists are in use".to_owned()),
        short_name: Some(Some("Price lists".to_owned())),
        status: Some(GapStatus::Open),
        severity: Some(3),
        owner: Some(Some(Owner { name: " D.  Ruiz".to_owned(), email: None })),
        due_on: Some(None),
        next_step: Some(None),
        estimate: Some(Estimate {
            kind: ExposureKind::Unpriced,
            inputs: Default::default(),
            basis: Basis::Estimated,
            source: None,
        }),
        verifier: Some(None),
        note: Some("  ".to_owned()),
        ..GapChange::default()
    };
    let known = known(&[]);
    let plan = ask(&known, &change, &person("A. Mendel")).unwrap();
    assert_eq!((kinds(&plan), plan.base == known.base, plan.figures), (vec![], true, None));
}

#[test]
fn several_fields_become_several_events_of_one_day() {
    let inputs = json!({"amount_minor": 120_000, "period_days": 28}).as_object().unwrap().clone();
    let change = GapChange {
        title: Some("Three price lists are in use".to_owned()),
        area: Some(Area::MasterData),
        severity: Some(4),
        owner: Some(None),
        due_on: Some(Some(date(2026, 12, 1))),
        next_step: Some(Some(NextStep {
            text: "Choose one".to_owned(),
            on: Some(date(2026, 11, 27)),
        })),
        estimate: Some(Estimate {
            kind: ExposureKind::Direct,
            inputs,
            basis: Basis::Measured,
            source: None,
        }),
        effective_on: Some(date(2026, 11, 20)),
        note: Some("Looked at with finance".to_owned()),
        ..to(GapStatus::InProgress)
    };
    let plan = ask(&known(&[]), &change, &person("A. Mendel")).unwrap();
    use EventKind::{DueOn, Exposure, NextStep as Step, Note, Owner as Owned, Severity, Status};
    assert_eq!(kinds(&plan), [Owned, Severity, DueOn, Step, Exposure, Status, Note]);
    let words = |kind| {
        let event = plan.events.iter().find(|e| e.kind == kind).unwrap();
        (event.from.as_deref(), event.to.as_deref(), event.note.as_deref())
    };
    assert_eq!(words(Owned), (Some("D. Ruiz"), None, None));
    assert_eq!(words(Severity), (Some("3"), Some("4"), None));
    assert_eq!(words(DueOn), (None, Some("2026-12-01"), None));
    assert_eq!(words(Step), (None, Some("Choose one"), Some("2026-11-27")));
    assert_eq!(words(Exposure), (None, Some("30000"), None));
    assert_eq!(words(Status), (Some("open"), Some("in_progress"), None));
    assert_eq!((plan.on, plan.figures.unwrap().per_week.likely), (date(2026, 11, 20), 30_000));
    assert_eq!(plan.base.leak_zone, Area::MasterData.leak_zone(), "it follows the area");
}

#[test]
fn every_field_has_its_sentence_and_all_come_at_once() {
    let change = GapChange {
        title: Some("x".repeat(61)),
        short_name: Some(Some("x".repeat(33))),
        severity: Some(5),
        owner: Some(Some(Owner { name: "the team".to_owned(), email: Some("nobody".to_owned()) })),
        verifier: Some(Some("everyone".to_owned())),
        due_on: Some(Some(date(2026, 11, 1))),
        next_step: Some(Some(NextStep { text: " ".to_owned(), on: Some(date(2026, 11, 1)) })),
        existed_since: Some(Some(date(2026, 12, 1))),
        evidence: Some(Evidence { text: String::new(), url: Some("http://x".to_owned()) }),
        ..to(GapStatus::Verifying)
    };
    let refusals = ask(&known(&[]), &change, &person("A. Mendel")).unwrap_err();
    let mut fields: Vec<&str> = refusals.0.iter().map(|r| r.field).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "due_on",
            "evidence",
            "evidence_url",
            "existed_since",
            "next_step",
            "next_step_on",
            "owner",
            "owner_email",
            "severity",
            "short_name",
            "status",
            "title",
            "verifier",
        ]
    );
    assert!(
        refusals.to_string().contains("title: has 61 characters; at most 60 fit"),
        "{refusals}"
    );
}

#[test]
fn a_change_is_not_dated_before_what_it_changes() {
    let writer = person("A. Mendel");
    let dated = |day| GapChange { effective_on: Some(day), ..to(GapStatus::Open) };
    let (field, problem) = refused(&verifying(), &dated(date(2026, 11, 9)), &writer);
    assert_eq!(field, "effective_on");
    assert!(problem.contains("the status was last changed on 2026-11-10"), "{problem}");
    assert!(ask(&verifying(), &dated(date(2026, 11, 10)), &writer).is_ok());
    assert!(ask(&verifying(), &dated(date(2026, 11, 24)), &writer).is_ok(), "from tomorrow on");
    assert!(refused(&verifying(), &dated(date(2026, 11, 25)), &writer).1.contains("still to come"));
    let early = GapChange {
        effective_on: Some(date(2026, 11, 1)),
        note: Some("x".to_owned()),
        ..GapChange::default()
    };
    assert!(refused(&verifying(), &early, &writer).1.contains("before the gap was opened"));
    // What has no date of its own may be told late.
    let severity = GapChange {
        severity: Some(2),
        effective_on: Some(date(2026, 11, 3)),
        ..GapChange::default()
    };
    assert!(ask(&verifying(), &severity, &writer).is_ok());
}

#[test]
fn a_reason_without_a_move_is_kept_as_a_note() {
    let change =
        GapChange { reason: Some("Waiting for finance".to_owned()), ..to(GapStatus::Open) };
    let plan = ask(&known(&[]), &change, &person("A. Mendel")).unwrap();
    assert_eq!(kinds(&plan), [EventKind::Note]);
    assert_eq!(plan.events[0].note.as_deref(), Some("Waiting for finance"));
}
