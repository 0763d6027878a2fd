//! The public edition: one authored issue a week, for everybody who asked for it (MODEL 6.7).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::new_id;
use crate::domain::codes::Role;
use crate::domain::issue::{self, PublicIssue};
use crate::domain::time::{Slot, date_of, iso_week, weeks_between};
use crate::engine::compose::LOCALE;
use crate::engine::{Engine, EngineError};
use crate::store::Tx;
use crate::store::editions::{Body, NewEdition};

use super::slots::{skip_reason, window};
use super::{Fate, PlanReport, Planned, Rows};

/// Subscribers written in one round: bounds memory whatever their number.
const BATCH: i64 = 5_000;

impl Engine {
    /// The operator's zone and the slot of the public edition.
    fn public_slot(&self) -> Result<(Slot, TimeZone), EngineError> {
        let schedule = &self.settings.schedule;
        Ok((schedule.public.slot, self.zones.get(&schedule.zone)?))
    }

    /// The latest public cut-off at or before `now`, with its ISO week.
    pub(in crate::engine) fn public_cut(
        &self,
        now: Timestamp,
    ) -> Result<(Timestamp, String), EngineError> {
        let (slot, zone) = self.public_slot()?;
        let (cut_off, as_of) = slot.latest(now, &zone);
        Ok((cut_off, iso_week(as_of)))
    }

    /// The latest public cut-off at or before `now`, its date and the issue it sends.
    ///
    /// # Errors
    /// As any read.
    pub async fn public_issue(
        &self,
        now: Timestamp,
    ) -> Result<Option<(Timestamp, Date, &PublicIssue)>, EngineError> {
        let (slot, zone) = self.public_slot()?;
        let (cut_off, _) = slot.latest(now, &zone);
        let as_of = date_of(cut_off, &zone);
        let week = iso_week(as_of);
        let mut sent: BTreeMap<String, u32> = BTreeMap::new();
        for (id, in_week) in self.db.issues_sent(&week).await? {
            let age = weeks_between(&in_week, &week).and_then(|w| u32::try_from(w).ok());
            sent.insert(id, age.unwrap_or(0));
        }
        Ok(issue::next(&self.content.issues, &sent).map(|issue| (cut_off, as_of, issue)))
    }

    /// Plans the public edition, unless this week's stands already or nobody asked for it.
    pub(super) async fn plan_public(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let Some((cut_off, as_of, issue)) = self.public_issue(now).await? else {
            return Ok(());
        };
        let week = iso_week(as_of);
        let at = cut_off.as_millisecond();
        if self.db.public_is_planned(&week).await?
            || self.db.count_apart(Role::Public.as_str(), at).await? == 0
        {
            return Ok(());
        }
        let late = match self.is_missed(cut_off, None, now).await {
            // What cannot be told now is planned once it can be; nobody else waits for it.
            Err(error @ EngineError::Journal(_)) => {
                report.fail("public edition", &week, &error);
                return Ok(());
            }
            other => other?,
        };
        let body = if late {
            None
        } else {
            let facts = public_facts(issue, cut_off, as_of);
            Some(self.compose_public(issue, &facts, as_of, cut_off)?)
        };
        let edition = edition(&week, cut_off, as_of, body, now);
        let mut tx = self.db.begin().await?;
        let mut rows = Rows::default();
        tx.write_edition_rows(std::slice::from_ref(&edition), &mut rows).await?;
        if rows.of(&edition.id).is_none() {
            // Another planner was here first.
            tx.rollback().await?;
            return Ok(());
        }
        tx.open_run(&week, now.as_millisecond()).await?;
        report.deliveries += self.place_public(&mut tx, &edition, cut_off, now, &mut rows).await?;
        tx.commit().await?;
        report.frozen += usize::from(!late);
        report.expired += usize::from(late);
        report.weeks.insert(week);
        Ok(())
    }

    /// Writes one delivery for every subscription, page by page.
    async fn place_public(
        &self,
        tx: &mut Tx,
        edition: &NewEdition,
        cut_off: Timestamp,
        now: Timestamp,
        rows: &mut Rows,
    ) -> Result<u64, EngineError> {
        let (slot, zone) = self.public_slot()?;
        let (role, at) = (Role::Public.as_str(), cut_off.as_millisecond());
        let mut after = String::new();
        let mut written = 0;
        loop {
            let some = tx.subscribers_apart(role, at, &after, BATCH).await?;
            let Some(last) = some.last() else {
                return Ok(written);
            };
            after.clone_from(&last.id);
            let mut planned = Planned::default();
            for subscriber in &some {
                let own = self.zone_of(subscriber, &zone);
                let window = window(subscriber, cut_off, &own, Some(slot));
                let fate = match skip_reason(subscriber, window, &own, false) {
                    Some(reason) => Fate::Skipped(reason),
                    None if edition.state == "expired" => Fate::Expired,
                    None => Fate::Queued(edition.id.clone()),
                };
                let week = &edition.iso_week;
                let delivery = self.delivery(subscriber, week, window, fate, now)?;
                planned.deliveries.push(delivery);
            }
            written += tx.write_plan(planned, rows).await?;
        }
    }
}

/// The row of a public edition; without a body it was missed.
fn edition(
    week: &str,
    cut_off: Timestamp,
    as_of: Date,
    body: Option<Body>,
    now: Timestamp,
) -> NewEdition {
    let missed = body.is_none();
    NewEdition {
        id: new_id(),
        scope_kind: "public",
        scope_id: "public".to_owned(),
        iso_week: week.to_owned(),
        kind: "public",
        variant: format!("full-{LOCALE}"),
        state: if missed { "expired" } else { "frozen" },
        cut_off_at: cut_off.as_millisecond(),
        as_of: as_of.to_string(),
        body,
        reason: missed.then(|| "the cut-off was missed".to_owned()),
        at: now.as_millisecond(),
        corrects: None,
        approved: None,
    }
}

/// The facts of a public edition: which issue, as of when.
#[must_use]
pub fn public_facts(issue: &PublicIssue, cut_off: Timestamp, as_of: Date) -> serde_json::Value {
    serde_json::json!({
        "edition": {
            "kind": "public",
            "variant": format!("full-{LOCALE}"),
            "iso_week": iso_week(as_of),
            "cut_off": cut_off,
            "as_of": as_of,
        },
        "issue": {
            "id": issue.id,
            "order": issue.order,
            "question": issue.question,
            "source": issue.source.to_string(),
            "url": issue.source.url,
            "review_by": issue.review_by,
        },
    })
}
