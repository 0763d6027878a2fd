//! The consultant is told once when a brief that must be approved is not (DESIGN 2.3).
//!
//! The reminder goes out when the first of the held deliveries should have left. That it did is
//! remembered before it leaves: a reminder may be lost, but is not sent twice.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::domain::insight::fnv1a64;
use crate::engine::deliver::cast::Recipient;
use crate::engine::{Engine, EngineError};
use crate::mail::courier::Mailer;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;
use crate::mail::outcome::Fault;
use crate::mail::relay::Relay;
use crate::render::{Frame, Links, Note, letter};
use crate::store::settings;
use crate::store::waiting::Waiting;

/// The folder for mails that are no deliveries: an outbox holds one file for each delivery.
fn beside(outbox: &Path) -> PathBuf {
    let mut name = outbox.file_name().unwrap_or_default().to_os_string();
    name.push("-notices");
    outbox.with_file_name(name)
}

impl Engine {
    /// Reminds the consultants of what has been held past its time. Returns how many were told.
    pub(in crate::engine) async fn remind(&self, now: Timestamp) -> Result<usize, EngineError> {
        let mut told = 0;
        for waiting in self.db.waiting(now.as_millisecond()).await? {
            let key = format!("review.reminded.{}.{}", waiting.edition_id, waiting.person_id);
            let when = now.to_string();
            if !settings::claim(&self.db, &key, &when, now).await? {
                continue;
            }
            match self.send_reminder(&waiting, now).await {
                Ok(true) => told += 1,
                Ok(false) => {
                    settings::remove(&self.db, &key).await?;
                }
                Err(error) => {
                    tracing::error!(edition = waiting.edition_id, %error, "no reminder was sent");
                }
            }
        }
        Ok(told)
    }

    /// False when the reminder certainly did not leave and may be tried again.
    async fn send_reminder(&self, waiting: &Waiting, now: Timestamp) -> Result<bool, EngineError> {
        let frame = Frame { links: Links::default(), ..self.frame() };
        let wrong =
            |problem: String| EngineError::Render { scope: waiting.organization.clone(), problem };
        let drawn = letter(&words(waiting), &frame).map_err(|e| wrong(e.to_string()))?;
        let identity = format!("reminder/{}/{}", waiting.edition_id, waiting.person_id);
        let mut message = self.letter("reminder", &identity, &drawn, now);
        message.list = None;
        let mould = Mould::of(&message).map_err(|problem| EngineError::Letter {
            scope: waiting.organization.clone(),
            problem,
        })?;
        let id = format!("reminder-{:016x}", fnv1a64(identity.as_bytes()));
        let recipient =
            Recipient { email: &waiting.email, name: &waiting.name, organization: None };
        let message_id = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let mut bytes = Vec::new();
        let envelope = self
            .sender()
            .cast(&mould, recipient, message_id, &mut bytes)
            .map_err(|problem| wrong(problem.to_string()))?;
        let mut courier = match &self.settings.relay.way {
            Relay::File(folder) => Relay::File(beside(folder)).courier(),
            way => way.courier(),
        };
        let outcome = courier.send(&envelope, &bytes).await;
        courier.close().await;
        match outcome.fault() {
            Fault::None | Fault::Uncertain => Ok(true),
            Fault::Relay | Fault::Setup => Ok(false),
            Fault::Recipient => {
                tracing::warn!(edition = waiting.edition_id, "the reminder was refused");
                Ok(true)
            }
        }
    }
}

fn words(waiting: &Waiting) -> Note {
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
                "To read it: brief preview {}. To send it: brief editions approve {}. \
                 To leave this week out: brief editions skip {}.",
                waiting.slug, waiting.edition_id, waiting.edition_id
            ),
            "It expires when the next brief is due. This is the only reminder.".to_owned(),
        ],
        button: None,
        why: format!("You review the briefs of {name}."),
    }
}
