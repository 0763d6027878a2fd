//! What an operator has to know, as a function of what was counted.

use jiff::{SignedDuration, Timestamp};

use super::halt::{Halt, Halted};
use crate::engine::prove::Proof;

/// Briefs that their readers' mail systems turn away for now are told of from this share of a run
/// on, in percent: a full mailbox is no alarm.
const LATE_PCT: i64 = 1;

/// A kind of condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A run does not close by its time.
    Run,
    /// Many briefs of a run are late because they are turned away for now.
    Late,
    /// An operator paused delivery.
    Paused,
    /// Delivery stands still: the relay is away.
    RelayAway,
    /// Delivery stands still: the relay does not accept our settings.
    RelayRefused,
    /// Delivery stands still: the journal of hand-overs cannot be written, or knows more than the
    /// database.
    Journal,
    /// The first relay is left alone; mail leaves by a later one.
    Fallback,
    /// Planning failed for a scope.
    Planning,
    /// Mail systems refuse our mail for what we are or send, not for whom it is.
    Sender,
    /// A database of somebody else's cannot be read.
    Source,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Run,
        Self::Late,
        Self::Paused,
        Self::RelayAway,
        Self::RelayRefused,
        Self::Journal,
        Self::Fallback,
        Self::Planning,
        Self::Sender,
        Self::Source,
    ];

    /// Its word in rows, metrics and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Late => "late",
            Self::Paused => "paused",
            Self::RelayAway => "relay_away",
            Self::RelayRefused => "relay_refused",
            Self::Journal => "journal",
            Self::Fallback => "fallback",
            Self::Planning => "planning",
            Self::Sender => "sender",
            Self::Source => "source",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether each process sees it for itself; the others are the same for every process.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::RelayAway | Self::RelayRefused | Self::Journal | Self::Planning)
    }

    /// Whether mail cannot leave while it lasts.
    #[must_use]
    pub const fn is_relay(self) -> bool {
        matches!(self, Self::RelayAway | Self::RelayRefused)
    }

    /// How long it must last before it is told. A service that starts after an hour's pause has a
    /// backlog for a moment, and a relay that is restarted comes back.
    #[must_use]
    pub const fn patience(self, in_service: bool) -> SignedDuration {
        match self {
            Self::Run | Self::Late if in_service => SignedDuration::from_mins(5),
            Self::RelayAway => SignedDuration::from_mins(15),
            Self::Source if in_service => SignedDuration::from_mins(15),
            _ => SignedDuration::ZERO,
        }
    }

    /// Whether it is told again while it lasts. What only time mends is told once.
    #[must_use]
    pub const fn repeats(self) -> bool {
        !matches!(self, Self::Late | Self::Sender)
    }
}

/// What was counted of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRun {
    /// ISO week.
    pub week: String,
    /// Briefs expected by the subscriptions.
    pub expected: i64,
    /// Briefs accounted for.
    pub accounted: i64,
    /// Due and unsettled for longer than `alerts.late_after`.
    pub overdue: i64,
    /// Late because it is deferred.
    pub late: i64,
    /// The oldest slot of both, milliseconds.
    pub late_since: Option<i64>,
}

impl SeenRun {
    /// What a proof counted.
    #[must_use]
    pub fn of(proof: &Proof) -> Self {
        Self {
            week: proof.iso_week.clone(),
            expected: proof.expected,
            accounted: proof.accounted,
            overdue: proof.overdue,
            late: proof.late,
            late_since: proof.late_since,
        }
    }
}

/// Scopes that could not be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// How many.
    pub count: i64,
    /// In words, without addresses.
    pub why: String,
}

/// All that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Runs that were proved.
    pub runs: Vec<SeenRun>,
    /// Why an operator paused delivery, without addresses.
    pub paused: Option<String>,
    /// Why the last delivery stood still.
    pub halted: Option<Halted>,
    /// What planning failed at.
    pub planning: Option<Trouble>,
    /// The first relay, where it is left alone and there is another.
    pub bypassed: Option<Bypassed>,
    /// Refusals of late that blame the sender.
    pub blamed: Option<Blamed>,
    /// Sources that cannot be read, the one that has failed for the longest.
    pub unread: Option<Unread>,
}

/// Sources that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// How many.
    pub count: usize,
    /// What is wrong with one, without addresses.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
}

/// Refusals that blame the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    /// How many.
    pub count: i64,
    /// The words of one, without addresses.
    pub why: String,
    /// When the first of them came.
    pub since: Timestamp,
}

/// A first relay that mail goes round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bypassed {
    /// Its place.
    pub relay: String,
    /// In words, without addresses.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
}

/// A condition that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its kind.
    pub kind: Kind,
    /// The run it is about; empty where it is about none.
    pub week: String,
    /// How it shows, in a sentence.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
}

impl Condition {
    /// What its row is found by.
    #[must_use]
    pub fn key(&self) -> String {
        if self.week.is_empty() {
            self.kind.as_str().to_owned()
        } else {
            format!("{}.{}", self.kind.as_str(), self.week)
        }
    }
}

/// What holds at `now`.
#[must_use]
pub fn conditions(seen: &Seen, now: Timestamp) -> Vec<Condition> {
    let mut found: Vec<Condition> = seen.runs.iter().filter_map(|run| open_run(run, now)).collect();
    found.extend(seen.runs.iter().filter_map(|run| late_run(run, now)));
    let mut add = |kind, why: String, since| {
        found.push(Condition { kind, week: String::new(), why, since });
    };
    if let Some(why) = &seen.paused {
        add(Kind::Paused, format!("Delivery is paused: {why}."), now);
    }
    if let Some(Bypassed { relay, why, since }) = &seen.bypassed {
        let why = format!("Mail leaves by a fallback relay. Of {relay} is known: {why}.");
        add(Kind::Fallback, why, *since);
    }
    if let Some(Halted { cause, why, since }) = &seen.halted {
        let kind = match cause {
            Halt::RelayAway => Some(Kind::RelayAway),
            Halt::RelayRefused => Some(Kind::RelayRefused),
            Halt::Journal => Some(Kind::Journal),
            Halt::Other => None,
        };
        if let Some(kind) = kind {
            add(kind, format!("Delivery stands still: {why}."), *since);
        }
    }
    if let Some(Blamed { count, why, since }) = &seen.blamed {
        let why = format!(
            "{}, and not the reader. One says: {why}.",
            mails(
                *count,
                "was refused for a fault of the sender",
                "were refused for a fault of the sender"
            )
        );
        add(Kind::Sender, why, *since);
    }
    if let Some(Unread { count, why, since }) = &seen.unread {
        let sources = if *count == 1 { "source" } else { "sources" };
        add(
            Kind::Source,
            format!(
                "{count} {sources} could not be read. The first: {}.",
                why.trim_end_matches('.')
            ),
            *since,
        );
    }
    if let Some(Trouble { count, why }) = &seen.planning {
        let scopes = if *count == 1 { "scope" } else { "scopes" };
        add(
            Kind::Planning,
            format!("{count} {scopes} could not be planned. The first: {why}."),
            now,
        );
    }
    found
}

/// A run whose counts differ, or of which something is overdue.
fn open_run(run: &SeenRun, now: Timestamp) -> Option<Condition> {
    let SeenRun { week, expected, accounted, overdue, .. } = run;
    let mut why = Vec::new();
    if expected != accounted {
        why.push(format!(
            "{} expected, and {accounted} accounted for.",
            briefs(*expected, "is", "are")
        ));
    }
    if *overdue > 0 {
        why.push(format!(
            "{} due and neither sent nor given up{}.",
            briefs(*overdue, "is", "are"),
            since_when(run)
        ));
    }
    let since = if *overdue > 0 { started(run, now) } else { now };
    (!why.is_empty()).then(|| Condition {
        kind: Kind::Run,
        week: week.clone(),
        why: why.join(" "),
        since,
    })
}

/// A run of which a share is late although nothing is overdue: it is turned away for now.
fn late_run(run: &SeenRun, now: Timestamp) -> Option<Condition> {
    let deferred = run.late;
    let is_share = deferred > 0 && deferred * 100 >= run.expected * LATE_PCT;
    is_share.then(|| Condition {
        kind: Kind::Late,
        week: run.week.clone(),
        why: format!(
            "{} late{}: the mail systems of their readers turn them away for now.",
            briefs(deferred, "is", "are"),
            since_when(run)
        ),
        since: started(run, now),
    })
}

/// "1 brief is", "12 briefs are".
fn briefs(n: i64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 brief {one}") } else { format!("{n} briefs {many}") }
}

/// "1 mail was", "12 mails were".
fn mails(n: i64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 mail {one}") } else { format!("{n} mails {many}") }
}

fn since_when(run: &SeenRun) -> String {
    let at = run.late_since.and_then(|at| Timestamp::from_millisecond(at).ok());
    at.map_or_else(String::new, |at| format!(", the oldest since {}", minute(at)))
}

fn started(run: &SeenRun, now: Timestamp) -> Timestamp {
    run.late_since.and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(now).min(now)
}

/// An instant to the minute, in UTC.
#[must_use]
pub fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests;
