//! What gaps have cost and what closing them protects (MODEL 3).
//!
//! Days are summed first and divided by 7 once. Inside an exposure group only the largest figure
//! counts, bound by bound and day by day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::arithmetic::{half_up, to_i64};
use super::codes::{Effect, LeakZone};
use super::constants::Constants;
use super::facts::ByEffect;
use super::history::{History, days_between};
use super::snapshot::Bounds;

/// Gaps that count as one: a lone gap, or all of an exposure group.
#[derive(Debug)]
pub struct Pool<'h, 'a>(Vec<&'h History<'a>>);

/// Splits gaps into lone ones and groups, in a fixed order.
#[must_use]
pub fn pools<'h, 'a>(histories: &'h [History<'a>]) -> Vec<Pool<'h, 'a>> {
    let mut lone = Vec::new();
    let mut groups: BTreeMap<&str, Vec<&History<'a>>> = BTreeMap::new();
    for history in histories {
        match history.gap.exposure_group.as_deref() {
            Some(group) => groups.entry(group).or_default().push(history),
            None => lone.push(Pool(vec![history])),
        }
    }
    lone.extend(groups.into_values().map(|mut members| {
        members.sort_by(|a, b| a.gap.external_id.cmp(&b.gap.external_id));
        Pool(members)
    }));
    lone
}

/// The bounds that count out of several: the largest, bound by bound.
pub(in crate::domain) fn largest(figures: impl Iterator<Item = Bounds>) -> Bounds {
    figures.fold(Bounds::default(), |a, b| Bounds {
        low: a.low.max(b.low),
        likely: a.likely.max(b.likely),
        high: a.high.max(b.high),
    })
}

/// Sum of two bounds; what does not fit stands at the limit.
#[must_use]
pub fn add(a: Bounds, b: Bounds) -> Bounds {
    Bounds {
        low: a.low.saturating_add(b.low),
        likely: a.likely.saturating_add(b.likely),
        high: a.high.saturating_add(b.high),
    }
}

impl<'a> Pool<'_, 'a> {
    /// What the pool costs a week on a day.
    #[must_use]
    pub fn per_week(&self, on: Date) -> Bounds {
        largest(self.0.iter().filter(|h| h.is_leaking(on)).map(|h| h.bounds_at(on)))
    }

    /// Its gaps: one, or all of a group by id.
    #[must_use]
    pub fn members(&self) -> &[&History<'a>] {
        &self.0
    }

    /// The member that sets its likely figure on a day; none where no priced one leaks.
    #[must_use]
    pub fn leading(&self, on: Date) -> Option<&History<'a>> {
        self.0.iter().filter(|h| h.is_leaking(on) && h.exposure_at(on).is_some()).copied().reduce(
            |best, h| {
                if h.bounds_at(on).likely > best.bounds_at(on).likely { h } else { best }
            },
        )
    }

    /// The effect under which its likely figure is summed: that of the member which sets it.
    fn effect(&self, on: Date) -> Option<Effect> {
        self.leading(on).and_then(|h| h.exposure_at(on)).and_then(|e| e.kind.effect())
    }

    /// What the pool has cost over the days in `[from, to)`, low, likely and high.
    #[must_use]
    pub fn cost(&self, from: Date, to: Date) -> Bounds {
        let mut days: Vec<Date> =
            self.0.iter().flat_map(|h| h.cost_days()).filter(|d| *d > from && *d < to).collect();
        days.push(from);
        days.sort_unstable();
        days.dedup();
        let mut sums = [0_i128; 3];
        for (i, start) in days.iter().enumerate() {
            let end = days.get(i + 1).copied().unwrap_or(to);
            let length = i128::from(days_between(*start, end).max(0));
            let week = self.per_week(*start);
            for (sum, bound) in sums.iter_mut().zip([week.low, week.likely, week.high]) {
                *sum += i128::from(bound) * length;
            }
        }
        let [low, likely, high] = sums.map(|sum| to_i64(half_up(sum, 7)));
        Bounds { low, likely, high }
    }

    /// The same from its first day, or from a later one.
    #[must_use]
    pub fn so_far(&self, from: Option<Date>, to: Date) -> Bounds {
        let first = self.0.iter().map(|h| h.gap.opened_on).min().unwrap_or(to);
        self.cost(from.map_or(first, |f| f.max(first)), to)
    }

    /// First day on which a priced member leaks.
    fn first_cost_day(&self, before: Date) -> Option<Date> {
        self.0
            .iter()
            .flat_map(|h| h.cost_days().filter(|d| h.is_leaking(*d) && h.bounds_at(*d).likely > 0))
            .filter(|d| *d < before)
            .min()
    }

    /// What the standing closures protect: a week, and to date (cases P1 to P3, O3).
    fn protected(&self, on: Date, constants: &Constants) -> Vec<Protection> {
        let mut closed: Vec<(Date, &History<'a>)> =
            self.0.iter().filter_map(|h| h.closed_on(on).map(|day| (day, *h))).collect();
        closed.sort_by_key(|(day, h)| (*day, h.gap.external_id.clone()));
        let mut out = Vec::new();
        for (i, (day, history)) in closed.iter().enumerate() {
            let figure = history.bounds_at(*day).likely;
            // Members closing later the same day still leak when this one closes.
            let others = self.0.iter().filter(|h| !std::ptr::eq(**h, *history)).filter(|h| {
                h.is_leaking(*day)
                    || closed[i + 1..].iter().any(|(d, c)| d == day && std::ptr::eq(*c, **h))
            });
            let rest = others.map(|h| h.bounds_at(*day).likely).max().unwrap_or(0);
            let fall = (figure - rest).max(0);
            let days = days_between(*day, on).max(0);
            let claimed = days.min(constants.protected_days);
            out.push(Protection {
                external_id: history.gap.external_id.clone(),
                fall,
                per_week: if days < constants.protected_days { fall } else { 0 },
                to_date: to_i64(half_up(i128::from(fall) * i128::from(claimed), 7)),
            });
        }
        out
    }
}

/// What one closure protects, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The closed gap.
    pub external_id: String,
    /// What fell away with the closing, a week.
    pub fall: i64,
    /// A week; zero once the claim has run out.
    pub per_week: i64,
    /// From the closing to the day asked about.
    pub to_date: i64,
}

/// What a set of pools costs a week on a day.
#[must_use]
pub fn per_week(pools: &[Pool<'_, '_>], on: Date) -> Bounds {
    pools.iter().map(|p| p.per_week(on)).fold(Bounds::default(), add)
}

/// The likely total by what it does to profit (case X1).
#[must_use]
pub fn by_effect(pools: &[Pool<'_, '_>], on: Date) -> ByEffect {
    let mut sums = ByEffect::default();
    for pool in pools {
        if let Some(effect) = pool.effect(on) {
            let sum = sums.at(effect);
            *sum = sum.saturating_add(pool.per_week(on).likely);
        }
    }
    sums
}

/// The likely total by where money leaks, in the order of the model; zones that lose nothing are left
/// out.
#[must_use]
pub fn by_zone(pools: &[Pool<'_, '_>], on: Date) -> Vec<(LeakZone, i64)> {
    let mut sums: BTreeMap<LeakZone, i64> = BTreeMap::new();
    for pool in pools {
        if let Some(leading) = pool.leading(on) {
            let sum = sums.entry(leading.gap.leak_zone).or_default();
            *sum = sum.saturating_add(pool.per_week(on).likely);
        }
    }
    sums.into_iter().filter(|(_, minor)| *minor > 0).collect()
}

/// What a set of pools has cost over the days in `[from, to)`; `from` none is the first day.
#[must_use]
pub fn so_far(pools: &[Pool<'_, '_>], from: Option<Date>, to: Date) -> Bounds {
    pools.iter().map(|pool| pool.so_far(from, to)).fold(Bounds::default(), add)
}

/// What going live late costs: the weeks late times what the platform brings in a week (case O2).
/// Shown alone, never added to what gaps cost.
#[must_use]
pub fn of_delay(weeks_late: i64, benefit_per_week: i64) -> i64 {
    weeks_late.saturating_mul(benefit_per_week)
}

/// First day of any cost.
#[must_use]
pub fn since(pools: &[Pool<'_, '_>], before: Date) -> Option<Date> {
    pools.iter().filter_map(|p| p.first_cost_day(before)).min()
}

/// Every standing closure's protection.
#[must_use]
pub fn protections(pools: &[Pool<'_, '_>], on: Date, constants: &Constants) -> Vec<Protection> {
    pools.iter().flat_map(|p| p.protected(on, constants)).collect()
}
