//! Leaving a list, and coming back.
//!
//! A link in an old mail may name a subscription that was ended and begun anew since. Who follows it
//! wants to leave the list, so it is the list that is left: what the same person gets now in the same
//! role of the same organization, which may have been imported anew as well.

use jiff::Timestamp;

use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::Channel;
use crate::domain::consent::Wording;
use crate::store::address_hash::AddressHash;
use crate::store::people::{self, Welcome};
use crate::store::row::millis;
use crate::store::suppressions::NewSuppression;
use crate::store::{Db, Sql, StoreError, Tx, bulk, records, subscriptions};
use crate::{in_tx, statements};

use super::{Act, Kind};

/// What is of the same person, role and organization as `s`; the argument is its alias.
macro_rules! same_list {
    ($of:literal) => {
        concat!(
            "l.person_id = ",
            $of,
            ".person_id AND l.role = ",
            $of,
            ".role ",
            "AND (COALESCE(l.organization_id, '') = COALESCE(",
            $of,
            ".organization_id, '') OR EXISTS (SELECT 1 FROM organization a JOIN organization b \
             ON b.external_id = a.external_id WHERE a.id = l.organization_id AND b.id = ",
            $of,
            ".organization_id))"
        )
    };
}

statements! {
    /// Leaves a list; the first time counts. One that was taken back with its import is left as well: the
    /// import may come again.
    LEAVE = concat!("UPDATE subscription SET unsubscribed_at = $2 WHERE unsubscribed_at IS NULL AND ended_at IS NULL
          AND (voided_at IS NULL OR id = $1) AND id IN (SELECT l.id FROM subscription l JOIN subscription s ON ",
        same_list!("s"), " WHERE s.id = $1) RETURNING id");
    /// Leaves every list of somebody, also those that were taken back with their import.
    LEAVE_ALL = "UPDATE subscription SET unsubscribed_at = $2 WHERE person_id = $1 AND unsubscribed_at IS NULL
          AND ended_at IS NULL RETURNING id";
    /// What somebody has of a list now; one at most.
    LIVE = concat!("SELECT l.id, l.person_id, l.organization_id, l.role, l.weekday, l.hour, l.quiet, l.pause_from,
          l.pause_until, l.confirmed_at, l.unsubscribed_at, l.ended_at, l.suppressed_reason, l.next_due_at,
          l.created_at, l.batch_id, l.voided_at
        FROM subscription l JOIN subscription s ON ", same_list!("s"), "
        WHERE s.id = $1 AND l.ended_at IS NULL AND l.voided_at IS NULL");
    /// Cut-offs that were planned since somebody left.
    CUT_SINCE = "SELECT COUNT(*) FROM edition e JOIN subscription s ON s.id = $1
        WHERE e.cut_off_at >= s.unsubscribed_at AND e.state <> 'draft' AND (
          (e.scope_kind = 'organization' AND e.scope_id = s.organization_id)
          OR (e.scope_kind = 'consultant' AND e.scope_id = s.person_id AND s.role = 'consultant')
          OR (e.scope_kind = 'public' AND s.role = 'public'))";
    /// Takes a leaving back as if it had not been.
    TAKE_BACK = "UPDATE subscription SET unsubscribed_at = NULL, confirmed_at = COALESCE(confirmed_at, $2)
        WHERE id = $1 AND unsubscribed_at IS NOT NULL AND ended_at IS NULL AND voided_at IS NULL";
    /// Ends what was left, so that another can begin.
    END_LEFT = "UPDATE subscription SET ended_at = $2
        WHERE id = $1 AND unsubscribed_at IS NOT NULL AND ended_at IS NULL AND voided_at IS NULL";
}

/// What came of coming back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// They get it again, by the subscription with this id.
    Again(String),
    /// They never left, or were back already.
    Already(String),
    /// It was ended, or taken back with its import: nobody comes back by themselves.
    Ended,
}

/// Leaves the list of a subscription. Returns whether that was new; saying it twice changes nothing.
///
/// # Errors
/// As any write.
pub async fn withdraw(
    db: &Db,
    subscription_id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    let is_new = leave(&mut tx, LEAVE, subscription_id, act, now).await?;
    tx.commit().await?;
    Ok(is_new)
}

/// Leaves what a statement finds by an id, and says so in the history; whether there was anything.
async fn leave(
    tx: &mut Tx,
    statement: Sql,
    id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = statement.within(tx);
    let left: Vec<(String,)> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(id).bind(millis(now)).fetch_all(conn).await?
    });
    for (id,) in &left {
        tx.record_consent(id, Kind::Withdrawn, act, now).await?;
    }
    Ok(!left.is_empty())
}

/// Leaves every list of a person. Their address is suppressed until they come back to one, so that no
/// import and no invitation brings them mail.
///
/// # Errors
/// As any write.
pub async fn withdraw_all(
    db: &Db,
    person_id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    leave(&mut tx, LEAVE_ALL, person_id, act, now).await?;
    if let Some(lookup_key) = people::lookup_key(&mut tx, person_id).await? {
        tx.suppress(&NewSuppression {
            address: &AddressHash::of_key(&lookup_key),
            person_id: Some(person_id),
            reason: SuppressionReason::UnsubscribedAll,
            detail: None,
            source: act.channel.as_str(),
            since: millis(now),
            expires_at: None,
        })
        .await?;
    }
    tx.commit().await
}

/// Comes back to the list of a subscription that was left.
///
/// # Errors
/// As any write.
pub async fn come_back(
    db: &Db,
    subscription_id: &str,
    wording: Wording,
    client_ip: Option<&str>,
    now: Timestamp,
) -> Result<Back, StoreError> {
    let mut tx = db.begin().await?;
    let act = Act::by(Channel::Page).under(wording).from(client_ip);
    let back = come_back_within(&mut tx, subscription_id, &act, now).await?;
    tx.commit().await?;
    Ok(back)
}

/// The same inside a transaction.
///
/// Where no cut-off was planned meanwhile the leaving is taken back, and what is queued still goes
/// out. Else another subscription begins: whoever was counted as gone at a cut-off stays so, and the
/// proof of that week holds.
///
/// # Errors
/// As any write.
pub async fn come_back_within(
    tx: &mut Tx,
    subscription_id: &str,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<Back, StoreError> {
    let sql = LIVE.within(tx);
    let live: Option<records::Subscription> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(subscription_id).fetch_optional(conn).await?
    });
    let Some(live) = live else {
        return Ok(Back::Ended);
    };
    if live.unsubscribed_at.is_none() {
        return stay(tx, live, act, now).await;
    }
    let count = CUT_SINCE.within(tx);
    let cuts: i64 = in_tx!(tx, conn => {
        sqlx::query_scalar(count).bind(&live.id).fetch_one(conn).await?
    });
    let statement = if cuts == 0 { TAKE_BACK } else { END_LEFT };
    let sql = statement.within(tx);
    let changed = in_tx!(tx, conn => {
        sqlx::query(sql).bind(&live.id).bind(millis(now)).execute(conn).await?.rows_affected()
    });
    if changed == 0 {
        // Somebody else was at it at the same time.
        return Ok(Back::Already(live.id));
    }
    let welcome = people::welcome(tx, &live.person_id, now).await?;
    let id = if cuts == 0 {
        live.id
    } else {
        let suppressed_reason = match welcome {
            Welcome::Stays(reason) => Some(reason.to_string()),
            Welcome::Free | Welcome::Lifted => None,
        };
        begin_anew(tx, records::Subscription { suppressed_reason, ..live }, now).await?
    };
    tx.record_consent(&id, Kind::Confirmed, act, now).await?;
    Ok(Back::Again(id))
}

/// Who never left this list agrees to it where only their own wish kept its mail away.
async fn stay(
    tx: &mut Tx,
    live: records::Subscription,
    act: &Act<'_>,
    now: Timestamp,
) -> Result<Back, StoreError> {
    if people::welcome(tx, &live.person_id, now).await? != Welcome::Lifted {
        return Ok(Back::Already(live.id));
    }
    subscriptions::confirm_within(tx, &live.id, now).await?;
    tx.record_consent(&live.id, Kind::Confirmed, act, now).await?;
    Ok(Back::Again(live.id))
}

/// Another subscription with the choices of the one before.
async fn begin_anew(
    tx: &mut Tx,
    old: records::Subscription,
    now: Timestamp,
) -> Result<String, StoreError> {
    let row = records::Subscription {
        id: crate::clock::new_id(),
        confirmed_at: Some(millis(now)),
        created_at: millis(now),
        unsubscribed_at: None,
        ended_at: None,
        next_due_at: None,
        batch_id: None,
        ..old
    };
    bulk::insert(tx, std::slice::from_ref(&row)).await?;
    Ok(row.id)
}
