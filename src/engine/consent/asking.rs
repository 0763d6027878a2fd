//! Asking for a list, within limits that nobody can use to fill a stranger's mailbox.

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::address::EmailAddress;
use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::{Channel, QuietChoice, Role};
use crate::domain::consent::{INVITATION, REQUEST};
use crate::engine::{Engine, EngineError};
use crate::store::address_hash::AddressHash;
use crate::store::confirmations::{Asked, Request, Wanted, ask};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Requests closed in one transaction of the daily pruning, and transactions in one.
const BATCH: i64 = 500;
const BATCHES: usize = 100;

/// What a request is answered. Whether the address is known is no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// It is taken; if the address can be mailed, a mail will say more.
    Taken,
    /// This client asked too often; it may again after this time.
    TooMany(Duration),
}

impl Engine {
    /// Takes a request for the public brief. The mail that asks to confirm it is due at once.
    ///
    /// # Errors
    /// As any write.
    pub async fn ask_for_public(
        &self,
        email: &EmailAddress,
        channel: Channel,
        client: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Admitted, EngineError> {
        let consent = self.settings.consent;
        let client_limit = (consent.per_client, HOUR);
        if let Some(wait) = self.too_often(&client_name(client), client_limit, now).await? {
            return Ok(Admitted::TooMany(wait));
        }
        let address = format!("address:{}", AddressHash::of(email).as_str());
        if self.too_often(&address, (consent.per_address, DAY), now).await?.is_some() {
            // Told apart it would say that somebody asks for this address.
            return Ok(Admitted::Taken);
        }
        let public = self.settings.schedule.public;
        let wanted = Wanted {
            email: email.clone(),
            // A name that anybody may type would be a way to have us mail their words to strangers.
            name: None,
            role: Role::Public,
            organization: None,
            slot: Some((public.weekday, public.hour)),
            quiet: QuietChoice::Full,
        };
        let request = Request {
            wanted,
            channel,
            wording: REQUEST,
            client_ip: client.map(|ip| ip.to_string()),
            expires_at: now + within(consent.confirm_within),
        };
        match ask(&self.db, &request, now).await {
            // The same address, asked for twice at once: the other one made the person.
            Err(error) if error.is_conflict() => ask(&self.db, &request, now).await?,
            asked => asked?,
        };
        Ok(Admitted::Taken)
    }

    /// Invites somebody. Nothing but the invitation is sent before they confirm.
    ///
    /// # Errors
    /// An organization that is not known, a role without one, as any write.
    pub async fn invite(&self, wanted: Wanted, now: Timestamp) -> Result<Asked, EngineError> {
        Ok(ask(&self.db, &self.invitation(wanted, now), now).await?)
    }

    /// An invitation as it is written down.
    pub(in crate::engine) fn invitation(&self, wanted: Wanted, now: Timestamp) -> Request {
        Request {
            wanted,
            channel: Channel::Invitation,
            wording: INVITATION,
            client_ip: None,
            expires_at: now + within(self.settings.consent.invite_within),
        }
    }

    /// Closes what nobody confirmed in time, forgets who is here only by that, and forgets old
    /// counts.
    pub(in crate::engine) async fn end_requests(&self, now: Timestamp) -> Result<(), EngineError> {
        for _ in 0..BATCHES {
            if self.db.end_unconfirmed(now, BATCH).await? == 0 {
                break;
            }
        }
        for _ in 0..BATCHES {
            if self.db.forget_counts(now - DAY - DAY, BATCH).await? == 0 {
                break;
            }
        }
        Ok(())
    }
}

fn within(span: Duration) -> SignedDuration {
    // Settings hold no span of more than 30 days.
    SignedDuration::try_from(span).unwrap_or(DAY)
}

impl Engine {
    /// Counts one more of something; how long to wait, where that is more than so many in a span.
    pub(in crate::engine) async fn too_often(
        &self,
        name: &str,
        (most, span): (u32, SignedDuration),
        now: Timestamp,
    ) -> Result<Option<Duration>, EngineError> {
        let counted = self.db.count_one(name, span, now).await?;
        let wait = || Duration::try_from(counted.ends.duration_since(now)).unwrap_or_default();
        Ok((counted.count > most).then(wait))
    }

    /// Whether a mail that somebody asked for may go to an address: not where mail came back for good,
    /// was complained about, or the operator stopped it.
    pub(in crate::engine) async fn may_be_mailed(
        &self,
        email: &EmailAddress,
    ) -> Result<bool, EngineError> {
        let rows = self.db.suppressions(false, Some(&AddressHash::of(email)), None, 1).await?;
        let reason: Option<SuppressionReason> =
            rows.first().and_then(|row| row.reason.parse().ok());
        Ok(reason.is_none_or(SuppressionReason::yields_to_consent))
    }
}

/// What a client is counted under: its address, or its network where one client has many addresses.
pub(in crate::engine) fn client_name(client: Option<IpAddr>) -> String {
    match client.map(|ip| ip.to_canonical()) {
        None => "client:unknown".to_owned(),
        Some(IpAddr::V4(v4)) => format!("client:{v4}"),
        Some(IpAddr::V6(v6)) => {
            let network = std::net::Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64);
            format!("client:{network}/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let name = |ip: &str| client_name(Some(ip.parse().unwrap()));
        assert_eq!(name("2001:db8:1:2:3::4"), "client:2001:db8:1:2::/64");
        assert_eq!(name("2001:db8:1:2:9::9"), name("2001:db8:1:2:3::4"));
        assert_ne!(name("2001:db8:1:3::4"), name("2001:db8:1:2::4"));
        assert_eq!(name("::ffff:192.0.2.1"), "client:192.0.2.1");
        assert_eq!(client_name(None), "client:unknown");
    }
}
