//! Mails that are no briefs: a reminder to a consultant, an alert to the operator, what asks to
//! confirm, a link to sign in by. They are no deliveries: no row remembers them, and the outbox does not hold them back. Like
//! every mail they name the list they belong to and have a way out.

mod stop;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

pub use stop::{nudge_subject_of, sign_in_subject_of, stop_key, stopped_at, subject_of};

use super::deliver::breaker::{Breaker, Kind};
use super::deliver::cast::Recipient;
use super::links::WayOut;
use super::voice::{Voice, party};
use super::{Engine, EngineError};
use crate::domain::address::EmailAddress;
use crate::domain::brand::Consultant;
use crate::domain::insight::fnv1a64;
use crate::domain::line::{DisplayName, clean};
use crate::domain::slots::SLOT_STOP;
use crate::mail::courier::Mailer;
use crate::mail::envelope::Envelope;
use crate::mail::header::{HeaderUri, ListHeaders};
use crate::mail::message::Letter;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;
use crate::mail::outcome::{Fault, Outcome};
use crate::mail::relay::Relay;
use crate::render::{Frame, Links, Note, letter};
use crate::secrets::Subject;

/// Most characters of a person's name before the service's own.
const PERSON: usize = 32;
/// How long one may take: whoever sends it has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long connecting to a relay may take, and as long again what is said before the message: both are over
/// well before the patience, so that a relay that is silent from the start leaves nothing in doubt.
const HASTE: Duration = Duration::from_secs(15);

/// Which notice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoticeKind {
    /// Asks somebody to confirm a list.
    Confirm,
    /// Tells the operator.
    Alert,
    /// Asks a consultant to review.
    Reminder,
    /// Lets somebody in.
    SignIn,
    /// Asks somebody for one act, in a consultant's name.
    Nudge,
    /// Leads somebody to what is known of them.
    OwnData,
}

impl NoticeKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Alert => "alert",
            Self::Reminder => "reminder",
            Self::SignIn => "sign-in",
            Self::Nudge => "nudge",
            Self::OwnData => "own-data",
        }
    }

    /// The name and the label in `List-Id`.
    const fn list(self) -> (&'static str, &'static str) {
        match self {
            Self::Confirm => ("Confirmations", "confirm"),
            Self::Alert => ("Alerts", "alerts"),
            Self::Reminder => ("Reminders", "reminders"),
            Self::SignIn => ("Links to sign in", "sign-in"),
            Self::Nudge => ("Nudges", "nudges"),
            Self::OwnData => ("Links to what is known of you", "own-data"),
        }
    }

    /// What the way out of such a notice ends, where it is no subscription.
    fn subject(self, address: &EmailAddress) -> Option<Subject> {
        match self {
            Self::SignIn => sign_in_subject_of(address),
            Self::Nudge => nudge_subject_of(address),
            Self::Confirm | Self::Alert | Self::Reminder | Self::OwnData => subject_of(address),
        }
    }

    /// The left side of the Message-ID: a nudge's is its row id, by which a bounce finds it.
    fn message_of(self, identity: &str) -> String {
        match self {
            Self::Nudge => identity.to_owned(),
            other => format!("{}-{:016x}", other.as_str(), fnv1a64(identity.as_bytes())),
        }
    }
}

/// One mail to one person.
pub(super) struct Notice<'a> {
    /// Which it is.
    pub kind: NoticeKind,
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
    /// The subscription that its way out ends; without one it ends the notices to the address.
    pub subscription: Option<&'a str>,
    /// In whose name it is, and who is answered: the address it is from stays the service's, which
    /// alone signs for it.
    pub of: Option<&'a Consultant>,
}

/// What became of it, as the relay said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Passed {
    /// Whoever it is for stopped such notices.
    Unwanted,
    /// Every relay is left alone.
    NoWay,
    /// The last relay's answer.
    Tried(Outcome),
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
    /// Whoever it is for stopped such notices.
    Unwanted,
}

impl Engine {
    /// Draws and sends a notice through a connection of its own, to the first relay that takes it of
    /// those that are not left alone.
    pub(super) async fn send_notice(
        &self,
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<Handed, EngineError> {
        Ok(match self.pass_notice(notice, now).await? {
            Passed::Unwanted => Handed::Unwanted,
            Passed::NoWay => Handed::NotLeft,
            Passed::Tried(outcome) => handed(&outcome),
        })
    }

    /// The same, with what the relay said. An error means that it did not leave.
    pub(super) async fn pass_notice(
        &self,
        notice: &Notice<'_>,
        now: Timestamp,
    ) -> Result<Passed, EngineError> {
        let way_out = match notice.subscription {
            Some(id) => WayOut::Subscription(id),
            None => match EmailAddress::parse(notice.email)
                .ok()
                .and_then(|address| notice.kind.subject(&address))
            {
                Some(subject) if !self.gets_notices(subject).await? => return Ok(Passed::Unwanted),
                subject => subject.map_or(WayOut::Nothing, WayOut::Notices),
            },
        };
        let links = Links { stop: Some(SLOT_STOP.to_owned()), ..Links::default() };
        let frame = Frame { links, ..self.frame_of(Voice::of(notice.of)) };
        let wrong =
            |problem: String| EngineError::Render { scope: notice.scope.to_owned(), problem };
        let drawn = letter(notice.note, &frame).map_err(|e| wrong(e.to_string()))?;
        let kind = notice.kind.as_str();
        let mut message = self.letter(kind, notice.identity, &drawn, now);
        let (name, label) = notice.kind.list();
        let mail = &self.settings.mail;
        let help = HeaderUri::mailto(&mail.reply_to.address, "Help");
        // Fixed words, which the header allows.
        message.list = ListHeaders::new(name, label, &mail.domain, help).ok();
        if let Some(consultant) = notice.of {
            sign(&mut message, consultant, &mail.product_name);
        }
        let mould = Mould::of(&message)
            .map_err(|problem| EngineError::Letter { scope: notice.scope.to_owned(), problem })?;
        let id = notice.kind.message_of(notice.identity);
        let recipient = Recipient {
            email: notice.email,
            name: notice.name,
            organization: None,
            way_out,
            iso_week: "",
        };
        let message_id = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let mut bytes = Vec::new();
        let sender = self.sender()?;
        let envelope = sender
            .cast(&mould, recipient, message_id, &mut bytes)
            .map_err(|problem| wrong(problem.to_string()))?;
        let bytes = sender.signer.sign_apart(bytes, now).await?;
        let mut passed = Passed::NoWay;
        for way in self.free_ways(now).await? {
            let outcome = hand(way, &envelope, &bytes).await;
            let has_left = handed(&outcome) != Handed::NotLeft;
            passed = Passed::Tried(outcome);
            if has_left {
                break;
            }
        }
        Ok(passed)
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
async fn hand(way: &Relay, envelope: &Envelope, bytes: &[u8]) -> Outcome {
    let mut courier = match way {
        Relay::File(folder) => Relay::File(folder_of_notices(folder)).courier(),
        way => way.hasty_courier(HASTE),
    };
    // Dropped half way it may have arrived: it is not sent again.
    let Ok(outcome) = tokio::time::timeout(PATIENCE, courier.send(envelope, bytes)).await else {
        return Outcome::given_up("the relay took too long");
    };
    courier.close().await;
    outcome
}

/// What an outcome is to whoever sent a notice.
fn handed(outcome: &Outcome) -> Handed {
    match outcome.fault() {
        Fault::None | Fault::Uncertain => Handed::Over,
        Fault::Relay | Fault::Setup => Handed::NotLeft,
        Fault::Recipient => Handed::Refused,
    }
}

/// Names a consultant as who it is from, and as whom to answer.
fn sign(message: &mut Letter, consultant: &Consultant, product: &str) {
    let own = consultant.brand_name();
    let name = via(&consultant.contact.name, own.as_deref().unwrap_or(product));
    if name.is_some() {
        message.from.name = name;
    }
    message.reply_to = Some(party(consultant.reply_to()));
}

/// "Ana Mendel via Back Office Brief"; none for a name that reads as an address.
fn via(name: &str, product: &str) -> Option<DisplayName> {
    let name = clean(name, PERSON);
    let is_name = !name.is_empty() && !name.contains('@');
    is_name.then(|| DisplayName::new(&format!("{name} via {product}"))).flatten()
}

/// The folder for mails that are no deliveries: an outbox holds one file for each delivery.
#[must_use]
pub fn folder_of_notices(outbox: &Path) -> PathBuf {
    let mut name = outbox.file_name().unwrap_or_default().to_os_string();
    name.push("-notices");
    outbox.with_file_name(name)
}
