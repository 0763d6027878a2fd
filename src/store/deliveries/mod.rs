//! The outbox: deliveries, their leases, intents and outcomes (DESIGN 2.5).
//!
//! Every change of state is a compare-and-set on the state and the lease's token: a worker whose
//! lease was taken over changes nothing. The lease only keeps two workers from doing the same work;
//! what keeps a mail from going out twice is the intent, written before the data leaves.

mod claim;
mod group;
mod listing;
mod next;
mod outcome;
mod review;
mod sweep;

use super::{StoreError, Tx};
use crate::in_tx;

pub use claim::Claimed;
pub use group::{Group, Written};
pub use listing::DeliveryRow;
pub use outcome::{Attempt, Record};
pub use sweep::{MAX_RESENDS, Swept};
pub(crate) use {
    claim::STATEMENTS as CLAIM, group::STATEMENTS as GROUP, listing::STATEMENTS as LISTING,
    next::STATEMENTS as NEXT, review::STATEMENTS as REVIEW, sweep::STATEMENTS as SWEEP,
};

/// Rows in one statement. Only a full one repeats word for word and is kept prepared: hundreds of
/// others would be memory for nothing.
const ROWS: usize = 500;

/// A delivery to be written. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Row id, made from subscription, week and kind; the Message-ID is derived from it.
    pub id: String,
    /// What is delivered; none for a skipped one.
    pub edition_id: Option<String>,
    /// To whom.
    pub subscription_id: String,
    /// Which run it belongs to.
    pub iso_week: String,
    /// `brief` or `correction`.
    pub kind: &'static str,
    /// `queued`, `held`, `skipped` or `expired`.
    pub state: &'static str,
    /// Why it is skipped or expired.
    pub reason: Option<String>,
    /// The subscriber's slot.
    pub send_at: i64,
    /// The subscriber's next slot.
    pub expires_at: i64,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// When this is written.
    pub at: i64,
}

impl Tx {
    /// Writes deliveries; one that exists already for its subscription, week and kind stays as it is.
    ///
    /// # Errors
    /// As any write.
    pub async fn write_deliveries(
        &mut self,
        deliveries: &[NewDelivery],
    ) -> Result<u64, StoreError> {
        let mut written = 0;
        for some in deliveries.chunks(ROWS) {
            written += in_tx!(self, conn => {
                let mut sql = sqlx::QueryBuilder::new(
                    "INSERT INTO delivery (id, edition_id, subscription_id, iso_week, kind, state, reason, \
                     send_at, expires_at, next_attempt_at, message_id, finished_at, created_at) ",
                );
                sql.push_values(some, |mut row, d| {
                    let ended = matches!(d.state, "skipped" | "expired");
                    row.push_bind(&d.id).push_bind(d.edition_id.as_deref())
                        .push_bind(&d.subscription_id).push_bind(&d.iso_week).push_bind(d.kind)
                        .push_bind(d.state).push_bind(d.reason.as_deref()).push_bind(d.send_at)
                        .push_bind(d.expires_at)
                        .push_bind((d.state == "queued").then_some(d.send_at))
                        .push_bind(d.message_id.as_deref())
                        .push_bind(ended.then_some(d.at)).push_bind(d.at);
                });
                // The id comes from the same three, so that a second one breaks both keys at once.
                sql.push(" ON CONFLICT DO NOTHING");
                sql.build().persistent(some.len() == ROWS).execute(conn).await
                    .map(|done| done.rows_affected())
            })?;
        }
        Ok(written)
    }
}
