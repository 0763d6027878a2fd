//! How large the tests are: short by default, of any size by environment variables.

use std::time::Duration;

/// The size of things.
#[derive(Debug, Clone)]
pub struct Options {
    /// `BRIEF_CHAOS_RECIPIENTS`: who is to get a brief.
    pub recipients: u64,
    /// `BRIEF_CHAOS_CONNECTIONS`: connections of each process to the relay.
    pub connections: u64,
    /// `BRIEF_CHAOS_KILLS`: how often one run is killed.
    pub kills: u64,
    /// `BRIEF_CHAOS_STOPS`: how often the service is asked to end in the middle of one run.
    pub stops: u64,
    /// `BRIEF_CHAOS_AWAY`: seconds that the database is away.
    pub away: Duration,
    /// `BRIEF_CHAOS_ERRORS`: how many recipients are refused before the relay recovers.
    pub errors: u64,
    /// `BRIEF_CHAOS_WAIT`: milliseconds that the relay takes for each message, so that a short run
    /// lasts long enough to be hit half way.
    pub wait: Duration,
}

impl Options {
    /// What the environment says, and the short form for the rest.
    pub fn of_environment() -> Self {
        let recipients = number("RECIPIENTS").unwrap_or(320);
        let or = |name, default| number(name).unwrap_or(default);
        Self {
            recipients,
            connections: or("CONNECTIONS", 8),
            kills: or("KILLS", 4),
            stops: or("STOPS", 4),
            away: Duration::from_secs(or("AWAY", 2)),
            errors: or("ERRORS", (recipients / 4).min(1_000)),
            wait: Duration::from_millis(or("WAIT", if recipients < 5_000 { 15 } else { 0 })),
        }
    }
}

/// The number in `BRIEF_CHAOS_` and this name, if it is set.
///
/// # Panics
/// When it is no number.
pub fn number(name: &str) -> Option<u64> {
    let name = format!("BRIEF_CHAOS_{name}");
    let text = std::env::var(&name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a whole number")))
}
