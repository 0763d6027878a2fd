//! Why a gap, or a whole implementation, is said to be stalled (MODEL 4.5).

use jiff::civil::Date;

use super::codes::GapStatus;
use super::constants::Constants;
use super::history::{GapState, History, days_between};

/// The reasons for which a gap is stalled, in a fixed order; empty where it is not (case K3).
///
/// `no_movement_3w` counts whole weeks, `overdue_14d` days. Accepted, closed and withdrawn gaps do
/// not stall. Nobody can name an owner for what nobody has recorded, so that clock starts then too;
/// it starts anew when an owner is lost.
#[must_use]
pub fn reasons(state: &GapState, on: Date, constants: &Constants) -> Vec<String> {
    let status = state.effective_status(on);
    if !matches!(status, GapStatus::Open | GapStatus::InProgress | GapStatus::Verifying) {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    let idle = days_between(state.last_movement, on);
    if idle >= constants.stall_days {
        reasons.push(format!("no_movement_{}w", idle / 7));
    }
    if state.owner.is_none() && days_between(state.unowned_since, on) >= constants.no_owner_days {
        reasons.push("no_owner".to_owned());
    }
    if let Some(due) = state.due_on {
        let over = days_between(due, on);
        if over >= constants.overdue_days {
            reasons.push(format!("overdue_{over}d"));
        }
    }
    if state.due_moves_later >= constants.due_moves {
        reasons.push("sliding".to_owned());
    }
    if status == GapStatus::Verifying
        && days_between(state.status_since, on) >= constants.unverified_days
    {
        reasons.push("unverified".to_owned());
    }
    reasons
}

/// Whether an implementation is stalled: the load has not fallen over the last 4 points, or no gap
/// moved forward for 21 days while some are open. A gap that nobody knew of 21 days ago had no time
/// to move, so a new list is not stalled.
#[must_use]
pub fn implementation_is_stalled(
    loads: &[i64],
    gaps: &[&History<'_>],
    on: Date,
    constants: &Constants,
) -> bool {
    let open = || gaps.iter().filter(|h| h.is_leaking(on));
    let Some(oldest) = open().map(|h| h.recorded_on).min() else {
        return false;
    };
    let last_four = &loads[loads.len().saturating_sub(4)..];
    let flat = last_four.len() == 4
        && super::forecast::pace_milli(last_four).is_some_and(|pace| pace <= 0);
    let known_long = days_between(oldest, on) >= constants.stall_days;
    let moved = |h: &&History<'_>| h.moved_forward_within(on, constants.stall_days);
    flat || (known_long && !gaps.iter().any(moved))
}
