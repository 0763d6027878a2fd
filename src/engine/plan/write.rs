//! Writing what was planned, in one transaction (DESIGN 2.2).

use std::collections::HashMap;

use crate::store::deliveries::NewDelivery;
use crate::store::editions::NewEdition;
use crate::store::points::NewPoint;
use crate::store::{StoreError, Tx};

/// One scope's plan for one week.
#[derive(Debug, Default)]
pub struct Planned {
    /// Editions to freeze, hold, skip or record as expired.
    pub editions: Vec<NewEdition>,
    /// Deliveries; their `edition_id` is the id in [`Self::editions`] until it is known whether a
    /// draft's row took its place.
    pub deliveries: Vec<NewDelivery>,
    /// Weekly points; likewise.
    pub points: Vec<NewPoint>,
}

impl Planned {
    /// Takes another plan in.
    pub fn append(&mut self, mut other: Self) {
        self.editions.append(&mut other.editions);
        self.deliveries.append(&mut other.deliveries);
        self.points.append(&mut other.points);
    }
}

impl Tx {
    /// Writes a plan: editions first, then what refers to them by the row they really got.
    ///
    /// An edition that is frozen already is left as it is, and so are deliveries that exist.
    ///
    /// # Errors
    /// As any write; then nothing of the transaction may be kept.
    pub async fn write_plan(&mut self, planned: Planned) -> Result<u64, StoreError> {
        self.write_plan_rows(planned)
            .await
            .map(|(deliveries, _)| deliveries)
    }

    /// The same, with the row that each planned edition id really got.
    ///
    /// # Errors
    /// As [`write_plan`](Self::write_plan).
    pub async fn write_plan_rows(
        &mut self,
        mut planned: Planned,
    ) -> Result<(u64, HashMap<String, String>), StoreError> {
        let written = self.write_editions(&planned.editions).await?;
        let mut rows: HashMap<(&str, &str, &str), &str> = HashMap::with_capacity(written.len());
        for row in &written {
            rows.insert((&row.scope_id, &row.kind, &row.variant), &row.id);
        }
        let actual: HashMap<String, String> = planned
            .editions
            .iter()
            .filter_map(|e| {
                let key = (e.scope_id.as_str(), e.kind, e.variant.as_str());
                rows.get(&key).map(|row| (e.id.clone(), (*row).to_owned()))
            })
            .collect();
        let known = |id: &Option<String>| id.as_ref().is_none_or(|id| actual.contains_key(id));
        planned.deliveries.retain(|d| known(&d.edition_id));
        planned.points.retain(|p| known(&p.edition_id));
        for id in planned
            .deliveries
            .iter_mut()
            .map(|d| &mut d.edition_id)
            .chain(planned.points.iter_mut().map(|p| &mut p.edition_id))
        {
            if let Some(row) = id.as_ref().and_then(|id| actual.get(id)) {
                *id = Some(row.clone());
            }
        }
        self.write_points(&planned.points).await?;
        let deliveries = self.write_deliveries(&planned.deliveries).await?;
        Ok((deliveries, actual))
    }
}
