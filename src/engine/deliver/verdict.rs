//! What an outcome does to a delivery (DESIGN 2.5).

use std::sync::Arc;

use jiff::Timestamp;

use crate::mail::outcome::{Fault, Outcome};
use crate::store::deliveries::{Attempt, Record};

use super::backoff::next_attempt;

/// The reason of a delivery whose relay gave no answer after the whole message.
pub const NO_ANSWER: &str = "no answer after the whole message";

/// How the reason of a stop begins when the relay is away.
pub(in crate::engine) const AWAY: &str = "the relay is away";
/// How it begins when the relay does not accept our settings.
pub(in crate::engine) const REFUSES: &str = "the relay does not accept our settings";

/// What an outcome means for those who are still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The relay works.
    Works,
    /// The relay works, and turns this recipient's domain away for now (4.7.x): why.
    TurnsAway(String),
    /// The relay is away: why.
    Away(String),
    /// The relay does not accept our settings: why.
    Refuses(String),
    /// Nothing can be said.
    Unclear,
}

/// What is to be written, and what it means for the round.
#[derive(Debug)]
pub struct Verdict {
    /// The row's new state; none where the mail did not leave by no fault of its recipient: it costs
    /// no attempt and stays due.
    pub record: Option<Record>,
    /// What it means for the others.
    pub effect: Effect,
}

/// One hand-over, as it began.
#[derive(Debug)]
pub struct HandOver<'a> {
    /// Of which delivery.
    pub delivery_id: &'a str,
    /// How many attempts there were before it.
    pub attempts: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// The place of the relay.
    pub relay: Arc<str>,
}

/// Judges one hand-over that ended at `now`.
pub fn judge(of: HandOver<'_>, now: Timestamp, outcome: &Outcome) -> Verdict {
    let words = without_addresses(&describe(outcome));
    let (state, reason, next, effect) = match outcome.fault() {
        Fault::None => ("sent", None, None, Effect::Works),
        Fault::Recipient if is_permanent(outcome) => ("failed", Some(words), None, Effect::Works),
        Fault::Recipient => {
            let next = next_attempt(of.delivery_id, of.attempts + 1, now);
            let turns_away = is_policy(outcome).then(|| Effect::TurnsAway(words.clone()));
            let effect = turns_away.unwrap_or(Effect::Works);
            ("queued", Some(words), Some(next.as_millisecond()), effect)
        }
        Fault::Uncertain => ("uncertain", Some(NO_ANSWER.to_owned()), None, Effect::Unclear),
        Fault::Relay => {
            let effect = Effect::Away(format!("{AWAY}: {words}"));
            return Verdict { record: None, effect };
        }
        Fault::Setup => {
            let effect = Effect::Refuses(format!("{REFUSES}: {words}"));
            return Verdict { record: None, effect };
        }
    };
    let record = Record {
        delivery_id: of.delivery_id.to_owned(),
        state,
        reason,
        next_attempt_at: next,
        attempt: Some(attempt(of, outcome)),
        at: now.as_millisecond(),
    };
    Verdict { record: Some(record), effect }
}

/// Whether a refusal for now is about policy (RFC 3463 3.8): a greylist, a rate limit.
fn is_policy(outcome: &Outcome) -> bool {
    let Outcome::Refused { reply, .. } = outcome else {
        return false;
    };
    reply.enhanced.is_some_and(|e| e.class == 4 && e.subject == 7)
}

fn is_permanent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { permanent: true, .. })
}

/// A relay likes to repeat the address. Addresses are kept in one table only, so that forgetting
/// someone erases one row.
pub(in crate::engine) fn without_addresses(text: &str) -> String {
    let local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.\"".contains(c);
    let domain = |c: char| c.is_ascii_alphanumeric() || "-.[]:".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = rest.split_at(at);
        let kept = before.trim_end_matches(local);
        let after = after[1..].trim_start_matches(domain);
        out.push_str(kept);
        out.push_str("(address)");
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The relay's words, or ours.
fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { reply } => reply.to_string(),
        Outcome::Refused { stage, reply, .. } => format!("{reply} (at {})", stage.as_str()),
        Outcome::NotSent { stage, cause } => format!("{cause} (at {})", stage.as_str()),
        Outcome::Unknown { cause } => cause.to_string(),
    }
}

fn attempt(of: HandOver<'_>, outcome: &Outcome) -> Attempt {
    let (what, stage, reply, words) = match outcome {
        Outcome::Accepted { reply } => ("accepted", None, Some(reply), None),
        Outcome::Refused { stage, permanent, reply } => {
            let what = if *permanent { "refused" } else { "deferred" };
            (what, Some(stage.as_str()), Some(reply), None)
        }
        Outcome::NotSent { stage, cause } => ("not_sent", Some(stage.as_str()), None, Some(cause)),
        Outcome::Unknown { cause } => ("unknown", None, None, Some(cause)),
    };
    Attempt {
        number: of.attempts + 1,
        started_at: of.started_at.as_millisecond(),
        outcome: what,
        stage,
        code: reply.map(|reply| i64::from(reply.code)),
        enhanced: reply.and_then(|reply| reply.enhanced).map(|enhanced| enhanced.to_string()),
        reply: reply
            .map(|reply| without_addresses(&reply.text))
            .or_else(|| words.map(ToString::to_string)),
        relay: of.relay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relays_words_are_kept_without_addresses() {
        for (said, kept) in [
            ("<anna@client.example>: user unknown", "<(address)>: user unknown"),
            ("no anna.b+x@client.example here", "no (address) here"),
            ("a@b.example, c@[192.0.2.1] gone", "(address), (address) gone"),
            ("try later", "try later"),
            ("@", "(address)"),
        ] {
            assert_eq!(without_addresses(said), kept);
        }
    }
}
