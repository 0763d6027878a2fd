//! PROFIT AT STAKE: the total with its range, what it does to profit, and the gaps that lead the list
//! (MODEL 3 and 6.1).

use super::blockers;
use super::limits::Limits;
use super::names;
use super::numbers::{capitalized, counted, date, days_or_weeks, number, percent_tenths, weeks};
use super::pieces::paragraphs;
use super::{Ask, Block, BlockRole, Item, Piece, Range, Tone, Toned};
use crate::domain::answer::AnswerKind;
use crate::domain::codes::{GapStatus, Severity, Verdict};
use crate::domain::facts::{ExposureFacts, Facts, GapFacts, ImplementationFacts};
use crate::domain::money;

/// The block; none where nothing leaks.
#[must_use]
pub fn block(facts: &Facts, of: &ImplementationFacts, limits: &Limits) -> Option<Block> {
    let exposure = &facts.exposure;
    if exposure.open_gaps <= 0 {
        return None;
    }
    if exposure.priced_gaps <= 0 {
        return Some(with(None, paragraphs(nothing_priced(facts))));
    }
    let mut pieces = Vec::new();
    pieces.extend(range(facts));
    pieces.extend(paragraphs(beneath_the_total(facts)));
    pieces.extend(list(facts, of, limits));
    let below = if facts.week.first {
        Some("Is a figure wrong? Reply with the right one.".to_owned())
    } else {
        cost_so_far(facts, of)
    };
    pieces.extend(below.map(Piece::Text));
    pieces.extend(correct(facts));
    Some(with(Some(headline(facts)), pieces))
}

fn with(headline: Option<String>, pieces: Vec<Piece>) -> Block {
    Block {
        role: BlockRole::Profit,
        heading: "PROFIT AT STAKE".to_owned(),
        headline: headline.map(|text| Toned { text, tone: Tone::Plain }),
        pieces,
    }
}

/// What stands before the weekly total: nothing where every figure of it is measured, nor before a zero
/// (MODEL 6.4, rule 8).
#[must_use]
pub const fn about(exposure: &ExposureFacts) -> &'static str {
    if exposure.measured || exposure.likely == 0 { "" } else { "about " }
}

/// "about $7,800 a week ($4,400 to $11,800)"; a measured zero is "$0 a week".
fn headline(facts: &Facts) -> String {
    let exposure = &facts.exposure;
    let print = |minor| money::printed(minor, &facts.organization.currency);
    let about = about(exposure);
    let mut aside = Vec::new();
    if exposure.low < exposure.high {
        aside.push(format!("{} to {}", print(exposure.low), print(exposure.high)));
    }
    if exposure.benchmark_based {
        aside.push("industry figure".to_owned());
    }
    let aside = if aside.is_empty() { String::new() } else { format!(" ({})", aside.join(", ")) };
    format!("{about}{} a week{aside}", print(exposure.likely))
}

fn range(facts: &Facts) -> Option<Piece> {
    let e = &facts.exposure;
    let print = |minor| money::printed(minor, &facts.organization.currency);
    (e.low < e.high).then(|| {
        Piece::Range(Range {
            low: e.low,
            likely: e.likely,
            high: e.high,
            printed: [print(e.low), print(e.likely), print(e.high)],
        })
    })
}

/// By effect, as a share of billing, and how many gaps the total leaves out.
fn beneath_the_total(facts: &Facts) -> Vec<String> {
    let exposure = &facts.exposure;
    let mut said = Vec::new();
    said.extend(by_effect(facts));
    let that = if said.is_empty() { "That" } else { "Together that" };
    let billed = facts.organization.billed_per_week;
    let share = billed.and_then(|billed| money::share_tenths(exposure.likely, billed));
    if let Some(tenths) = share.filter(|tenths| *tenths > 0) {
        said.push(format!("{that} is {} of billing.", percent_tenths(tenths)));
    }
    let unpriced = exposure.open_gaps - exposure.priced_gaps;
    // A first week's verdict has counted them.
    if unpriced > 0 && !facts.week.first {
        let is = if unpriced == 1 { "is" } else { "are" };
        said.push(format!(
            "{} of {} {is} not priced.",
            number(unpriced),
            counted(exposure.open_gaps, "gap", "gaps")
        ));
    }
    said
}

/// "Lost $4,400, time and corrections $2,300, late cash $1,100."; left out where there is one effect.
fn by_effect(facts: &Facts) -> Option<String> {
    let e = &facts.exposure.by_effect;
    let parts: Vec<String> =
        [("lost", e.lost), ("time and corrections", e.time), ("late cash", e.cash)]
            .into_iter()
            .filter(|(_, minor)| *minor != 0)
            .map(|(words, minor)| {
                format!("{words} {}", money::printed(minor, &facts.organization.currency))
            })
            .collect();
    (parts.len() > 1).then(|| format!("{}.", capitalized(&parts.join(", "))))
}

/// "None of the 4 open gaps is priced. First one to price: purchase approvals."
fn nothing_priced(facts: &Facts) -> Vec<String> {
    let mut said = vec![match facts.exposure.open_gaps {
        1 => "The one open gap is not priced.".to_owned(),
        n => format!("None of the {} open gaps is priced.", number(n)),
    }];
    let first = facts
        .gaps
        .iter()
        .filter(|gap| gap.status.is_leaking() && gap.likely_per_week.is_none())
        .min_by_key(|gap| {
            let light = gap.severity < Severity::SIGNIFICANT;
            (light, gap.rank.unwrap_or(u32::MAX))
        });
    if let Some(gap) = first {
        said.push(format!("First one to price: {}.", names::inside(&gap.short_name)));
    }
    said
}

/// The gaps that lead the list, by rank.
fn list(facts: &Facts, of: &ImplementationFacts, limits: &Limits) -> Option<Piece> {
    let items: Vec<Item> = facts
        .gaps
        .iter()
        .filter(|gap| gap.rank.is_some() && gap.status.is_leaking())
        .take(limits.gaps)
        .map(|gap| line(facts, of, gap, ""))
        .collect();
    (!items.is_empty()).then_some(Piece::List { numbered: true, items })
}

/// Where a figure of the list is corrected: the first one's page leads to the others.
fn correct(facts: &Facts) -> Option<Piece> {
    let priced = |gap: &&GapFacts| gap.status.is_leaking() && gap.likely_per_week.is_some();
    let mut ranked = facts.gaps.iter().filter(|gap| gap.rank.is_some());
    let (kind, label) = (AnswerKind::Correct, AnswerKind::Correct.label());
    ranked.find(priced).map(|gap| Piece::Ask(Ask { label, kind, gap: gap.external_id.clone() }))
}

/// "Price lists (D. Ruiz): $3,800. Blocks go-live. Idle 3 weeks." `per` follows the amount where no
/// headline says that it is a week's.
#[must_use]
pub fn line(facts: &Facts, of: &ImplementationFacts, gap: &GapFacts, per: &str) -> Item {
    let blocks = blockers::blocks(of, &gap.external_id);
    let mut said = vec![match gap.likely_per_week {
        Some(minor) => format!("{}{per}.", money::printed(minor, &facts.organization.currency)),
        None => "not priced.".to_owned(),
    }];
    if blocks {
        said.push("Blocks go-live.".to_owned());
    }
    match gap.status {
        GapStatus::Accepted => said.push("Risk accepted.".to_owned()),
        GapStatus::Withdrawn => said.push("Withdrawn, not signed.".to_owned()),
        _ => said.extend(stall(facts, gap).map(|words| format!("{}.", capitalized(&words)))),
    }
    Item {
        lead: names::gap_with_owner(gap),
        rest: said.join(" "),
        tone: if blocks { Tone::Bad } else { Tone::Plain },
        ..Item::default()
    }
}

/// The first stall reason in words: "idle 3 weeks"; "not updated since 3 November" where nobody has
/// confirmed that nothing moved (MODEL 2). That nobody owns it is said beside its name.
#[must_use]
pub fn stall(facts: &Facts, gap: &GapFacts) -> Option<String> {
    gap.stall_reasons.iter().find_map(|reason| {
        if reason.starts_with("no_movement") {
            return Some(if gap.idle_is_known {
                format!("idle {}", weeks(gap.idle_weeks))
            } else {
                format!("not updated since {}", date(gap.updated_on, facts.edition.as_of))
            });
        }
        if let Some(days) = reason.strip_prefix("overdue_") {
            let days = days.trim_end_matches('d').parse().unwrap_or(7);
            return Some(format!("{} past due", days_or_weeks(days)));
        }
        match reason.as_str() {
            "sliding" => Some("due date keeps moving".to_owned()),
            "unverified" => Some("waits for a test".to_owned()),
            _ => None,
        }
    })
}

/// "All gaps, open and closed, have cost $74,900 since 14 September."
fn cost_so_far(facts: &Facts, of: &ImplementationFacts) -> Option<String> {
    let exposure = &facts.exposure;
    let since = exposure.cost_since?;
    // After go-live the verdict has said what they have cost since then.
    let said = of.verdict == Verdict::Live && exposure.cost_since_go_live.is_some_and(|c| c > 0);
    (exposure.cost_so_far > 0 && !said).then(|| {
        format!(
            "All gaps, open and closed, have cost {} since {}.",
            money::printed(exposure.cost_so_far, &facts.organization.currency),
            date(since, facts.edition.as_of)
        )
    })
}
