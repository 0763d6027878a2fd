//! The gaps of a client in the order of rank, a page of them, as far as a filter lets them through.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::domain::codes::{Area, GapStatus};
use crate::domain::facts::{Facts, GapFacts};
use crate::domain::line::clean;
use crate::domain::money;
use crate::engine::register::{GapFilter, GapLine};

use crate::web::desk::gap::stall_in_short;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::workplace::{Workplace, part};
use crate::web::shell::problem::Problem;

/// Gaps on one page.
const PAGE: usize = 25;
/// Owners that the filter offers, those with the most gaps first.
const OWNERS: usize = 100;
/// What the filter calls gaps without an owner, those that are stalled, and all that are not closed.
const NOBODY: &str = "nobody";
const STALLED: &str = "stalled";

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    status: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    page: String,
}

/// One gap of the list.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) rank: String,
    /// Its id as a part of a path.
    pub(super) part: String,
    pub(super) title: String,
    pub(super) area: String,
    pub(super) severity: String,
    pub(super) status: &'static str,
    pub(super) owner: String,
    pub(super) costs: String,
    pub(super) stalls: String,
}

/// The list with its filter.
#[derive(Debug, Clone, Default)]
pub(super) struct GapList {
    pub(super) rows: Vec<Row>,
    /// "1 to 25 of 132".
    pub(super) range: String,
    pub(super) statuses: Vec<Choice>,
    pub(super) areas: Vec<Choice>,
    pub(super) owners: Vec<Choice>,
    pub(super) status: String,
    pub(super) area: String,
    pub(super) owner: String,
    /// Queries of the pages before and after this one.
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// The page of the list that is asked for.
pub(super) async fn list(
    place: &Workplace,
    facts: &Facts,
    filter: Filter,
) -> Result<GapList, Problem> {
    let currency = facts.organization.currency.as_str();
    let status: Option<GapStatus> = filter.status.parse().ok();
    let all: Vec<Row> = match status {
        // The facts hold what is not closed and not signed off.
        Some(GapStatus::Closed | GapStatus::Withdrawn) => {
            let wanted =
                GapFilter { statuses: status.into_iter().collect(), ..GapFilter::default() };
            let lines = place.site.engine.gaps(place.id(), &wanted).await?;
            let lines =
                lines.into_iter().filter(|line| filter.lets(line.area, line.owner.as_deref()));
            lines.map(|line| of_line(&line, currency)).collect()
        }
        _ => {
            let wanted = |gap: &&GapFacts| {
                filter.lets(gap.area, gap.owner.as_deref())
                    && status.is_none_or(|status| gap.status == status)
                    && (filter.status != STALLED || !gap.stall_reasons.is_empty())
            };
            facts.gaps.iter().filter(wanted).map(|gap| of_facts(gap, currency)).collect()
        }
    };
    Ok(paged(all, facts, filter))
}

fn paged(all: Vec<Row>, facts: &Facts, filter: Filter) -> GapList {
    let n_found = all.len();
    let pages = n_found.div_ceil(PAGE).max(1);
    let page = filter.page.parse().unwrap_or(1_usize).clamp(1, pages);
    let from = (page - 1) * PAGE;
    let rows: Vec<Row> = all.into_iter().skip(from).take(PAGE).collect();
    let mut statuses = vec![Choice::new("", "not closed"), Choice::new(STALLED, "stalled")];
    statuses.extend(labels::statuses());
    GapList {
        range: format!("{} to {} of {n_found}", from + 1, from + rows.len()),
        rows,
        statuses,
        areas: labels::areas(),
        owners: owners(facts, &filter.owner),
        before: (page > 1).then(|| filter.query(page - 1)),
        after: (page < pages).then(|| filter.query(page + 1)),
        status: filter.status,
        area: filter.area,
        owner: filter.owner,
    }
}

impl Filter {
    fn lets(&self, area: Area, owner: Option<&str>) -> bool {
        (self.area.is_empty() || self.area == area.as_str())
            && match self.owner.as_str() {
                "" => true,
                NOBODY => owner.is_none(),
                name => owner.is_some_and(|own| own.eq_ignore_ascii_case(name)),
            }
    }

    /// The same filter at another page.
    fn query(&self, page: usize) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in
            [("status", &self.status), ("area", &self.area), ("owner", &self.owner)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        query.finish()
    }
}

/// Whose gaps there are, and nobody's.
fn owners(facts: &Facts, chosen: &str) -> Vec<Choice> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in &facts.gaps {
        if let Some(owner) = gap.owner.as_deref() {
            *counts.entry(owner).or_default() += 1;
        }
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    let mut names: Vec<&str> = names.into_iter().take(OWNERS).map(|(name, _)| name).collect();
    if !chosen.is_empty() && chosen != NOBODY && !names.contains(&chosen) {
        names.push(chosen);
    }
    names.sort_unstable();
    let mut choices = vec![Choice::new("", "anybody"), Choice::new(NOBODY, "nobody")];
    choices.extend(names.into_iter().map(|name| Choice::new(name, clean(name, 80))));
    choices
}

fn of_facts(gap: &GapFacts, currency: &str) -> Row {
    Row {
        rank: gap.rank.map_or_else(String::new, |rank| rank.to_string()),
        part: part(&gap.external_id),
        title: clean(&gap.title, 120),
        area: labels::area(gap.area),
        severity: format!("{} {}", gap.severity.number(), labels::severity(gap.severity)),
        status: labels::status(gap.status),
        owner: owner(gap.owner.as_deref()),
        costs: costs(gap.likely_per_week, currency),
        stalls: stalls(&gap.stall_reasons, gap.idle_weeks),
    }
}

fn of_line(line: &GapLine, currency: &str) -> Row {
    Row {
        rank: String::new(),
        part: part(&line.external_id),
        title: clean(&line.title, 120),
        area: labels::area(line.area),
        severity: format!("{} {}", line.severity.number(), labels::severity(line.severity)),
        status: if line.is_void { "Withdrawn, signed" } else { labels::status(line.status) },
        owner: owner(line.owner.as_deref()),
        costs: costs(line.likely_per_week, currency),
        stalls: stalls(&line.stall_reasons, 0),
    }
}

fn owner(name: Option<&str>) -> String {
    name.map_or_else(|| "nobody".to_owned(), |name| clean(name, 80))
}

fn costs(minor: Option<i64>, currency: &str) -> String {
    minor.map_or_else(|| "not priced".to_owned(), |minor| money::printed(minor, currency))
}

/// "idle 3 weeks, no owner"; how long it is idle where that is not yet a stall.
fn stalls(reasons: &[String], idle_weeks: i64) -> String {
    if reasons.is_empty() && idle_weeks > 0 {
        return format!("idle {}", crate::domain::brief::numbers::weeks(idle_weeks));
    }
    reasons.iter().map(|reason| stall_in_short(reason)).collect::<Vec<_>>().join(", ")
}
