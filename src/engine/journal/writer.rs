//! Writes entries down, a group in one write.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::time::{date_of, iso_week};

use super::files::WeekFile;
use super::line::Entry;
use super::{Journal, JournalError};

/// The journal, open for one delivery: opened anew each time, so that a file which was moved away
/// is missed at once.
#[derive(Debug)]
pub struct Writer {
    journal: Journal,
    unwritten: Arc<Unwritten>,
    state: Mutex<State>,
}

/// What could not be written yet: as long as the process lives they are written first,
/// and nobody is mailed before that.
#[derive(Debug, Default)]
pub struct Unwritten(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct State {
    week: i64,
    open: WeekFile,
    /// Whether something was written that may not be on the disk yet.
    is_dirty: bool,
}

impl Journal {
    /// Opens the file that hand-overs at `now` go to, sees to it that there is room, and writes what
    /// could not be written before: nobody is mailed where that fails.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub fn writer(
        &self,
        unwritten: &Arc<Unwritten>,
        now: Timestamp,
    ) -> Result<Writer, JournalError> {
        let open = self.open(&name_of_week(now))?;
        open.make_room().map_err(JournalError::at(&open.path))?;
        let state = Mutex::new(State { week: week(now), open, is_dirty: false });
        let writer = Writer { journal: self.clone(), unwritten: Arc::clone(unwritten), state };
        writer.append(std::iter::empty::<Entry>())?;
        Ok(writer)
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
    /// Appends entries, and whatever could not be appended before. They reach the disk when the
    /// system likes, or with [`Writer::sync`]: a killed process has written what it wrote, and where the
    /// power fails it is the database that keeps what was committed.
    ///
    /// # Errors
    /// When they cannot be written; they are kept for the next try.
    pub fn append(
        &self,
        entries: impl Iterator<Item = impl Into<Entry>>,
    ) -> Result<(), JournalError> {
        let mut state = guard(&self.state);
        let mut pending = guard(&self.unwritten.0);
        pending.extend(entries.map(Into::into));
        state.write(&mut pending, &self.journal)
    }

    /// Brings everything to the disk.
    ///
    /// # Errors
    /// When that fails.
    pub fn sync(&self) -> Result<(), JournalError> {
        self.append(std::iter::empty::<Entry>())?;
        guard(&self.state).sync()
    }

    /// [`Writer::sync`] on a thread that may wait for a disk.
    ///
    /// # Errors
    /// As it.
    pub async fn sync_apart(self: Arc<Self>) -> Result<(), JournalError> {
        // A task is lost only with the whole program; then the system writes what it was given.
        tokio::task::spawn_blocking(move || self.sync()).await.unwrap_or(Ok(()))
    }
}

/// What is guarded here is whole at any moment: at worst a line is written twice.
fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Writes what is pending, as far as it goes.
    fn write(&mut self, pending: &mut Vec<Entry>, journal: &Journal) -> Result<(), JournalError> {
        while let Some(first) = pending.first() {
            let now = week(first.at());
            if now != self.week {
                self.sync()?;
                self.open = journal.open(&name_of_week(first.at()))?;
                self.week = now;
            }
            let n = pending.iter().take_while(|of| week(of.at()) == now).count();
            let mut text = Vec::with_capacity(100 * n + 1);
            if self.open.is_torn {
                text.push(b'\n');
            }
            pending[..n].iter().for_each(|entry| entry.write(&mut text));
            // Until it is known to be whole.
            self.open.is_torn = true;
            self.is_dirty = true;
            self.open.file.write_all(&text).map_err(JournalError::at(&self.open.path))?;
            self.open.is_torn = false;
            pending.drain(..n);
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        if std::mem::take(&mut self.is_dirty) {
            self.open.file.sync_data().map_err(JournalError::at(&self.open.path))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::{Ending, HandOver};
    use super::*;

    fn hand_over(at: &str) -> HandOver {
        let (at, delivery) = (at.parse().expect("an instant"), "d".to_owned());
        HandOver { at, delivery, attempt: 1, ending: Ending::Accepted }
    }

    #[test]
    fn a_round_that_lasts_over_sunday_midnight_goes_on_in_the_new_weeks_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal { dir: folder.path().join("a/b"), weeks: 2 };
        let now = "2026-11-22T23:59:00Z".parse().expect("an instant");
        let writer = journal.writer(&Arc::default(), now).expect("a journal");
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
    fn what_could_not_be_written_is_written_before_anything_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal { dir: folder.path().to_owned(), weeks: 2 };
        let file = folder.path().join("2026-W48.log");
        std::os::unix::fs::symlink("/dev/full", &file).expect("a link");
        let (now, unwritten) = ("2026-11-23T13:00:00Z", Arc::default());
        let at = now.parse().expect("an instant");
        let writer = journal.writer(&unwritten, at).expect("it opens");
        writer.append([hand_over(now)].into_iter()).expect_err("a full disk");
        let error = journal.writer(&unwritten, at).expect_err("still full").to_string();
        assert!(error.contains("2026-W48.log: No space left"), "{error}");
        std::fs::remove_file(&file).expect("it was there");
        journal.writer(&unwritten, at).expect("room again");
        assert_eq!(std::fs::read_to_string(&file).expect("a file").lines().count(), 1);
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
