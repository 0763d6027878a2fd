//! A link to what is known of somebody, mailed to them: it opens everything that is stored about a person
//! and erases it, so the links of a brief, which readers pass on with it, are not enough.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::domain::address::EmailAddress;
use crate::engine::notice::{Handed, Notice, NoticeKind};
use crate::engine::{Engine, EngineError};
use crate::secrets::Subject;
use crate::store::address_hash::AddressHash;
use crate::store::readers::Reader;

use super::{client_name, words};

/// How long the link works.
const WORKS: SignedDuration = SignedDuration::from_hours(1);
/// Most links that are sent to one address in an hour.
const PER_ADDRESS: u32 = 3;

/// What became of a request for the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnDataLink {
    /// A relay took the mail.
    Sent,
    /// It was asked for too often; it may be again after this time.
    TooMany(Duration),
    /// Nothing is mailed to this address.
    NoMail,
    /// No relay takes mail now.
    NotNow,
}

impl Engine {
    /// Mails a reader the link to what is known of them, by one of their subscriptions.
    ///
    /// # Errors
    /// As any write, and what keeps a mail from being made.
    pub async fn send_own_data_link(
        &self,
        (reader, subscription): (&Reader, Subject),
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<OwnDataLink, EngineError> {
        let address = reader.email.as_deref().map(EmailAddress::parse);
        let Some(Ok(email)) = address else { return Ok(OwnDataLink::NoMail) };
        if let Some(wait) = self.too_many(&email, client, now).await? {
            return Ok(OwnDataLink::TooMany(wait));
        }
        if !self.may_be_mailed(&email).await? {
            return Ok(OwnDataLink::NoMail);
        }
        let until = now + WORKS;
        let pages = self.pages()?;
        let note = words::own_data(
            &pages.own_data(subscription, until),
            &self.settings.web.public_url,
            until,
        );
        let (id, subscription) = (new_id(), subscription.to_string());
        let notice = Notice {
            kind: NoticeKind::OwnData,
            identity: &id,
            scope: "a link to what is known of somebody",
            note: &note,
            email: email.as_str(),
            name: &reader.name,
            subscription: Some(&subscription),
            of: None,
        };
        Ok(match self.send_notice(&notice, now).await? {
            Handed::Over => OwnDataLink::Sent,
            Handed::Refused | Handed::Unwanted => OwnDataLink::NoMail,
            Handed::NotLeft => OwnDataLink::NotNow,
        })
    }

    /// How long to wait, where this client or somebody for this address asked too often.
    async fn too_many(
        &self,
        email: &EmailAddress,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<Duration>, EngineError> {
        let by_client = format!("own data {}", client_name(client));
        let by_address = format!("own data address:{}", AddressHash::of(email).as_str());
        let per_client = self.settings.consent.per_client;
        for (name, most) in [(by_client, per_client), (by_address, PER_ADDRESS)] {
            if let Some(wait) = self.too_often(&name, (most, WORKS), now).await? {
                return Ok(Some(wait));
            }
        }
        Ok(None)
    }
}
