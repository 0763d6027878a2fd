//! Nudges: drafted or held back with a portfolio, decided about, handed over, answered, measured.
//!
//! **Invariants:** a consultant has one row for each client, gap and week, however often it is planned; every
//! change of state is a compare-and-set on the state; `sent_at` is written with the intent, before the
//! data leaves, so that what is in doubt counts as sent and is never sent again.
//!
//! Reading order: this file, `decide`, `send`, `context` (what speaks for and against one), `people` (who
//! can be nudged), `board` (what the desk shows), `measured`.

mod board;
mod context;
mod decide;
mod measured;
mod people;
mod send;

use crate::{in_tx, statements};

use super::{StoreError, Tx};

pub use board::{BoardRow, Order, Silent, Wanted};
pub use context::{Brought, Sent};
pub use decide::Known;
pub use measured::Unsettled;
pub use people::NudgePerson;
pub use send::{DueNudge, Settled};
pub(crate) use {
    board::STATEMENTS as BOARD, context::STATEMENTS as CONTEXT, decide::STATEMENTS as DECIDE,
    measured::STATEMENTS as MEASURED, people::STATEMENTS as PEOPLE, send::STATEMENTS as SEND,
};

/// A draft, or what was held back. Instants are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNudge {
    /// Row id, made from consultant, client, gap and week.
    pub id: String,
    /// Row id of the client.
    pub organization_id: String,
    /// External id of the gap.
    pub gap: String,
    /// Row id of the consultant.
    pub consultant: String,
    /// Row id of who gets it; none where one is held back that nobody could get.
    pub recipient: Option<String>,
    /// `owner` or `sponsor`.
    pub recipient_kind: &'static str,
    /// The sentence.
    pub text: String,
    /// Which rule wrote it.
    pub text_key: String,
    /// `drafted` or `held_back`.
    pub state: &'static str,
    /// Why now.
    pub reason: Option<String>,
    /// Why it is held back.
    pub why: Option<String>,
    /// Week of the portfolio.
    pub iso_week: String,
    /// Not before.
    pub send_from: Option<i64>,
    /// Not after.
    pub expires_at: Option<i64>,
    /// When this is written.
    pub at: i64,
}

statements! {
    /// Writes one unless it is there; a gap that is gone gets none.
    DRAFT = "INSERT INTO nudge (id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, \
        created_at, recipient_kind, iso_week, send_from, expires_at, drafted_text, text_key, reason, why) \
        SELECT $1, g.organization_id, g.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $6, $13, $14, $15 FROM gap g \
        WHERE g.organization_id = $2 AND g.external_id = $3 AND g.voided_at IS NULL ON CONFLICT (id) DO NOTHING";
}

impl Tx {
    /// Writes drafts and what was held back; one that is there already stays as it is. Returns how many
    /// are new.
    ///
    /// # Errors
    /// As any write.
    pub async fn draft_nudges(&mut self, nudges: &[NewNudge]) -> Result<u64, StoreError> {
        let sql = DRAFT.within(self);
        let mut written = 0;
        for new in nudges {
            written += in_tx!(self, conn => {
                sqlx::query(sql)
                    .bind(&new.id)
                    .bind(&new.organization_id)
                    .bind(&new.gap)
                    .bind(&new.consultant)
                    .bind(new.recipient.as_deref())
                    .bind(&new.text)
                    .bind(new.state)
                    .bind(new.at)
                    .bind(new.recipient_kind)
                    .bind(&new.iso_week)
                    .bind(new.send_from)
                    .bind(new.expires_at)
                    .bind(&new.text_key)
                    .bind(new.reason.as_deref())
                    .bind(new.why.as_deref())
                    .execute(conn)
                    .await?
                    .rows_affected()
            });
        }
        Ok(written)
    }
}
