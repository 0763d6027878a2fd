//! Writes hand-overs down, a group in one write.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::time::{date_of, iso_week};

use super::files::WeekFile;
use super::line::HandOver;
use super::{Journal, JournalError};

/// The journal, open for one delivery: opened anew each time, so that a file which was moved away
/// is missed at once.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    week: String,
    open: WeekFile,
    /// What could not be written yet.
    pending: Vec<HandOver>,
    /// Whether something was written that may not be on the disk yet.
    is_dirty: bool,
}

impl Journal {
    /// Opens the file that hand-overs at `now` go to: nobody is mailed where that fails.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn writer(&self, now: Timestamp) -> Result<Writer, JournalError> {
        let week = week_of(now);
        let open = self.open(&week)?;
        let state = State { week, open, pending: Vec::new(), is_dirty: false };
        Ok(Writer { journal: self.clone(), state: Mutex::new(state) })
    }
}

fn week_of(at: Timestamp) -> String {
    iso_week(date_of(at, &TimeZone::UTC))
}

impl Writer {
    /// Appends hand-overs, and whatever could not be appended before. They reach the disk when the
    /// system likes, or with [`Writer::sync`]: what a killed process wrote is safe, and a machine that
    /// loses its power loses no database.
    ///
    /// # Errors
    /// When they cannot be written; they are kept for the next try.
    pub fn append(&self, hand_overs: impl Iterator<Item = HandOver>) -> Result<(), JournalError> {
        let mut state = self.state();
        state.pending.extend(hand_overs);
        state.flush(&self.journal)
    }

    /// Brings everything to the disk.
    ///
    /// # Errors
    /// When that fails; what could not be written until now is lost to the journal, not to the
    /// database.
    pub fn sync(&self) -> Result<(), JournalError> {
        let mut state = self.state();
        state.flush(&self.journal)?;
        if std::mem::take(&mut state.is_dirty) {
            state.open.file.sync_data().map_err(JournalError::at(&state.open.path))?;
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is pending is whole at any moment: at worst a line is written twice.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn flush(&mut self, journal: &Journal) -> Result<(), JournalError> {
        while let Some(first) = self.pending.first() {
            let week = week_of(first.at);
            if week != self.week {
                self.open = journal.open(&week)?;
                self.week.clone_from(&week);
            }
            let n = self.pending.iter().take_while(|of| week_of(of.at) == week).count();
            let mut text = Vec::with_capacity(100 * n + 1);
            if self.open.is_torn {
                text.push(b'\n');
            }
            self.pending[..n].iter().for_each(|hand_over| hand_over.write(&mut text));
            // Until it is known to be whole.
            self.open.is_torn = true;
            self.is_dirty = true;
            self.open.file.write_all(&text).map_err(JournalError::at(&self.open.path))?;
            self.open.is_torn = false;
            self.pending.drain(..n);
        }
        Ok(())
    }
}
