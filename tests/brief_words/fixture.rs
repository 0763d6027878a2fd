//! Facts made by hand from the figures of the worked case `N_full_case`.

use back_office_brief::domain::codes::{
    Area, Category, EditionKind, GapStatus, Severity, Trend, Verdict,
};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::*;
use back_office_brief::domain::snapshot::Note;
use jiff::civil::Date;

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// One gap as the list shows it.
pub fn gap(
    id: &str,
    name: &str,
    owner: Option<&str>,
    severity: i64,
    likely: Option<i64>,
) -> GapFacts {
    GapFacts {
        external_id: id.to_owned(),
        title: name.to_owned(),
        short_name: name.to_owned(),
        area: Area::Billing,
        category: Category::NoSource,
        leak_zone: Area::Billing.leak_zone(),
        severity: Severity::try_from(severity).unwrap(),
        status: GapStatus::Open,
        owner: owner.map(str::to_owned),
        opened_on: day("2026-09-14"),
        due_on: None,
        next_step: None,
        likely_per_week: likely,
        exposure_group: None,
        measured: false,
        points_milli: 5_000,
        worth_milli: 3_000,
        idle_weeks: 0,
        updated_on: day("2026-11-20"),
        idle_is_known: true,
        stall_reasons: Vec::new(),
        rank: Some(1),
    }
}

pub fn area(area: Area, weight: i64, look: Option<&str>) -> AreaFacts {
    AreaFacts {
        area,
        weight,
        coverage_bp: if look.is_some() { 10_000 } else { 0 },
        oldest_look_on: look.map(day),
        looked_at: look.is_some(),
        points_milli: 0,
    }
}

pub fn change(kind: &str, name: &str, to: &str, likely: Option<i64>) -> ChangeFacts {
    ChangeFacts {
        kind: kind.to_owned(),
        gap: name.to_owned(),
        name: name.to_owned(),
        from: None,
        to: Some(to.to_owned()),
        effective_on: day("2026-11-18"),
        recorded_at: "2026-11-18T10:00:00Z".parse().unwrap(),
        backdated: false,
        likely_per_week: likely,
        measured: false,
    }
}

fn points() -> Vec<PointFacts> {
    let scores = [33_972, 57_925, 60_000, 63_187, 63_245, 62_199, 63_287, 66_153];
    let loads = [169_500, 145_750, 142_500, 124_500, 127_000, 130_750, 129_250, 123_000];
    let mut on = day("2026-10-05");
    scores
        .into_iter()
        .zip(loads)
        .map(|(score_milli, load_milli)| {
            let as_of = on;
            on = on.checked_add(jiff::Span::new().days(7)).unwrap();
            PointFacts { as_of, score_milli, reported_milli: None, load_milli, coverage_bp: 10_000 }
        })
        .collect()
}

fn implementation() -> ImplementationFacts {
    ImplementationFacts {
        slug: "erp".to_owned(),
        name: "ERP cutover".to_owned(),
        configuration_starts_on: None,
        go_live_on: Some(day("2027-02-01")),
        weeks_left: Some(10),
        weeks_since_go_live: None,
        target_milli: 85_000,
        score_milli: 66_153,
        score_printed: 66,
        change_points: Some(3),
        coverage_bp: 10_000,
        load_milli: 123_000,
        allowed_milli: Some(35_424),
        pace_milli_per_week: Some(3_313),
        required_milli_per_week: Some(8_758),
        ratio_pct: Some(264),
        verdict: Verdict::Late,
        points_used: 7,
        weeks_until_forecast: None,
        ready_on: Some(day("2027-05-31")),
        earliest_on: Some(day("2027-02-15")),
        latest_on: None,
        weeks_late: Some(17),
        weeks_early: None,
        path_to_target: Some(PathFacts {
            gaps: vec!["N-1".to_owned(), "N-2".to_owned()],
            score_after_milli: 88_333,
            exact: true,
            without: Some(WithoutFacts { gap: "N-1".to_owned(), stops_at_milli: 79_000 }),
        }),
        relook_by: Some(RelookFacts {
            by: day("2026-12-14"),
            areas: vec![Area::Billing, Area::Payables],
        }),
        delay_cost: None,
        points: points(),
        trend: Some(Trend::Improving),
        areas: vec![
            area(Area::Billing, 5, Some("2026-10-19")),
            area(Area::Payables, 4, Some("2026-10-19")),
            area(Area::Close, 4, Some("2026-10-26")),
            area(Area::Procurement, 3, Some("2026-10-26")),
            area(Area::Payroll, 2, Some("2026-10-26")),
        ],
        score_if_all_closed_milli: 100_000,
        open_material: vec!["N-1".to_owned()],
        in_scope: Some((1..=5).map(|n| format!("N-{n}")).collect()),
        stalled: false,
    }
}

fn gaps() -> Vec<GapFacts> {
    let mut lists = gap("N-1", "Price lists", Some("D. Ruiz"), 4, Some(378_000));
    lists.status = GapStatus::InProgress;
    lists.idle_weeks = 3;
    lists.stall_reasons = vec!["no_movement_3w".to_owned()];
    let pack = gap("N-3", "Close pack", Some("P. Osei"), 2, Some(150_800));
    let disputes = gap("N-5", "Disputed invoices", Some("D. Ruiz"), 2, Some(113_918));
    let mut exceptions = gap("N-2", "Invoice exceptions", None, 3, Some(80_910));
    exceptions.idle_weeks = 7;
    exceptions.stall_reasons = vec!["no_movement_7w".to_owned(), "no_owner".to_owned()];
    let mut approvals = gap("N-4", "Purchase approvals", Some("M. Lind"), 3, Some(60_667));
    approvals.status = GapStatus::Verifying;
    let mut gaps = vec![lists, pack, disputes, exceptions, approvals];
    for (rank, gap) in (1..).zip(&mut gaps) {
        gap.rank = Some(rank);
    }
    gaps
}

fn edition() -> EditionFacts {
    EditionFacts {
        kind: EditionKind::Leader,
        variant: "full-en".to_owned(),
        iso_week: "2026-W48".to_owned(),
        cut_off: "2026-11-23T12:00:00Z".parse().unwrap(),
        as_of: day("2026-11-23"),
        window_from: "2026-11-16T12:00:00Z".parse().unwrap(),
        previous_sent_at: None,
        model_version: 1,
        constants: Constants::default(),
    }
}

fn organization() -> OrganizationFacts {
    OrganizationFacts {
        slug: "northfield".to_owned(),
        name: "Northfield Supply".to_owned(),
        currency: "USD".to_owned(),
        time_zone: "America/Chicago".to_owned(),
        billed_per_week: None,
        money_in_subject: false,
    }
}

fn exposure() -> ExposureFacts {
    ExposureFacts {
        low: 440_833,
        likely: 784_295,
        high: 1_177_779,
        by_effect: ByEffect { lost: 438_667, time: 231_710, cash: 113_918 },
        open_gaps: 5,
        priced_gaps: 5,
        benchmark_based: false,
        measured: false,
        always_measured: false,
        cost_so_far: 7_488_751,
        cost_since: Some(day("2026-09-14")),
        cost_since_go_live: None,
        protected_per_week: 57_727,
        protected_to_date: 71_848,
    }
}

/// The facts of the worked case, with the exposure kinds of case `X1`.
pub fn northfield() -> Facts {
    Facts {
        edition: edition(),
        organization: organization(),
        implementations: vec![implementation()],
        exposure: exposure(),
        gaps: gaps(),
        changes: vec![
            change("status", "Duplicate vendor payments", "closed", Some(44_333)),
            change("status", "Purchase approvals", "verifying", Some(60_667)),
        ],
        action: Some(ActionFacts {
            rule: 2,
            gap: Some("N-2".to_owned()),
            text: "Name one owner for invoice exceptions by Friday 27 November.".to_owned(),
        }),
        note: Some(Note {
            author: "A. Mendel".to_owned(),
            text: "Two teams quote from different lists. Ask who decides.".to_owned(),
        }),
        insight: Some(InsightFacts {
            id: "owner-habit-handed-over".to_owned(),
            text:
                "In one company, incidents that were never handed over took a median of 45 hours. \
                   Handed over twice or more: 185 hours."
                    .to_owned(),
            source: "Incident log, UCI, 2014".to_owned(),
            url: "https://archive.example/log".to_owned(),
        }),
        sources: SourceFacts {
            last_updated_at: Some("2026-11-20T09:00:00Z".parse().unwrap()),
            last_updated_on: Some(day("2026-11-20")),
            feeds: Vec::new(),
        },
        week: WeekFacts { weeks_covered: 1, ..WeekFacts::default() },
    }
}

/// A week without a counted change, `weeks` in a row.
pub fn quiet(weeks: i64) -> Facts {
    let mut facts = northfield();
    facts.changes.clear();
    facts.note = None;
    facts.implementations[0].change_points = Some(0);
    facts.week.quiet = true;
    facts.week.quiet_weeks = weeks;
    facts
}

/// Makes the first implementation ready 5 weeks before its go-live.
pub fn on_time(facts: &mut Facts) {
    let of = &mut facts.implementations[0];
    of.verdict = Verdict::OnTime;
    of.ready_on = Some(day("2026-12-28"));
    of.earliest_on = Some(day("2026-12-21"));
    of.latest_on = Some(day("2027-01-18"));
    (of.weeks_late, of.weeks_early) = (None, Some(5));
}
