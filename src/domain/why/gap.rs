//! One gap: where its price comes from, how it is counted, what it has cost, what it weighs.

use super::Step;
use super::units::{a_week, day, days, milli, tenths};
use super::words;
use crate::domain::arithmetic::ceil;
use crate::domain::codes::GapStatus;
use crate::domain::course::sums::{GapSums, Price, Stretch, ToldBy};
use crate::domain::money;
use crate::domain::one_line::one_line;

/// Stretches of a cost that are told one by one; earlier ones are added up.
const STRETCHES: usize = 6;

/// Basis, source, since when it applies, when and by whom it was told.
#[must_use]
pub fn where_from(price: &Price) -> Vec<Step> {
    let mut steps = vec![Step::remark("Basis", words::basis(price.basis))];
    let note = price.source_note.as_deref().map(one_line).filter(|note| !note.is_empty());
    steps.extend(note.map(|note| Step::remark("Source", note)));
    steps.push(Step::remark("In force since", day(price.since)));
    steps.push(Step::remark("Recorded", told(&price.told)));
    steps
}

/// "12 October 2026, by D. Ruiz, from gaps.csv".
#[must_use]
pub fn told(told: &ToldBy) -> String {
    let mut words = day(told.recorded_on);
    let who = told.who.as_deref().map(one_line).filter(|who| !who.is_empty());
    if let Some(who) = who {
        words.push_str(&format!(", by {who}"));
    }
    if let Some(file) = told.import.as_deref().map(one_line).filter(|file| !file.is_empty()) {
        words.push_str(&format!(", from {file}"));
    }
    words
}

/// How a gap in a group is counted; none for one that stands alone.
#[must_use]
pub fn counted(gap: &GapSums) -> Option<Step> {
    let group = gap.group.as_ref()?;
    let name = one_line(&group.name);
    let others = match group.leaking {
        ..=1 => "no other open gap".to_owned(),
        2 => "one other open gap".to_owned(),
        n => format!("{} other open gaps", n - 1),
    };
    let words = if group.is_counted {
        format!("in the group {name} with {others}; the largest figure counts, and it is this one")
    } else {
        format!("in the group {name} with {others}; the largest figure counts, and this is not it")
    };
    Some(Step::remark("Counted", words))
}

/// Each stretch of days at one price, and their sum divided once (case C4).
#[must_use]
pub fn cost_so_far(gap: &GapSums, currency: &str) -> Vec<Step> {
    let earlier = gap.stretches.len().saturating_sub(STRETCHES);
    let mut steps = Vec::new();
    if earlier > 0 {
        let sum: i64 = gap.stretches[..earlier].iter().map(|stretch| stretch.days).sum();
        steps.push(Step::remark(
            format!("{earlier} earlier stretches"),
            format!("{} since {}", days(sum), day(gap.stretches[0].from)),
        ));
    }
    for stretch in &gap.stretches[earlier..] {
        let Stretch { from, per_week, .. } = *stretch;
        let sum = format!("{} at {}", days(stretch.days), a_week(per_week, currency));
        steps.push(Step::of(format!("From {}", day(from)), sum, over_seven(stretch, currency)));
    }
    let total = money::exact(gap.cost_so_far, currency);
    steps.push(match gap.stretches.len() {
        0 => Step::of("So far", "no day has cost anything", total),
        _ => Step::of("So far", "days × price ÷ 7, added up and rounded once", total),
    });
    steps
}

/// "= $15,120.00", of one stretch alone.
fn over_seven(stretch: &Stretch, currency: &str) -> String {
    use crate::domain::arithmetic::{half_up, to_i64};
    let sum = i128::from(stretch.per_week) * i128::from(stretch.days);
    money::exact(to_i64(half_up(sum, 7)), currency)
}

/// What its closing protects; none while it is not closed.
#[must_use]
pub fn protected(gap: &GapSums, currency: &str) -> Option<Step> {
    let protected = gap.protected?;
    let ended = if protected.is_over { "; a claim ends after that" } else { "" };
    Some(Step::of(
        format!("Closed {}", day(protected.closed_on)),
        format!("{} × {} ÷ 7{ended}", a_week(protected.fall, currency), days(protected.days)),
        money::exact(protected.to_date, currency),
    ))
}

/// What it weighs: severity times status times idleness times reopenings, and its worth (MODEL 4.1).
#[must_use]
pub fn points(gap: &GapSums) -> Vec<Step> {
    let number = gap.severity.number();
    let mut sum = vec![format!(
        "{} for severity {number} ({})",
        milli(gap.severity.points_milli()),
        words::severity(number)
    )];
    let status_pct = match gap.status {
        GapStatus::Open | GapStatus::InProgress | GapStatus::Withdrawn => 100,
        GapStatus::Verifying | GapStatus::Accepted => 50,
        GapStatus::Closed => 0,
    };
    sum.push(format!("{status_pct}% while {}", words::status(gap.status)));
    let idle = 100 + 25 * ceil(i128::from(gap.idle_weeks) - 2, 2).clamp(0, 4);
    if idle > 100 {
        sum.push(format!("{idle}% after {} weeks without movement", gap.idle_weeks));
    }
    let reopened = 100 + 25 * gap.reopenings.clamp(0, 4);
    if reopened > 100 {
        let times = if gap.reopenings == 1 {
            "once".to_owned()
        } else {
            format!("{} times", gap.reopenings)
        };
        sum.push(format!("{reopened}% for being reopened {times}"));
    }
    let mut steps =
        vec![Step::of("Weight", sum.join(" × "), format!("{} points", milli(gap.points_milli)))];
    if gap.worth_milli > 0 {
        let worth = format!("{} points", tenths(gap.worth_milli));
        steps.push(Step::of("Worth", "the score without it, less the score", worth));
    }
    steps
}
