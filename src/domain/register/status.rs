//! The order in which a gap's status moves by hand (MODEL 2).
//!
//! Forward one step at a time, back as far as needed. A gap may be accepted or withdrawn from anywhere,
//! and is reopened only to open.

use jiff::civil::Date;

use crate::domain::codes::{EventKind, GapStatus};
use crate::domain::constants::Constants;
use crate::domain::history::{GapState, add_days};

use GapStatus::{Accepted, Closed, InProgress, Open, Verifying, Withdrawn};

/// Whether a gap whose status was last set to `from` may become `to`. An acceptance past its end, which
/// reads as open, may become what an open gap may, and be opened for the record.
#[must_use]
pub const fn may_become(from: GapStatus, to: GapStatus) -> bool {
    match to {
        Open => !matches!(from, Open),
        InProgress => matches!(from, Open | Verifying | Accepted),
        Verifying => matches!(from, InProgress),
        Closed => matches!(from, Verifying),
        Accepted => true,
        Withdrawn => !matches!(from, Withdrawn),
    }
}

/// The statuses that may follow, in the order of the model.
#[must_use]
pub fn followers(state: &GapState) -> Vec<GapStatus> {
    GapStatus::ALL.iter().copied().filter(|to| may_become(state.status, *to)).collect()
}

/// Why a gap cannot become what it is asked to, and what comes first.
#[must_use]
pub fn problem(from: GapStatus, to: GapStatus) -> String {
    let first = match (from, to) {
        (Closed, _) => "reopen it first (open)",
        (Withdrawn, _) => "take the withdrawal back first (open)",
        (Open | Accepted, Verifying | Closed) => {
            "take it up first (in_progress), then have it tested (verifying)"
        }
        (InProgress, Closed) => "have it tested first (verifying)",
        _ => return format!("it is {from} already"),
    };
    format!("it is {from} and cannot become {to} at once; {first}")
}

/// The kind of the event that a move is.
#[must_use]
pub const fn event_kind(from: GapStatus, to: GapStatus) -> EventKind {
    match (from, to) {
        (Closed, Open) => EventKind::Reopened,
        _ => EventKind::Status,
    }
}

/// The last day of an acceptance: after today, and at most 180 days from the day it begins on.
///
/// # Errors
/// The day is missing, past, or too far away.
pub fn accepted_until(
    given: Option<Date>,
    on: Date,
    today: Date,
    constants: &Constants,
) -> Result<Date, String> {
    let latest = add_days(on, constants.accepted_days);
    match given {
        None => {
            Err(format!("is missing; say until when the risk is accepted, {latest} at the latest"))
        }
        Some(day) if day <= today => {
            Err(format!("{day} is not after today; give a day up to {latest}"))
        }
        Some(day) => within_limit(day, on, constants).map(|()| day),
    }
}

/// Whether an acceptance that begins on a day may last until another.
///
/// # Errors
/// It would last too long.
pub fn within_limit(until: Date, on: Date, constants: &Constants) -> Result<(), String> {
    let latest = add_days(on, constants.accepted_days);
    if until <= latest {
        return Ok(());
    }
    Err(format!(
        "{until} is more than {} days away; give a day up to {latest}",
        constants.accepted_days
    ))
}

/// How an acceptance is written in the history: who takes the risk, and why.
#[must_use]
pub fn acceptance_note(who: &str, why: Option<&str>) -> String {
    match why {
        Some(why) => format!("Accepted by {who}. {why}"),
        None => format!("Accepted by {who}."),
    }
}

/// A status as its event holds it: `open`, or `accepted:2027-01-31`.
#[must_use]
pub fn word(status: GapStatus, until: Option<Date>) -> String {
    match until.filter(|_| status == Accepted) {
        Some(until) => format!("{status}:{until}"),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_table_of_moves() {
        // Rows from, columns to, both in the order of the model: open, in_progress, verifying, closed,
        // accepted, withdrawn.
        let table = [
            ".x..xx", // open
            "x.x.xx", // in_progress
            "xx.xxx", // verifying
            "x...xx", // closed
            "xx..xx", // accepted
            "x...x.", // withdrawn
        ];
        for (from, row) in GapStatus::ALL.iter().zip(table) {
            for (to, mark) in GapStatus::ALL.iter().zip(row.chars()) {
                assert_eq!(may_become(*from, *to), mark == 'x', "{from} to {to}");
                let problem = problem(*from, *to);
                assert!(
                    mark == 'x' || problem.contains(from.as_str()),
                    "{from} to {to}: {problem}"
                );
            }
        }
    }

    #[test]
    fn a_refused_move_says_what_comes_first() {
        assert!(
            problem(Open, Closed)
                .ends_with("take it up first (in_progress), then have it tested (verifying)")
        );
        assert!(problem(InProgress, Closed).ends_with("have it tested first (verifying)"));
        assert!(problem(Closed, InProgress).ends_with("reopen it first (open)"));
        assert!(problem(Withdrawn, Verifying).contains("take the withdrawal back"));
        assert_eq!(event_kind(Closed, Open), EventKind::Reopened);
        assert_eq!(event_kind(Verifying, Open), EventKind::Status);
    }

    #[test]
    fn an_acceptance_ends() {
        let constants = Constants::default();
        let today = date(2026, 11, 23);
        let until = |day| accepted_until(day, today, today, &constants);
        assert_eq!(until(Some(date(2026, 11, 24))), Ok(date(2026, 11, 24)));
        assert_eq!(until(Some(date(2027, 5, 22))), Ok(date(2027, 5, 22)), "180 days");
        assert!(until(Some(date(2027, 5, 23))).unwrap_err().contains("up to 2027-05-22"));
        assert!(until(Some(today)).unwrap_err().contains("not after today"));
        assert!(until(None).unwrap_err().contains("is missing"));
        let back = accepted_until(Some(date(2027, 5, 22)), date(2026, 11, 1), today, &constants);
        assert!(back.unwrap_err().contains("2027-04-30"), "counted from the day it begins on");
    }
}
