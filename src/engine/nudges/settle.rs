//! What time does to nudges: drafts whose week is over, hand-overs whose sender is gone, and whether gaps
//! moved in the seven days after.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::nudge::limits::DAYS;
use crate::domain::nudge::measure;
use crate::domain::register::Known;
use crate::engine::{Engine, EngineError};

/// How long a hand-over may take: longer than every relay together is waited for.
const HANDING_OVER: SignedDuration = SignedDuration::from_mins(15);
/// Nudges looked at in one round.
const PAGE: i64 = 200;

impl Engine {
    /// Settles what time settles. What goes wrong is tried again at the next tick.
    pub(in crate::engine) async fn settle_nudges(&self, now: Timestamp) {
        if let Err(error) = self.settle(now).await {
            tracing::warn!(%error, "nudges are not settled; it is tried again later");
        }
    }

    async fn settle(&self, now: Timestamp) -> Result<(), EngineError> {
        self.db.end_nudges(now - HANDING_OVER, now).await?;
        let days = SignedDuration::from_hours(DAYS * 24);
        let mut after = String::new();
        loop {
            let rows = self.db.unsettled_nudges(now - days, &after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after.clone_from(&last.id);
            let asked = rows.iter().map(|row| (row.gap_id.as_str(), row.time_zone.as_str()));
            let known = self.gaps_nudged(asked).await?;
            for row in &rows {
                let Ok(since) = Timestamp::from_millisecond(row.since) else { continue };
                // A gap that is known no more did not move.
                let has_moved = known.get(&row.gap_id).is_some_and(|(gap, zone)| {
                    measure::moved(&gap.gap, (since, since + days), zone, &self.settings.model)
                });
                self.db.measure_nudge(&row.id, has_moved).await?;
            }
        }
    }

    /// Gaps by row id, each with its client's zone, in one read however many there are.
    pub(super) async fn gaps_nudged<'a>(
        &self,
        asked: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<HashMap<String, (Known, TimeZone)>, EngineError> {
        let mut zones = HashMap::new();
        for (gap, zone) in asked {
            zones.insert(gap.to_owned(), self.zones.get(zone)?);
        }
        let ids: Vec<String> = zones.keys().cloned().collect();
        let mut tx = self.db.begin_read().await?;
        // The days of a record depend on the zone; which gap moved does not.
        let zone_of = |_: &str| TimeZone::UTC;
        let known = tx.known_gaps_by_id(&ids, &zone_of, &self.settings.model).await?;
        tx.rollback().await?;
        Ok(known
            .into_iter()
            .filter_map(|gap| {
                let zone = zones.get(&gap.gap.id)?.clone();
                Some((gap.gap.id.clone(), (gap, zone)))
            })
            .collect())
    }

    /// The texts that are drafted no more, since gaps did not move for them.
    pub(in crate::engine) async fn stopped_texts(&self) -> Result<Vec<String>, EngineError> {
        let (tallies, held) = self.db.nudge_tallies().await?;
        Ok(measure::stopped(&tallies, &held))
    }
}
