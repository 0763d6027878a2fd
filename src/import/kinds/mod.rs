//! One file for each kind of row: what its cells mean, what is known already, and what is written.

mod areas;
mod assessments;
mod changes;
mod consultants;
mod estimate;
mod gaps;
mod implementations;
mod organizations;
mod people;
mod promises;
mod sessions;
mod slug;
mod subscriptions;

pub(in crate::import) use changes::Words as ChangeWords;
pub use gaps::check as check_gaps;

use super::context::{Context, Outcome};
use super::error::ImportError;
use super::kind::FileKind;
use super::map::Row;
use crate::store::Tx;

/// Writes one chunk of rows of a kind.
///
/// # Errors
/// The database refused; rows that cannot be taken are in the outcome.
pub async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    kind: FileKind,
    rows: &[Row],
) -> Result<Outcome, ImportError> {
    let mut out = Outcome { tells: context.tells, ..Outcome::default() };
    match kind {
        FileKind::Organizations => organizations::write(context, tx, rows, &mut out).await,
        FileKind::People => people::write(context, tx, rows, &mut out).await,
        FileKind::Consultants => consultants::write(context, tx, rows, &mut out).await,
        FileKind::Implementations => implementations::write(context, tx, rows, &mut out).await,
        FileKind::Areas => areas::write(context, tx, rows, &mut out).await,
        FileKind::Gaps => gaps::write(context, tx, rows, &mut out).await,
        FileKind::Changes => changes::write(context, tx, rows, &mut out).await,
        FileKind::Assessments => assessments::write(context, tx, rows, &mut out).await,
        FileKind::Sessions => sessions::write(context, tx, rows, &mut out).await,
        FileKind::Promises => promises::write(context, tx, rows, &mut out).await,
        FileKind::Subscriptions => subscriptions::write(context, tx, rows, &mut out).await,
    }?;
    Ok(out)
}

/// What makes a row the same as another of its file: the columns of its key.
#[must_use]
pub const fn key(kind: FileKind) -> &'static [&'static str] {
    match kind {
        FileKind::Organizations
        | FileKind::Implementations
        | FileKind::Gaps
        | FileKind::Changes => &["external_id"],
        FileKind::People => &["email"],
        FileKind::Consultants => &["email", "organization"],
        FileKind::Areas => &["implementation", "area"],
        FileKind::Assessments => &["implementation", "held_on", "assessor", "area", "category"],
        FileKind::Sessions => &["organization", "consultant", "starts_at"],
        FileKind::Promises => &["session", "text"],
        FileKind::Subscriptions => &["email", "organization", "role"],
    }
}
