//! What the relay refused for good while it was spoken to: the same policy as for what comes back,
//! in the transaction that records the refusal.

use super::policy::{Limits, Reported, apply};
use crate::domain::bounce::verdict::failure;
use crate::domain::bounce::{Action, Hint, Meaning, Said};
use crate::domain::status::EnhancedCode;
use crate::mail::inbound::Finding;
use crate::mail::outcome::Stage;
use crate::store::deliveries::{Attempt, Record};
use crate::store::{StoreError, Tx};

/// Feeds the refusals among some records to the policy. What is written again after a failed commit
/// counts once.
pub(in crate::engine) async fn feed(
    tx: &mut Tx,
    limits: Limits,
    records: &[Record],
) -> Result<(), StoreError> {
    let refused = |record: &&Record| {
        record.state == "failed" && record.attempt.as_ref().is_some_and(|a| a.outcome == "refused")
    };
    let mut records: Vec<&Record> = records.iter().filter(refused).collect();
    // Two recorders that take the same rows take them in the same order.
    records.sort_by(|a, b| a.delivery_id.cmp(&b.delivery_id));
    for record in records {
        let Some(attempt) = &record.attempt else { continue };
        let subject = tx.bounce_subject(&record.delivery_id).await?;
        let event = Reported {
            finding: &finding(attempt),
            subject: subject.as_ref(),
            source: "smtp",
            digest: &format!("smtp {} {}", record.delivery_id, attempt.number),
            at: record.at,
        };
        apply(tx, limits, &event).await?;
    }
    Ok(())
}

/// What a refused attempt says.
fn finding(attempt: &Attempt) -> Finding {
    let words = attempt.reply.as_deref().unwrap_or_default();
    let said = Said {
        status: attempt.enhanced.as_deref().and_then(EnhancedCode::parse),
        code: attempt.code.and_then(|code| u16::try_from(code).ok()),
        hint: Said::read(words).hint,
    };
    let is_of_recipient = attempt.stage == Some(Stage::Rcpt.as_str());
    // Behind RCPT the relay has seen the message: without a code of its own, or words that leave no
    // doubt, its refusal is about that.
    let is_of_message =
        !is_of_recipient && said.status.is_none() && said.hint != Some(Hint::NoSuchUser);
    let meaning = if is_of_message { Meaning::Sender } else { failure(said) };
    let code = attempt.code.map(|code| code.to_string()).unwrap_or_default();
    Finding {
        meaning,
        action: Some(Action::Failed),
        status: said.status,
        words: format!("{code} {words}").trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn attempt(stage: Stage, code: i64, enhanced: Option<&str>, words: &str) -> Attempt {
        Attempt {
            number: 1,
            started_at: 0,
            outcome: "refused",
            stage: Some(stage.as_str()),
            code: Some(code),
            enhanced: enhanced.map(str::to_owned),
            reply: Some(words.to_owned()),
            relay: Arc::from("smtp://127.0.0.1:25"),
        }
    }

    #[test]
    fn a_refusal_is_judged_by_its_stage_and_its_codes() {
        for (stage, code, enhanced, words, meaning) in [
            (Stage::Rcpt, 550, Some("5.1.1"), "no such user", Meaning::Hard),
            (Stage::Rcpt, 550, None, "no", Meaning::Soft),
            (Stage::Rcpt, 550, None, "user unknown", Meaning::Hard),
            (Stage::Rcpt, 552, Some("5.2.2"), "full", Meaning::Soft),
            (Stage::Rcpt, 554, Some("5.7.1"), "no", Meaning::Sender),
            (Stage::Rcpt, 553, Some("5.6.7"), "not offered", Meaning::Sender),
            (Stage::Message, 554, None, "transaction failed", Meaning::Sender),
            (Stage::Message, 550, None, "no such user here", Meaning::Hard),
            (Stage::Message, 550, Some("5.1.1"), "no", Meaning::Hard),
        ] {
            let found = finding(&attempt(stage, code, enhanced, words));
            assert_eq!(found.meaning, meaning, "{stage} {code} {enhanced:?} {words}");
        }
    }
}
