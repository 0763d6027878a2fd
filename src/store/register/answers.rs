//! Answers from mails that nobody dealt with yet.

use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

statements! {
    /// Those for one gap, the oldest first.
    WAITING = "SELECT a.id, a.kind, a.text, a.answered_at,
          CASE WHEN p.name <> '' THEN p.name ELSE COALESCE(p.email, '') END AS person
        FROM answer a JOIN person p ON p.id = a.person_id
        WHERE a.gap_id = $1 AND a.seen_at IS NULL ORDER BY a.answered_at, a.id";
    /// How many there are for each gap of an organization.
    COUNTS = "SELECT a.gap_id, COUNT(*) FROM answer a JOIN gap g ON g.id = a.gap_id
        WHERE g.organization_id = $1 AND a.seen_at IS NULL GROUP BY a.gap_id";
}

/// An answer that waits.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WaitingAnswer {
    /// Row id.
    pub id: String,
    /// Code.
    pub kind: String,
    /// Their words.
    pub text: String,
    /// Milliseconds.
    pub answered_at: i64,
    /// The name, or the address where there is none.
    pub person: String,
}

impl Tx {
    /// Answers for a gap that nobody dealt with yet, the oldest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting_answers(
        &mut self,
        gap_id: &str,
    ) -> Result<Vec<WaitingAnswer>, StoreError> {
        let sql = WAITING.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(gap_id).fetch_all(conn).await?))
    }

    /// How many answers wait for each gap of an organization, by row id; gaps without one are left out.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting_answer_counts(
        &mut self,
        organization: &str,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = COUNTS.within(self);
        Ok(in_tx!(self, conn => sqlx::query_as(sql).bind(organization).fetch_all(conn).await?))
    }
}
