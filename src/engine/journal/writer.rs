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
    week: i64,
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
        let open = self.open(&name_of_week(now))?;
        let state = State { week: week(now), open, pending: Vec::new(), is_dirty: false };
        Ok(Writer { journal: self.clone(), state: Mutex::new(state) })
    }
}

const DAY: i64 = 24 * 3_600_000;

/// Weeks since the Monday before 1970, a Thursday.
fn week(at: Timestamp) -> i64 {
    (at.as_millisecond() + 3 * DAY).div_euclid(7 * DAY)
}

fn name_of_week(at: Timestamp) -> String {
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
            let now = week(first.at);
            if now != self.week {
                self.open = journal.open(&name_of_week(first.at))?;
                self.week = now;
            }
            let n = self.pending.iter().take_while(|of| week(of.at) == now).count();
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

#[cfg(test)]
mod tests {
    use super::super::line::Ending;
    use super::*;

    fn hand_over(at: &str) -> HandOver {
        let (at, delivery) = (at.parse().expect("an instant"), "d".to_owned());
        HandOver { at, delivery, attempt: 1, ending: Ending::Accepted }
    }

    #[test]
    fn a_round_that_lasts_over_sunday_midnight_goes_on_in_the_new_weeks_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal { dir: folder.path().join("a/b"), weeks: 2 };
        let writer = journal.writer("2026-11-22T23:59:00Z".parse().expect("an instant"));
        let writer = writer.expect("a journal");
        let times = ["2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z", "2026-11-23T00:00:01Z"];
        writer.append(times.map(hand_over).into_iter()).expect("room");
        writer.sync().expect("a disk");
        let lines = |name: &str| {
            let text = std::fs::read_to_string(folder.path().join("a/b").join(name));
            text.expect("a file").lines().count()
        };
        assert_eq!((lines("2026-W47.log"), lines("2026-W48.log")), (1, 2));
    }

    #[test]
    fn weeks_are_numbered_from_monday_to_monday() {
        for at in ["1969-12-31T00:00:00Z", "2026-11-22T23:59:59.999Z", "2026-12-31T12:00:00Z"] {
            let at: Timestamp = at.parse().expect("an instant");
            let monday = Timestamp::from_millisecond(week(at) * 7 * DAY - 3 * DAY);
            assert_eq!(name_of_week(monday.expect("an instant")), name_of_week(at));
            assert_eq!(week(at) + 1, week(at + jiff::SignedDuration::from_hours(7 * 24)));
        }
    }
}
