//! Consultants and their clients. The portfolio subscription is apart ([`super::subscriptions`]).

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::{each_engine, in_tx, statements};

use super::row::millis;
use super::{Db, StoreError, bulk, organizations, people, records};

statements! {
    /// Live links, by consultant and client.
    LIST = "SELECT p.email, p.name, o.slug AS organization, c.since
        FROM consultant_client c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = c.organization_id
        WHERE c.until IS NULL AND c.voided_at IS NULL AND o.voided_at IS NULL
        ORDER BY p.email_canonical, o.slug";
    /// The organizations that were a consultant's clients at an instant, by slug.
    CLIENTS = "SELECT o.id
        FROM consultant_client c JOIN organization o ON o.id = c.organization_id
        WHERE c.person_id = $1 AND c.since <= $2 AND (c.until IS NULL OR c.until > $2)
          AND c.voided_at IS NULL AND o.voided_at IS NULL
        ORDER BY o.slug";
    /// Live links of one client, the oldest first.
    OF_CLIENT = "SELECT p.email, p.name, o.slug AS organization, c.since
        FROM consultant_client c JOIN person p ON p.id = c.person_id JOIN organization o ON o.id = c.organization_id
        WHERE c.organization_id = $1 AND c.since <= $2 AND (c.until IS NULL OR c.until > $2)
          AND c.voided_at IS NULL AND o.voided_at IS NULL AND p.email IS NOT NULL
        ORDER BY c.since, p.email_canonical";
    /// Ends a link.
    UNLINK = "UPDATE consultant_client SET until = CASE WHEN since > $3 THEN since ELSE $3 END
        WHERE person_id = $1 AND organization_id = $2 AND until IS NULL AND voided_at IS NULL";
}

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Link {
    /// The consultant's address.
    pub email: Option<String>,
    /// The consultant's name.
    pub name: String,
    /// The client's slug.
    pub organization: String,
    /// Milliseconds.
    pub since: i64,
}

/// Every live link.
///
/// # Errors
/// Whatever the engine says.
pub async fn list(db: &Db) -> Result<Vec<Link>, StoreError> {
    Ok(each_engine!(db, pool => sqlx::query_as(LIST.on(db)).fetch_all(pool).await?))
}

/// Ids of the organizations that were this person's clients at an instant, by slug.
///
/// # Errors
/// Whatever the engine says.
pub async fn clients_at(
    db: &Db,
    person_id: &str,
    at: Timestamp,
) -> Result<Vec<String>, StoreError> {
    Ok(each_engine!(db, pool => {
        sqlx::query_scalar(CLIENTS.on(db)).bind(person_id).bind(millis(at)).fetch_all(pool).await?
    }))
}

/// The consultants of an organization at an instant, the one linked first first.
///
/// # Errors
/// Whatever the engine says.
pub async fn of_client(
    db: &Db,
    organization_id: &str,
    at: Timestamp,
) -> Result<Vec<Link>, StoreError> {
    Ok(each_engine!(db, pool => {
        let sql = OF_CLIENT.on(db);
        sqlx::query_as(sql).bind(organization_id).bind(millis(at)).fetch_all(pool).await?
    }))
}

/// Makes an organization a consultant's client from now on.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Conflict`] when it is one already.
pub async fn link(
    db: &Db,
    email: &EmailAddress,
    organization: &str,
    now: Timestamp,
) -> Result<records::ConsultantClient, StoreError> {
    let mut tx = db.begin().await?;
    let row = records::ConsultantClient {
        id: crate::clock::new_id(),
        person_id: people::known(&mut tx, email).await?.id,
        organization_id: organizations::find_within(&mut tx, organization).await?.id,
        since: millis(now),
        ..Default::default()
    };
    let inserted = bulk::insert(&mut tx, std::slice::from_ref(&row)).await;
    inserted.map_err(|error| match error {
        StoreError::Conflict(_) => {
            StoreError::Conflict(format!("{organization} is a client of {email} already"))
        }
        other => other,
    })?;
    tx.commit().await?;
    Ok(row)
}

/// Ends that from now on. Returns whether there was a link.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn unlink(
    db: &Db,
    email: &EmailAddress,
    organization: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let person = people::known(&mut tx, email).await?;
    let organization = organizations::find_within(&mut tx, organization).await?;
    let sql = UNLINK.within(&tx);
    let changed = in_tx!(&mut tx, conn => {
        sqlx::query(sql)
            .bind(&person.id)
            .bind(&organization.id)
            .bind(millis(now))
            .execute(conn)
            .await?
            .rows_affected()
    });
    tx.commit().await?;
    Ok(changed > 0)
}
