//! The list of gaps that are not closed, by rank (MODEL 4.5).

use crate::domain::codes::{Basis, GapStatus};
use crate::domain::facts::GapFacts;
use crate::domain::history::{GapState, History, days_between};
use crate::domain::rank::{self, Key};
use crate::domain::readiness::AreaPoint;
use crate::domain::stall;

use super::Workings;
use super::implementation::worth_milli;
use super::scope::{Part, Scope};

/// Every gap that is neither closed nor void; unsigned withdrawals last and without a rank.
pub fn facts(workings: &Workings<'_>) -> Vec<GapFacts> {
    let as_of = workings.request.as_of;
    let boards: Vec<Board<'_>> =
        workings.scopes.iter().map(|scope| Board::of(workings, scope)).collect();
    let last_record = super::sources(&workings.request).last_updated_on;
    let mut board_of: Vec<Option<&Board<'_>>> = vec![None; workings.histories.len()];
    for board in boards.iter().rev() {
        for member in &board.scope.members {
            board_of[*member] = Some(board);
        }
    }
    let mut gaps: Vec<GapFacts> = Vec::new();
    for (index, history) in workings.histories.iter().enumerate() {
        let Some(state) = history.at(as_of) else {
            continue;
        };
        if state.status == GapStatus::Closed {
            continue;
        }
        gaps.push(gap(workings, history, state, board_of[index], last_record));
    }
    let near = rank::is_near(as_of, workings.scopes[0].go_live_on, workings.request.constants);
    gaps.sort_by(|a, b| {
        let last = |g: &GapFacts| g.status == GapStatus::Withdrawn;
        last(a).cmp(&last(b)).then_with(|| rank::compare(&key(a), &key(b), near))
    });
    for (place, gap) in (1..).zip(&mut gaps) {
        gap.rank = (gap.status != GapStatus::Withdrawn).then_some(place);
    }
    gaps
}

fn key(gap: &GapFacts) -> Key<'_> {
    Key {
        severity: gap.severity,
        likely_per_week: gap.likely_per_week.unwrap_or(0),
        worth_milli: gap.worth_milli,
        idle_weeks: gap.idle_weeks,
        opened_on: gap.opened_on,
        external_id: &gap.external_id,
    }
}

/// A scope's areas at the cut-off, and how many material gaps cap its score.
struct Board<'a> {
    scope: &'a Scope<'a>,
    areas: Vec<AreaPoint>,
    materials: usize,
}

impl<'a> Board<'a> {
    fn of(workings: &'a Workings<'_>, scope: &'a Scope<'_>) -> Self {
        let as_of = workings.request.as_of;
        let (areas, _) = scope.point_at(&workings.histories, as_of, workings.request.constants);
        let caps =
            |i: &&usize| scope.part(&workings.histories[**i], as_of).is_some_and(|part| part.caps);
        let materials = scope.members.iter().filter(caps).count();
        Self { scope, areas, materials }
    }
}

fn gap(
    workings: &Workings<'_>,
    history: &History<'_>,
    state: &GapState,
    board: Option<&Board<'_>>,
    last_record: Option<jiff::civil::Date>,
) -> GapFacts {
    let (as_of, constants) = (workings.request.as_of, workings.request.constants);
    let status = state.effective_status(as_of);
    let gap = history.gap;
    let part = workings.scopes[0].part(history, as_of);
    let worth = match (board, &part) {
        (Some(b), Some(part)) => worth_milli(&b.areas, b.materials, gap.area, part, constants),
        _ => 0,
    };
    let recent = |day| days_between(day, as_of) <= constants.known_idle_days;
    GapFacts {
        external_id: gap.external_id.clone(),
        title: gap.title.clone(),
        short_name: gap.called(),
        area: gap.area,
        category: gap.category,
        leak_zone: gap.leak_zone,
        severity: state.severity,
        status,
        owner: state.owner.clone(),
        opened_on: gap.opened_on,
        due_on: state.due_on,
        next_step: state.next_step.clone(),
        likely_per_week: history.exposure_at(as_of).map(|e| e.per_week.likely),
        exposure_group: gap.exposure_group.clone(),
        measured: history.exposure_at(as_of).is_some_and(|e| e.basis == Basis::Measured),
        points_milli: part.as_ref().map_or(0, |p: &Part| p.points_milli),
        worth_milli: worth,
        idle_weeks: state.idle_weeks(as_of),
        updated_on: history.updated_on,
        idle_is_known: last_record.is_some_and(recent),
        stall_reasons: stall::reasons(state, as_of, constants),
        rank: None,
    }
}
