//! What is counted about planning, and what a scrape reads from the database.
//!
//! **Invariant:** a scrape asks for a handful of rows and at most once in [`KEPT_MS`], whoever asks
//! and however many deliveries there are; the sums come from the ledger of runs, which the proof
//! writes.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Mutex;

use super::deliver::count::seconds;
use super::plan::PlanReport;
use super::service::{Part, Status};
use super::{Engine, EngineError};
use crate::metrics::Ledger;
use crate::store::runs::RunRow;

/// How long what was read is good for, milliseconds.
const KEPT_MS: i64 = 5_000;
/// How long a scrape waits for the database.
const PATIENCE: Duration = Duration::from_secs(3);

/// When the database was last read for a scrape, milliseconds.
#[derive(Debug, Default)]
pub struct Scrapes(Mutex<Option<i64>>);

impl Engine {
    /// Counts one look at the calendar that began at `began`.
    pub(super) fn count_planned(&self, plan: &PlanReport, began: Timestamp) {
        let schedule = &self.metrics.schedule;
        schedule.planned(seconds(began, self.clock.now()), plan.failed);
        let PlanReport { frozen, drafts, held, expired, .. } = plan;
        for (state, n) in
            [("frozen", frozen), ("draft", drafts), ("held", held), ("expired", expired)]
        {
            schedule.editions(state, *n);
        }
    }

    /// Everything counted, in the text format of Prometheus, with the database's side read anew
    /// when it is older than a few seconds. A database that does not answer shows as such.
    pub async fn scrape(&self, status: &Status) -> String {
        let now = self.clock.now();
        for part in [Part::Schedule, Part::Delivery] {
            let of = status.part(part);
            if of.is_on {
                self.metrics.schedule.tick_age(part.as_str(), seconds(of.well_at, now));
            }
        }
        let mut read_at = self.scrapes.0.lock().await;
        let at = now.as_millisecond();
        if read_at.is_none_or(|last| (at - last).abs() >= KEPT_MS) {
            // A scrape may be dropped half way; what it asked of the database is not.
            let engine = self.clone();
            let reading = tokio::spawn(async move { engine.read_ledger(now).await });
            let read = tokio::time::timeout(PATIENCE, reading).await;
            let is_up = matches!(read, Ok(Ok(Ok(()))));
            self.metrics.schedule.database_up(is_up);
            *read_at = is_up.then_some(at);
        }
        drop(read_at);
        self.metrics.render()
    }

    async fn read_ledger(&self, now: Timestamp) -> Result<(), EngineError> {
        let at = now.as_millisecond();
        let runs = self.db.open_runs().await?;
        let mut ledger = of_runs(&runs, at);
        let oldest = self.db.oldest_due_at(at).await?;
        ledger.oldest_due_seconds = oldest.map_or(0.0, |since| apart(since, at));
        ledger.paused = self.db.paused().await?.is_some();
        ledger.alerts = self.count_alerts().await?;
        ledger.statements = self.db.queries();
        self.metrics.ledger.set(&ledger);
        Ok(())
    }
}

/// What the ledger of runs says: the rows are the open runs and the latest one, newest first.
fn of_runs(runs: &[RunRow], now: i64) -> Ledger {
    let mut ledger = Ledger::default();
    for run in runs {
        // What a proof wrote; before the first there is nothing in it.
        let proof: Value = serde_json::from_str(&run.counts).unwrap_or_default();
        let number = |value: &Value, name: &str| value[name].as_i64().unwrap_or(0);
        for count in ["counts", "corrections"].iter().flat_map(|of| proof[*of].as_array()).flatten()
        {
            let state = count["state"].as_str().unwrap_or_default();
            ledger.states.push((state.to_owned(), number(count, "deliveries")));
        }
        ledger.due += number(&proof, "due");
        ledger.copies += number(&proof, "resends");
        ledger.runs_open += i64::from(run.closed_at.is_none());
    }
    if let Some(latest) = runs.first() {
        let proof: Value = serde_json::from_str(&latest.counts).unwrap_or_default();
        ledger.last_closed = latest.closed_at.is_some();
        ledger.expected = latest.expected;
        ledger.accounted = proof["accounted"].as_i64().unwrap_or(0);
        ledger.proof_age_seconds = apart(latest.last_checked_at.unwrap_or(latest.opened_at), now);
    }
    ledger
}

/// Milliseconds between two instants, in seconds.
fn apart(from: i64, to: i64) -> f64 {
    Duration::from_millis(u64::try_from(to - from).unwrap_or(0)).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(week: &str, closed: bool, counts: &str) -> RunRow {
        RunRow {
            iso_week: week.to_owned(),
            opened_at: 0,
            closed_at: closed.then_some(5),
            last_checked_at: Some(10_000),
            expected: 3,
            counts: counts.to_owned(),
        }
    }

    #[test]
    fn the_ledger_of_runs_is_summed_and_the_latest_stands_for_itself() {
        let latest = r#"{"accounted":2,"due":1,"resends":1,"counts":[{"state":"sent","deliveries":1},
            {"state":"queued","deliveries":1}],"corrections":[{"state":"sent","deliveries":4}]}"#;
        let older = r#"{"accounted":9,"due":2,"counts":[{"state":"queued","deliveries":9}]}"#;
        let runs = [run("2026-W48", true, latest), run("2026-W47", false, older)];
        let ledger = of_runs(&runs, 12_500);
        let of = |state: &str| {
            ledger.states.iter().filter(|(s, _)| s == state).map(|(_, n)| n).sum::<i64>()
        };
        assert_eq!((of("sent"), of("queued"), ledger.due, ledger.copies), (5, 10, 3, 1));
        assert_eq!((ledger.expected, ledger.accounted, ledger.runs_open), (3, 2, 1));
        assert!(ledger.last_closed && (ledger.proof_age_seconds - 2.5).abs() < 1e-9);
    }

    #[test]
    fn a_run_that_was_never_proved_counts_nothing() {
        let ledger = of_runs(&[run("2026-W48", false, "{}")], 0);
        assert_eq!((ledger.states.len(), ledger.runs_open, ledger.accounted), (0, 1, 0));
        assert_eq!(of_runs(&[], 0), Ledger::default());
    }
}
