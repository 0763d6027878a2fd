//! What the templates are given: each part of a page as it is shown.

use crate::domain::brief::numbers::{capitalized, counted, date};
use crate::domain::codes::{GapStatus, Severity};
use crate::domain::course::Told;
use crate::domain::course::sums::GapSums;
use crate::domain::line::clean;
use crate::domain::money;
use crate::domain::why::{self, Step, words};

use super::door::Door;

/// Most characters of what somebody typed, by what it is.
const TITLE_MAX: usize = 160;
const NAME_MAX: usize = 60;
const WORDS_MAX: usize = 300;

/// A heading of steps, and the steps.
pub(super) struct Sums {
    pub heading: String,
    pub steps: Vec<Step>,
}

impl Sums {
    pub fn of(heading: impl Into<String>, steps: Vec<Step>) -> Self {
        let steps = steps.into_iter().map(shortened).collect();
        Self { heading: heading.into(), steps }
    }
}

/// A step is as long as what somebody typed into it; a page is not.
fn shortened(step: Step) -> Step {
    Step {
        name: clean(&step.name, NAME_MAX),
        sum: clean(&step.sum, WORDS_MAX),
        result: clean(&step.result, NAME_MAX),
    }
}

/// One gap of the list.
pub(super) struct GapView {
    /// "Price lists".
    pub name: String,
    /// "D. Ruiz", or "no owner".
    pub owner: String,
    /// "$3,800", or "not priced".
    pub price: String,
    pub title: String,
    /// Where it stands, in a few short parts.
    pub facts: Vec<String>,
    /// Its arithmetic.
    pub sums: Vec<Sums>,
    /// Tries out its closing; none where it is closed.
    pub what_if: String,
    pub is_blocking: bool,
}

impl GapView {
    pub fn of(door: &Door, gap: &GapSums) -> Self {
        let facts = &door.told.facts;
        let currency = &facts.organization.currency;
        let today = facts.edition.as_of;
        let price = gap.price.as_ref();
        let typed = |text: &Option<String>, most| {
            text.as_deref().map(|text| clean(text, most)).filter(|text| !text.is_empty())
        };
        let mut told = vec![
            format!("{}: {}", capitalized(gap.area.words()), words::pattern_in_full(gap.category)),
            format!(
                "{} since {}",
                capitalized(words::status(gap.status)),
                date(gap.status_since, today)
            ),
        ];
        told.push(format!(
            "Opened {}; recorded {}",
            why::units::day(gap.opened_on),
            clean(&why::told(&gap.told), WORDS_MAX)
        ));
        told.extend(gap.due_on.map(|on| format!("Due {}", date(on, today))));
        told.extend(typed(&gap.next_step, WORDS_MAX).map(|step| format!("Next: {step}")));
        told.push(format!("Last record {}", date(gap.updated_on, today)));
        Self {
            name: capitalized(&clean(&gap.short_name, NAME_MAX)),
            owner: typed(&gap.owner, NAME_MAX).unwrap_or_else(|| "no owner".to_owned()),
            price: price.map_or_else(
                || "not priced".to_owned(),
                |price| money::printed(price.per_week.likely, currency),
            ),
            title: clean(&gap.title, TITLE_MAX),
            facts: told,
            sums: sums(gap, currency),
            what_if: match gap.status {
                GapStatus::Closed | GapStatus::Withdrawn => String::new(),
                _ => door.path("/what-if", &[("close", &gap.external_id)]),
            },
            is_blocking: gap.severity == Severity::MATERIAL && gap.status != GapStatus::Closed,
        }
    }
}

/// Every sum behind a gap.
fn sums(gap: &GapSums, currency: &str) -> Vec<Sums> {
    let mut sums = Vec::new();
    if let Some(price) = &gap.price {
        let mut steps = why::price(price, currency);
        steps.extend(why::counted(gap));
        steps.extend(why::where_from(price));
        sums.push(Sums::of("A week", steps));
    }
    let cost = why::cost_so_far(gap, currency);
    sums.push(Sums::of("So far", cost));
    if let Some(step) = why::protected(gap, currency) {
        sums.push(Sums::of("Protected", vec![step]));
    }
    sums.push(Sums::of("In the score", why::points(gap)));
    sums
}

/// One week of what moved.
pub(super) struct WeekView {
    /// "To 23 November 2026", or "Since 23 November 2026".
    pub heading: String,
    /// "Closed", "price lists. Protects $440 a week."
    pub lines: Vec<(String, String)>,
    /// "and 3 more"; empty for none.
    pub rest: String,
}

/// Changes of one week that are told one by one.
const LINES: usize = 12;

impl WeekView {
    /// The week at a place of the list, the newest first.
    pub fn of(told: &Told, at: usize) -> Option<Self> {
        let week = told.weeks.get(at)?;
        let before = told.weeks.get(at + 1).map(|before| why::units::day(before.until));
        let heading = match (week.is_open, before) {
            (true, Some(before)) => format!("Since {before}"),
            (true, None) => "Up to today".to_owned(),
            (false, _) => format!("Week to {}", why::units::day(week.until)),
        };
        let line = |change| {
            let item = crate::domain::brief::change_in_words(&told.facts, change);
            (item.lead, item.rest)
        };
        let lines: Vec<_> = week.changes.iter().take(LINES).map(line).collect();
        let rest = week.changes.len() - lines.len();
        let rest = i64::try_from(rest).unwrap_or(i64::MAX);
        let more = || format!("and {}", counted(rest, "more change", "more changes"));
        Some(Self { heading, lines, rest: if rest > 0 { more() } else { String::new() } })
    }
}

/// The links under a list that has more than one page.
pub(super) struct Pages {
    /// "26 to 50 of 500".
    pub words: String,
    /// Empty on the first page.
    pub before: String,
    /// Empty on the last.
    pub after: String,
}

impl Pages {
    /// Of a list of so many, cut into pages.
    pub fn of(door: &Door, path: &str, (total, per_page): (usize, usize)) -> Self {
        let pages = total.div_ceil(per_page).max(1);
        let page = door.page().min(pages);
        let link = |page: usize| door.path(path, &[("page", &page.to_string())]);
        let first = ((page - 1) * per_page + 1).min(total);
        Self {
            words: format!("{first} to {} of {total}", (page * per_page).min(total)),
            before: if page > 1 { link(page - 1) } else { String::new() },
            after: if page < pages { link(page + 1) } else { String::new() },
        }
    }

    /// What of the list stands on the page that was asked for.
    pub fn range(door: &Door, total: usize, per_page: usize) -> std::ops::Range<usize> {
        let page = door.page().min(total.div_ceil(per_page).max(1));
        (page - 1) * per_page..(page * per_page).min(total)
    }
}

/// A score on a day, in a table.
pub(super) struct PointRow {
    pub iso_date: String,
    pub date: String,
    pub score: String,
    /// As it was mailed; empty for a day without a brief.
    pub mailed: String,
    pub load: String,
    pub looked_at: String,
}

/// The name of an organization, as a page calls it.
pub(super) fn organization(told: &Told) -> String {
    clean(&told.facts.organization.name, NAME_MAX)
}

/// The name of an implementation.
pub(super) fn platform(of: &crate::domain::facts::ImplementationFacts) -> String {
    let name = clean(&of.name, NAME_MAX);
    if name.is_empty() { "Back office".to_owned() } else { name }
}

/// "about $7,800".
pub(super) fn about(minor: i64, currency: &str) -> String {
    let printed = money::printed(minor, currency);
    if minor == 0 { printed } else { format!("about {printed}") }
}
