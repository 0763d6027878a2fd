//! The answer: what follows from it, once and in one transaction.

use serde_json::json;

use crate::clock::new_id;
use crate::domain::answer::{AnswerKind, WORDS_MAX};
use crate::domain::codes::{EventKind, GapStatus};
use crate::domain::register::ask::GapChange;
use crate::domain::register::change::{Asking, change};
use crate::domain::register::words::long;
use crate::domain::register::{Known, NewEvent, Plan, Refusals};
use crate::engine::Engine;
use crate::engine::register::{Book, RegisterError};
use crate::secrets::Subject;
use crate::store::audit::{Actor, Way};
use crate::store::records;
use crate::store::row::millis;

use super::AnswerError;
use super::mail::AnsweredMail;
use super::question::{Question, ask};

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The question as it stood before.
    pub question: Question,
    /// Whether anything was written: said twice it counts once.
    pub is_new: bool,
}

/// An answer in the making.
struct Answer<'a> {
    mail: &'a AnsweredMail,
    known: &'a Known,
    kind: AnswerKind,
    text: &'a str,
    actor: Actor,
}

impl Engine {
    /// Takes the answer of a mail.
    ///
    /// # Errors
    /// [`AnswerError::Closed`] where nothing is asked, [`AnswerError::Words`] for words that are
    /// missing or too long.
    pub async fn answer(
        &self,
        delivery: Subject,
        kind: AnswerKind,
        gap: &str,
        typed: &str,
    ) -> Result<Given, AnswerError> {
        let mail = self.answered_mail(delivery).await?;
        mail.told(gap)?;
        let mut book = self.begin_writing(&mail.organization).await?;
        let (question, known) = ask(&mut book, &mail, kind, gap).await?;
        let is_settled = question.is_settled();
        let text = if is_settled { String::new() } else { words(kind, typed)? };
        let actor = mail.reader.actor(Way::Mail);
        let answer = Answer { mail: &mail, known: &known, kind, text: &text, actor };
        if is_settled {
            if book.answer_again(&answer, &question.gap).await? {
                book.commit().await?;
            }
            return Ok(Given { question, is_new: false });
        }
        let is_new = book.take(&answer, &question).await?;
        if is_new {
            book.commit().await?;
        }
        Ok(Given { question, is_new })
    }
}

/// What somebody says with an answer. A number has to be there; the rest may be left out.
fn words(kind: AnswerKind, typed: &str) -> Result<String, AnswerError> {
    if kind == AnswerKind::Done {
        return Ok(String::new());
    }
    let text = long(typed, WORDS_MAX).map_err(|problem| {
        AnswerError::Words(format!("This {problem}. Shorten it, or reply to the mail."))
    })?;
    match (kind, text) {
        (AnswerKind::Correct, None) => {
            let missing = "Type the right number, and where it is from.";
            Err(AnswerError::Words(missing.to_owned()))
        }
        (_, text) => Ok(text.unwrap_or_default()),
    }
}

impl Book<'_> {
    /// Writes an answer and what follows from it. Whether there was anything to write.
    async fn take(
        &mut self,
        answer: &Answer<'_>,
        question: &Question,
    ) -> Result<bool, AnswerError> {
        let (known, mail) = (answer.known, answer.mail);
        let before = self.tx.answers_of_mail(&mail.delivery, &known.gap.id).await?;
        let standing = before.into_iter().find(|row| row.kind == answer.kind.as_str());
        match &standing {
            Some(row) => {
                if !self.tx.change_answer(&row.id, answer.text, self.now).await? {
                    return self.answer_again(answer, &question.gap).await;
                }
            }
            None => self.tx.put_answer(&self.row(answer)).await?,
        }
        match answer.kind {
            AnswerKind::Done => self.hand_to_test(answer).await?,
            AnswerKind::Blocked => self.note(answer, "Blocked").await?,
            AnswerKind::NotMine => self.note(answer, "Not mine").await?,
            AnswerKind::Correct => {}
        }
        self.tx.answer_nudges(&known.gap.id, &mail.reader.id, self.now).await?;
        let detail = json!({
            "answer": answer.kind.as_str(),
            "text": answer.text,
            "before": standing.map(|row| row.text),
            "delivery": mail.delivery,
        });
        self.audit(&answer.actor, "gap.answer", &question.gap, &detail).await?;
        Ok(true)
    }

    /// What was said before and is said once more, after a nudge, answers the nudge. Whether there was
    /// one.
    async fn answer_again(&mut self, answer: &Answer<'_>, gap: &str) -> Result<bool, AnswerError> {
        let (gap_id, reader) = (&answer.known.gap.id, &answer.mail.reader.id);
        let nudges = self.tx.answer_nudges(gap_id, reader, self.now).await?;
        if nudges > 0 {
            let detail = json!({"answer": answer.kind.as_str(), "delivery": answer.mail.delivery});
            self.audit(&answer.actor, "nudge.answer", gap, &detail).await?;
        }
        Ok(nudges > 0)
    }

    fn row(&self, answer: &Answer<'_>) -> records::Answer {
        records::Answer {
            id: new_id(),
            delivery_id: answer.mail.delivery.clone(),
            person_id: answer.mail.reader.id.clone(),
            gap_id: answer.known.gap.id.clone(),
            kind: answer.kind.to_string(),
            text: answer.text.to_owned(),
            answered_at: millis(self.now),
            seen_at: None,
            seen_by: None,
        }
    }

    /// Moves a gap on until it is tested, step by step as by hand. Never further: whoever tests it
    /// closes it.
    async fn hand_to_test(&mut self, answer: &Answer<'_>) -> Result<(), AnswerError> {
        let steps: &[GapStatus] = match answer.known.state.status {
            GapStatus::InProgress => &[GapStatus::Verifying],
            _ => &[GapStatus::InProgress, GapStatus::Verifying],
        };
        for to in steps {
            let known = self.gap(&answer.known.gap.external_id).await?;
            let plan = self.plan(&known, *to, &answer.actor).await?;
            self.put(&known, &plan, "gap.change", &answer.actor).await?;
        }
        Ok(())
    }

    /// A move of the status, by the rules for what is written by hand.
    async fn plan(
        &mut self,
        known: &Known,
        to: GapStatus,
        actor: &Actor,
    ) -> Result<Plan, AnswerError> {
        let writer = self.writer(actor).await?;
        let asked = GapChange { status: Some(to), ..GapChange::default() };
        let asking = Asking {
            known,
            change: &asked,
            writer: &writer,
            today: self.today,
            constants: &self.engine.settings.model,
            person: None,
            implementation_id: None,
        };
        let planned = change(&asking, Refusals::default());
        planned.map_err(|refused| RegisterError::from(refused).into())
    }

    /// Adds to a gap's history what somebody says of it.
    async fn note(&mut self, answer: &Answer<'_>, what: &str) -> Result<(), AnswerError> {
        let note = match answer.text {
            "" => format!("{what}."),
            text => format!("{what}: {text}"),
        };
        let event = NewEvent::new(EventKind::Note, None, None).with_note(Some(note));
        let (base, on) = (answer.known.base.clone(), self.today);
        let plan = Plan { base, events: vec![event], figures: None, on };
        self.put(answer.known, &plan, "gap.note", &answer.actor).await?;
        Ok(())
    }
}
