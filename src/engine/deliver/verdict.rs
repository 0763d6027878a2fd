//! What an outcome does to a delivery (DESIGN 2.5).

use jiff::Timestamp;

use crate::mail::outcome::{Fault, Outcome, Reply};
use crate::store::deliveries::{Attempt, Record};

use super::backoff::next_attempt;

/// The reason of a delivery whose relay gave no answer after the whole message.
pub const NO_ANSWER: &str = "no answer after the whole message";

/// What is to be written, and what it means for the round.
#[derive(Debug)]
pub struct Verdict {
    /// The row's new state.
    pub record: Record,
    /// The round has to stop: why.
    pub stops: Option<String>,
}

/// Judges one hand-over. `attempts` is how many there were before it.
pub fn judge(
    delivery_id: &str,
    attempts: i64,
    started_at: Timestamp,
    now: Timestamp,
    outcome: &Outcome,
) -> Verdict {
    let fault = outcome.fault();
    let at = now.as_millisecond();
    let attempt = attempt(attempts + 1, started_at, outcome);
    let record = |state, reason: Option<String>, next: Option<i64>, attempt| Record {
        delivery_id: delivery_id.to_owned(),
        state,
        reason,
        next_attempt_at: next,
        attempt,
        at,
    };
    let words = describe(outcome);
    match fault {
        Fault::None => Verdict {
            record: record("sent", None, None, Some(attempt)),
            stops: None,
        },
        Fault::Recipient if is_permanent(outcome) => Verdict {
            record: record("failed", Some(words), None, Some(attempt)),
            stops: None,
        },
        Fault::Recipient => {
            let next = next_attempt(delivery_id, attempts + 1, now).as_millisecond();
            Verdict {
                record: record("queued", Some(words), Some(next), Some(attempt)),
                stops: None,
            }
        }
        Fault::Uncertain => Verdict {
            record: record("uncertain", Some(NO_ANSWER.to_owned()), None, Some(attempt)),
            stops: None,
        },
        // Neither is this recipient's: it costs no attempt and stays due.
        Fault::Relay | Fault::Setup => {
            let what = if fault == Fault::Setup {
                "the relay does not accept our settings"
            } else {
                "the relay is away"
            };
            Verdict {
                record: record("queued", None, Some(started_at.as_millisecond()), None),
                stops: Some(format!("{what}: {words}")),
            }
        }
    }
}

fn is_permanent(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Refused {
            permanent: true,
            ..
        }
    )
}

/// The relay's words, or ours, without any address of the reader's.
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
        reply: Some(reply.text.clone()),
    };
    match outcome {
        Outcome::Accepted { reply } => with_reply("accepted", None, reply),
        Outcome::Refused {
            stage,
            permanent,
            reply,
        } => {
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
