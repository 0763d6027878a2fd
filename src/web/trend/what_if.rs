//! What if: tick gaps, see the score. Nothing is changed by it.

use std::collections::BTreeSet;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::brief::numbers::{capitalized, counted, points};
use crate::domain::brief::{Tone, moved_in_words, verdict_in_words};
use crate::domain::codes::Verdict;
use crate::domain::course::what_if::Outcome;
use crate::domain::facts::{Facts, GapFacts, ImplementationFacts};
use crate::domain::line::clean;
use crate::domain::money;

use super::door::Door;
use super::shown::{about, organization, platform};
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::state::Site;

/// Gaps to tick on the page, the ones worth most; those that are ticked come on top.
const OFFERED: usize = 50;
/// Most characters of a name and of an owner.
const NAME_MAX: usize = 60;

#[derive(Template)]
#[template(path = "web/trend/what_if.html")]
struct Page {
    chrome: Chrome,
    organization: String,
    platform: String,
    back: String,
    action: String,
    /// Slug of the implementation, where it is not the first; else empty.
    of: String,
    score: i64,
    target: i64,
    said: Option<Said>,
    choices: Vec<Choice>,
    /// "and 450 more, worth less"; empty where all are there.
    more: String,
    /// Ticks the shortest way to the target; empty where there is none.
    path: String,
}

/// What closing them would do.
struct Said {
    /// "Closing 2 gaps today: 88 of 100, up 22."
    headline: String,
    tone: &'static str,
    sentences: Vec<String>,
}

/// One gap to tick.
struct Choice {
    id: String,
    name: String,
    /// "D. Ruiz, worth 12 points, $3,800 a week".
    about: String,
    is_ticked: bool,
}

/// The form, and what comes of it.
pub(super) async fn show(State(site): State<Site>, door: Door) -> Response<Body> {
    let (of, course) = door.of();
    let facts = &door.told.facts;
    let asked: BTreeSet<String> = door.all_asked("close").map(str::to_owned).collect();
    let scene = &course.scene;
    let said = (!asked.is_empty()).then(|| {
        let constants = &facts.edition.constants;
        said(facts, of, &asked, &scene.closing(of, &asked, course.counted_from, constants))
    });
    let (choices, left) = choices(facts, &scene.ids, &asked);
    let way = of.path_to_target.as_ref().map(|path| {
        let close: Vec<(&str, &str)> = path.gaps.iter().map(|id| ("close", id.as_str())).collect();
        door.path("/what-if", &close)
    });
    let is_first = facts.implementations[0].slug == of.slug;
    let page = Page {
        chrome: door.chrome(&site),
        organization: organization(&door.told),
        platform: platform(of),
        back: door.path("", &[]),
        action: format!("{}/what-if", door.base),
        of: if is_first { String::new() } else { of.slug.clone() },
        score: of.score_printed,
        target: points(of.target_milli),
        said,
        choices,
        more: match i64::try_from(left).unwrap_or(i64::MAX) {
            0 => String::new(),
            n => format!("{}, worth less", counted(n, "more gap", "more gaps")),
        },
        path: way.unwrap_or_default(),
    };
    html(StatusCode::OK, &page)
}

/// The gaps to tick, by worth, those that are ticked among them; and how many are left out.
fn choices(facts: &Facts, ids: &[String], asked: &BTreeSet<String>) -> (Vec<Choice>, usize) {
    let closable: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let mut gaps: Vec<&GapFacts> =
        facts.gaps.iter().filter(|gap| closable.contains(gap.external_id.as_str())).collect();
    let is_ticked = |gap: &GapFacts| asked.contains(&gap.external_id);
    gaps.sort_by_key(|gap| (!is_ticked(gap), std::cmp::Reverse(gap.worth_milli), gap.rank));
    let ticked = gaps.iter().filter(|gap| is_ticked(gap)).count();
    let shown = gaps.len().min(OFFERED.max(ticked.min(2 * OFFERED)));
    let left = gaps.len() - shown;
    let choice = |gap: &&GapFacts| Choice {
        id: gap.external_id.clone(),
        name: capitalized(&clean(&gap.short_name, NAME_MAX)),
        about: described(facts, gap),
        is_ticked: is_ticked(gap),
    };
    (gaps.iter().take(shown).map(choice).collect(), left)
}

fn described(facts: &Facts, gap: &GapFacts) -> String {
    let owner = gap.owner.as_deref().map(|owner| clean(owner, NAME_MAX));
    let owner = owner.filter(|owner| !owner.is_empty());
    let mut parts = vec![owner.unwrap_or_else(|| "no owner".to_owned())];
    let worth = points(gap.worth_milli);
    parts.push(if worth >= 1 {
        format!("worth {}", counted(worth, "point", "points"))
    } else {
        "worth less than a point".to_owned()
    });
    let currency = &facts.organization.currency;
    parts.extend(
        gap.likely_per_week.map(|minor| format!("{} a week", money::printed(minor, currency))),
    );
    parts.join(", ")
}

/// What comes of closing them, in words.
fn said(
    facts: &Facts,
    of: &ImplementationFacts,
    asked: &BTreeSet<String>,
    outcome: &Outcome,
) -> Said {
    let after = &outcome.after;
    let n = i64::try_from(outcome.closed.len()).unwrap_or(i64::MAX);
    let change = after.score_printed - of.score_printed;
    let mut sentences = Vec::new();
    let headline = match n {
        0 => "None of these can be closed here.".to_owned(),
        n => {
            sentences.push(verdict_in_words(facts, after).text);
            format!(
                "Closing {} today: {} of 100, {}.",
                counted(n, "gap", "gaps"),
                after.score_printed,
                moved_in_words(change)
            )
        }
    };
    let left = asked.len().saturating_sub(outcome.closed.len());
    if left > 0 {
        let count = i64::try_from(left).unwrap_or(i64::MAX);
        sentences.push(format!(
            "{} not open here and left out.",
            counted(count, "of them is", "of them are")
        ));
    }
    let currency = &facts.organization.currency;
    if outcome.saved_per_week > 0 {
        sentences.push(format!(
            "It would save {} a week; {} a week would be left.",
            about(outcome.saved_per_week, currency),
            money::printed(outcome.per_week.likely, currency)
        ));
    }
    let tone = verdict_in_words(facts, after).tone;
    let reached = after.verdict == Verdict::ReadyNow && after.score_milli >= after.target_milli;
    let tone = match tone {
        Tone::Good => "good",
        _ if reached => "good",
        Tone::Bad => "bad",
        Tone::Plain => "plain",
    };
    Said { headline, tone, sentences }
}
