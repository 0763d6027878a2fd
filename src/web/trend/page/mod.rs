//! The whole on one page: where it stands, where it goes, what it costs, what is open, what moved.

mod grid;
mod load;
mod money;
mod readiness;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::brief::numbers::spelled;
use crate::domain::brief::{Tone, verdict_in_words};
use crate::domain::codes::GapStatus;
use crate::domain::course::Told;
use crate::domain::why::units::day;

use super::door::Door;
use super::shown::{GapView, WeekView, organization, platform};
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::state::Site;

use grid::GridView;
use load::LoadView;
use money::MoneyView;
use readiness::ReadinessView;

/// Gaps on the page, and when it is printed.
const GAPS: usize = 5;
const GAPS_PRINTED: usize = 10;
/// Weeks of what moved.
const WEEKS: usize = 4;

#[derive(Template)]
#[template(path = "web/trend/page.html")]
struct Page {
    chrome: Chrome,
    organization: String,
    platform: String,
    /// Every implementation: name, path, whether it is this one. Empty where there is one only.
    platforms: Vec<(String, String, bool)>,
    as_of: String,
    verdict: String,
    tone: &'static str,
    readiness: ReadinessView,
    load: LoadView,
    money: MoneyView,
    gaps: Vec<GapView>,
    /// "All 43 gaps"; empty where all are there.
    more_gaps: String,
    grid: GridView,
    weeks: Vec<WeekView>,
    /// "Of the last four weeks three had no change that counts."
    quiet: String,
    links: Links,
    /// Whether everything is laid open, for paper.
    is_printed: bool,
}

/// Where the page's links lead.
struct Links {
    page: String,
    gaps: String,
    weeks: String,
    what_if: String,
    print: String,
    trend_csv: String,
    gaps_csv: String,
}

impl Links {
    fn of(door: &Door) -> Self {
        Self {
            page: door.path("", &[]),
            gaps: door.path("/gaps", &[]),
            weeks: door.path("/weeks", &[]),
            what_if: door.path("/what-if", &[]),
            print: door.path("", &[("print", "1")]),
            trend_csv: door.path("/trend.csv", &[]),
            gaps_csv: door.path("/gaps.csv", &[]),
        }
    }
}

/// The page.
pub(super) async fn show(State(site): State<Site>, door: Door) -> Response<Body> {
    html(StatusCode::OK, &page(&site, &door))
}

fn page(site: &Site, door: &Door) -> Page {
    let (of, course) = door.of();
    let told = &door.told;
    let is_printed = door.asked("print") == Some("1");
    let verdict = verdict_in_words(&told.facts, of);
    let open = told.gaps.iter().filter(|gap| gap.status != GapStatus::Closed).count();
    let shown = open.min(if is_printed { GAPS_PRINTED } else { GAPS });
    let several = told.facts.implementations.len() > 1;
    let platforms = told.facts.implementations.iter().filter(|_| several).map(|own| {
        let path = format!("{}?of={}", door.base, own.slug);
        (platform(own), path, own.slug == of.slug)
    });
    let (weeks, quiet) = weeks(told);
    Page {
        chrome: door.chrome(site),
        organization: organization(told),
        platform: platform(of),
        platforms: platforms.collect(),
        as_of: day(told.facts.edition.as_of),
        verdict: verdict.text,
        tone: match verdict.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            Tone::Plain => "plain",
        },
        readiness: ReadinessView::of(door, of, course),
        load: LoadView::of(door, of, course),
        money: MoneyView::of(told, of),
        gaps: told.gaps.iter().take(shown).map(|gap| GapView::of(door, gap)).collect(),
        more_gaps: if open > shown { format!("All {open} gaps") } else { String::new() },
        grid: GridView::of(course, told.facts.edition.as_of),
        weeks,
        quiet,
        links: Links::of(door),
        is_printed,
    }
}

/// The last weeks in which something moved, and how many of them were without.
fn weeks(told: &Told) -> (Vec<WeekView>, String) {
    let all: Vec<WeekView> = (0..WEEKS).filter_map(|at| WeekView::of(told, at)).collect();
    let total = all.len();
    let weeks: Vec<WeekView> = all.into_iter().filter(|week| !week.lines.is_empty()).collect();
    let words = match (total, total - weeks.len()) {
        (0, _) => "Nothing is recorded yet.".to_owned(),
        (_, 0) => String::new(),
        (total, quiet) if total == quiet => {
            "Nothing that counts moved in the last weeks.".to_owned()
        }
        (total, quiet) => {
            let count = |n: usize| spelled(i64::try_from(n).unwrap_or(i64::MAX));
            format!(
                "Of the last {} weeks {} had no change that counts.",
                count(total),
                count(quiet)
            )
        }
    };
    (weeks, words)
}
