//! Where a gap can go from where it stands, and what each of that needs (MODEL 1a, 2).

use crate::domain::codes::GapStatus;
use crate::domain::register::ask::{Evidence, GapChange};
use crate::engine::register::GapView;

use crate::web::desk::form::Form;

/// A move that needs nothing but the button.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) status: GapStatus,
    /// "Take it up".
    pub(super) label: &'static str,
}

/// Everything that may come next.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves {
    pub(super) steps: Vec<Step>,
    /// Whether it may be closed.
    pub(super) may_close: bool,
    /// Whether its risk may be accepted, or for longer.
    pub(super) may_accept: bool,
    /// Whether it may be withdrawn.
    pub(super) may_withdraw: bool,
    /// Whether a withdrawal waits for a second signature.
    pub(super) waits_for_signature: bool,
}

impl Moves {
    pub(super) fn of(gap: &GapView) -> Self {
        if gap.is_void {
            return Self::default();
        }
        let may = |status: GapStatus| gap.may_become.contains(&status);
        let step = |status: &GapStatus| {
            let label = match (gap.status, *status) {
                (GapStatus::Closed, GapStatus::Open) => "Reopen it",
                (GapStatus::Withdrawn, GapStatus::Open) => "Take the withdrawal back",
                (_, GapStatus::Open) => "Back to open",
                (GapStatus::Verifying, GapStatus::InProgress) => "Back to work",
                (_, GapStatus::InProgress) => "Take it up",
                (_, GapStatus::Verifying) => "Have it tested",
                _ => return None,
            };
            Some(Step { status: *status, label })
        };
        // The way forward comes first.
        let mut steps: Vec<Step> = gap.may_become.iter().filter_map(step).collect();
        steps.reverse();
        Self {
            steps,
            may_close: may(GapStatus::Closed),
            may_accept: may(GapStatus::Accepted),
            may_withdraw: may(GapStatus::Withdrawn),
            waits_for_signature: gap.status == GapStatus::Withdrawn,
        }
    }
}

/// Which of the forms a status belongs to.
pub(super) const fn form_of(status: GapStatus) -> &'static str {
    match status {
        GapStatus::Closed => "close",
        GapStatus::Accepted => "accept",
        GapStatus::Withdrawn => "withdraw",
        GapStatus::Open | GapStatus::InProgress | GapStatus::Verifying => "move",
    }
}

/// A move as a change.
pub(super) fn change(form: &mut Form, status: GapStatus) -> GapChange {
    let evidence = (form.text("evidence"), form.text("evidence_url"));
    GapChange {
        status: Some(status),
        accepted_by: form.text("accepted_by"),
        accepted_until: form.date("accepted_until"),
        reason: form.text("reason"),
        evidence: match evidence {
            (None, None) => None,
            (text, url) => Some(Evidence { text: text.unwrap_or_default(), url }),
        },
        note: form.text("note"),
        effective_on: form.date("effective_on"),
        ..GapChange::default()
    }
}
