//! Operational mails: a reminder to a consultant, an alert to the operator. They are no deliveries:
//! no row remembers them, and the outbox does not hold them back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::deliver::breaker::{Breaker, Kind};
use super::deliver::cast::Recipient;
use super::{Engine, EngineError};
use crate::domain::insight::fnv1a64;
use crate::mail::courier::Mailer;
use crate::mail::envelope::Envelope;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;
use crate::mail::outcome::Fault;
use crate::mail::relay::Relay;
use crate::render::{Frame, Links, Note, letter};

/// How long one may take: whoever sends it has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// One mail to one person.
pub(super) struct Notice<'a> {
    /// `reminder` or `alert`.
    pub kind: &'static str,
    /// What makes it itself: the same identity gives the same Message-ID.
    pub identity: &'a str,
    /// What it is about, for errors.
    pub scope: &'a str,
    /// What it says.
    pub note: &'a Note,
    /// To whom.
    pub email: &'a str,
    /// The name; may be empty.
    pub name: &'a str,
    /// The subscription that its links are about, if any.
    pub subscription: Option<&'a str>,
    /// The links under it.
    pub links: Links,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handed {
    /// The relay took it, or may have.
    Over,
    /// The relay turned this recipient away.
    Refused,
    /// It certainly did not leave and may be tried again.
    NotLeft,
}

impl Engine {
    /// Draws and sends a notice through a connection of its own, to the first relay that takes it of
    /// those that are not left alone.
    pub(super) async fn send_notice(
        &self,
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<Handed, EngineError> {
        let frame = Frame { links: notice.links.clone(), ..self.frame() };
        let wrong =
            |problem: String| EngineError::Render { scope: notice.scope.to_owned(), problem };
        let drawn = letter(notice.note, &frame).map_err(|e| wrong(e.to_string()))?;
        let mut message = self.letter(notice.kind, notice.identity, &drawn, now);
        message.list = None;
        let mould = Mould::of(&message)
            .map_err(|problem| EngineError::Letter { scope: notice.scope.to_owned(), problem })?;
        let id = format!("{}-{:016x}", notice.kind, fnv1a64(notice.identity.as_bytes()));
        let recipient = Recipient {
            email: notice.email,
            name: notice.name,
            organization: None,
            subscription: notice.subscription,
            iso_week: "",
        };
        let message_id = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let mut bytes = Vec::new();
        let sender = self.sender()?;
        let envelope = sender
            .cast(&mould, recipient, message_id, &mut bytes)
            .map_err(|problem| wrong(problem.to_string()))?;
        let bytes = sender.signer.sign_apart(bytes, now).await?;
        let mut handed = Handed::NotLeft;
        for way in self.free_ways(now).await? {
            handed = hand(way, &envelope, &bytes).await;
            if handed != Handed::NotLeft {
                break;
            }
        }
        Ok(handed)
    }

    /// The relays that are not left alone, in order.
    async fn free_ways(&self, now: Timestamp) -> Result<Vec<&Relay>, EngineError> {
        let rows = self.db.breakers().await?;
        let is_free = |way: &&Relay| {
            let place = way.place();
            let row = rows.iter().find(|r| r.kind == Kind::Relay.as_str() && r.name == place);
            row.and_then(Breaker::of).is_none_or(|breaker| !breaker.is_open(now, self.began))
        };
        Ok(self.settings.relay.ways().filter(is_free).collect())
    }
}

/// Hands a notice to one relay.
async fn hand(way: &Relay, envelope: &Envelope, bytes: &[u8]) -> Handed {
    let mut courier = match way {
        Relay::File(folder) => Relay::File(beside(folder)).courier(),
        way => way.courier(),
    };
    // Dropped half way it may have arrived: it is not sent again.
    let Ok(outcome) = tokio::time::timeout(PATIENCE, courier.send(envelope, bytes)).await else {
        return Handed::Over;
    };
    courier.close().await;
    match outcome.fault() {
        Fault::None | Fault::Uncertain => Handed::Over,
        Fault::Relay | Fault::Setup => Handed::NotLeft,
        Fault::Recipient => Handed::Refused,
    }
}

/// The folder for mails that are no deliveries: an outbox holds one file for each delivery.
fn beside(outbox: &Path) -> PathBuf {
    let mut name = outbox.file_name().unwrap_or_default().to_os_string();
    name.push("-notices");
    outbox.with_file_name(name)
}
