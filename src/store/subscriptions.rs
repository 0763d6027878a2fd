//! Who gets what, and when.
//!
//! **Invariant:** nothing is sent before `confirmed_at`, after `unsubscribed_at` or `ended_at`, or
//! while a reason to suppress stands. A live row is unique for person, organization and role.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::address::EmailAddress;
use crate::domain::codes::{Channel, QuietChoice, Role};
use crate::domain::line::DisplayName;
use crate::domain::time::Slot;
use crate::{each_engine, in_tx, statements};

use super::consent::{Act, Kind};
use super::people::{self, NewPerson};
use super::row::millis;
use super::{Db, StoreError, Tx, bulk, organizations, records};

const HINT: &str = "`brief subscriptions list` shows them all";

statements! {
    /// All that are not voided, with whom and what they are about; $1 and $2 narrow it to an
    /// organization and to an address, NULL does not.
    LIST = "SELECT s.id, p.email, p.name, o.slug AS organization, s.role, s.weekday, s.hour, s.quiet, s.pause_from,
          s.pause_until, s.confirmed_at, s.unsubscribed_at, s.ended_at, s.suppressed_reason
        FROM subscription s JOIN person p ON p.id = s.person_id
          LEFT JOIN organization o ON o.id = s.organization_id
        WHERE s.voided_at IS NULL
          AND (CAST($1 AS TEXT) IS NULL OR s.organization_id = $1)
          AND (CAST($2 AS TEXT) IS NULL OR p.email_canonical = $2)
        ORDER BY o.slug, p.email_canonical, s.role, s.created_at, s.id";
    /// One row.
    BY_ID = "SELECT id, person_id, organization_id, role, weekday, hour, quiet, pause_from, pause_until, confirmed_at,
          unsubscribed_at, ended_at, suppressed_reason, next_due_at, created_at, batch_id, voided_at
        FROM subscription WHERE id = $1 AND voided_at IS NULL";
    /// Writes all that a change can touch.
    CHANGE = "UPDATE subscription SET weekday = $2, hour = $3, quiet = $4, pause_from = $5, pause_until = $6,
          next_due_at = $7
        WHERE id = $1 AND voided_at IS NULL";
    /// Sets the first confirmation.
    CONFIRM = "UPDATE subscription SET confirmed_at = $2
        WHERE id = $1 AND confirmed_at IS NULL AND ended_at IS NULL AND unsubscribed_at IS NULL AND voided_at IS NULL";
    /// Leaves; the first time counts.
    UNSUBSCRIBE = "UPDATE subscription SET unsubscribed_at = $2
        WHERE id = $1 AND unsubscribed_at IS NULL AND voided_at IS NULL";
    /// Ends; the first time counts.
    END = "UPDATE subscription SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND voided_at IS NULL";
}

/// A subscription as people list it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Listed {
    /// Row id.
    pub id: String,
    /// Address; none once forgotten.
    pub email: Option<String>,
    /// Name.
    pub name: String,
    /// Slug, for the roles that have an organization.
    pub organization: Option<String>,
    /// Role code.
    pub role: String,
    /// Monday is 1; none for a portfolio at its default.
    pub weekday: Option<i64>,
    /// 0 to 23.
    pub hour: Option<i64>,
    /// Quiet choice.
    pub quiet: String,
    /// First day without mail.
    pub pause_from: Option<String>,
    /// First day with mail again.
    pub pause_until: Option<String>,
    /// Milliseconds.
    pub confirmed_at: Option<i64>,
    /// Milliseconds.
    pub unsubscribed_at: Option<i64>,
    /// Milliseconds.
    pub ended_at: Option<i64>,
    /// Why the address gets nothing.
    pub suppressed_reason: Option<String>,
}

/// A subscription to be added.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Who; made a person if unknown.
    pub email: EmailAddress,
    /// Name for a person who is made.
    pub name: Option<DisplayName>,
    /// Slug, for leader, owner and reader.
    pub organization: Option<String>,
    /// What they are.
    pub role: Role,
    /// Weekday (Monday is 1) and hour; Monday 07:00 if none, or the portfolio's own default.
    pub slot: Option<(i64, i64)>,
    /// What they want in a quiet week.
    pub quiet: QuietChoice,
    /// When they agreed; none until they do.
    pub confirmed_at: Option<Timestamp>,
}

/// What to change; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionChange {
    /// Weekday and hour.
    pub slot: Option<(i64, i64)>,
    /// Quiet choice.
    pub quiet: Option<QuietChoice>,
    /// First day without mail and first day with mail again; an inner `None` ends the pause.
    pub pause: Option<Option<(Date, Date)>>,
}

/// Subscriptions that are not voided, ended ones included, of one organization or one address or all.
///
/// # Errors
/// [`StoreError::NotFound`] for an unknown organization.
pub async fn list(
    db: &Db,
    organization: Option<&str>,
    email: Option<&EmailAddress>,
) -> Result<Vec<Listed>, StoreError> {
    let organization = match organization {
        Some(name) => Some(organizations::find(db, name).await?.id),
        None => None,
    };
    let email = email.map(EmailAddress::lookup_key);
    Ok(each_engine!(db, pool => {
        sqlx::query_as(LIST.on(db)).bind(organization).bind(email).fetch_all(pool).await?
    }))
}

/// Adds a subscription, and the person if the address is new. Returns the row.
///
/// # Errors
/// [`StoreError::Conflict`] when the person has that role there already, [`StoreError::Invalid`] for
/// a role without its organization (or with one it has not), [`StoreError::NotFound`].
pub async fn add(
    db: &Db,
    new: NewSubscription,
    now: Timestamp,
) -> Result<records::Subscription, StoreError> {
    let mut tx = db.begin().await?;
    let row = add_within(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same inside a transaction.
///
/// # Errors
/// As [`add`].
pub async fn add_within(
    tx: &mut Tx,
    new: NewSubscription,
    now: Timestamp,
) -> Result<records::Subscription, StoreError> {
    let slot = check_slot(new.slot)?;
    let organization_id = organization_of(tx, new.role, new.organization.as_deref()).await?;
    let person = match people::find_within(tx, &new.email).await? {
        Some(person) => person,
        None => {
            let NewSubscription { email, name, .. } = new.clone();
            people::add_within(tx, NewPerson { email, name, time_zone: None, locale: None }, now)
                .await?
        }
    };
    let slot = match (slot, new.role) {
        (None, Role::Consultant) => None,
        (slot, _) => Some(slot.unwrap_or((1, 7))),
    };
    let row = records::Subscription {
        id: crate::clock::new_id(),
        person_id: person.id,
        organization_id,
        role: new.role.to_string(),
        weekday: slot.map(|s| s.0),
        hour: slot.map(|s| s.1),
        quiet: new.quiet.to_string(),
        confirmed_at: new.confirmed_at.map(millis),
        created_at: millis(now),
        ..Default::default()
    };
    let inserted = bulk::insert(tx, std::slice::from_ref(&row)).await;
    let confirmed = row.confirmed_at.is_some();
    inserted.map_err(|error| match error {
        StoreError::Conflict(_) => StoreError::Conflict(format!(
            "{} is subscribed as {} already; change or end that subscription",
            new.email, new.role
        )),
        other => other,
    })?;
    if confirmed {
        tx.record_consent(&row.id, Kind::Confirmed, &Act::by(Channel::Operator), now).await?;
    }
    let reason = tx.reflect_suppression(&row.person_id, &new.email.lookup_key()).await?;
    Ok(records::Subscription { suppressed_reason: reason.map(|r| r.to_string()), ..row })
}

pub(super) async fn organization_of(
    tx: &mut Tx,
    role: Role,
    name: Option<&str>,
) -> Result<Option<String>, StoreError> {
    let of_an_organization = matches!(role, Role::Leader | Role::Owner | Role::Reader);
    match name {
        Some(name) if of_an_organization => {
            Ok(Some(organizations::find_within(tx, name).await?.id))
        }
        None if !of_an_organization => Ok(None),
        Some(_) => Err(StoreError::Invalid {
            field: "organization",
            problem: format!("a {role} subscription is of no single organization; leave it out"),
        }),
        None => Err(StoreError::Invalid {
            field: "organization",
            problem: format!("a {role} subscription needs one; name its slug"),
        }),
    }
}

/// Changes a subscription. Returns the row as it is now.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Invalid`].
pub async fn change(
    db: &Db,
    id: &str,
    change: SubscriptionChange,
    now: Timestamp,
) -> Result<records::Subscription, StoreError> {
    let mut tx = db.begin().await?;
    let row = change_within(&mut tx, id, change, now).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same inside a transaction.
///
/// # Errors
/// As [`change`].
pub async fn change_within(
    tx: &mut Tx,
    id: &str,
    change: SubscriptionChange,
    now: Timestamp,
) -> Result<records::Subscription, StoreError> {
    let mut row = find_within(tx, id).await?;
    if let Some((weekday, hour)) = check_slot(change.slot)? {
        (row.weekday, row.hour) = (Some(weekday), Some(hour));
        // The next tick finds the portfolio's new slot; until now nobody has missed it.
        row.next_due_at = row.next_due_at.map(|due| due.min(millis(now)));
    }
    if let Some(quiet) = change.quiet {
        row.quiet = quiet.to_string();
    }
    if let Some(pause) = change.pause {
        if pause.is_some_and(|(from, until)| until <= from) {
            let problem = "must end after the day it begins".to_owned();
            return Err(StoreError::Invalid { field: "pause", problem });
        }
        row.pause_from = pause.map(|p| p.0.to_string());
        row.pause_until = pause.map(|p| p.1.to_string());
    }
    let sql = CHANGE.within(tx);
    in_tx!(tx, conn => {
        sqlx::query(sql)
            .bind(&row.id)
            .bind(row.weekday)
            .bind(row.hour)
            .bind(&row.quiet)
            .bind(&row.pause_from)
            .bind(&row.pause_until)
            .bind(row.next_due_at)
            .execute(conn)
            .await?;
    });
    Ok(row)
}

/// Records that the person agreed. Returns whether that was new; once it stands it never moves.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn confirm(db: &Db, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    stamp(db, Step::Confirm, id, now).await
}

/// The same inside a transaction, for whoever writes the history of consent.
///
/// # Errors
/// As any write.
pub(super) async fn confirm_within(
    tx: &mut Tx,
    id: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = CONFIRM.within(tx);
    let changed = in_tx!(tx, conn => {
        sqlx::query(sql).bind(id).bind(millis(now)).execute(conn).await?.rows_affected()
    });
    Ok(changed == 1)
}

/// Records that the person left. Returns whether that was new.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn unsubscribe(db: &Db, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    stamp(db, Step::Unsubscribe, id, now).await
}

/// Ends a subscription for good; a new one may be added after it. Returns whether that was new.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn end(db: &Db, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    stamp(db, Step::End, id, now).await
}

/// A subscription by its id.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn find_within(tx: &mut Tx, id: &str) -> Result<records::Subscription, StoreError> {
    let sql = BY_ID.within(tx);
    let row: Option<records::Subscription> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(id).fetch_optional(conn).await?
    });
    row.ok_or_else(|| StoreError::NotFound {
        what: "subscription",
        name: id.to_owned(),
        hint: HINT,
    })
}

/// A step in the life of a subscription; the first time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// They agreed.
    Confirm,
    /// They left.
    Unsubscribe,
    /// It is over.
    End,
}

/// What an operator does is recorded as done by one.
async fn stamp(db: &Db, step: Step, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let is_new = step_within(&mut tx, step, id, &Act::by(Channel::Operator), now).await?;
    tx.commit().await?;
    Ok(is_new)
}

/// Takes a step inside a transaction, by whatever way it is done. Returns whether that was new.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn step_within(
    tx: &mut Tx,
    step: Step,
    id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (statement, kind) = match step {
        Step::Confirm => (CONFIRM, Kind::Confirmed),
        Step::Unsubscribe => (UNSUBSCRIBE, Kind::Withdrawn),
        Step::End => (END, Kind::Withdrawn),
    };
    let row = find_within(tx, id).await?;
    people::reflect_suppression(tx, &row.person_id).await?;
    let sql = statement.within(tx);
    let changed = in_tx!(tx, conn => {
        sqlx::query(sql).bind(id).bind(millis(now)).execute(conn).await?.rows_affected()
    });
    if changed == 1 {
        tx.record_consent(id, kind, act, now).await?;
    }
    Ok(changed == 1)
}

fn check_slot(slot: Option<(i64, i64)>) -> Result<Option<(i64, i64)>, StoreError> {
    match slot {
        Some((weekday, hour)) if Slot::new(weekday, hour).is_none() => Err(StoreError::Invalid {
            field: "slot",
            problem: "a weekday is 1 (Monday) to 7, an hour 0 to 23".to_owned(),
        }),
        fine => Ok(fine),
    }
}
