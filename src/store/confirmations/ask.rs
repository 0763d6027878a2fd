//! Asking: a request of somebody unknown, an invitation by somebody who works here.

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::{Channel, QuietChoice, Role};
use crate::domain::consent::Wording;
use crate::domain::line::DisplayName;
use crate::store::consent::{Act, Kind};
use crate::store::row::millis;
use crate::store::subscriptions::{NewSubscription, add_within, organization_of};
use crate::store::{Db, StoreError, Tx, bulk, people, records};
use crate::{in_tx, statements};

statements! {
    /// What a person has of a list now; $3 is empty where the list is of no organization.
    LIVE = "SELECT id, person_id, organization_id, role, weekday, hour, quiet, pause_from, pause_until, confirmed_at,
          unsubscribed_at, ended_at, suppressed_reason, next_due_at, created_at, batch_id, voided_at
        FROM subscription WHERE person_id = $1 AND role = $2 AND COALESCE(organization_id, '') = $3
          AND ended_at IS NULL AND voided_at IS NULL";
}

/// What somebody asks for, or is invited to.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where the mail goes; made a person if unknown.
    pub email: EmailAddress,
    /// Name for a person who is made.
    pub name: Option<DisplayName>,
    /// What they would be.
    pub role: Role,
    /// Slug, for leader, owner and reader.
    pub organization: Option<String>,
    /// Weekday (Monday is 1) and hour of a subscription that is made.
    pub slot: Option<(i64, i64)>,
    /// What they want in a quiet week, likewise.
    pub quiet: QuietChoice,
}

/// Who asks for what, or is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// What would begin.
    pub wanted: Wanted,
    /// By which way.
    pub channel: Channel,
    /// Which words were or will be shown.
    pub wording: Wording,
    /// From where.
    pub client_ip: Option<String>,
    /// From when on the link is too old.
    pub expires_at: Timestamp,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A mail will ask to confirm.
    WillAsk,
    /// They get it already; a mail will say so.
    Known,
    /// They left before; of those who ask themselves this is as [`WillAsk`](Self::WillAsk).
    HadLeft,
    /// Nothing may be mailed to the address.
    Suppressed,
}

/// Writes down a request: the person and the subscription if they are new, unconfirmed, and the mail
/// that will be sent.
///
/// # Errors
/// [`StoreError::NotFound`] for an organization, [`StoreError::Invalid`] for a role without one.
pub async fn ask(db: &Db, request: &Request, now: Timestamp) -> Result<Asked, StoreError> {
    let mut tx = db.begin().await?;
    let (_, asked) = ask_within(&mut tx, request, now).await?;
    tx.commit().await?;
    Ok(asked)
}

/// The same inside a transaction. Returns the row id of the subscription too.
///
/// # Errors
/// As [`ask`].
pub async fn ask_within(
    tx: &mut Tx,
    request: &Request,
    now: Timestamp,
) -> Result<(String, Asked), StoreError> {
    let live = match live(tx, &request.wanted).await? {
        Some(live) => live,
        None => begin(tx, &request.wanted, now).await?,
    };
    let id = live.id.clone();
    let asked = ask_of(tx, live, request, now).await?;
    Ok((id, asked))
}

async fn ask_of(
    tx: &mut Tx,
    live: records::Subscription,
    request: &Request,
    now: Timestamp,
) -> Result<Asked, StoreError> {
    let is_invitation = request.channel == Channel::Invitation;
    // Only whoever has the address can end it, and by asking themselves.
    let stays = |reason: &String| {
        is_invitation || !reason.parse().is_ok_and(SuppressionReason::yields_to_consent)
    };
    let (kind, asked) = match &live {
        row if row.suppressed_reason.as_ref().is_some_and(stays) => return Ok(Asked::Suppressed),
        row if row.suppressed_reason.is_some() => ("request", Asked::WillAsk),
        row if row.unsubscribed_at.is_some() && is_invitation => return Ok(Asked::HadLeft),
        row if row.unsubscribed_at.is_some() => ("request", Asked::HadLeft),
        row if row.confirmed_at.is_some() && is_invitation => return Ok(Asked::Known),
        row if row.confirmed_at.is_some() => ("known", Asked::Known),
        _ if is_invitation => ("invitation", Asked::WillAsk),
        _ => ("request", Asked::WillAsk),
    };
    let row = records::Confirmation {
        id: crate::clock::new_id(),
        subscription_id: live.id,
        kind: kind.to_owned(),
        channel: request.channel.to_string(),
        form: request.wording.form.to_owned(),
        text_version: request.wording.version.to_owned(),
        client_ip: request.client_ip.clone(),
        requested_at: millis(now),
        expires_at: millis(request.expires_at),
        next_attempt_at: millis(now),
        ..Default::default()
    };
    bulk::insert(tx, std::slice::from_ref(&row)).await?;
    let ip = request.client_ip.as_deref();
    let act = Act::by(request.channel).under(request.wording).from(ip);
    tx.record_consent(&row.subscription_id, Kind::Requested, &act, now).await?;
    Ok(asked)
}

async fn live(tx: &mut Tx, wanted: &Wanted) -> Result<Option<records::Subscription>, StoreError> {
    let organization = organization_of(tx, wanted.role, wanted.organization.as_deref()).await?;
    let Some(person) = people::find_within(tx, &wanted.email).await? else {
        return Ok(None);
    };
    let sql = LIVE.within(tx);
    Ok(in_tx!(tx, conn => {
        sqlx::query_as(sql)
            .bind(&person.id)
            .bind(wanted.role.as_str())
            .bind(organization.unwrap_or_default())
            .fetch_optional(conn)
            .await?
    }))
}

async fn begin(
    tx: &mut Tx,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<records::Subscription, StoreError> {
    let new = NewSubscription {
        email: wanted.email.clone(),
        name: wanted.name.clone(),
        organization: wanted.organization.clone(),
        role: wanted.role,
        slot: wanted.slot,
        quiet: wanted.quiet,
        confirmed_at: None,
    };
    add_within(tx, new, now).await
}
