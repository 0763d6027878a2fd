//! What follows from one event: the row, and the suppression it brings (MAIL 40).

use jiff::{SignedDuration, Timestamp};

use crate::config::Bounce;
use crate::domain::bounce::verdict::consequence;
use crate::domain::bounce::{Meaning, SuppressionReason};
use crate::domain::codes::Channel;
use crate::engine::deliver::verdict::without_addresses;
use crate::mail::inbound::Finding;
use crate::store::address_hash::AddressHash;
use crate::store::bounces::{NewBounce, Subject};
use crate::store::consent::Act;
use crate::store::suppressions::NewSuppression;
use crate::store::{StoreError, Tx, people};

/// What an event did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What it means.
    pub meaning: Meaning,
    /// Whether its delivery was found.
    pub is_matched: bool,
    /// Whether it was seen before; then it did nothing.
    pub is_known: bool,
    /// Why the address gets no more mail from now on, if so.
    pub suppressed: Option<SuppressionReason>,
}

/// The operator's numbers.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Limits {
    /// Weeks in a row that are too many.
    weeks_in_a_row: u32,
    /// How long a suppression for them holds; none for good.
    holds: Option<SignedDuration>,
}

impl Limits {
    pub fn of(settings: &Bounce) -> Self {
        let weeks = |weeks: u32| SignedDuration::from_hours(i64::from(weeks) * 7 * 24);
        Self { weeks_in_a_row: settings.soft_limit, holds: settings.soft_weeks.map(weeks) }
    }
}

/// One event.
#[derive(Debug)]
pub(in crate::engine) struct Reported<'a> {
    /// What it says.
    pub finding: &'a Finding,
    /// Whose delivery it is about.
    pub subject: Option<&'a Subject>,
    /// Which way it came.
    pub source: &'a str,
    /// By what the same message is known.
    pub digest: &'a str,
    /// When it came, milliseconds.
    pub at: i64,
}

/// Records an event and draws its consequences, in the caller's transaction.
pub(in crate::engine) async fn apply(
    tx: &mut Tx,
    limits: Limits,
    event: &Reported<'_>,
) -> Result<Taken, StoreError> {
    let meaning = event.finding.meaning;
    let address = event.subject.and_then(|of| of.email_canonical.as_deref());
    let address = address.map(AddressHash::of_key);
    let words = without_addresses(&event.finding.words);
    let is_new = tx
        .add_bounce(&NewBounce {
            received_at: event.at,
            meaning,
            action: event.finding.action,
            status: event.finding.status,
            delivery_id: event.subject.and_then(|of| of.delivery_id.as_deref()),
            address: address.as_ref(),
            source: event.source,
            detail: Some(words.as_str()).filter(|words| !words.is_empty()),
            digest: event.digest,
        })
        .await?;
    let is_matched = event.subject.is_some();
    let mut taken = Taken { meaning, is_matched, is_known: !is_new, suppressed: None };
    if let (true, Some(subject), Some(address)) = (is_new, event.subject, address) {
        taken.suppressed = draw(tx, limits, event, subject, &address).await?;
        if let (Some(nudge), Meaning::Hard | Meaning::Soft) = (&subject.nudge_id, meaning) {
            tx.nudge_bounced(nudge).await?;
        }
    }
    Ok(taken)
}

/// Suppresses the address, if the event is the one too many.
async fn draw(
    tx: &mut Tx,
    limits: Limits,
    event: &Reported<'_>,
    subject: &Subject,
    address: &AddressHash,
) -> Result<Option<SuppressionReason>, StoreError> {
    let limit = limits.weeks_in_a_row;
    let in_a_row = match event.finding.meaning {
        Meaning::Soft => tx.bounced_weeks(&subject.person_id, address, limit).await?,
        _ => 0,
    };
    let Some(reason) = consequence(event.finding.meaning, in_a_row, limit) else {
        return Ok(None);
    };
    let holds = limits.holds.filter(|_| reason == SuppressionReason::SoftBounces);
    let codes = codes(event.finding, in_a_row);
    let is_new = tx
        .suppress(&NewSuppression {
            address,
            person_id: Some(&subject.person_id),
            reason,
            detail: Some(codes.as_str()).filter(|codes| !codes.is_empty()),
            source: event.source,
            since: event.at,
            expires_at: holds.map(|holds| event.at.saturating_add(millis(holds))),
        })
        .await?;
    let channel = match reason {
        SuppressionReason::Complaint => Channel::Complaint,
        _ => Channel::Bounce,
    };
    if let (true, Ok(now)) = (is_new, Timestamp::from_millisecond(event.at)) {
        people::record_withdrawal(tx, &subject.person_id, &Act::by(channel), now).await?;
    }
    Ok(Some(reason))
}

fn millis(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// What the list says of it: the code, the type of a complaint, how often.
fn codes(finding: &Finding, in_a_row: u32) -> String {
    let code = match (finding.status, finding.meaning) {
        (Some(status), _) => status.to_string(),
        (None, Meaning::Complaint) => finding.words.clone(),
        (None, _) => finding.words.chars().take(3).filter(char::is_ascii_digit).collect(),
    };
    match in_a_row {
        0 => code,
        weeks if code.is_empty() => format!("{weeks} weeks in a row"),
        weeks => format!("{code}, {weeks} weeks in a row"),
    }
}
