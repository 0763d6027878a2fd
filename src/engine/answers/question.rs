//! What a link asks: the gap as it stands now, and what was answered already.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::answer::AnswerKind;
use crate::domain::brand::Consultant;
use crate::domain::codes::GapStatus;
use crate::domain::register::{Known, Writer};
use crate::engine::Engine;
use crate::engine::register::Book;
use crate::secrets::Subject;
use crate::store::audit::Way;
use crate::store::records;
use crate::store::row::Place;

use super::mail::AnsweredMail;
use super::{AnswerError, Closed};

/// Other numbers of the same mail that are offered.
const NUMBERS: usize = 12;

/// What was answered before by the same mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub kind: AnswerKind,
    /// In which words; may be empty.
    pub text: String,
    /// On which day, where the organization is.
    pub on: Date,
    /// Who dealt with it, if somebody did.
    pub seen_by: Option<String>,
}

/// Another figure of the mail that may be the wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// External id of its gap.
    pub gap: String,
    /// What the brief calls the gap.
    pub called: String,
    /// Minor units a week, as the mail had it.
    pub likely_per_week: i64,
}

/// What a link asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub kind: AnswerKind,
    /// Name of the organization.
    pub organization: String,
    /// ISO 4217 code.
    pub currency: String,
    /// External id of the gap.
    pub gap: String,
    /// What the brief calls it.
    pub called: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub owner: Option<String>,
    /// Where it stands.
    pub status: GapStatus,
    /// Since when.
    pub since: Date,
    /// Minor units a week; none where it is not priced.
    pub likely_per_week: Option<i64>,
    /// Who looks after the organization: the consultant that readers reply to.
    pub consultant: Option<String>,
    /// The name that its briefs come under, where it is not the service's.
    pub brand: Option<String>,
    /// What the same mail answered for this gap, the oldest first.
    pub said: Vec<Said>,
    /// Other figures of the mail, where one is to be corrected.
    pub numbers: Vec<Number>,
}

impl Question {
    /// What was answered to this very question.
    #[must_use]
    pub fn before(&self) -> Option<&Said> {
        self.said.iter().find(|said| said.kind == self.kind)
    }

    /// Whether there is nothing to say any more: it was said to be done, by this mail or by somebody
    /// else.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.kind == AnswerKind::Done
            && (self.before().is_some() || self.status == GapStatus::Verifying)
    }
}

impl Engine {
    /// What the link of a mail asks. Changes nothing.
    ///
    /// # Errors
    /// [`AnswerError::Closed`] where nothing is asked.
    pub async fn question(
        &self,
        delivery: Subject,
        kind: AnswerKind,
        gap: &str,
    ) -> Result<Question, AnswerError> {
        let mail = self.answered_mail(delivery).await?;
        mail.told(gap)?;
        let mut book = self.begin_reading(&mail.organization).await?;
        let question = ask(&mut book, &mail, kind, gap).await?.0;
        book.tx.rollback().await?;
        Ok(question)
    }
}

/// What is asked about a gap, with all that is known of it.
pub(super) async fn ask(
    book: &mut Book<'_>,
    mail: &AnsweredMail,
    kind: AnswerKind,
    gap: &str,
) -> Result<(Question, Known), AnswerError> {
    let known = book.gap(gap).await?;
    let writer = book.writer(&mail.reader.actor(Way::Mail)).await?;
    let status = known.state.effective_status(book.today);
    let called = known.gap.called();
    if !mail.for_all && !is_theirs(&known, &writer) {
        return Err(Closed::NotTheirs { called, owner: known.state.owner }.into());
    }
    if known.is_void || !kind.is_asked_of(status) {
        let (since, is_void) = (known.state.status_since, known.is_void);
        return Err(Closed::Over { called, status, since, is_void }.into());
    }
    let rows = book.tx.answers_of_mail(&mail.delivery, &known.gap.id).await?;
    let said = rows.into_iter().map(|row| said(book, row)).collect::<Result<_, _>>()?;
    let consultant = book.tx.first_consultant(&mail.organization, book.now).await?;
    let place = book.place.clone();
    let question = Question {
        kind,
        organization: place.name,
        currency: place.currency,
        gap: known.gap.external_id.clone(),
        called,
        title: known.base.title.clone(),
        owner: known.state.owner.clone(),
        status,
        since: known.state.status_since,
        likely_per_week: known.price_on(book.today).map(|price| price.exposure.per_week.likely),
        brand: consultant.as_ref().and_then(Consultant::brand_name),
        consultant: consultant.map(|own| own.contact.name).filter(|name| !name.is_empty()),
        said,
        numbers: if kind == AnswerKind::Correct { numbers(mail, &writer, gap) } else { Vec::new() },
    };
    Ok((question, known))
}

/// Whether a gap is somebody's own.
fn is_theirs(known: &Known, writer: &Writer) -> bool {
    known.owner().is_some_and(|owner| writer.is(owner.name, owner.person_id))
}

/// The figures of the mail that whoever reads it may correct, but for the gap's own.
fn numbers(mail: &AnsweredMail, writer: &Writer, gap: &str) -> Vec<Number> {
    let others = mail.gaps.iter().filter(|told| told.external_id != gap);
    let theirs = others.filter(|told| {
        mail.for_all || told.owner.as_deref().is_some_and(|owner| writer.is_called(owner))
    });
    let number = |told: &super::mail::ToldGap| {
        let likely_per_week = told.likely_per_week.filter(|_| told.status.is_leaking())?;
        let (gap, called) = (told.external_id.clone(), told.short_name.clone());
        Some(Number { gap, called, likely_per_week })
    };
    theirs.filter_map(number).take(NUMBERS).collect()
}

fn said(book: &Book<'_>, row: records::Answer) -> Result<Said, AnswerError> {
    let place = Place { table: "answer", row: &row.id };
    let at: Timestamp = place.instant("answered_at", row.answered_at)?;
    Ok(Said {
        kind: place.code("kind", &row.kind)?,
        on: book.zone.to_datetime(at).date(),
        text: row.text,
        seen_by: row.seen_by,
    })
}
