//! Drafts: what would be said if nothing more were recorded, made some hours before the cut-off.

use jiff::Timestamp;

use crate::domain::snapshot::Snapshot;
use crate::engine::plan::cut::exists;
use crate::engine::plan::rows::edition;
use crate::engine::plan::{PlanReport, Planned, Rows};
use crate::engine::{Engine, EngineError};
use crate::store::due::DueOrganization;
use crate::store::editions::NewEdition;
use crate::store::snapshot::load_snapshots;

/// Drafts made in one transaction.
const BATCH: i64 = 64;

impl Engine {
    /// Makes the drafts that are due before their cut-offs.
    pub(in crate::engine) async fn make_drafts(
        &self,
        now: Timestamp,
        report: &mut PlanReport,
    ) -> Result<(), EngineError> {
        let mut after = String::new();
        loop {
            let due = self.db.drafts_due(now.as_millisecond(), &after, BATCH).await?;
            let Some(last) = due.last() else {
                return Ok(());
            };
            after.clone_from(&last.id);
            let ids: Vec<&str> = due.iter().map(|o| o.id.as_str()).collect();
            let snapshots = load_snapshots(&self.db, &ids, now).await?;
            let mut planned = Planned::default();
            for organization in &due {
                let own = |s: &&Snapshot| s.organization.id == organization.id;
                let Some(snapshot) = snapshots.iter().find(own).filter(|s| exists(s)) else {
                    continue;
                };
                match self.draft(organization, snapshot, now) {
                    Ok(draft) => planned.editions.extend(draft),
                    Err(error) => report.fail("draft", &organization.slug, &error),
                }
            }
            report.drafts += planned.editions.len();
            let mut tx = self.db.begin().await?;
            tx.write_plan(planned, &mut Rows::default()).await?;
            tx.commit().await?;
        }
    }

    fn draft(
        &self,
        organization: &DueOrganization,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Option<NewEdition>, EngineError> {
        let Some(next) = organization.next_due_at else {
            return Ok(None);
        };
        let cut = self.cut_at(organization.clone(), next)?;
        let facts = self.facts_of(snapshot, &cut.zone, now, cut.as_of);
        let composed = self.compose_leader(facts, snapshot.consultant.as_ref())?;
        Ok(Some(edition(&cut, "leader", &composed, "draft", None, now)))
    }
}
