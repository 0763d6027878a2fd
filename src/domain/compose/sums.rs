//! What the figures of today are made of: each gap's, and the totals' (MODEL 3, 4.1).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::codes::{EventKind, GapStatus};
use crate::domain::cost::{self, Pool};
use crate::domain::course::paper::{Papers, actor_at};
use crate::domain::course::sums::{
    GapSums, Group, MoneySums, Part, Price, Protected, Stretch, ToldBy,
};
use crate::domain::facts::{Facts, GapFacts};
use crate::domain::history::{GapState, History, days_between};
use crate::domain::snapshot::Bounds;
use crate::domain::time::date_of;

use super::Workings;

/// Every gap that is not void: what leaks by money, then unsigned withdrawals, then what is closed.
pub(super) fn gaps(
    workings: &Workings<'_>,
    pools: &[Pool<'_, '_>],
    papers: &Papers,
    facts: &Facts,
) -> Vec<GapSums> {
    let today = workings.request.as_of;
    let listed: HashMap<&str, &GapFacts> =
        facts.gaps.iter().map(|gap| (gap.external_id.as_str(), gap)).collect();
    let protections = cost::protections(pools, today, workings.request.constants);
    let protections: HashMap<&str, &cost::Protection> =
        protections.iter().map(|p| (p.external_id.as_str(), p)).collect();
    let mut out = Vec::new();
    for pool in pools {
        for history in pool.members() {
            let Some(state) = history.at(today) else { continue };
            let id = history.gap.external_id.as_str();
            let mut gap = gap(workings, history, state, papers, listed.get(id).copied());
            gap.group = group(pool, history, today);
            let protection = protections.get(id).copied();
            gap.protected = protection.and_then(|p| protected(workings, history, p));
            out.push(gap);
        }
    }
    out.sort_by(|a, b| key(a, &listed).cmp(&key(b, &listed)));
    out
}

/// Open before withdrawn before closed; by money, then by rank; the latest closing first; then by id.
fn key<'g>(gap: &'g GapSums, listed: &HashMap<&str, &GapFacts>) -> impl Ord + use<'g> {
    let class = match gap.status {
        GapStatus::Closed => 2,
        GapStatus::Withdrawn => 1,
        _ => 0,
    };
    let likely = gap.price.as_ref().map_or(0, |price| price.per_week.likely);
    let rank = listed.get(gap.external_id.as_str()).and_then(|gap| gap.rank);
    let closed = gap.protected.map(|protected| protected.closed_on);
    (class, Reverse(closed), Reverse(likely), rank.unwrap_or(u32::MAX), gap.external_id.as_str())
}

fn gap(
    workings: &Workings<'_>,
    history: &History<'_>,
    state: &GapState,
    papers: &Papers,
    listed: Option<&GapFacts>,
) -> GapSums {
    let today = workings.request.as_of;
    let gap = history.gap;
    let stretches = stretches(history, today);
    let first = gap.events.iter().map(|event| event.recorded_at).min();
    GapSums {
        external_id: gap.external_id.clone(),
        title: gap.title.clone(),
        short_name: listed.map_or_else(|| gap.called(), |gap| gap.short_name.clone()),
        area: gap.area,
        category: gap.category,
        leak_zone: gap.leak_zone,
        severity: state.severity,
        status: state.effective_status(today),
        status_since: state.status_since,
        owner: state.owner.clone(),
        opened_on: gap.opened_on,
        due_on: state.due_on,
        next_step: state.next_step.clone(),
        idle_weeks: state.idle_weeks(today),
        reopenings: state.reopenings,
        updated_on: history.updated_on,
        told: told_by(
            workings,
            history,
            (EventKind::Opened, first.unwrap_or_default()),
            papers.imports.get(&gap.id).cloned(),
        ),
        price: price(workings, history, papers),
        group: None,
        cost_so_far: cost_of(&stretches),
        stretches,
        protected: None,
        points_milli: listed.map_or(0, |gap| gap.points_milli),
        worth_milli: listed.map_or(0, |gap| gap.worth_milli),
    }
}

fn told_by(
    workings: &Workings<'_>,
    history: &History<'_>,
    (kind, at): (EventKind, Timestamp),
    import: Option<String>,
) -> ToldBy {
    ToldBy {
        recorded_at: at,
        recorded_on: date_of(at, workings.request.zone),
        who: actor_at(&history.gap.events, kind, at),
        import,
    }
}

fn price(workings: &Workings<'_>, history: &History<'_>, papers: &Papers) -> Option<Price> {
    let exposure = history.exposure_at(workings.request.as_of)?;
    let paper = papers.of(&history.gap.id, exposure);
    Some(Price {
        kind: exposure.kind,
        inputs: paper.map(|paper| paper.inputs.clone()).unwrap_or_default(),
        per_week: exposure.per_week,
        basis: exposure.basis,
        source_note: paper.and_then(|paper| paper.source_note.clone()),
        since: exposure.effective_on,
        told: told_by(
            workings,
            history,
            (EventKind::Exposure, exposure.recorded_at),
            paper.and_then(|paper| paper.import.clone()),
        ),
    })
}

fn group(pool: &Pool<'_, '_>, history: &History<'_>, today: Date) -> Option<Group> {
    let name = history.gap.exposure_group.clone()?;
    let costs = |h: &&&History<'_>| h.is_leaking(today) && h.exposure_at(today).is_some();
    let leaking = pool.members().iter().filter(costs).count();
    let leading = pool.leading(today);
    Some(Group {
        name,
        leaking: i64::try_from(leaking).unwrap_or(i64::MAX),
        is_counted: leading.is_some_and(|leading| std::ptr::eq(leading, history)),
    })
}

/// The days that cost something before `until`, each stretch at one price.
fn stretches(history: &History<'_>, until: Date) -> Vec<Stretch> {
    let mut days: Vec<Date> = history.cost_days().filter(|day| *day < until).collect();
    days.sort_unstable();
    days.dedup();
    let mut out: Vec<Stretch> = Vec::new();
    for (at, from) in days.iter().enumerate() {
        let end = days.get(at + 1).copied().unwrap_or(until);
        let leaks = history.is_leaking(*from);
        let per_week = if leaks { history.bounds_at(*from).likely } else { 0 };
        if per_week == 0 {
            continue;
        }
        let days = days_between(*from, end);
        match out.last_mut() {
            Some(last) if last.until == *from && last.per_week == per_week => {
                last.until = end;
                last.days += days;
            }
            _ => out.push(Stretch { from: *from, until: end, days, per_week }),
        }
    }
    out
}

/// Days are summed first and divided once (case C4).
fn cost_of(stretches: &[Stretch]) -> i64 {
    use crate::domain::arithmetic::{half_up, to_i64};
    let sum: i128 = stretches.iter().map(|s| i128::from(s.per_week) * i128::from(s.days)).sum();
    to_i64(half_up(sum, 7))
}

fn protected(
    workings: &Workings<'_>,
    history: &History<'_>,
    protection: &cost::Protection,
) -> Option<Protected> {
    let (today, constants) = (workings.request.as_of, workings.request.constants);
    let closed_on = history.closed_on(today)?;
    let days = days_between(closed_on, today).max(0);
    Some(Protected {
        closed_on,
        fall: protection.fall,
        days: days.min(constants.protected_days),
        is_over: days >= constants.protected_days,
        to_date: protection.to_date,
    })
}

/// For each gap or group that costs something now: the ids with their figures.
pub(super) fn priced(
    workings: &Workings<'_>,
    pools: &[Pool<'_, '_>],
) -> Vec<Vec<(String, Bounds)>> {
    let today = workings.request.as_of;
    let leaking = |pool: &Pool<'_, '_>| {
        let members = pool.members().iter().filter(|h| h.is_leaking(today));
        members.map(|h| (h.gap.external_id.clone(), h.bounds_at(today))).collect::<Vec<_>>()
    };
    let mut priced: Vec<_> = pools.iter().map(leaking).collect();
    priced.retain(|pool| pool.iter().any(|(_, bounds)| bounds.high > 0));
    priced
}

/// What the totals are made of.
pub(super) fn money(
    workings: &Workings<'_>,
    pools: &[Pool<'_, '_>],
    gaps: &[GapSums],
) -> MoneySums {
    let today = workings.request.as_of;
    let names: BTreeMap<&str, &str> =
        gaps.iter().map(|gap| (gap.external_id.as_str(), gap.short_name.as_str())).collect();
    let parts = |of: &dyn Fn(&Pool<'_, '_>) -> i64| {
        let part = |pool: &Pool<'_, '_>| Part { name: name_of(pool, &names), minor: of(pool) };
        let mut parts: Vec<Part> = pools.iter().map(part).filter(|part| part.minor > 0).collect();
        parts.sort_by(|a, b| b.minor.cmp(&a.minor).then_with(|| a.name.cmp(&b.name)));
        parts
    };
    MoneySums {
        per_week: parts(&|pool| pool.per_week(today).likely),
        so_far: parts(&|pool| pool.so_far(None, today).likely),
        zones: cost::by_zone(pools, today),
    }
}

fn name_of(pool: &Pool<'_, '_>, names: &BTreeMap<&str, &str>) -> String {
    match pool.members() {
        [only] if only.gap.exposure_group.is_none() => {
            let id = only.gap.external_id.as_str();
            names.get(id).map_or_else(|| only.gap.called(), |name| (*name).to_owned())
        }
        members => {
            let group = members.first().and_then(|h| h.gap.exposure_group.as_deref());
            format!("the group {}", group.unwrap_or_default())
        }
    }
}
