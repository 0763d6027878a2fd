//! What an outcome does to a delivery (DESIGN 2.5).

use jiff::Timestamp;

use crate::mail::outcome::{Fault, Outcome, Reply};
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
    /// The relay works, and turns this recipient's domain away for now (4.7.x).
    TurnsAway,
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
    /// The row's new state.
    pub record: Record,
    /// What it means for the others.
    pub effect: Effect,
}

/// Judges one hand-over. `attempts` is how many there were before it.
pub fn judge(
    delivery_id: &str,
    attempts: i64,
    started_at: Timestamp,
    now: Timestamp,
    outcome: &Outcome,
) -> Verdict {
    let words = without_addresses(&describe(outcome));
    let now_or = |next: Timestamp| Some(next.as_millisecond());
    let (state, reason, next, counts, effect) = match outcome.fault() {
        Fault::None => ("sent", None, None, true, Effect::Works),
        Fault::Recipient if is_permanent(outcome) => {
            ("failed", Some(words), None, true, Effect::Works)
        }
        Fault::Recipient => {
            let next = next_attempt(delivery_id, attempts + 1, now);
            let effect = if is_policy(outcome) { Effect::TurnsAway } else { Effect::Works };
            ("queued", Some(words), now_or(next), true, effect)
        }
        Fault::Uncertain => {
            let why = Some(NO_ANSWER.to_owned());
            ("uncertain", why, None, true, Effect::Unclear)
        }
        // Neither is this recipient's: it costs no attempt and stays due.
        Fault::Relay => {
            let why = format!("{AWAY}: {words}");
            ("queued", None, now_or(started_at), false, Effect::Away(why))
        }
        Fault::Setup => {
            let why = format!("{REFUSES}: {words}");
            ("queued", None, now_or(started_at), false, Effect::Refuses(why))
        }
    };
    let record = Record {
        delivery_id: delivery_id.to_owned(),
        state,
        reason,
        next_attempt_at: next,
        attempt: counts.then(|| attempt(attempts + 1, started_at, outcome)),
        at: now.as_millisecond(),
    };
    Verdict { record, effect }
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

fn attempt(number: i64, started_at: Timestamp, outcome: &Outcome) -> Attempt {
    let with_reply = |outcome, stage, reply: &Reply| Attempt {
        number,
        started_at: started_at.as_millisecond(),
        outcome,
        stage,
        code: Some(i64::from(reply.code)),
        enhanced: reply.enhanced.map(|e| e.to_string()),
        reply: Some(without_addresses(&reply.text)),
    };
    match outcome {
        Outcome::Accepted { reply } => with_reply("accepted", None, reply),
        Outcome::Refused { stage, permanent, reply } => {
            let what = if *permanent { "refused" } else { "deferred" };
            with_reply(what, Some(stage.as_str()), reply)
        }
        Outcome::NotSent { stage, cause } => Attempt {
            number,
            started_at: started_at.as_millisecond(),
            outcome: "not_sent",
            stage: Some(stage.as_str()),
            code: None,
            enhanced: None,
            reply: Some(cause.to_string()),
        },
        Outcome::Unknown { cause } => Attempt {
            number,
            started_at: started_at.as_millisecond(),
            outcome: "unknown",
            stage: None,
            code: None,
            enhanced: None,
            reply: Some(cause.to_string()),
        },
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
