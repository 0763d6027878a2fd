//! Which later imports rest on the rows of one import.

use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// Rows of `child` from another import whose parent in `parent` came with the import `$1`.
macro_rules! children {
    ($child:literal, $key:literal, $parent:literal) => {
        concat!(
            "SELECT c.batch_id FROM ",
            $child,
            " c JOIN ",
            $parent,
            " p ON p.id = c.",
            $key,
            " WHERE p.batch_id = $1 AND c.batch_id <> $1"
        )
    };
}

/// Later rows of `history` about something that the import `$1` also wrote about.
macro_rules! later {
    ($history:literal, $key:literal) => {
        concat!(
            "SELECT l.batch_id FROM ", $history, " l JOIN ", $history, " e ON e.", $key, " = l.", $key,
            " JOIN import_batch mine ON mine.id = $1 JOIN import_batch theirs ON theirs.id = l.batch_id \
             WHERE e.batch_id = $1 AND l.batch_id <> $1 AND theirs.started_at >= mine.started_at \
             AND theirs.id > mine.id"
        )
    };
}

/// Changes in place, by another import, of rows of `table` that came with the import `$1`.
macro_rules! revised {
    ($table:literal) => {
        concat!(
            "SELECT r.batch_id FROM import_revision r JOIN ",
            $table,
            " p ON p.id = r.row_id \
             WHERE r.table_name = '",
            $table,
            "' AND p.batch_id = $1 AND r.batch_id <> $1"
        )
    };
}

/// How many rows of `child` that came with no import have their parent in `parent` from the import `$1`.
macro_rules! by_hand {
    ($child:literal, $key:literal, $parent:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM ",
            $child,
            " c JOIN ",
            $parent,
            " p ON p.id = c.",
            $key,
            " WHERE p.batch_id = $1 AND c.batch_id IS NULL)"
        )
    };
}

statements! {
    BUILT_ON = concat!(
    "SELECT DISTINCT b.id, b.kind, b.started_at FROM import_batch b WHERE b.voided_at IS NULL AND b.id IN (",
    children!("implementation", "organization_id", "organization"),
    " UNION ",
    children!("gap", "organization_id", "organization"),
    " UNION ",
    children!("subscription", "organization_id", "organization"),
    " UNION ",
    children!("consultant_client", "organization_id", "organization"),
    " UNION ",
    children!("session", "organization_id", "organization"),
    " UNION ",
    children!("gap", "implementation_id", "implementation"),
    " UNION ",
    children!("implementation_area", "implementation_id", "implementation"),
    " UNION ",
    children!(
        "implementation_event",
        "implementation_id",
        "implementation"
    ),
    " UNION ",
    children!("assessment", "implementation_id", "implementation"),
    " UNION ",
    children!("gap_event", "gap_id", "gap"),
    " UNION ",
    children!("exposure", "gap_id", "gap"),
    " UNION ",
    "SELECT s.batch_id FROM assessment_answer c JOIN assessment s ON s.id = c.assessment_id \
     JOIN gap p ON p.id = c.gap_id WHERE p.batch_id = $1 AND s.batch_id <> $1 UNION ",
    children!("promise", "session_id", "session"),
    " UNION ",
    later!("gap_event", "gap_id"),
    " UNION ",
    later!("implementation_event", "implementation_id"),
    " UNION ",
    revised!("organization"),
    " UNION ",
    revised!("implementation"),
    " UNION ",
    revised!("implementation_area"),
    " UNION ",
    revised!("gap"),
    " UNION ",
    revised!("subscription"),
    " UNION ",
    revised!("session"),
    " UNION ",
    revised!("promise"),
    " UNION ",
    // What a later import changed in a row that this one changed rests on what this one made of it.
    "SELECT l.batch_id FROM import_revision l \
     JOIN import_revision e ON e.table_name = l.table_name AND e.row_id = l.row_id \
     JOIN import_batch mine ON mine.id = $1 JOIN import_batch theirs ON theirs.id = l.batch_id \
     WHERE e.batch_id = $1 AND l.batch_id <> $1 AND theirs.started_at >= mine.started_at AND theirs.id > mine.id",
    ") ORDER BY b.started_at DESC, b.id DESC"
);
    /// Rows made at the desk or through the API under rows of the import `$1`. They go out of sight with
    /// their parents.
    BY_HAND = concat!(
    "SELECT CAST(",
    by_hand!("gap", "organization_id", "organization"),
    " + ",
    by_hand!("subscription", "organization_id", "organization"),
    " + ",
    by_hand!("session", "organization_id", "organization"),
    " + ",
    by_hand!("gap", "implementation_id", "implementation"),
    " + ",
    by_hand!("implementation_area", "implementation_id", "implementation"),
    " + ",
    by_hand!("implementation_event", "implementation_id", "implementation"),
    " + ",
    by_hand!("assessment", "implementation_id", "implementation"),
    " + ",
    by_hand!("gap_event", "gap_id", "gap"),
    " + ",
    by_hand!("exposure", "gap_id", "gap"),
    " + ",
    by_hand!("promise", "session_id", "session"),
    " AS BIGINT)"
);
}

/// Imports that rest on this one, newest first, each as "ID (kind)". Their files are not named: whoever
/// takes back an import of one client need not know what else the operator imports.
pub(super) async fn built_on(tx: &mut Tx, batch: &str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String, String, i64)> =
        in_tx!(tx, conn => sqlx::query_as(BUILT_ON.sqlite).bind(batch).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(id, kind, _)| format!("{id} ({kind})")).collect())
}

/// How many rows made by hand go out of sight with this import.
pub(super) async fn by_hand(tx: &mut Tx, batch: &str) -> Result<u64, StoreError> {
    let count: i64 =
        in_tx!(tx, conn => sqlx::query_scalar(BY_HAND.sqlite).bind(batch).fetch_one(conn).await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
