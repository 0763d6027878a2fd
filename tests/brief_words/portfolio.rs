//! The consultant's portfolio: order, needs, nudges and their limits (MODEL 6.2 and 6.6).

use back_office_brief::domain::brief::{BlockRole, Piece, compose_portfolio, limits};
use back_office_brief::domain::codes::{Area, EditionKind, Verdict};
use back_office_brief::domain::facts::{EditionFacts, Facts};

use back_office_brief::domain::portfolio::*;
use jiff::Timestamp;

use crate::fixture::{change, day, northfield};
use crate::read::{assert_style, text};

pub fn edition() -> EditionFacts {
    EditionFacts { kind: EditionKind::Portfolio, ..northfield().edition }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn input<'a>(
    facts: &'a Facts,
    sessions: &'a [SessionInput],
    nudges: &'a [NudgeRecord],
) -> ClientInput<'a> {
    ClientInput {
        facts,
        drafts_waiting: 0,
        next_brief_at: at("2026-11-24T07:00:00Z"),
        sessions,
        nudges,
        owners_reading: &[],
        leaders_reading: &[],
        unreachable: &[],
        stopped: &[],
    }
}

pub fn named(name: &str, currency: &str) -> Facts {
    let mut facts = northfield();
    facts.organization.name = name.to_owned();
    facts.organization.slug = name.to_lowercase().replace(' ', "-");
    facts.organization.currency = currency.to_owned();
    facts
}

/// Nothing is late, stalled or open too long.
fn calm(name: &str, currency: &str) -> Facts {
    let mut facts = named(name, currency);
    for gap in &mut facts.gaps {
        gap.stall_reasons.clear();
    }
    let of = &mut facts.implementations[0];
    (of.verdict, of.weeks_late, of.weeks_early) = (Verdict::OnTime, None, Some(2));
    facts.changes.clear();
    facts
}

/// A blocker, go-live in 14 days, and a load that grew twice.
pub fn dental() -> Facts {
    let mut facts = named("Calder Dental", "USD");
    facts.gaps[0].area = Area::Payroll;
    facts.gaps[0].owner = Some("J. Park".to_owned());
    let of = &mut facts.implementations[0];
    of.go_live_on = Some(day("2026-12-07"));
    (of.weeks_left, of.weeks_late, of.ready_on) = (Some(2), None, None);
    (of.score_printed, of.change_points, of.verdict) = (58, Some(-2), Verdict::NoDate);
    for (at, load) in [(5, 120_000), (6, 125_000), (7, 131_000)] {
        of.points[at].load_milli = load;
    }
    facts.exposure.likely = 210_000;
    facts
}

pub fn session(starts_at: &str, local: &str, promises: Vec<PromiseInput>) -> SessionInput {
    SessionInput { starts_at: at(starts_at), local: local.parse().unwrap(), promises }
}

fn promise(text: &str, done: bool) -> PromiseInput {
    PromiseInput { text: text.to_owned(), owner: None, due_on: None, done }
}

/// A session with two promises of three kept, and the one that comes.
fn last_and_next_session() -> [SessionInput; 2] {
    [
        session(
            "2026-11-05T10:00:00Z",
            "2026-11-05T10:00:00",
            vec![
                promise("Send the vendor list", true),
                promise("Print the matrix", true),
                promise("Give the approval matrix a deputy", false),
            ],
        ),
        session("2026-11-26T10:00:00Z", "2026-11-26T10:00:00", Vec::new()),
    ]
}

#[test]
fn a_portfolio_says_who_needs_the_consultant_and_what_waits() {
    let (dental, north) = (dental(), named("Northfield", "USD"));
    let (halden, bright, ostrava) =
        (calm("Halden Foods", "USD"), calm("Brightwell", "USD"), calm("Ostrava Pumps", "EUR"));
    let sessions = last_and_next_session();
    let clients = [
        input(&halden, &sessions, &[]),
        input(&north, &[], &[]),
        input(&ostrava, &[], &[]),
        input(&dental, &[], &[]),
        input(&bright, &[], &[]),
    ];
    let facts = portfolio(edition(), "A. Mendel", &clients);
    let brief = compose_portfolio(&facts);
    let whole = text(&brief);
    assert_eq!(brief.subject, "2 of your 5 clients need you this week");
    assert_eq!(brief.preheader, "Calder Dental goes live in 14 days with no date in sight.");
    for part in [
        "A. Mendel | 5 clients | week to 23 November 2026",
        "Calder Dental and Northfield need you this week. The other three do not.",
        "CLIENT | SCORE | GO-LIVE | AT THIS PACE | OPEN A WEEK",
        "Calder Dental | 58 -2 | 7 Dec (2 wk) | no date | $2,100",
        "Northfield | 66 +3 | 1 Feb (10 wk) | 17 weeks late | $7,800",
        "On pace: Brightwell, Halden Foods, Ostrava Pumps.",
        "Open across clients: $25,600 and €7,800 a week. Closed this week: 2.",
        "NUDGES TO APPROVE (2)",
        "1. Calder Dental, to J. Park. Price lists, idle 3 weeks.",
        "\"When the next payroll run starts, say which copy wins for price lists, and who keeps it.\"",
        "NEXT SESSION: Halden Foods, Thursday 26 November, 10:00",
        "Two of three promises from last time are done. Open: give the approval matrix a deputy.",
        "Call Calder Dental today. An open blocker goes live in 14 days, and the open load grew two weeks running.",
    ] {
        assert!(whole.contains(part), "{part:?} is missing in:\n{whole}");
    }
    assert_style(&brief, limits::PORTFOLIO);
    let roles: Vec<_> = brief.blocks.iter().map(|block| block.role).collect();
    assert_eq!(
        roles,
        [BlockRole::Clients, BlockRole::Nudges, BlockRole::Session, BlockRole::Action]
    );
}

#[test]
fn the_order_is_urgency_and_never_money() {
    let (mut rich, poor) = (named("Aardvark", "JPY"), dental());
    rich.exposure.likely = i64::MAX;
    let mut unseen = calm("Zebra", "USD");
    for area in &mut unseen.implementations[0].areas {
        (area.looked_at, area.oldest_look_on) = (false, None);
    }
    unseen.implementations[0].verdict = Verdict::NotAssessed;
    let clients = [input(&rich, &[], &[]), input(&unseen, &[], &[]), input(&poor, &[], &[])];
    let mut backwards = clients.clone();
    backwards.reverse();
    let facts = portfolio(edition(), "A. Mendel", &clients);
    let names: Vec<_> = facts.clients.iter().map(|client| client.name.as_str()).collect();
    assert_eq!(names, ["Calder Dental", "Zebra", "Aardvark"]);
    assert_eq!(facts.clients[1].needs[0], Need::NeverAssessed);
    assert_eq!(facts.clients[1].score_printed, None);
    assert_eq!(portfolio(edition(), "A. Mendel", &backwards), facts);
}

#[test]
fn each_reason_to_need_the_consultant_is_counted() {
    let needs = |facts: &Facts, drafts: i64| {
        let mut client = input(facts, &[], &[]);
        client.drafts_waiting = drafts;
        portfolio(edition(), "A. Mendel", &[client]).clients[0].needs.clone()
    };
    let calm_one = calm("Calm", "USD");
    assert_eq!(needs(&calm_one, 0), []);
    assert_eq!(needs(&calm_one, 1), [Need::DraftWaiting]);
    assert_eq!(needs(&dental(), 0), [Need::BlockerNearGoLive, Need::NoDate, Need::StalledGap]);
    let mut late = calm("Late", "USD");
    late.implementations[0].verdict = Verdict::Late;
    assert_eq!(needs(&late, 0), [Need::Late]);
    late.implementations[0].go_live_on = Some(day("2027-06-01"));
    assert_eq!(needs(&late, 0), [], "more than 26 weeks ahead");
    let mut early = calm("Early", "USD");
    early.implementations[0].verdict = Verdict::TooEarly;
    assert_eq!(needs(&early, 0), []);
}

#[test]
fn eight_rows_are_shown_and_the_rest_is_counted() {
    let all: Vec<Facts> = (0..12).map(|n| named(&format!("Client {n:02}"), "USD")).collect();
    let clients: Vec<_> = all.iter().map(|facts| input(facts, &[], &[])).collect();
    let facts = portfolio(edition(), "A. Mendel", &clients);
    let brief = compose_portfolio(&facts);
    let Some(Piece::Table(table)) = brief.blocks[0].pieces.first() else {
        panic!("no table in {:?}", brief.blocks[0]);
    };
    assert!(table.rows.len() <= 8);
    assert!(table.after[0].ends_with(" more"), "{:?}", table.after);
    assert_eq!(brief.subject, "12 of your 12 clients need you this week");
    assert_style(&brief, limits::PORTFOLIO);
}

#[test]
fn a_calm_week_says_so() {
    let (one, two) = (calm("Halden Foods", "USD"), calm("Brightwell", "USD"));
    let clients = [input(&one, &[], &[]), input(&two, &[], &[])];
    let brief = compose_portfolio(&portfolio(edition(), "A. Mendel", &clients));
    assert_eq!(brief.subject, "All 2 clients on pace");
    assert!(text(&brief).contains("None of your 2 clients needs you this week."));
    assert!(text(&brief).contains("On pace: Brightwell, Halden Foods."));
    assert_style(&brief, limits::PORTFOLIO);
    let empty = compose_portfolio(&portfolio(edition(), "A. Mendel", &[]));
    assert_eq!(empty.subject, "No clients are linked to you yet");
}

#[test]
fn only_who_is_on_pace_is_said_to_be() {
    let mut early = calm("Tarn & Reyes", "USD");
    early.implementations[0].verdict = Verdict::TooEarly;
    let (one, draft) = (calm("Halden Foods", "USD"), calm("Kestrel Freight", "USD"));
    let mut clients = vec![input(&one, &[], &[]), input(&early, &[], &[])];
    let brief = compose_portfolio(&portfolio(edition(), "A. Mendel", &clients));
    assert_eq!(brief.subject, "None of your 2 clients needs you this week");
    assert!(text(&brief).contains("On pace: Halden Foods."));
    assert!(text(&brief).contains("No need this week: Tarn & Reyes (too early)."));
    assert_style(&brief, limits::PORTFOLIO);
    clients.push(input(&draft, &[], &[]));
    clients[2].drafts_waiting = 1;
    let brief = compose_portfolio(&portfolio(edition(), "A. Mendel", &clients));
    assert_eq!(brief.subject, "1 of your 3 clients needs you this week");
    let Some(Piece::Table(table)) = brief.blocks[0].pieces.first() else {
        panic!("no table in {:?}", brief.blocks[0]);
    };
    assert!(
        table.after.contains(&"Drafts to approve: Kestrel Freight.".to_owned()),
        "{:?}",
        table.after
    );
    assert_eq!(brief.preheader, "The draft for Kestrel Freight waits for your approval.");
    let mut unseen = calm("Ostrava Pumps", "EUR");
    unseen.implementations[0].verdict = Verdict::NotAssessed;
    unseen.implementations[0].go_live_on = None;
    let partly = [input(&unseen, &[], &[])];
    let whole = text(&compose_portfolio(&portfolio(edition(), "A. M.", &partly)));
    assert!(
        whole.contains("No need this week: Ostrava Pumps (looks missing)."),
        "some areas were looked at: {whole}"
    );
    let mut later = early.clone();
    later.organization.name = "Zeta".to_owned();
    let two = [input(&early, &[], &[]), input(&later, &[], &[])];
    let whole = text(&compose_portfolio(&portfolio(edition(), "A. M.", &two)));
    assert!(whole.contains("No need this week, too early: Tarn & Reyes, Zeta."), "{whole}");
    // What is forecast is said to be so outside the column that says it.
    let mut undated = calm("Rowan Vets", "USD");
    undated.implementations[0].verdict = Verdict::NoGoLive;
    let whole = text(&compose_portfolio(&portfolio(
        edition(),
        "A. M.",
        &[input(&undated, &[], &[]), input(&early, &[], &[])],
    )));
    assert!(
        whole.contains(
            "No need this week: Rowan Vets (ready 31 May at this pace), Tarn & Reyes (too early)."
        ),
        "{whole}"
    );
    let alone = compose_portfolio(&portfolio(edition(), "A. Mendel", &clients[1..2]));
    assert_eq!(alone.subject, "Your client does not need you this week");
}

#[test]
fn nobody_is_said_to_stand_still_where_nobody_knows() {
    let quiet = |name: &str, updated: &str| {
        let mut facts = calm(name, "USD");
        facts.week.quiet_weeks = 3;
        facts.sources.last_updated_on = Some(day(updated));
        facts
    };
    let known = quiet("Brightwell", "2026-11-09");
    let (one, two) = (quiet("Halden Foods", "2026-11-03"), quiet("Marlow Print", "2026-11-03"));
    let other = quiet("Ostrava Pumps", "2026-10-26");
    let said = |clients: &[&Facts]| {
        let clients: Vec<_> = clients.iter().map(|facts| input(facts, &[], &[])).collect();
        let brief = compose_portfolio(&portfolio(edition(), "A. Mendel", &clients));
        assert_style(&brief, limits::PORTFOLIO);
        text(&brief)
    };
    let whole = said(&[&known, &one]);
    assert!(whole.contains("Three weeks or more without movement: Brightwell.\n"), "{whole}");
    assert!(whole.contains("Not updated since 3 November: Halden Foods.\n"), "{whole}");
    let whole = said(&[&one, &two]);
    assert!(whole.contains("Not updated since 3 November: Halden Foods, Marlow Print."), "{whole}");
    assert!(!whole.contains("without movement"), "{whole}");
    let whole = said(&[&one, &other]);
    assert!(
        whole.contains(
            "Not updated: Halden Foods (since 3 November), Ostrava Pumps (since 26 October)."
        ),
        "{whole}"
    );
}

#[test]
fn after_a_missed_portfolio_both_weeks_are_told() {
    let mut facts = named("Northfield", "USD");
    facts.changes.push(change("reopened", "Vendor list", "closed", None));
    let mut net_nothing = change("reopened", "Bank file", "closed", None);
    net_nothing.from = Some("closed".to_owned());
    facts.changes.push(net_nothing);
    let mut edition = edition();
    edition.window_from = at("2026-11-09T12:00:00Z");
    let brief = compose_portfolio(&portfolio(edition, "A. Mendel", &[input(&facts, &[], &[])]));
    let whole = text(&brief);
    assert!(whole.contains("A. Mendel | 1 client | two weeks to 23 November 2026"), "{whole}");
    assert!(whole.contains("Closed in these two weeks: 2."), "{whole}");
    assert_style(&brief, limits::PORTFOLIO);
}

#[test]
fn a_portfolio_survives_being_stored() {
    let facts = dental();
    let told = portfolio(edition(), "A. Mendel", &[input(&facts, &[], &[])]);
    let json = serde_json::to_string(&told).unwrap();
    assert_eq!(serde_json::from_str::<PortfolioFacts>(&json).unwrap(), told);
}
