//! Writing what was planned, in one transaction (DESIGN 2.2).

use std::collections::HashMap;

use crate::store::deliveries::NewDelivery;
use crate::store::editions::NewEdition;
use crate::store::points::NewPoint;
use crate::store::{StoreError, Tx};

/// What one transaction writes.
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

/// The row that each planned edition really got. Editions that stood already are not among them,
/// and nothing that refers to those is written.
#[derive(Debug, Default)]
pub struct Rows(HashMap<String, String>);

impl Rows {
    /// The row of a planned edition, if it was written.
    #[must_use]
    pub fn of(&self, planned: &str) -> Option<&str> {
        self.0.get(planned).map(String::as_str)
    }

    /// Puts the row in the place of the planned id; false when there is none.
    fn settle(&self, id: &mut Option<String>) -> bool {
        let Some(planned) = id else { return true };
        match self.0.get(planned) {
            Some(row) => {
                planned.clone_from(row);
                true
            }
            None => false,
        }
    }
}

impl Tx {
    /// Writes editions, then the points and deliveries that refer to them by the rows they really
    /// got; `rows` remembers those over several calls of one transaction. Returns how many
    /// deliveries were written.
    ///
    /// An edition that is frozen already is left as it is, and so are deliveries that exist.
    ///
    /// # Errors
    /// As any write; then nothing of the transaction may be kept.
    pub async fn write_plan(
        &mut self,
        mut planned: Planned,
        rows: &mut Rows,
    ) -> Result<u64, StoreError> {
        self.write_edition_rows(&planned.editions, rows).await?;
        planned.points.retain_mut(|p| rows.settle(&mut p.edition_id));
        planned.deliveries.retain_mut(|d| rows.settle(&mut d.edition_id));
        self.write_points(&planned.points).await?;
        self.write_deliveries(&planned.deliveries).await
    }

    /// The editions alone.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_edition_rows(
        &mut self,
        editions: &[NewEdition],
        rows: &mut Rows,
    ) -> Result<(), StoreError> {
        let written = self.write_editions(editions).await?;
        let mut by_key: HashMap<(&str, &str, &str), &str> = HashMap::with_capacity(written.len());
        for row in &written {
            by_key.insert((&row.scope_id, &row.kind, &row.variant), &row.id);
        }
        for edition in editions {
            let key = (edition.scope_id.as_str(), edition.kind, edition.variant.as_str());
            if let Some(row) = by_key.get(&key) {
                rows.0.insert(edition.id.clone(), (*row).to_owned());
            }
        }
        Ok(())
    }
}
