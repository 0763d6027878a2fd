//! An organization at one of its cut-offs, and what is to happen there (DESIGN 2.1, 2.3, 2.4).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Slot, date_of, iso_week};
use crate::engine::{Engine, EngineError};
use crate::store::due::DueOrganization;
use crate::store::editions::Decision;

/// One organization at one cut-off.
#[derive(Debug)]
pub(in crate::engine) struct Cut {
    pub organization: DueOrganization,
    pub zone: TimeZone,
    pub at: Timestamp,
    pub as_of: Date,
    pub week: String,
    /// The cut-off after this one.
    pub next: Timestamp,
}

/// What happens at a cut-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Stage {
    /// Frozen and sent.
    Send,
    /// Made, and kept until somebody approves.
    Hold,
    /// Nothing is sent, by decision.
    Skip,
    /// The cut-off was missed by more than the grace.
    TooLate,
    /// The organization is paused.
    Paused,
}

impl Engine {
    /// The latest cut-off of an organization at or before `now`.
    pub(in crate::engine) fn latest_cut(
        &self,
        organization: DueOrganization,
        now: Timestamp,
    ) -> Result<Cut, EngineError> {
        let (slot, zone) = self.slot_of(&organization)?;
        let (at, as_of) = slot.latest(now, &zone);
        Ok(Cut {
            organization,
            at,
            as_of,
            week: iso_week(as_of),
            next: slot.next_after(at, &zone),
            zone,
        })
    }

    /// An organization at a stated cut-off.
    pub(in crate::engine) fn cut_at(
        &self,
        organization: DueOrganization,
        at: i64,
    ) -> Result<Cut, EngineError> {
        let at = Timestamp::from_millisecond(at)
            .map_err(|_| EngineError::Refused("a cut-off is not an instant".to_owned()))?;
        let (slot, zone) = self.slot_of(&organization)?;
        let as_of = date_of(at, &zone);
        Ok(Cut {
            organization,
            at,
            as_of,
            week: iso_week(as_of),
            next: slot.next_after(at, &zone),
            zone,
        })
    }

    /// An organization's slot and zone.
    pub(in crate::engine) fn slot_of(
        &self,
        organization: &DueOrganization,
    ) -> Result<(Slot, TimeZone), EngineError> {
        let zone = self.zones.get(&organization.time_zone)?;
        let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour);
        let slot = slot.ok_or_else(|| {
            let problem = format!("organization {} has no valid cut-off", organization.slug);
            EngineError::Refused(problem)
        })?;
        Ok((slot, zone))
    }

    /// What is to happen at a cut-off (DESIGN 2.3, 2.4).
    pub(super) fn stage(cut: &Cut, decision: Option<&Decision>, is_missed: bool) -> Stage {
        let decided = decision.map(|d| d.decision.as_str());
        if cut.organization.status == "paused" {
            Stage::Paused
        } else if is_missed {
            Stage::TooLate
        } else if matches!(decided, Some("skip" | "cancel")) {
            Stage::Skip
        } else if cut.organization.review == "required" && decided != Some("approve") {
            Stage::Hold
        } else {
            Stage::Send
        }
    }
}

/// An organization exists from its earliest event (DESIGN 2.1).
pub(in crate::engine) fn exists(snapshot: &Snapshot) -> bool {
    !snapshot.looks.is_empty()
        || snapshot.gaps.iter().any(|g| !g.events.is_empty())
        || snapshot.implementations.iter().any(|i| !i.events.is_empty())
}
