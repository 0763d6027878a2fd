//! Gaps and changes.

use back_office_brief::domain::codes::{Area, Category, GapStatus, Severity};
use back_office_brief::domain::facts::{ChangeFacts, GapFacts};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{count, date, money, name};
use crate::fixture::{change, gap};

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
        (name(), option::of(name()), 1..=4_i64, option::of(money()), reasons(), any::<bool>()),
        (select(Area::ALL), select(Category::ALL), select(GapStatus::ALL)),
        (option::of(date()), option::of(name()), count(), date(), date()),
    )
        .prop_map(|((called, owner, severity, likely, stall_reasons, known), codes, rest)| {
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
        })
}

pub fn gaps() -> impl Strategy<Value = Vec<GapFacts>> {
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

pub fn changes() -> impl Strategy<Value = Vec<ChangeFacts>> {
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
            select(vec!["closed", "verifying", "withdrawn", "2027-03-01", "4", "900", "D. Ruiz"])
                .prop_map(str::to_owned),
            name(),
        ])
    };
    vec((kind, name(), value(), value(), option::of(money()), any::<bool>(), date()), 0..9)
        .prop_map(|all| {
            all.into_iter()
                .map(|(kind, called, from, to, likely, backdated, on)| ChangeFacts {
                    from,
                    to,
                    backdated,
                    effective_on: on,
                    ..change(kind, &called, "", likely)
                })
                .collect()
        })
}
