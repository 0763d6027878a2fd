//! In whose name a mail comes: the service's own, or a consultant's with the brand of their own.
//!
//! The address of the sender stays the service's, so that its signature is aligned (RFC 9989); the name
//! beside it, the head, the colours and whom readers answer are the consultant's.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::brand::{Brand, Consultant};
use crate::domain::brief::Brief;
use crate::domain::line::DisplayName;
use crate::domain::snapshot::Contact;
use crate::mail::header::Party;
use crate::mail::message::Letter;
use crate::render::palette::Palette;
use crate::render::{Frame, LogoLink};

use super::{Engine, EngineError};

/// In whose name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice<'a> {
    /// What is the consultant's own; none is the service's.
    pub brand: Option<&'a Brand>,
    /// Whom readers answer; none means whoever the settings name.
    pub reply_to: Option<&'a Contact>,
}

impl<'a> Voice<'a> {
    /// The service's own.
    pub const OWN: Self = Self { brand: None, reply_to: None };

    /// A consultant's; the service's where there is none.
    pub fn of(consultant: Option<&'a Consultant>) -> Self {
        Self {
            brand: consultant.map(|own| &own.brand),
            reply_to: consultant.map(Consultant::reply_to),
        }
    }

    /// The name at the head and before the sender's address.
    fn name(self) -> Option<&'a DisplayName> {
        self.brand.and_then(|own| own.name.as_ref())
    }

    /// A brief under the name.
    pub fn heads(self, brief: &Brief) -> Cow<'_, Brief> {
        match self.name() {
            Some(name) => Cow::Owned(brief.headed(name.as_str())),
            None => Cow::Borrowed(brief),
        }
    }

    /// Names the sender and whom to answer.
    pub fn signs(self, letter: &mut Letter) {
        if let Some(name) = self.name() {
            letter.from.name = Some(name.clone());
        }
        if let Some(contact) = self.reply_to {
            letter.reply_to = Some(party(contact));
        }
    }
}

impl Engine {
    /// What surrounds a mail in somebody's name.
    pub(super) fn frame_of(&self, voice: Voice<'_>) -> Frame {
        let mut frame = self.frame();
        if let Some(contact) = voice.reply_to {
            frame.reply_to = Some(contact.email.as_str().to_owned());
        }
        frame.letterhead = voice.name().map(ToString::to_string);
        if let Some(brand) = voice.brand {
            frame.palette = brand.accent.map_or(Palette::PRODUCT, Palette::of);
            frame.logo = brand.logo.as_ref().map(|logo| {
                let (width, height) = logo.shown();
                LogoLink { src: self.logo_address(&logo.sha256), width, height }
            });
        }
        frame
    }

    /// The name that an organization's briefs come under, where it is not the service's.
    ///
    /// # Errors
    /// As any read.
    pub async fn brand_name(
        &self,
        organization: &str,
        now: Timestamp,
    ) -> Result<Option<String>, EngineError> {
        let mut tx = self.db.begin_read().await?;
        let consultant = tx.first_consultant(organization, now).await?;
        tx.rollback().await?;
        Ok(consultant.as_ref().and_then(Consultant::brand_name))
    }

    /// Where a logo is loaded from: one address for every reader, which tells nobody who reads.
    pub(crate) fn logo_address(&self, sha256: &str) -> String {
        format!("{}/logo/{sha256}.png", self.settings.web.public_url)
    }
}

/// Somebody as a header names them.
pub(super) fn party(contact: &Contact) -> Party {
    Party { address: contact.email.clone(), name: DisplayName::new(&contact.name) }
}
