//! Facts of every kind, plausible and hostile: long names, right-to-left text, no areas, 200 gaps,
//! amounts at both ends of the integer.

use back_office_brief::domain::codes::{Area, Category, GapStatus, Severity, Situation, Verdict};
use back_office_brief::domain::facts::*;
use back_office_brief::domain::snapshot::Note;
use jiff::Span;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::{area, change, day, gap, northfield};

pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec![
            "Price lists", "invoice exceptions", "SAP roles", "Close pack", "Month-end journal",
            "D. Ruiz", "Ana-Maria del Campo", "ERP cutover", "Order to cash rollout in Ohio",
        ]).prop_map(str::to_owned),
        1 => select(vec![
            "", " ", ".", "a b c d e f g h i j k l m n o p q r s t u v w x y z",
            "\u{202E}evil\u{202C}\r\nBcc: x@y.example", "قائمة الأسعار الرئيسية", "שלום עולם",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "<script>alert(1)</script>",
            "One. Two. Three. Four! Five? Six", "\u{0}\u{1F600}\u{FE0F}", "100% of \"everything\", Ltd.",
            "The back office", "ß", "ﬁrst", "İstanbul", "a\u{200B}\u{200B}",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z ]{0,120}",
    ]
}

pub fn money() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..5_000_000_i64,
        1 => any::<i64>(),
        1 => select(vec![0, 1, -1, i64::MAX, i64::MIN, 99_949_999, 99_950_000]),
    ]
}

fn date() -> impl Strategy<Value = Date> {
    let from = |days: i64| {
        day("2026-11-23")
            .checked_add(Span::new().days(days))
            .unwrap()
    };
    prop_oneof![
        6 => (-400..400_i64).prop_map(from),
        1 => select(vec![Date::MIN, Date::MAX, day("2026-11-23"), day("2026-11-24")]),
    ]
}

fn count() -> impl Strategy<Value = i64> {
    prop_oneof![5 => 0..60_i64, 1 => select(vec![-1, 0, 1, i64::MAX, i64::MIN])]
}

fn reasons() -> impl Strategy<Value = Vec<String>> {
    let one = select(vec![
        "no_movement_3w",
        "no_movement_31w",
        "no_owner",
        "overdue_8d",
        "overdue_400d",
        "overdue_d",
        "sliding",
        "unverified",
        "something_new",
    ]);
    vec(one.prop_map(str::to_owned), 0..3)
}

fn gap_facts() -> impl Strategy<Value = GapFacts> {
    (
        (
            name(),
            option::of(name()),
            1..=4_i64,
            option::of(money()),
            reasons(),
            any::<bool>(),
        ),
        (
            select(Area::ALL),
            select(Category::ALL),
            select(GapStatus::ALL),
        ),
        (
            option::of(date()),
            option::of(name()),
            count(),
            date(),
            date(),
        ),
    )
        .prop_map(
            |((called, owner, severity, likely, stall_reasons, known), codes, rest)| {
                let (area, category, status) = codes;
                let (due_on, next_step, idle_weeks, opened_on, updated_on) = rest;
                GapFacts {
                    area,
                    category,
                    status,
                    severity: Severity::try_from(severity).unwrap(),
                    stall_reasons,
                    idle_is_known: known,
                    due_on,
                    next_step,
                    idle_weeks,
                    opened_on,
                    updated_on,
                    ..gap("G", &called, owner.as_deref(), severity, likely)
                }
            },
        )
}

fn gaps() -> impl Strategy<Value = Vec<GapFacts>> {
    prop_oneof![6 => vec(gap_facts(), 0..8), 1 => vec(gap_facts(), 190..200)].prop_map(
        |mut gaps| {
            for (place, gap) in (1..).zip(&mut gaps) {
                gap.external_id = format!("G-{place}");
                gap.rank = (gap.status != GapStatus::Withdrawn).then_some(place);
            }
            gaps
        },
    )
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    vec((1..9).prop_map(|n: i32| format!("G-{n}")), 0..5)
}

fn areas() -> impl Strategy<Value = Vec<AreaFacts>> {
    vec(
        (
            select(Area::ALL),
            1..=5_i64,
            option::of(date()),
            any::<bool>(),
        ),
        0..12,
    )
    .prop_map(|all| {
        all.into_iter()
            .map(|(code, weight, look, looked_at)| AreaFacts {
                oldest_look_on: look,
                looked_at: looked_at || look.is_some(),
                ..area(code, weight, None)
            })
            .collect()
    })
}

fn implementation() -> impl Strategy<Value = ImplementationFacts> {
    (
        (
            name(),
            select(Verdict::ALL),
            option::of(date()),
            option::of(count()),
            option::of(count()),
        ),
        (
            0..=100_000_i64,
            option::of(-100..=100_i64),
            option::of(any::<i64>()),
            option::of(any::<i64>()),
            0..=8_i64,
        ),
        (
            option::of(count()),
            option::of(date()),
            option::of(date()),
            option::of(date()),
            option::of(count()),
            option::of(count()),
        ),
        (
            ids(),
            option::of((ids(), 0..=100_000_i64, "G-[1-9]")),
            option::of((date(), vec(select(Area::ALL), 0..6))),
            option::of(money()),
        ),
        (
            areas(),
            0..=8_usize,
            select(vec!["erp", "back-office"]),
            0..=100_000_i64,
        ),
    )
        .prop_map(|(a, b, c, d, e)| {
            let mut of = northfield().implementations.remove(0);
            (
                of.name,
                of.verdict,
                of.go_live_on,
                of.weeks_left,
                of.weeks_since_go_live,
            ) = a;
            (
                of.score_milli,
                of.change_points,
                of.pace_milli_per_week,
                of.required_milli_per_week,
                of.points_used,
            ) = b;
            of.score_printed = (of.score_milli + 500) / 1_000;
            (
                of.weeks_until_forecast,
                of.ready_on,
                of.earliest_on,
                of.latest_on,
                of.weeks_late,
                of.weeks_early,
            ) = c;
            let (open_material, path, relook, delay) = d;
            of.open_material = open_material;
            of.path_to_target = path.map(|(gaps, score_after_milli, without)| PathFacts {
                gaps,
                score_after_milli,
                exact: true,
                without: Some(WithoutFacts {
                    gap: without,
                    stops_at_milli: 79_000,
                }),
            });
            of.relook_by = relook.map(|(by, areas)| RelookFacts { by, areas });
            of.delay_cost = delay;
            of.areas = e.0;
            of.points.truncate(e.1);
            of.slug = e.2.to_owned();
            of.score_if_all_closed_milli = e.3;
            of
        })
}

fn changes() -> impl Strategy<Value = Vec<ChangeFacts>> {
    let kind = select(vec![
        "go_live_on",
        "reopened",
        "opened",
        "status",
        "configuration_starts_on",
        "severity",
        "due_on",
        "owner",
        "exposure",
        "assessment",
        "something_new",
    ]);
    let value = || {
        option::of(prop_oneof![
            select(vec![
                "closed",
                "verifying",
                "withdrawn",
                "2027-03-01",
                "4",
                "900",
                "D. Ruiz"
            ])
            .prop_map(str::to_owned),
            name(),
        ])
    };
    vec(
        (
            kind,
            name(),
            value(),
            value(),
            option::of(money()),
            any::<bool>(),
            date(),
        ),
        0..9,
    )
    .prop_map(|all| {
        all.into_iter()
            .map(
                |(kind, called, from, to, likely, backdated, on)| ChangeFacts {
                    from,
                    to,
                    backdated,
                    effective_on: on,
                    ..change(kind, &called, "", likely)
                },
            )
            .collect()
    })
}

/// Any facts at all.
pub fn facts() -> impl Strategy<Value = Facts> {
    (
        (
            vec(implementation(), 0..5),
            gaps(),
            changes(),
            name(),
            select(vec!["USD", "EUR", "JPY", "KWD", "CHF", "???"]),
        ),
        (
            [
                money(),
                money(),
                money(),
                money(),
                money(),
                money(),
                money(),
            ],
            option::of(money()),
            0..210_i64,
            0..210_i64,
            any::<bool>(),
        ),
        (
            option::of(name()),
            option::of((name(), name())),
            option::of("[A-Za-z ]{0,300}"),
            any::<bool>(),
        ),
        (
            any::<bool>(),
            any::<bool>(),
            count(),
            1..6_i64,
            option::of((0..100_i64, 0..100_i64, count())),
            any::<bool>(),
        ),
        (
            option::of(date()),
            option::of(money()),
            select(vec!["full-en", "line-en"]),
            option::of(select(Situation::ALL)),
        ),
    )
        .prop_map(|(a, b, c, d, e)| {
            let mut facts = northfield();
            (facts.implementations, facts.gaps, facts.changes) = (a.0, a.1, a.2);
            facts.organization.name = a.3;
            facts.organization.currency = a.4.to_owned();
            let [low, likely, high, lost, time, cash, so_far] = b.0;
            let x = &mut facts.exposure;
            (x.low, x.likely, x.high) = (low, likely, high);
            x.by_effect = ByEffect { lost, time, cash };
            (x.cost_so_far, x.cost_since_go_live, x.open_gaps) = (so_far, b.1, b.2);
            (x.priced_gaps, x.benchmark_based) = (b.3.min(b.2), b.4);
            // The sentence of the action is made elsewhere; here it is any sentence within the limits.
            facts.action = c.0.map(|words| ActionFacts {
                rule: 6,
                gap: Some("G-1".to_owned()),
                text: words
                    .split_whitespace()
                    .take(20)
                    .collect::<Vec<_>>()
                    .join(" "),
            });
            facts.note = c.1.map(|(author, text)| Note {
                author,
                text: text.repeat(9),
            });
            facts.insight = facts.insight.filter(|_| c.3);
            (
                facts.week.first,
                facts.week.quiet,
                facts.week.quiet_weeks,
                facts.week.weeks_covered,
            ) = (d.0 && d.5, d.1, d.2, d.3);
            facts.week.restated = d.4.map(|(was, is, old)| RestatedFacts {
                reported_printed: was,
                restated_printed: is,
                old_gaps_named: old,
            });
            facts.sources.last_updated_on = e.0;
            facts.organization.billed_per_week = e.1;
            facts.edition.variant = e.2.to_owned();
            facts.week.situation = e.3;
            facts
        })
}
