//! What one implementation leans on: its areas, its looks and its gaps.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::domain::codes::{Area, ImplementationStatus, Severity};
use crate::domain::constants::Constants;
use crate::domain::history::History;
use crate::domain::readiness::{AreaPoint, cell, coverage_bp, points_milli};
use crate::domain::snapshot::{Implementation, Snapshot};

/// One implementation with what is in its scope.
pub struct Scope<'a> {
    /// None for the implicit one (DESIGN 3).
    pub implementation: Option<&'a Implementation>,
    /// Its go-live, if a date is set.
    pub go_live_on: Option<Date>,
    /// Heaviest first, then in the order of the model.
    pub areas: Vec<(Area, i64)>,
    /// For each area in the same order: all looks at each of the five cells, in order.
    looks: Vec<[Vec<Date>; 5]>,
    /// Indices into the histories.
    pub members: Vec<usize>,
}

/// A gap's part in the score on one day.
pub struct Part {
    /// Its milli-points.
    pub points_milli: i64,
    /// Severity 4 and not closed.
    pub caps: bool,
}

/// The scopes to tell, the one to be told in full first; never empty.
///
/// Order: nearest coming go-live, then without a date, then live ones, the latest first.
pub fn scopes<'a>(
    snapshot: &'a Snapshot,
    histories: &[History<'a>],
    as_of: Date,
) -> Vec<Scope<'a>> {
    let mut told: Vec<(usize, &Implementation)> = snapshot
        .implementations
        .iter()
        .enumerate()
        .filter(|(_, i)| i.status != ImplementationStatus::Cancelled)
        .collect();
    told.sort_by_key(|(_, i)| {
        let coming = i.go_live_on.filter(|day| *day > as_of);
        let class = if coming.is_some() { 0 } else { 1 + u8::from(i.go_live_on.is_some()) };
        (class, coming, Reverse(i.go_live_on), i.slug.as_str())
    });
    if told.is_empty() {
        return vec![Scope::implicit(histories)];
    }
    told.into_iter().map(|(index, i)| Scope::of(snapshot, index, i, histories)).collect()
}

impl<'a> Scope<'a> {
    fn of(
        snapshot: &'a Snapshot,
        index: usize,
        implementation: &'a Implementation,
        histories: &[History<'a>],
    ) -> Self {
        let own_looks = || snapshot.looks.iter().filter(|l| l.implementation == index);
        let mut areas = implementation.areas.clone();
        if areas.is_empty() {
            let own = |h: &&History<'_>| {
                let id = h.gap.implementation_id.as_deref();
                id.is_none_or(|id| id == implementation.id)
            };
            // What was looked at is in scope too: else a first gap there could raise the score.
            let looked_at = own_looks().map(|l| l.area);
            areas = at_weight_1(areas_of(histories.iter().filter(own)).chain(looked_at));
        }
        areas.sort_by_key(|(area, weight)| (*area, Reverse(*weight)));
        areas.dedup_by_key(|(area, _)| *area);
        areas.sort_by_key(|(area, weight)| (Reverse(*weight), *area));
        let mut looks: Vec<[Vec<Date>; 5]> = vec![Default::default(); areas.len()];
        for look in own_looks() {
            if let Some(row) = areas.iter().position(|(area, _)| *area == look.area) {
                looks[row][cell(look.category)].push(look.held_on);
            }
        }
        looks.iter_mut().flatten().for_each(|cell| cell.sort_unstable());
        let in_scope = |h: &History<'_>| {
            let own = h.gap.implementation_id.as_deref();
            own.is_none_or(|id| id == implementation.id)
                && areas.iter().any(|(area, _)| *area == h.gap.area)
        };
        let members = (0..histories.len()).filter(|i| in_scope(&histories[*i])).collect();
        Self {
            implementation: Some(implementation),
            go_live_on: implementation.go_live_on,
            areas,
            looks,
            members,
        }
    }

    /// No implementation: the areas of the gaps at weight 1, no go-live (DESIGN 3).
    fn implicit(histories: &[History<'a>]) -> Self {
        let areas = at_weight_1(areas_of(histories));
        let looks = vec![Default::default(); areas.len()];
        let members = (0..histories.len()).collect();
        Self { implementation: None, go_live_on: None, areas, looks, members }
    }

    /// The latest look at each cell of each area on or before a day.
    pub fn latest_looks(&self, on: Date) -> Vec<(Area, [Option<Date>; 5])> {
        let latest = |cell: &Vec<Date>| {
            let after = cell.partition_point(|day| *day <= on);
            after.checked_sub(1).and_then(|i| cell.get(i)).copied()
        };
        self.areas
            .iter()
            .zip(&self.looks)
            .map(|((area, _), cells)| (*area, std::array::from_fn(|i| latest(&cells[i]))))
            .collect()
    }

    /// First day on which anything in scope is known: a look, or a gap's first day.
    pub fn first_day(&self, histories: &[History<'_>]) -> Option<Date> {
        let looks = self.looks.iter().flatten().flatten().copied();
        let known = self.members.iter().map(|i| &histories[*i]);
        let opened = known.filter(|h| !h.is_void).map(|h| h.gap.opened_on);
        looks.chain(opened).min()
    }

    /// A member's part in the score on a day; none before it existed or when it is void.
    pub fn part(&self, history: &History<'_>, on: Date) -> Option<Part> {
        let state = history.at(on)?;
        let status = state.effective_status(on);
        let points = points_milli(state.severity, status, state.idle_weeks(on), state.reopenings);
        let closed = status == crate::domain::codes::GapStatus::Closed;
        Some(Part { points_milli: points, caps: state.severity == Severity::MATERIAL && !closed })
    }

    /// Coverage of every area on a day, without points.
    fn covered(&self, on: Date, constants: &Constants) -> Vec<AreaPoint> {
        let looks = self.latest_looks(on);
        self.areas
            .iter()
            .zip(looks)
            .map(|((area, weight), (_, cells))| AreaPoint {
                area: *area,
                weight: *weight,
                coverage_bp: coverage_bp(&cells, on, constants),
                points_milli: 0,
            })
            .collect()
    }

    /// Weighted coverage on a day.
    pub fn coverage_at(&self, on: Date, constants: &Constants) -> i64 {
        crate::domain::readiness::weighted_coverage_bp(&self.covered(on, constants))
    }

    /// Every area on a day, and whether a material gap caps the score.
    pub fn point_at(
        &self,
        histories: &[History<'_>],
        on: Date,
        constants: &Constants,
    ) -> (Vec<AreaPoint>, bool) {
        let mut areas = self.covered(on, constants);
        let mut capped = false;
        for index in &self.members {
            let history = &histories[*index];
            let Some(part) = self.part(history, on) else {
                continue;
            };
            capped |= part.caps;
            if let Some(area) = areas.iter_mut().find(|a| a.area == history.gap.area) {
                area.points_milli = area.points_milli.saturating_add(part.points_milli);
            }
        }
        (areas, capped)
    }
}

/// The areas of some gaps; a gap that was withdrawn and signed is as if it had never been.
fn areas_of<'h, 'a: 'h>(
    histories: impl IntoIterator<Item = &'h History<'a>>,
) -> impl Iterator<Item = Area> {
    let counted = histories.into_iter().filter(|h| !h.is_void);
    counted.map(|h| h.gap.area)
}

/// Each area once, at weight 1, in the order of the model.
fn at_weight_1(areas: impl Iterator<Item = Area>) -> Vec<(Area, i64)> {
    let areas: std::collections::BTreeSet<Area> = areas.collect();
    areas.into_iter().map(|area| (area, 1)).collect()
}
