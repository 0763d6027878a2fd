//! Withdrawals: who left since a backup is not mailed again by the database that is restored from it.
//!
//! They are followed, not hooked: each delivery writes down those who left since the last one looked, by
//! the history of consent, in which every way out ends (one click, a page, a complaint, a bounce, an
//! operator).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::codes::Channel;
use crate::engine::{Engine, EngineError};
use crate::store::consent::{Act, withdraw};
use crate::store::withdrawals::{JOURNALED_UNTIL, Left};
use crate::store::{Db, settings};

use super::line::{Entry, Withdrawal};
use super::{Journal, Writer};

/// Rows read at once.
const PAGE: i64 = 1_000;
/// How long after its own instant a row may come to be seen: its transaction ends later.
const LATE: SignedDuration = SignedDuration::from_secs(60);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Those who stand in the journal by this process, and may be found again since the search overlaps.
#[derive(Debug, Default)]
pub struct Noted(Mutex<HashSet<Left>>);

impl Engine {
    /// Writes down who left since this was done last. Where nobody did it is one read.
    ///
    /// # Errors
    /// A journal that cannot be written to, in which case it is done again; else as any write.
    pub(in crate::engine) async fn journal_withdrawals(
        &self,
        writer: &Writer,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let told = settings::get(&self.db, JOURNALED_UNTIL).await?;
        let kept = i32::try_from(self.settings.journal.weeks).unwrap_or(i32::MAX);
        let first = WEEK.checked_mul(kept).and_then(|span| now.checked_sub(span).ok());
        let first = first.unwrap_or(Timestamp::MIN);
        let from = told.and_then(|text| text.parse().ok()).unwrap_or(first);
        // No id is empty: all from the next millisecond on.
        let mut after = (from.as_millisecond() + 1, String::new());
        let mut found = HashSet::new();
        loop {
            let page = self.db.left_since((after.0, &after.1), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = (last.left.recorded_at, last.id.clone());
            let left = || page.iter().map(|leaving| &leaving.left);
            writer
                .append(left().filter(|left| !self.noted.has(left)).filter_map(Withdrawal::of))?;
            found.extend(left().cloned());
        }
        if found.is_empty() {
            return Ok(());
        }
        self.noted.are(found);
        let until = from.max(now - LATE);
        Ok(settings::set(&self.db, JOURNALED_UNTIL, &until.to_string(), now).await?)
    }
}

impl Noted {
    fn has(&self, left: &Left) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(left)
    }

    fn are(&self, found: HashSet<Left>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = found;
    }
}

impl Journal {
    /// Takes off their lists those who left, as the journal knows, and whom the database would mail.
    /// Whatever else is true after a restore, this is. Returns how many.
    ///
    /// # Errors
    /// A file that cannot be read; else as any write. To be repeated then: what was done stays.
    pub async fn leave_out(&self, db: &Db, now: Timestamp) -> Result<u64, EngineError> {
        let mut n = 0;
        for group in self.groups()? {
            for left in db.left_unknown(&left_in(&group?)).await? {
                let act = Act::by(Channel::Operator);
                n += u64::from(withdraw(db, &left.subscription_id, &act, now).await?);
            }
        }
        Ok(n)
    }
}

/// Who left, of some lines.
pub(super) fn left_in(entries: &[Entry]) -> Vec<Left> {
    entries.iter().filter_map(Entry::withdrawal).map(Withdrawal::left).collect()
}

impl Withdrawal {
    /// As it is written down.
    fn of(left: &Left) -> Option<Entry> {
        let at = Timestamp::from_millisecond(left.recorded_at).ok()?;
        Some(Entry::Withdrawal(Self { at, subscription: left.subscription_id.clone() }))
    }

    /// As the database knows it.
    pub(super) fn left(&self) -> Left {
        Left { subscription_id: self.subscription.clone(), recorded_at: self.at.as_millisecond() }
    }
}
