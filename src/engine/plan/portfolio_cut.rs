//! When a portfolio is due: the consultant's own slot, or a lead before the first client's (DESIGN 1).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::time::{Slot, date_of};
use crate::engine::{Engine, EngineError};
use crate::store::due::DueOrganization;

/// A consultant's latest cut-off.
#[derive(Debug, Clone)]
pub(in crate::engine) struct PortfolioCut {
    pub at: Timestamp,
    pub slot: LedSlot,
    pub zone: TimeZone,
}

/// A slot, or the hours before somebody else's.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct LedSlot {
    slot: Slot,
    lead: SignedDuration,
}

impl LedSlot {
    fn latest(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        self.slot.latest(now + self.lead, zone).0 - self.lead
    }

    /// The occurrence after one.
    pub fn next_after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        self.slot.next_after(at + self.lead, zone) - self.lead
    }
}

impl Engine {
    /// How long before the clients' cut-offs a portfolio is made.
    pub(in crate::engine) fn portfolio_lead(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.settings.schedule.portfolio_lead_hours))
    }

    /// The latest cut-off at or before `now`: the consultant's own slot, else a fixed lead before the
    /// client whose cut-off comes first in the week. None without a client or a slot.
    pub(in crate::engine) fn portfolio_cut(
        &self,
        own: Option<(i64, i64)>,
        own_zone: Option<&str>,
        clients: &[(Slot, TimeZone)],
        now: Timestamp,
    ) -> Result<Option<PortfolioCut>, EngineError> {
        let first = clients.iter().min_by_key(|(slot, zone)| {
            // Any one week orders them; the latest cut-offs at one instant differ by their week.
            slot.minutes_into_week(zone, now)
        });
        let Some((client_slot, client_zone)) = first else {
            return Ok(None);
        };
        let zone = match own_zone {
            Some(name) => self.zones.get(name)?,
            None => client_zone.clone(),
        };
        if let Some(slot) = own.and_then(|(day, hour)| Slot::new(day, hour)) {
            let slot = LedSlot { slot, lead: SignedDuration::ZERO };
            return Ok(Some(PortfolioCut { at: slot.latest(now, &zone), slot, zone }));
        }
        let slot = LedSlot { slot: *client_slot, lead: self.portfolio_lead() };
        let at = slot.latest(now, client_zone);
        Ok(Some(PortfolioCut { at, slot, zone: client_zone.clone() }))
    }

    /// The day that a portfolio speaks of: that of the clients' own cut-offs.
    pub(in crate::engine) fn portfolio_day(&self, cut: &PortfolioCut) -> Date {
        date_of(cut.at + self.portfolio_lead(), &cut.zone)
    }

    pub(in crate::engine) fn slots_of(
        &self,
        organizations: &[DueOrganization],
    ) -> Result<Vec<(Slot, TimeZone)>, EngineError> {
        organizations.iter().map(|o| self.slot_of(o)).collect()
    }
}
