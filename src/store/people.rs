//! People: the only rows that hold addresses.
//!
//! **Invariant:** one address, one person, compared in lower case. Forgetting someone erases the
//! row's address and name and ends what they get; nothing that was sent is undone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::Channel;
use crate::domain::line::DisplayName;
use crate::{each_engine, in_tx, statements};

use super::address_hash::AddressHash;
use super::consent::{Act, Kind};
use super::row::millis;
use super::suppressions::NewSuppression;
use super::{Db, StoreError, Tx, bulk, records};

const HINT: &str = "`brief people list` shows everyone";

statements! {
    /// Everyone, by address.
    LIST = "SELECT id, email, email_canonical, name, time_zone, locale, created_at, forgotten_at
        FROM person ORDER BY email_canonical, id";
    /// One person by address.
    BY_EMAIL = "SELECT id, email, email_canonical, name, time_zone, locale, created_at, forgotten_at
        FROM person WHERE email_canonical = $1";
    /// Writes all that can change, if the row is still as it was read.
    CHANGE = "UPDATE person SET email = $2, email_canonical = $3, name = $4, time_zone = $5, locale = $6
        WHERE id = $1 AND forgotten_at IS NULL";
    /// The address of one person.
    ADDRESS = "SELECT email_canonical FROM person WHERE id = $1";
    /// Erases what is personal.
    FORGET = "UPDATE person SET email = NULL, email_canonical = NULL, name = '', time_zone = NULL, forgotten_at = $2
        WHERE id = $1 AND forgotten_at IS NULL";
    /// What a person gets by an agreement that stands.
    AGREED = "SELECT id FROM subscription WHERE person_id = $1 AND confirmed_at IS NOT NULL
        AND unsubscribed_at IS NULL AND ended_at IS NULL AND voided_at IS NULL ORDER BY id";
    /// Ends all that a person gets.
    END_SUBSCRIPTIONS = "UPDATE subscription SET ended_at = $2
        WHERE person_id = $1 AND ended_at IS NULL AND voided_at IS NULL";
    /// Ends all links of a consultant.
    END_CLIENTS = "UPDATE consultant_client SET until = CASE WHEN since > $2 THEN since ELSE $2 END
        WHERE person_id = $1 AND until IS NULL AND voided_at IS NULL";
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Where the mail goes.
    pub email: EmailAddress,
    /// As it is greeted, if known.
    pub name: Option<DisplayName>,
    /// IANA zone, where it differs from the organization's.
    pub time_zone: Option<String>,
    /// Language tag; `en` if none.
    pub locale: Option<String>,
}

/// What to change of a person; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct PersonChange {
    /// A new address.
    pub email: Option<EmailAddress>,
    /// A new name.
    pub name: Option<DisplayName>,
    /// A new zone; an inner `None` takes it away.
    pub time_zone: Option<Option<String>>,
    /// A new language tag.
    pub locale: Option<String>,
}

/// Everyone, forgotten ones included, by address.
///
/// # Errors
/// Whatever the engine says.
pub async fn list(db: &Db) -> Result<Vec<records::Person>, StoreError> {
    Ok(each_engine!(db, pool => sqlx::query_as(LIST.on(db)).fetch_all(pool).await?))
}

/// The person with this address, in any case of letters.
///
/// # Errors
/// Whatever the engine says.
pub async fn find(db: &Db, email: &EmailAddress) -> Result<Option<records::Person>, StoreError> {
    Ok(each_engine!(db, pool => {
        sqlx::query_as(BY_EMAIL.on(db)).bind(email.lookup_key()).fetch_optional(pool).await?
    }))
}

/// The same inside a transaction.
///
/// # Errors
/// Whatever the engine says.
pub async fn find_within(
    tx: &mut Tx,
    email: &EmailAddress,
) -> Result<Option<records::Person>, StoreError> {
    let sql = BY_EMAIL.within(tx);
    Ok(in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(email.lookup_key()).fetch_optional(conn).await?
    }))
}

/// Adds a person. Returns the row.
///
/// # Errors
/// [`StoreError::Conflict`] when the address is known, [`StoreError::Invalid`] for a zone that is not.
pub async fn add(db: &Db, new: NewPerson, now: Timestamp) -> Result<records::Person, StoreError> {
    let mut tx = db.begin().await?;
    let person = add_within(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(person)
}

/// The same inside a transaction.
///
/// # Errors
/// As [`add`].
pub async fn add_within(
    tx: &mut Tx,
    new: NewPerson,
    now: Timestamp,
) -> Result<records::Person, StoreError> {
    check_zone(new.time_zone.as_deref())?;
    if find_within(tx, &new.email).await?.is_some() {
        return Err(taken(&new.email));
    }
    let person = records::Person {
        id: crate::clock::new_id(),
        email: Some(new.email.to_string()),
        email_canonical: Some(new.email.lookup_key()),
        name: new.name.map(String::from).unwrap_or_default(),
        time_zone: new.time_zone,
        locale: new.locale.unwrap_or_else(|| "en".to_owned()),
        created_at: millis(now),
        forgotten_at: None,
    };
    bulk::insert(tx, std::slice::from_ref(&person)).await?;
    Ok(person)
}

/// Changes a person.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Conflict`] when the new address is somebody else's,
/// [`StoreError::Invalid`] for a zone that is not one.
pub async fn change(
    db: &Db,
    email: &EmailAddress,
    change: PersonChange,
) -> Result<records::Person, StoreError> {
    let mut tx = db.begin().await?;
    let person = change_within(&mut tx, email, change).await?;
    tx.commit().await?;
    Ok(person)
}

/// The same inside a transaction.
///
/// # Errors
/// As [`change`].
pub async fn change_within(
    tx: &mut Tx,
    email: &EmailAddress,
    change: PersonChange,
) -> Result<records::Person, StoreError> {
    let mut person = known(tx, email).await?;
    if let Some(new) = &change.email {
        if find_within(tx, new).await?.is_some_and(|other| other.id != person.id) {
            return Err(taken(new));
        }
        person.email = Some(new.to_string());
        person.email_canonical = Some(new.lookup_key());
    }
    if let Some(name) = change.name {
        person.name = name.into();
    }
    if let Some(zone) = change.time_zone {
        check_zone(zone.as_deref())?;
        person.time_zone = zone;
    }
    if let Some(locale) = change.locale {
        person.locale = locale;
    }
    let sql = CHANGE.within(tx);
    in_tx!(tx, conn => {
        sqlx::query(sql)
            .bind(&person.id)
            .bind(&person.email)
            .bind(&person.email_canonical)
            .bind(&person.name)
            .bind(&person.time_zone)
            .bind(&person.locale)
            .execute(conn)
            .await?;
    });
    if change.email.is_some() {
        // The list is about addresses: a new one may be on it where the old one was not, and the
        // other way round.
        reflect_suppression(tx, &person.id).await?;
    }
    Ok(person)
}

/// Forgets a person: address and name are erased, subscriptions and client links end. What was sent
/// stays counted, without the address, and the address stays suppressed by its hash, so that no import
/// brings it back.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn forget(db: &Db, email: &EmailAddress, now: Timestamp) -> Result<(), StoreError> {
    forget_by(db, email, &Act::by(Channel::Operator), now).await
}

/// The same by another way than an operator's.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn forget_by(
    db: &Db,
    email: &EmailAddress,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    forget_within(&mut tx, email, act, now).await?;
    tx.commit().await
}

/// The same inside a transaction. Returns the row id of who it was.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn forget_within(
    tx: &mut Tx,
    email: &EmailAddress,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<String, StoreError> {
    let person = known(tx, email).await?;
    record_withdrawal(tx, &person.id, act, now).await?;
    tx.drop_nudges(&person.id, now).await?;
    tx.untie_suppressions(&person.id).await?;
    tx.suppress(&NewSuppression {
        address: &AddressHash::of(email),
        person_id: None,
        reason: SuppressionReason::Forgotten,
        detail: None,
        source: act.channel.as_str(),
        since: millis(now),
        expires_at: None,
    })
    .await?;
    for statement in [FORGET, END_SUBSCRIPTIONS, END_CLIENTS] {
        let sql = statement.within(tx);
        in_tx!(tx, conn => {
            sqlx::query(sql).bind(&person.id).bind(millis(now)).execute(conn).await?;
        });
    }
    tx.forget_answers_with(person.email.as_deref().unwrap_or_default()).await?;
    Ok(person.id)
}

/// Adds to the history that a person took back all that they had agreed to.
///
/// # Errors
/// As any write.
pub async fn record_withdrawal(
    tx: &mut Tx,
    person_id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = AGREED.within(tx);
    let agreed: Vec<String> = in_tx!(tx, conn => {
        sqlx::query_scalar(sql).bind(person_id).fetch_all(conn).await?
    });
    for subscription in agreed {
        tx.record_consent(&subscription, Kind::Withdrawn, act, now).await?;
    }
    Ok(())
}

/// Makes the flags of a person's subscriptions say what the list of suppressions says of the address.
///
/// # Errors
/// As any write.
pub async fn reflect_suppression(tx: &mut Tx, person_id: &str) -> Result<(), StoreError> {
    if let Some(lookup_key) = lookup_key(tx, person_id).await? {
        tx.reflect_suppression(person_id, &lookup_key).await?;
    }
    Ok(())
}

/// What a person's consent makes of the suppression of their address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcome {
    /// There was none.
    Free,
    /// It is over.
    Lifted,
    /// It stays for this reason.
    Stays(SuppressionReason),
}

/// Ends the suppression of a person's address if their consent ends it.
///
/// # Errors
/// As any write.
pub async fn welcome(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<Welcome, StoreError> {
    let Some(lookup_key) = lookup_key(tx, person_id).await? else {
        return Ok(Welcome::Free);
    };
    match tx.reflect_suppression(person_id, &lookup_key).await? {
        None => Ok(Welcome::Free),
        Some(reason) if reason.yields_to_consent() => {
            let address = AddressHash::of_key(&lookup_key);
            tx.lift_suppression(&address, Some(person_id), "they agreed again", millis(now))
                .await?;
            Ok(Welcome::Lifted)
        }
        Some(reason) => Ok(Welcome::Stays(reason)),
    }
}

/// What a person is found by, unless they are forgotten.
pub(super) async fn lookup_key(tx: &mut Tx, person_id: &str) -> Result<Option<String>, StoreError> {
    let sql = ADDRESS.within(tx);
    let row: Option<(Option<String>,)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(person_id).fetch_optional(conn).await?
    });
    Ok(row.and_then(|(lookup_key,)| lookup_key))
}

/// The person with this address, who must exist.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn known(tx: &mut Tx, email: &EmailAddress) -> Result<records::Person, StoreError> {
    find_within(tx, email).await?.ok_or_else(|| StoreError::NotFound {
        what: "person",
        name: email.to_string(),
        hint: HINT,
    })
}

fn taken(email: &EmailAddress) -> StoreError {
    StoreError::Conflict(format!("there is a person with the address {email} already"))
}

/// Refuses a zone that the time zone database does not hold.
pub(super) fn check_zone(zone: Option<&str>) -> Result<(), StoreError> {
    let Some(zone) = zone else { return Ok(()) };
    TimeZone::get(zone).map(drop).map_err(|_| StoreError::Invalid {
        field: "time_zone",
        problem: format!(
            "{zone:?} is not a time zone; use a name like Europe/Berlin or America/Chicago"
        ),
    })
}
