//! The course of an organization: computed when something changed, kept until something does.
//!
//! **Invariants:** what is answered is what the database says now: before anything kept is answered, its
//! [stamp](crate::store::trend::Stamp) is compared with the database's, and what is computed is
//! computed from the state that its own stamp was read from. Memory is bounded by the number of gaps
//! kept, whatever the number of organizations. However many ask at once, one computes.

mod kept;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::codes::EditionKind;
use crate::domain::compose::{self, CourseRequest, Request};
use crate::domain::course::paper::Papers;
use crate::domain::course::{Told, WEEKS};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::{Slot, date_of};
use crate::store::snapshot::load_within;
use crate::store::trend::{Stamp, load_papers};

use super::compose::LOCALE;
use super::{Engine, EngineError};

pub(in crate::engine) use kept::Kept;

/// What a kept course is known by: as long as it is the same, so is the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Key {
    stamp: Stamp,
    today: Date,
    last_cut_off: Timestamp,
}

/// When it is, where the organization is.
struct When {
    now: Timestamp,
    zone: TimeZone,
    slot: Slot,
}

impl Engine {
    /// The course of the organization with this row id, as of `now`; none where there is no such
    /// organization any more.
    ///
    /// To be run in a task of its own where a caller may go away: it may begin a transaction.
    ///
    /// # Errors
    /// As any read, and for a zone or a slot that is none.
    pub async fn course(
        &self,
        organization_id: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Told>>, EngineError> {
        let Some(stamp) = self.db.trend_stamp(organization_id, now).await? else {
            return Ok(None);
        };
        let key = self.key(stamp, now)?;
        let place = self.courses.place(organization_id);
        let mut held = place.held().await;
        if let Some(told) = held.get(&key) {
            return Ok(Some(told));
        }
        let Some((key, told)) = self.compute(organization_id, now).await? else { return Ok(None) };
        let gaps = key.stamp.gaps();
        held.put(key, Arc::clone(&told));
        drop(held);
        self.courses.weigh(organization_id, gaps);
        Ok(Some(told))
    }

    fn key(&self, stamp: Stamp, now: Timestamp) -> Result<Key, EngineError> {
        let when = self.when(&stamp, now)?;
        let (last_cut_off, _) = when.slot.latest(now, &when.zone);
        Ok(Key { today: date_of(now, &when.zone), last_cut_off, stamp })
    }

    fn when(&self, stamp: &Stamp, now: Timestamp) -> Result<When, EngineError> {
        let zone = self.zones.get(&stamp.time_zone)?;
        let slot = Slot::new(stamp.cut_off_weekday, stamp.cut_off_hour);
        let problem = || EngineError::Refused("an organization has no valid cut-off".to_owned());
        Ok(When { now, zone, slot: slot.ok_or_else(problem)? })
    }

    /// Everything from one state of the database, and the course of it.
    async fn compute(
        &self,
        organization_id: &str,
        now: Timestamp,
    ) -> Result<Option<(Key, Arc<Told>)>, EngineError> {
        let mut tx = self.db.begin_read().await?;
        let stamp = tx.trend_stamp(organization_id, now).await?;
        let mut loaded = load_within(&mut tx, &[organization_id], now).await?;
        let papers = load_papers(&mut tx, organization_id, now).await?;
        tx.rollback().await?;
        let (Some(stamp), Some(snapshot)) = (stamp, loaded.pop()) else { return Ok(None) };
        let when = self.when(&stamp, now)?;
        let key = self.key(stamp, now)?;
        let settings = Arc::clone(&self.settings);
        // It may take a while; whoever waits for something else is not to wait for it.
        let work = move || told(&snapshot, &papers, &when, &settings.model);
        let told = tokio::task::spawn_blocking(work).await;
        let ended = |e| EngineError::Refused(format!("a course was not computed to its end: {e}"));
        Ok(Some((key, Arc::new(told.map_err(ended)?))))
    }
}

fn told(
    snapshot: &Snapshot,
    papers: &Papers,
    when: &When,
    constants: &crate::domain::constants::Constants,
) -> Told {
    let cut_offs = cut_offs(when);
    let variant = format!("full-{LOCALE}");
    compose::course(&CourseRequest {
        request: Request {
            snapshot,
            zone: &when.zone,
            cut_off: when.now,
            as_of: date_of(when.now, &when.zone),
            kind: EditionKind::Leader,
            variant: &variant,
            constants,
            insights: &[],
        },
        cut_offs: &cut_offs,
        papers,
    })
}

/// The cut-offs at or before now with their civil dates, the newest first.
fn cut_offs(when: &When) -> Vec<(Timestamp, Date)> {
    let mut found = Vec::with_capacity(WEEKS);
    let mut at = when.now;
    while found.len() < WEEKS {
        let latest = when.slot.latest(at, &when.zone);
        found.push(latest);
        match Timestamp::from_millisecond(latest.0.as_millisecond() - 1) {
            Ok(before) => at = before,
            Err(_) => break,
        }
    }
    found
}
