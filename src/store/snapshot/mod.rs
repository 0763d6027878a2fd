//! Loads what was known about organizations at a cut-off: the domain's only input.
//!
//! **Invariant:** set-based. The number of statements is the same for one organization and for a
//! thousand, for one gap and for a thousand; a test counts them. Nothing recorded after the cut-off
//! and nothing of a voided import is loaded.

mod base;
mod consultants;
mod feeds;
mod gaps;
mod implementations;
mod past;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::snapshot::Snapshot;

use super::row::{list, millis};
use super::{Db, Sql, StoreError, Tx};

pub use past::{insights_sent, note, notes_of};

/// Every statement of this room, by module.
pub(crate) const STATEMENTS: &[(&str, &[(&str, Sql)])] = &[
    ("snapshot/base", base::STATEMENTS),
    ("snapshot/consultants", consultants::STATEMENTS),
    ("snapshot/feeds", feeds::STATEMENTS),
    ("snapshot/gaps", gaps::STATEMENTS),
    ("snapshot/implementations", implementations::STATEMENTS),
    ("snapshot/past", past::STATEMENTS),
];

/// What every statement of a load is asked with.
struct Request {
    /// The organizations, as one JSON array.
    ids: String,
    /// The cut-off in milliseconds.
    cut_off: i64,
}

/// Snapshots of these organizations at one cut-off, in the order of the ids; unknown and voided
/// ones are left out. All statements see one state of the database.
///
/// # Errors
/// [`StoreError::Corrupt`] naming table, column and row when a stored value makes no sense; else
/// whatever the engine says.
pub async fn load_snapshots<T: AsRef<str> + Sync>(
    db: &Db,
    organization_ids: &[T],
    cut_off: Timestamp,
) -> Result<Vec<Snapshot>, StoreError> {
    let mut tx = db.begin_read().await?;
    let snapshots = load_within(&mut tx, organization_ids, cut_off).await?;
    tx.rollback().await?;
    Ok(snapshots)
}

/// The same inside a transaction, which sees its own writes.
///
/// # Errors
/// As [`load_snapshots`].
pub async fn load_within<T: AsRef<str> + Sync>(
    tx: &mut Tx,
    organization_ids: &[T],
    cut_off: Timestamp,
) -> Result<Vec<Snapshot>, StoreError> {
    let request = Request { ids: list(organization_ids), cut_off: millis(cut_off) };
    let mut found = Loaded::default();
    base::load(tx, &request, organization_ids, &mut found).await?;
    implementations::load(tx, &request, &mut found).await?;
    gaps::load(tx, &request, &mut found).await?;
    past::load(tx, &request, cut_off, &mut found).await?;
    consultants::load(tx, &request, cut_off, &mut found).await?;
    feeds::load(tx, &request, &mut found).await?;
    Ok(found.snapshots)
}

/// Snapshots in the making, and where to find each organization among them.
#[derive(Default)]
struct Loaded {
    snapshots: Vec<Snapshot>,
    by_id: HashMap<String, usize>,
}

impl Loaded {
    /// The snapshot of an organization, if it is among those asked for.
    fn of(&mut self, organization_id: &str) -> Option<&mut Snapshot> {
        let index = *self.by_id.get(organization_id)?;
        self.snapshots.get_mut(index)
    }
}
