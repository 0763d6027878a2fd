//! What was not accepted, summed by cause: one line for each cause and minute, however many mails.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::mail::outcome::{Fault, Outcome};

/// How long is summed before a line is written.
const SPAN: SignedDuration = SignedDuration::from_mins(1);
/// Causes told apart; a relay that makes up codes shares one line beyond them.
const CAUSES: usize = 24;

/// The sums of one round.
#[derive(Debug, Default)]
pub struct Tally(Mutex<Sums>);

#[derive(Debug, Default)]
struct Sums {
    since: Option<Timestamp>,
    counts: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts one outcome; says what was summed when a minute is over. What was accepted is not
    /// looked at.
    pub fn add(&self, delivery: &str, outcome: &Outcome, now: Timestamp) {
        let Some(cause) = cause(outcome) else { return };
        tracing::debug!(delivery, cause, "not accepted");
        if matches!(outcome.fault(), Fault::Relay | Fault::Setup) {
            // Not this mail's; that delivery stands still is said apart.
            return;
        }
        let mut sums = self.sums();
        let since = *sums.since.get_or_insert(now);
        let is_known = sums.counts.contains_key(&cause) || sums.counts.len() < CAUSES;
        let key = if is_known { cause } else { "other causes".to_owned() };
        *sums.counts.entry(key).or_default() += 1;
        if now.duration_since(since).abs() >= SPAN {
            sums.say();
        }
    }

    /// Says what is left at the end of a round.
    pub fn end(&self) {
        self.sums().say();
    }

    fn sums(&self) -> MutexGuard<'_, Sums> {
        // Counts are whole after every call, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sums {
    fn say(&mut self) {
        self.since = None;
        for (cause, count) in std::mem::take(&mut self.counts) {
            tracing::warn!(cause, count, "mails were not accepted");
        }
    }
}

/// The relay's code and where it said it; never its words, which repeat addresses.
fn cause(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Refused { stage, reply, .. } => {
            let enhanced = reply.enhanced.map_or_else(String::new, |e| format!(" {e}"));
            Some(format!("{}{enhanced} at {}", reply.code, stage.as_str()))
        }
        Outcome::NotSent { stage, cause } => {
            Some(format!("{:?} at {}", cause.kind, stage.as_str()))
        }
        Outcome::Unknown { cause } => Some(format!("{:?} after the whole message", cause.kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::outcome::{Reply, Stage};

    fn refused(code: u16) -> Outcome {
        let reply = Reply::new(code, ["5.1.1 <anna@client.example> is unknown"]);
        Outcome::Refused { stage: Stage::Rcpt, permanent: true, reply }
    }

    #[test]
    fn a_cause_is_a_code_and_a_stage_and_there_are_few() {
        assert_eq!(cause(&refused(550)).as_deref(), Some("550 5.1.1 at rcpt"));
        let tally = Tally::default();
        let now = "2026-11-23T13:00:00Z".parse().expect("an instant");
        for n in 0..5_000 {
            tally.add("d", &refused(550 + n % 40), now);
        }
        let counts = tally.sums().counts.clone();
        assert_eq!(counts.len(), CAUSES + 1);
        assert_eq!(counts.values().sum::<u64>(), 5_000);
        tally.end();
        assert!(tally.sums().counts.is_empty());
    }

    #[test]
    fn what_is_summed_is_said_after_a_minute() {
        let tally = Tally::default();
        let now: Timestamp = "2026-11-23T13:00:00Z".parse().expect("an instant");
        tally.add("d", &refused(550), now);
        tally.add("d", &refused(550), now + SignedDuration::from_secs(59));
        assert_eq!(tally.sums().counts.values().sum::<u64>(), 2);
        tally.add("d", &refused(550), now + SPAN);
        assert!(tally.sums().counts.is_empty());
    }
}
