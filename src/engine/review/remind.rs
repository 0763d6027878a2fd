//! The consultant is told once when a brief that must be approved is not (DESIGN 2.3).
//!
//! The reminder goes out when the first of the held deliveries should have left. That it did is
//! remembered before it leaves: a reminder may be lost, but is not sent twice.

use jiff::Timestamp;

use crate::engine::notice::{Handed, Notice, NoticeKind};
use crate::engine::{Engine, EngineError};
use crate::render::{Button, Note};
use crate::store::settings;
use crate::store::waiting::Waiting;

/// Reminders read at once.
const PAGE: i64 = 200;

impl Engine {
    /// Reminds the consultants of what has been held past its time. Returns how many were told.
    pub(in crate::engine) async fn remind(&self, now: Timestamp) -> Result<usize, EngineError> {
        let mut told = 0;
        let mut last: Option<Waiting> = None;
        loop {
            let page = self.db.waiting(now.as_millisecond(), last.as_ref(), PAGE).await?;
            for waiting in &page {
                told += usize::from(self.remind_of(waiting, now).await?);
            }
            let Some(end) = page.into_iter().next_back() else {
                return Ok(told);
            };
            last = Some(end);
        }
    }

    /// Whether a consultant was told of a brief; one that cannot be told keeps no other from it.
    async fn remind_of(&self, waiting: &Waiting, now: Timestamp) -> Result<bool, EngineError> {
        let key = format!("review.reminded.{}.{}", waiting.edition_id, waiting.person_id);
        let when = now.to_string();
        if !settings::claim(&self.db, &key, &when, now).await? {
            return Ok(false);
        }
        match self.send_reminder(waiting, now).await {
            Ok(true) => return Ok(true),
            Ok(false) => {
                settings::remove(&self.db, &key).await?;
            }
            Err(error) => {
                tracing::error!(edition = waiting.edition_id, %error, "no reminder was sent");
            }
        }
        Ok(false)
    }

    /// False when the reminder certainly did not leave and may be tried again.
    async fn send_reminder(&self, waiting: &Waiting, now: Timestamp) -> Result<bool, EngineError> {
        let identity = format!("reminder/{}/{}", waiting.edition_id, waiting.person_id);
        let public_url = &self.settings.web.public_url;
        let page = format!("{public_url}/desk/c/{}/review", waiting.slug);
        let notice = Notice {
            kind: NoticeKind::Reminder,
            identity: &identity,
            scope: &waiting.organization,
            note: &words(waiting, &page),
            email: &waiting.email,
            name: &waiting.name,
            subscription: None,
            of: None,
        };
        let handed = self.send_notice(&notice, now).await?;
        if handed == Handed::Refused {
            tracing::warn!(edition = waiting.edition_id, "the reminder was refused");
        }
        Ok(handed != Handed::NotLeft)
    }
}

/// What it says, with the page where it is read and decided on.
fn words(waiting: &Waiting, page: &str) -> Note {
    let name = &waiting.organization;
    Note {
        subject: format!("Waiting for you: {name}, {}", waiting.iso_week),
        preheader: "The brief is made and held. Nothing is sent until you approve it.".to_owned(),
        heading: format!("The brief for {name} waits for your approval"),
        paragraphs: vec![
            format!(
                "The brief of week {} was due and is held. It goes to {} people once you approve it.",
                waiting.iso_week, waiting.readers
            ),
            format!(
                "There you read it as its readers will, add a note, and approve it or leave this week \
                 out. By command: brief preview {}, brief editions approve {}, brief editions skip {}.",
                waiting.slug, waiting.edition_id, waiting.edition_id
            ),
            "It expires when the next brief is due. This is the only reminder.".to_owned(),
        ],
        button: Some(Button { label: "Read and decide".to_owned(), href: page.to_owned() }),
        answers: Vec::new(),
        why: format!("You get this because you review the briefs of {name}."),
    }
}
