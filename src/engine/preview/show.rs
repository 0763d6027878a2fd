//! A preview as text, HTML or message, and as one real mail to an address outside the list.

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::domain::insight::fnv1a64;
use crate::domain::slots::{SlotValues, fill_html, fill_text};
use crate::engine::deliver::cast::Recipient;
use crate::engine::links::{NOBODY, WayOut};
use crate::engine::voice::Voice;
use crate::engine::{Engine, EngineError};
use crate::mail::courier::Mailer;
use crate::mail::envelope::Envelope;
use crate::mail::message_id::MessageId;
use crate::mail::mould::Mould;
use crate::mail::outcome::Outcome;

use super::Preview;

/// The reader of a preview.
const READER: &str = "reader@preview.example";

impl Engine {
    /// The plain text part as a reader sees it, under its subject and preheader.
    #[must_use]
    pub fn preview_text(&self, preview: &Preview) -> String {
        let text = self.filled_text(&preview.body.text);
        let (subject, preheader) = (&preview.body.subject, &preview.body.preheader);
        format!("Subject: {subject}\nPreheader: {preheader}\n\n{text}")
    }

    /// The HTML part as a reader sees it.
    #[must_use]
    pub fn preview_html(&self, preview: &Preview) -> String {
        self.filled_html(&preview.body.html)
    }

    /// HTML with slots as a page for nobody in particular.
    pub(in crate::engine) fn filled_html(&self, html: &str) -> String {
        self.filled(|values| fill_html(html, values))
    }

    /// Plain text with slots, likewise.
    pub(in crate::engine) fn filled_text(&self, text: &str) -> String {
        self.filled(|values| fill_text(text, values))
    }

    /// A part with the links of nobody.
    fn filled(&self, fill: impl Fn(&SlotValues<'_>) -> String) -> String {
        let page = |path: &str| format!("{}/{path}/{NOBODY}", self.settings.web.public_url);
        let (stop, why, copy) = (page("u"), page("p"), page("w"));
        let (trend, answer) = (page("t"), page("a"));
        let own = SlotValues { stop: &stop, why: &why, copy: &copy, ..SlotValues::default() };
        fill(&SlotValues { trend: &trend, answer: &answer, ..own })
    }

    /// The whole message, addressed to a reader who does not exist. Nobody signs it: it is no mail,
    /// and whoever got hold of it could send it in our name.
    ///
    /// # Errors
    /// When the stored mould is damaged; a fresh one never is.
    pub fn preview_eml(&self, preview: &Preview) -> Result<Vec<u8>, EngineError> {
        self.cast_preview(preview, READER).map(|(_, bytes)| bytes)
    }

    /// Sends one real mail of an edition to an address outside the list, marked as a test.
    ///
    /// # Errors
    /// As [`preview`](Self::preview), and a key that does not sign; a refusal of the relay is an outcome, not an error.
    pub async fn send_test(
        &self,
        mut preview: Preview,
        to: &EmailAddress,
        now: Timestamp,
    ) -> Result<Outcome, EngineError> {
        let rendered = crate::render::Rendered {
            subject: format!("[Test] {}", preview.body.subject),
            preheader: preview.body.preheader.clone(),
            html: preview.body.html.clone(),
            text: preview.body.text.clone(),
        };
        preview.identity = format!("{}/{now}/test/{}", preview.identity, to.as_str());
        let mut letter = self.letter("test", &preview.identity, &rendered, now);
        Voice::of(preview.consultant.as_ref()).signs(&mut letter);
        let mould = Mould::of(&letter)
            .map_err(|problem| EngineError::Letter { scope: "a test".to_owned(), problem })?;
        preview.body.mould = mould.as_bytes().to_vec();
        let (envelope, bytes) = self.cast_preview(&preview, to.as_str())?;
        let bytes = self.sender()?.signer.sign_apart(bytes, now).await?;
        let mut courier = self.settings.relay.way.courier();
        let outcome = courier.send(&envelope, &bytes).await;
        courier.close().await;
        Ok(outcome)
    }

    fn cast_preview(
        &self,
        preview: &Preview,
        email: &str,
    ) -> Result<(Envelope, Vec<u8>), EngineError> {
        let mould = Mould::from_bytes(preview.body.mould.clone()).map_err(|problem| {
            EngineError::Mould { edition: "of a preview".to_owned(), problem }
        })?;
        let id = format!("preview-{:016x}", fnv1a64(preview.identity.as_bytes()));
        let message_id = MessageId::of_delivery(&id, &self.settings.mail.domain)?;
        let organization = preview.organization.as_deref();
        let recipient =
            Recipient { email, name: "", organization, way_out: WayOut::Nothing, iso_week: "" };
        let mut bytes = Vec::new();
        let envelope = self
            .sender()?
            .cast(&mould, recipient, message_id, &mut bytes)
            .map_err(|problem| EngineError::Refused(format!("{email}: {problem}")))?;
        Ok((envelope, bytes))
    }
}

/// What a relay, called `relay`, made of a test, called `what`: a sentence without its full stop.
///
/// # Errors
/// The same where it did not take it.
pub fn in_words(outcome: &Outcome, relay: &str, what: &str) -> Result<String, String> {
    match outcome {
        Outcome::Accepted { reply } => Ok(format!("{relay} took {what}: {reply}")),
        Outcome::Refused { stage, reply, .. } => {
            Err(format!("{relay} refused the test mail at {}: {reply}", stage.as_str()))
        }
        Outcome::NotSent { stage, cause } => {
            Err(format!("the test mail was not sent ({cause} at {})", stage.as_str()))
        }
        Outcome::Unknown { cause } => Err(format!(
            "{relay} gave no answer after the whole mail ({cause}); it may have arrived"
        )),
    }
}
