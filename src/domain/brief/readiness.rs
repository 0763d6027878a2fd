//! READINESS, or FOUNDATION after go-live: where it stands, where it came from, what would change it
//! (MODEL 4.4 and 6.3).

use jiff::civil::Date;

use super::forecast;
use super::limits::Limits;
use super::names;
use super::numbers::{capitalized, counted, date, number, points, spelled, spelled_first, weeks};
use super::outlook;
use super::pieces::paragraphs;
use super::{Block, BlockRole, Item, Piece, Tone, Toned, Trend};
use crate::domain::changes::Window;
use crate::domain::codes::Verdict;
use crate::domain::facts::{Facts, ImplementationFacts};
use crate::domain::money;

/// The whole block for a week with a history.
#[must_use]
pub fn block(facts: &Facts, of: &ImplementationFacts, limits: &Limits) -> Block {
    let mut pieces = Vec::new();
    pieces.extend(trend(of));
    if limits.details {
        pieces.extend(restated_line(facts).map(Piece::Text));
    }
    pieces.extend(paragraphs(outlook::sentences(facts, of)));
    if limits.details {
        pieces.extend(delay(facts, of).map(Piece::Text));
    }
    pieces.extend(others(facts, limits));
    with_heading(of, headline(facts, of), pieces)
}

/// The block for a first week: no trend, no comparison (MODEL 6.3).
#[must_use]
pub fn first_week(facts: &Facts, of: &ImplementationFacts, limits: &Limits) -> Block {
    let looked = of.areas.iter().filter(|area| area.looked_at).count();
    let mut text = format!("{} of 100.", of.score_printed);
    if !of.areas.is_empty() {
        text.push_str(&format!(
            " {looked} of {} looked at.",
            counted(length(of.areas.len()), "area", "areas")
        ));
    }
    let headline = Toned { text, tone: Tone::Plain };
    let mut pieces = Vec::new();
    if of.verdict != Verdict::Live {
        pieces.push(Piece::Text(first_date(facts, of)));
    }
    pieces.extend(others(facts, limits));
    with_heading(of, headline, pieces)
}

/// The block for an owner: only what the date of the verdict counts on; none without a date.
#[must_use]
pub fn of_the_date(facts: &Facts, of: &ImplementationFacts) -> Option<Block> {
    let pieces = paragraphs(outlook::beside_the_date(facts, of));
    (!pieces.is_empty()).then(|| Block {
        role: BlockRole::Readiness,
        heading: "READINESS".to_owned(),
        headline: None,
        pieces,
    })
}

/// The block for a quiet week: where it stands, what would make the date, what it counts on, and until
/// when the looks hold.
#[must_use]
pub fn quiet(facts: &Facts, of: &ImplementationFacts, limits: &Limits) -> Block {
    let mut said: Vec<String> = Vec::new();
    said.extend(restated_line(facts));
    said.extend(outlook::quiet(facts, of));
    let mut pieces = paragraphs(said);
    pieces.extend(others(facts, limits));
    with_heading(of, headline(facts, of), pieces)
}

fn with_heading(of: &ImplementationFacts, headline: Toned, pieces: Vec<Piece>) -> Block {
    let heading = if of.verdict == Verdict::Live { "FOUNDATION" } else { "READINESS" };
    Block {
        role: BlockRole::Readiness,
        heading: heading.to_owned(),
        headline: Some(headline),
        pieces,
    }
}

/// "66 of 100, up 3. Target: 85 by 1 February."
fn headline(facts: &Facts, of: &ImplementationFacts) -> Toned {
    let never = is_never_looked_at(of);
    let mut text = if never {
        "not assessed.".to_owned()
    } else {
        match of.change_points {
            Some(change) => format!("{} of 100, {}.", of.score_printed, moved(change)),
            None => format!("{} of 100.", of.score_printed),
        }
    };
    if of.verdict != Verdict::Live {
        let target = points(of.target_milli);
        // Rounded, the score would seem to be there.
        let is_close = of.score_milli < of.target_milli && of.score_printed == target;
        let word = if is_close && !never { "Just under the target" } else { "Target" };
        text.push_str(&format!(" {word}: {target}"));
        match of.go_live_on {
            Some(day) => text.push_str(&format!(" by {}.", date(day, facts.edition.as_of))),
            None => text.push('.'),
        }
    }
    let tone = match of.change_points {
        Some(1..) => Tone::Good,
        Some(..=-1) => Tone::Bad,
        _ => Tone::Plain,
    };
    Toned { text, tone }
}

/// A score of 0 says then that nobody looked, week after week (MODEL 4.6).
fn is_never_looked_at(of: &ImplementationFacts) -> bool {
    of.verdict == Verdict::NotAssessed && of.areas.iter().all(|area| !area.looked_at)
}

/// "up 3", "down 1", "unchanged".
#[must_use]
pub fn moved(change: i64) -> String {
    match change {
        0 => "unchanged".to_owned(),
        1.. => format!("up {}", number(change)),
        _ => format!("down {}", number(change.saturating_neg())),
    }
}

/// "Eight weeks: 34 58 60 63 63 62 63 66"; nothing to see in a single point.
fn trend(of: &ImplementationFacts) -> Option<Piece> {
    let scores: Vec<i64> = of.points.iter().map(|p| points(p.score_milli)).collect();
    let live = of.verdict == Verdict::Live;
    (scores.len() > 1 && !is_never_looked_at(of)).then(|| {
        Piece::Trend(Trend {
            label: format!("{} weeks", spelled_first(length(scores.len()))),
            scores,
            target: (!live).then(|| points(of.target_milli)),
        })
    })
}

/// "Last week's 64 is now 61: one old gap was named.", or "The last brief's 64 ..." where that was not
/// a week ago. Naming a gap never raises a score, so that a rise has other reasons.
fn restated_line(facts: &Facts) -> Option<String> {
    let told = facts.week.restated.as_ref()?;
    let window = Window { from: facts.edition.window_from, to: facts.edition.cut_off };
    let whose = if window.is_one_week() { "Last week's" } else { "The last brief's" };
    let fell = told.restated_printed <= told.reported_printed;
    let reason = match told.old_gaps_named {
        named if named <= 0 || !fell => "changes up to that day were recorded since".to_owned(),
        1 => "one old gap was named".to_owned(),
        n => format!("{} old gaps were named", spelled(n)),
    };
    Some(format!("{whose} {} is now {}: {reason}.", told.reported_printed, told.restated_printed))
}

/// The cost of delay: shown alone, never added to the gaps (MODEL 3).
fn delay(facts: &Facts, of: &ImplementationFacts) -> Option<String> {
    let cost = of.delay_cost.filter(|cost| *cost > 0)?;
    let late = of.weeks_late.filter(|late| *late > 0)?;
    Some(format!(
        "Going live {} late costs about {} of planned benefit.",
        weeks(late),
        money::printed(cost, &facts.organization.currency)
    ))
}

/// "A date needs 4 weekly points; the first is on 14 December."
fn first_date(facts: &Facts, of: &ImplementationFacts) -> String {
    let constants = &facts.edition.constants;
    let needs = number(constants.forecast_min_points);
    match of.weeks_until_forecast {
        Some(n @ 1..) => {
            let day = crate::domain::history::add_days(facts.edition.as_of, n.saturating_mul(7));
            format!(
                "A date needs {needs} weekly points; the first is on {}.",
                date(day, facts.edition.as_of)
            )
        }
        _ => format!(
            "A date needs {needs} weekly points with {}% of the areas looked at.",
            constants.baseline_coverage_bp / 100
        ),
    }
}

/// The other implementations, one line each (DESIGN 3).
fn others(facts: &Facts, limits: &Limits) -> Option<Piece> {
    let rest = facts.implementations.get(1..).unwrap_or_default();
    if rest.is_empty() || limits.others == 0 {
        return None;
    }
    let mut items: Vec<Item> = rest
        .iter()
        .take(limits.others)
        .map(|of| Item {
            lead: names::implementation(of),
            rest: other(of, facts.edition.as_of),
            ..Item::default()
        })
        .collect();
    if rest.len() > limits.others {
        items.push(Item {
            rest: format!("and {} more", rest.len() - limits.others),
            ..Item::default()
        });
    }
    Some(Piece::List { numbered: false, items })
}

/// "74 of 100, up 1. 1 week late at this pace."
fn other(of: &ImplementationFacts, today: Date) -> String {
    let change = of.change_points.map_or(String::new(), |change| format!(", {}", moved(change)));
    format!(
        "{} of 100{change}. {}{}.",
        of.score_printed,
        capitalized(&forecast::in_short(of, today)),
        forecast::at_this_pace(of.verdict)
    )
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
