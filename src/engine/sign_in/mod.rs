//! Signing in by a link in a mail: good once, for minutes, and in the browser that asked for it.
//!
//! Nobody is told whether an address is known. A link that a relay did not take is asked for once
//! more, so no row waits for it.

mod words;

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::domain::access::Act;
use crate::domain::address::EmailAddress;
use crate::engine::consent::{Admitted, client_name};
use crate::engine::notice::{Handed, Notice, NoticeKind};
use crate::engine::secret::{secret, sha256};
use crate::engine::{Engine, EngineError};
use crate::store::access::Standing;
use crate::store::address_hash::AddressHash;
use crate::store::audit::{Entry, Way};
use crate::store::people::{self, NewPerson};
use crate::store::records;

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Most links that are sent to one address in an hour for one who asks, and for all: whoever asks for
/// somebody else's address again and again must not keep them out.
const PER_ADDRESS: u32 = 5;
const FOR_ALL: u32 = 40;
/// How long what is over is remembered, and rows forgotten in one statement of the daily pruning.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
const BATCH: i64 = 500;
const BATCHES: usize = 100;

/// Who wants to sign in, and from where.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The address as it was typed.
    pub email: EmailAddress,
    /// The cookie that the asking browser was given.
    pub browser: String,
    /// The path to go to then.
    pub target: String,
    /// From which address on the Internet.
    pub client: Option<IpAddr>,
}

/// The log's row of a session.
const fn about<'a>(action: &'a str, subject: &'a str) -> Entry<'a> {
    Entry { organization: None, action, subject, detail: &serde_json::Value::Null }
}

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The cookie's value.
    pub cookie: String,
    /// The path to go to.
    pub target: String,
    /// For how long the browser may keep the cookie.
    pub keeps: Duration,
}

impl Engine {
    /// Somebody with what they may do; none where there is no such person any more.
    ///
    /// # Errors
    /// As any read.
    pub async fn standing(
        &self,
        person_id: &str,
        now: Timestamp,
    ) -> Result<Option<Standing>, EngineError> {
        Ok(self.db.standing(person_id, &self.settings.desk.operators, now).await?)
    }

    /// Takes a request for a link. Whether the address may sign in is no part of the answer; the mail
    /// is a matter of [`send_sign_in`](Self::send_sign_in).
    ///
    /// # Errors
    /// As any write.
    pub async fn admit_sign_in(
        &self,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Admitted, EngineError> {
        let name = format!("sign-in {}", client_name(client));
        let limit = (self.settings.consent.per_client, HOUR);
        let wait = self.too_often(&name, limit, now).await?;
        Ok(wait.map_or(Admitted::Taken, Admitted::TooMany))
    }

    /// Sends a link to whoever may sign in, and nothing to anybody else. Whether one left.
    ///
    /// # Errors
    /// As any write, and what keeps a mail from being made.
    pub async fn send_sign_in(&self, asking: &Asking, now: Timestamp) -> Result<bool, EngineError> {
        let Some(standing) = self.who_may(&asking.email, now).await? else { return Ok(false) };
        let name = format!("sign-in address:{}", AddressHash::of(&standing.email).as_str());
        let own = format!("{name} {}", client_name(asking.client));
        for (name, most) in [(own, PER_ADDRESS), (name, FOR_ALL)] {
            if self.too_often(&name, (most, HOUR), now).await?.is_some() {
                return Ok(false);
            }
        }
        let token = secret()?;
        let within = SignedDuration::try_from(self.settings.desk.sign_in_within).unwrap_or(HOUR);
        let row = records::SignIn {
            id: new_id(),
            person_id: standing.id.clone(),
            browser_sha256: sha256(&asking.browser),
            token_sha256: sha256(&token),
            target: asking.target.clone(),
            client_ip: asking.client.map(|ip| ip.to_string()),
            requested_at: now.as_millisecond(),
            expires_at: (now + within).as_millisecond(),
            used_at: None,
        };
        self.db.ask_sign_in(&row).await?;
        let site = &self.settings.web.public_url;
        let note = words::sign_in(&format!("{site}/sign-in/{token}"), site, within);
        let notice = Notice {
            kind: NoticeKind::SignIn,
            identity: &row.id,
            scope: "a link to sign in",
            note: &note,
            email: standing.email.as_str(),
            name: &standing.name,
            subscription: None,
            of: None,
        };
        let handed = self.send_notice(&notice, now).await?;
        if handed == Handed::NotLeft {
            tracing::warn!("a link to sign in did not leave: no relay takes mail now");
        }
        Ok(handed == Handed::Over)
    }

    /// Who has this address and may see anything at all. The operator needs no row before.
    async fn who_may(
        &self,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<Standing>, EngineError> {
        let person = match people::find(&self.db, email).await? {
            Some(person) => person,
            None if self.settings.desk.operators.contains(&email.lookup_key()) => {
                let new =
                    NewPerson { email: email.clone(), name: None, time_zone: None, locale: None };
                people::add(&self.db, new, now).await?
            }
            None => return Ok(None),
        };
        if !self.may_be_mailed(email).await? {
            return Ok(None);
        }
        let standing = self.standing(&person.id, now).await?;
        Ok(standing.filter(|standing| standing.access.may_anywhere(Act::Read)))
    }

    /// Signs in by a link; none where it is too old, was used, or is another browser's.
    ///
    /// # Errors
    /// As any write.
    pub async fn sign_in(
        &self,
        token: &str,
        browser: &str,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, EngineError> {
        let (token, browser) = (sha256(token), sha256(browser));
        let Some(link) = self.db.sign_in_link(&token).await? else { return Ok(None) };
        let Some(standing) = self.standing(&link.person_id, now).await? else { return Ok(None) };
        let cookie = secret()?;
        let keeps = self.settings.desk.session_for;
        let ends = now + SignedDuration::try_from(keeps).unwrap_or(DAY);
        let session = records::WebSession {
            id: new_id(),
            person_id: standing.id.clone(),
            cookie_sha256: sha256(&cookie),
            client_ip: client.map(|ip| ip.to_string()),
            began_at: now.as_millisecond(),
            seen_at: now.as_millisecond(),
            expires_at: ends.as_millisecond(),
            ended_at: None,
        };
        let mut tx = self.db.begin().await?;
        let Some(target) = tx.use_sign_in_link(&token, &browser, now).await? else {
            return Ok(tx.rollback().await.map(|()| None)?);
        };
        tx.begin_web_session(&session).await?;
        tx.audit(&standing.actor(Way::Desk), about("session.begin", &session.id), now).await?;
        tx.commit().await?;
        Ok(Some(SignedIn { cookie, target, keeps }))
    }

    /// Signs somebody out: of one session, or everywhere. How many sessions ended.
    ///
    /// # Errors
    /// As any write.
    pub async fn sign_out(
        &self,
        standing: &Standing,
        session: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, EngineError> {
        let mut tx = self.db.begin().await?;
        let ended = tx.end_web_sessions(&standing.id, session, now).await?;
        if ended > 0 {
            let what = session.unwrap_or("everywhere");
            tx.audit(&standing.actor(Way::Desk), about("session.end", what), now).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// How long somebody stays signed in without looking at a page.
    #[must_use]
    pub fn session_idle(&self) -> SignedDuration {
        SignedDuration::try_from(self.settings.desk.session_idle).unwrap_or(DAY)
    }

    /// Forgets links and sessions that were over long ago.
    pub(in crate::engine) async fn forget_sign_ins(
        &self,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        for _ in 0..BATCHES {
            if self.db.forget_sign_ins(now - KEPT, BATCH).await? == 0 {
                break;
            }
        }
        Ok(())
    }
}
