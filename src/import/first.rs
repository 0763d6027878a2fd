//! How each gap's history begins in the changes files of a command.
//!
//! A changes file is the history. A gap that it tells of gets from the gaps file only what it had
//! before its first change: the value that the first change of each field came from, else the
//! current one. So the changes files are looked through once before anything is written.
//! Memory grows with the number of gaps in them, not with the number of changes.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::error::ImportError;
use super::kind::FileKind;
use super::kinds::ChangeWords;
use super::map::{Map, Mapped, Row, apply};
use super::read::Rows;
use super::sources::Source;
use super::times::Times;
use crate::domain::codes::EventKind;
use crate::store::{StoreError, Tx};

/// Gaps that the database is asked for at once.
const ASKED_AT_ONCE: usize = 500;

/// More than a day ahead in whatever zone: such a row is rejected. Which day an instant is, only the row's
/// organization says, and it is not known yet.
const SURELY_AHEAD: SignedDuration = SignedDuration::from_hours(50);

/// The earliest change of one field: when it was true, and what it came from.
type Earliest = Option<(Timestamp, Option<String>)>;

/// How one gap's history begins.
#[derive(Debug, Clone, Default)]
pub struct FirstChange {
    /// When the first of its changes was recorded; none where the file does not say.
    pub recorded_at: Option<Timestamp>,
    /// Whether the file tells its opening.
    pub opened: bool,
    status: Earliest,
    severity: Earliest,
    owner: Earliest,
    due_on: Earliest,
    /// Whether the file re-estimates it.
    pub priced: bool,
    /// Whether the file shows evidence of it.
    pub evidenced: bool,
    /// Whether the gap was known before this command; asked only where a source is read again.
    pub was_known: bool,
}

impl FirstChange {
    /// The value of a field before its first change: none where no change tells of the field.
    #[must_use]
    pub fn before(&self, kind: EventKind) -> Option<Option<&str>> {
        let field = match kind {
            EventKind::Status => &self.status,
            EventKind::Severity => &self.severity,
            EventKind::Owner => &self.owner,
            EventKind::DueOn => &self.due_on,
            _ => return None,
        };
        field.as_ref().map(|(_, from)| from.as_deref())
    }

    /// One more change of this gap, true from `effective`.
    fn add(&mut self, change: ChangeWords, effective: Timestamp, recorded: Option<Timestamp>) {
        if let Some(recorded) = recorded {
            self.recorded_at = Some(self.recorded_at.map_or(recorded, |r| r.min(recorded)));
        }
        let field = match change.kind {
            EventKind::Opened => {
                self.opened = true;
                return;
            }
            EventKind::Exposure => {
                self.priced = true;
                return;
            }
            EventKind::Evidence => {
                self.evidenced = true;
                return;
            }
            EventKind::Status | EventKind::Reopened => &mut self.status,
            EventKind::Severity => &mut self.severity,
            EventKind::Owner => &mut self.owner,
            EventKind::DueOn => &mut self.due_on,
            _ => return,
        };
        if field.as_ref().is_none_or(|(before, _)| effective < *before) {
            *field = Some((effective, change.from));
        }
    }
}

/// A row of a changes file: what it says, when that was true, and when it was recorded if it says so. None
/// where the row will be rejected: it tells nothing of the history.
fn readable(
    row: &Row,
    times: &Times,
    told_at: Timestamp,
) -> Option<(ChangeWords, Timestamp, Option<Timestamp>)> {
    let change = ChangeWords::read(row, times).ok()?;
    let at = |column: &str| row.instant(column, times, &TimeZone::UTC).ok();
    let (effective, recorded) = (at("effective_at")??, at("recorded_at")?);
    let is_ahead = |at: Timestamp, of: Timestamp| at.duration_since(of) > SURELY_AHEAD;
    let known = recorded.unwrap_or(told_at);
    (!is_ahead(effective, known) && !is_ahead(known, told_at))
        .then_some((change, effective, recorded))
}

/// How the history of each gap begins, by the gap's external id.
#[derive(Debug, Default)]
pub struct FirstChanges {
    by_gap: HashMap<String, FirstChange>,
}

impl FirstChanges {
    /// Looks through the changes files of a command, which are told at `told_at`.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn scan(
        sources: &[Source],
        map: &Map,
        times: &Times,
        told_at: Timestamp,
    ) -> Result<Self, ImportError> {
        let mut first = Self::default();
        let kind = FileKind::Changes;
        for source in sources.iter().filter(|s| s.kind == kind) {
            let mut rows = Rows::of(source, map)?;
            while let Some(raw) = rows.next_row()? {
                if let Mapped::Row(row) = apply(kind, rows.header(), &raw, map.kinds.get(&kind))
                    && let Some(gap) = row.text("gap")
                    && let Some((change, effective, recorded)) = readable(&row, times, told_at)
                {
                    let entry = first.by_gap.entry(gap.to_owned()).or_default();
                    entry.add(change, effective, recorded);
                }
            }
        }
        Ok(first)
    }

    /// Marks the gaps that the database knows now.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn mark_known(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let ids: Vec<String> = self.by_gap.keys().cloned().collect();
        for some in ids.chunks(ASKED_AT_ONCE) {
            for gap in crate::store::import::gaps(tx, some).await? {
                if let Some(first) = self.by_gap.get_mut(&gap.external_id) {
                    first.was_known = true;
                }
            }
        }
        Ok(())
    }

    /// How a gap's history begins; none where no changes file tells of it.
    #[must_use]
    pub fn of(&self, gap: &str) -> Option<&FirstChange> {
        self.by_gap.get(gap)
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_gap.is_empty()
    }
}
