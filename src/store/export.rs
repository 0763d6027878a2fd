//! Everything about one person or one organization, as rows of JSON (the right to a copy, GDPR 15).
//!
//! Columns are named as in the schema and come in its order. Left out is what cannot stand in JSON, the
//! mould of an edition, whose text and HTML are there, the bytes of a logo and of files that wait to be
//! imported, and the hashes of tokens and cookies.

use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{Db, StoreError, Tx, records};
use crate::in_tx;

/// A table with what of it was asked for.
pub type Table = (&'static str, Vec<Value>);

/// Columns that are not for a copy.
const LEFT_OUT: [&str; 7] =
    ["mould", "png", "bytes", "token_hash", "token_sha256", "cookie_sha256", "browser_sha256"];

/// What belongs to a person: table, and which of its rows by the person's id.
const OF_PERSON: &[(&str, &str)] = &[
    ("person", "id = $1"),
    ("subscription", "person_id = $1"),
    ("consultant_client", "person_id = $1"),
    ("consent_event", "person_id = $1"),
    ("confirmation", "subscription_id IN (SELECT id FROM subscription WHERE person_id = $1)"),
    ("suppression", "person_id = $1"),
    ("session", "consultant_person_id = $1"),
    ("promise", "session_id IN (SELECT id FROM session WHERE consultant_person_id = $1)"),
    ("nudge", "consultant_person_id = $1 OR recipient_person_id = $1"),
    ("gap_event", "person_id = $1 OR actor_id = $1"),
    ("answer", "person_id = $1"),
    ("sign_in", "person_id = $1"),
    ("web_session", "person_id = $1"),
    ("brand", "consultant_person_id = $1 OR reply_to_person_id = $1"),
    ("logo", "sha256 IN (SELECT logo_sha256 FROM brand WHERE consultant_person_id = $1)"),
    ("audit", "person_id = $1"),
    ("api_token", "created_by_person = $1"),
    ("upload", "person_id = $1"),
    ("upload_file", "upload_id IN (SELECT id FROM upload WHERE person_id = $1)"),
    ("import_upload", "person_id = $1"),
    ("import_map", "person_id = $1"),
    ("delivery", "subscription_id IN (SELECT id FROM subscription WHERE person_id = $1)"),
    (
        "delivery_attempt",
        "delivery_id IN (SELECT d.id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
         WHERE s.person_id = $1)",
    ),
    (
        "bounce",
        "delivery_id IN (SELECT d.id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
         WHERE s.person_id = $1)",
    ),
    (
        // What never left is nobody's mail.
        "edition",
        "id IN (SELECT d.edition_id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
         WHERE s.person_id = $1 AND d.state IN ('sent', 'uncertain'))",
    ),
];

/// What belongs to an organization: table, and which of its rows by the organization's id.
const OF_ORGANIZATION: &[(&str, &str)] = &[
    ("organization", "id = $1"),
    ("implementation", "organization_id = $1"),
    (
        "implementation_event",
        "implementation_id IN (SELECT id FROM implementation WHERE organization_id = $1)",
    ),
    (
        "implementation_area",
        "implementation_id IN (SELECT id FROM implementation WHERE organization_id = $1)",
    ),
    ("gap", "organization_id = $1"),
    ("gap_event", "gap_id IN (SELECT id FROM gap WHERE organization_id = $1)"),
    ("exposure", "gap_id IN (SELECT id FROM gap WHERE organization_id = $1)"),
    (
        "assessment",
        "implementation_id IN (SELECT id FROM implementation WHERE organization_id = $1)",
    ),
    (
        "assessment_answer",
        "assessment_id IN (SELECT a.id FROM assessment a JOIN implementation i ON i.id = a.implementation_id \
         WHERE i.organization_id = $1)",
    ),
    ("person", "id IN (SELECT person_id FROM subscription WHERE organization_id = $1)"),
    ("subscription", "organization_id = $1"),
    ("consultant_client", "organization_id = $1"),
    ("consent_event", "organization_id = $1"),
    ("confirmation", "subscription_id IN (SELECT id FROM subscription WHERE organization_id = $1)"),
    ("session", "organization_id = $1"),
    ("promise", "session_id IN (SELECT id FROM session WHERE organization_id = $1)"),
    ("nudge", "organization_id = $1"),
    ("answer", "gap_id IN (SELECT id FROM gap WHERE organization_id = $1)"),
    ("audit", "organization_id = $1"),
    ("api_token", "organization_id = $1"),
    ("edition", "scope_kind = 'organization' AND scope_id = $1"),
    ("edition_note", "scope_kind = 'organization' AND scope_id = $1"),
    ("review_decision", "scope_kind = 'organization' AND scope_id = $1"),
    ("delivery", "subscription_id IN (SELECT id FROM subscription WHERE organization_id = $1)"),
    (
        "delivery_attempt",
        "delivery_id IN (SELECT d.id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
         WHERE s.organization_id = $1)",
    ),
    (
        "bounce",
        "delivery_id IN (SELECT d.id FROM delivery d JOIN subscription s ON s.id = d.subscription_id \
         WHERE s.organization_id = $1)",
    ),
    (
        "weekly_point",
        "implementation_id IN (SELECT id FROM implementation WHERE organization_id = $1)",
    ),
];

/// Every row about a person, from one state of the database.
///
/// # Errors
/// As any read.
pub async fn person(db: &Db, id: &str) -> Result<Vec<Table>, StoreError> {
    tables(db, OF_PERSON, id).await
}

/// Every row about an organization, from one state of the database.
///
/// # Errors
/// As any read.
pub async fn organization(db: &Db, id: &str) -> Result<Vec<Table>, StoreError> {
    tables(db, OF_ORGANIZATION, id).await
}

async fn tables(
    db: &Db,
    wanted: &[(&'static str, &'static str)],
    id: &str,
) -> Result<Vec<Table>, StoreError> {
    let mut tx = db.begin_read().await?;
    let mut found = Vec::with_capacity(wanted.len());
    for (table, filter) in wanted {
        found.push((*table, rows(&mut tx, table, filter, id).await?));
    }
    tx.rollback().await?;
    Ok(found)
}

async fn rows(tx: &mut Tx, table: &str, filter: &str, id: &str) -> Result<Vec<Value>, StoreError> {
    let known = records::ALL.iter().find(|(name, _)| *name == table);
    let columns = known.map_or(&[][..], |(_, columns)| columns);
    let pairs: Vec<String> = columns
        .iter()
        .filter(|column| !LEFT_OUT.contains(column))
        .map(|column| format!("'{column}', {column}"))
        .collect();
    let object = if tx.is_postgres() { "json_build_object" } else { "json_object" };
    // Names of tables and columns are those of the records; only the id comes from outside, bound.
    let text = format!(
        "SELECT CAST({object}({}) AS TEXT) FROM {table} WHERE {filter} ORDER BY {}",
        pairs.join(", "),
        columns[..columns.len().min(3)].join(", "),
    );
    let rows: Vec<String> = in_tx!(tx, conn => {
        sqlx::query_scalar(AssertSqlSafe(text)).bind(id).fetch_all(conn).await
    })?;
    let parsed: Result<Vec<Value>, _> = rows.iter().map(|row| serde_json::from_str(row)).collect();
    parsed.map_err(|error| StoreError::Setup(format!("a row of {table} is no JSON ({error})")))
}
