//! Whole facts.

use back_office_brief::domain::facts::{ActionFacts, ByEffect, Facts, RestatedFacts};
use back_office_brief::domain::snapshot::Note;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::gaps::{changes, gaps};
use super::implementation::implementation;
use super::{Change, count, date, money, name};
use crate::fixture::northfield;

fn amounts() -> impl Strategy<Value = Change<Facts>> {
    let sums = [money(), money(), money(), money(), money(), money(), money()];
    let others = [option::of(money()), option::of(money())];
    (sums, others, 0..210_i64, 0..210_i64, any::<bool>()).prop_map(
        |(sums, others, open, priced, benchmark)| {
            Change::by(move |facts: &mut Facts| {
                let [low, likely, high, lost, time, cash, so_far] = sums;
                let exposure = &mut facts.exposure;
                (exposure.low, exposure.likely, exposure.high) = (low, likely, high);
                exposure.by_effect = ByEffect { lost, time, cash };
                (exposure.cost_so_far, exposure.benchmark_based) = (so_far, benchmark);
                (exposure.open_gaps, exposure.priced_gaps) = (open, priced.min(open));
                [exposure.cost_since_go_live, facts.organization.billed_per_week] = others;
            })
        },
    )
}

fn said() -> impl Strategy<Value = Change<Facts>> {
    let note = option::of((name(), name()));
    (option::of(name()), note, any::<bool>()).prop_map(|(action, note, insight)| {
        Change::by(move |facts: &mut Facts| {
            // The sentence of the action is made elsewhere; here it is any text of its length.
            facts.action = action.clone().map(|words| ActionFacts {
                rule: 6,
                gap: Some("G-1".to_owned()),
                text: words.split_whitespace().take(20).collect::<Vec<_>>().join(" "),
            });
            facts.note = note.clone().map(|(author, text)| Note { author, text: text.repeat(9) });
            if !insight {
                facts.insight = None;
            }
        })
    })
}

fn week() -> impl Strategy<Value = Change<Facts>> {
    let kind = select(vec![(false, false), (false, false), (true, false), (false, true)]);
    let restated = option::of((0..100_i64, 0..100_i64, count()));
    let variant = select(vec!["full-en", "line-en"]);
    (kind, count(), 1..6_i64, restated, option::of(date()), variant).prop_map(
        |(kind, quiet_weeks, covered, restated, updated, variant)| {
            Change::by(move |facts: &mut Facts| {
                (facts.week.first, facts.week.quiet) = kind;
                (facts.week.quiet_weeks, facts.week.weeks_covered) = (quiet_weeks, covered);
                facts.week.restated = restated.map(|(was, is, old)| RestatedFacts {
                    reported_printed: was,
                    restated_printed: is,
                    old_gaps_named: old,
                });
                facts.sources.last_updated_on = updated;
                facts.edition.variant = variant.to_owned();
            })
        },
    )
}

/// Any facts at all.
pub fn facts() -> impl Strategy<Value = Facts> {
    let currency = select(vec!["USD", "EUR", "JPY", "KWD", "CHF", "???"]);
    let rows = (vec(implementation(), 0..5), gaps(), changes());
    (rows, name(), currency, amounts(), said(), week()).prop_map(
        |(rows, name, currency, amounts, said, week)| {
            let mut facts = northfield();
            (facts.implementations, facts.gaps, facts.changes) = rows;
            facts.organization.name = name;
            facts.organization.currency = currency.to_owned();
            amounts.make(&mut facts);
            said.make(&mut facts);
            week.make(&mut facts);
            facts
        },
    )
}
