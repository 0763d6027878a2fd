//! Any edition at any date, without storing or sending it (DESIGN 4, `preview`, `send-test`).

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::address::EmailAddress;
use crate::domain::brand::Consultant;
use crate::domain::codes::Role;
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::store::due::Subscriber;
use crate::store::editions::Body;
use crate::store::organizations;
use crate::store::snapshot::load_snapshots;

mod recipients;
mod show;
mod test;

use super::compose::{LOCALE, READERS};
use super::plan::cut::exists;
use super::plan::public::public_facts;
use super::{Engine, EngineError};

pub use show::in_words as outcome_in_words;
pub use test::{TestOf, Tested};

/// Whose edition is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The leader's edition of an organization, by slug.
    Leader(String),
    /// A reader's, which says the same and asks nothing.
    Reader(String),
    /// An owner's edition: organization and the owner's name; without one, the first in rank.
    Owner(String, Option<String>),
    /// What one subscription gets: organization and the row id of the subscription.
    Subscription(String, String),
    /// The portfolio of the consultant with this address.
    Consultant(EmailAddress),
    /// The same as its own consultant may see it: of the clients that are theirs still.
    Own(EmailAddress),
    /// The public edition.
    Public,
}

/// An edition with its slots filled in for nobody in particular.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What it would say.
    pub body: Body,
    /// Whom it would name as the list: an organization's name, or none.
    pub organization: Option<String>,
    /// The cut-off that it is of.
    pub cut_off: Timestamp,
    /// The day that it speaks of.
    pub as_of: Date,
    /// In whose name it would come; none means the service's own.
    consultant: Option<Consultant>,
    /// Identity of the preview, for its Message-ID.
    identity: String,
}

impl Engine {
    /// Composes the edition of the latest cut-off at or before `now`: the same bytes as the edition
    /// of that week gets, and the same bytes each time.
    ///
    /// # Errors
    /// When the organization or the consultant is not known, or nothing was known at the cut-off.
    pub async fn preview(&self, whose: &Whose, now: Timestamp) -> Result<Preview, EngineError> {
        match whose {
            Whose::Leader(slug) => self.preview_leader(slug, None, now).await,
            Whose::Reader(slug) => self.preview_leader(slug, Some(READERS), now).await,
            Whose::Owner(slug, owner) => self.preview_owner(slug, owner.as_deref(), now).await,
            Whose::Subscription(slug, id) => self.preview_subscription(slug, id, now).await,
            Whose::Consultant(email) => self.preview_portfolio(email, false, now).await,
            Whose::Own(email) => self.preview_portfolio(email, true, now).await,
            Whose::Public => {
                let Some((cut_off, as_of, issue)) = self.public_issue(now).await? else {
                    return Err(EngineError::Refused(
                        "there is no public issue to send".to_owned(),
                    ));
                };
                let facts = public_facts(issue, cut_off, as_of);
                let body = self.compose_public(issue, &facts, as_of, cut_off)?;
                Ok(Preview::of(body, &format!("public/{cut_off}"), (cut_off, as_of)))
            }
        }
    }

    /// The leader's edition, or the one whose variant ends in `suffix`.
    async fn preview_leader(
        &self,
        slug: &str,
        suffix: Option<&str>,
        now: Timestamp,
    ) -> Result<Preview, EngineError> {
        let (mut facts, known) = self.known_at(slug, now).await?;
        let whose = suffix.map_or("leader", |suffix| {
            facts.edition.variant.push_str(suffix);
            "reader"
        });
        self.preview_of(slug, facts, known, whose)
    }

    /// The leader's edition of facts whose variant is set.
    fn preview_of(
        &self,
        slug: &str,
        facts: Facts,
        known: Snapshot,
        whose: &str,
    ) -> Result<Preview, EngineError> {
        let of = (facts.edition.cut_off, facts.edition.as_of);
        let identity = format!("{slug}/{}/{whose}", of.0);
        let composed = self.compose_leader(facts, known.consultant.as_ref())?;
        Ok(Preview::about(composed.body, known, &identity, of))
    }

    async fn preview_owner(
        &self,
        slug: &str,
        owner: Option<&str>,
        now: Timestamp,
    ) -> Result<Preview, EngineError> {
        let (facts, known) = self.known_at(slug, now).await?;
        let first = || facts.gaps.iter().find_map(|g| g.owner.clone());
        let owner = owner.map(str::to_owned).or_else(first).ok_or_else(|| {
            EngineError::Refused(format!("no open gap of {slug} has an owner at this date"))
        })?;
        let cut_off = facts.edition.cut_off;
        let of = (cut_off, facts.edition.as_of);
        let variant = self.owner_variant(slug, &owner, now).await?;
        let composed = self.compose_owner(&facts, &owner, &variant, known.consultant.as_ref())?;
        let composed = composed.ok_or_else(|| {
            EngineError::Refused(format!(
                "no open gap of {slug} is owned by {owner:?} at this date"
            ))
        })?;
        Ok(Preview::about(composed.body, known, &format!("{slug}/{cut_off}/owner"), of))
    }

    /// The variant of an owner's edition: of the subscription with this name, if there is one.
    async fn owner_variant(
        &self,
        slug: &str,
        owner: &str,
        now: Timestamp,
    ) -> Result<String, EngineError> {
        let organization = organizations::find(&self.db, slug).await?;
        let mut after = String::new();
        loop {
            let ids = std::slice::from_ref(&organization.id);
            let mut tx = self.db.begin_read().await?;
            let page = tx.subscribers(ids, now.as_millisecond(), &after, 1_000);
            let page = page.await?;
            tx.rollback().await?;
            let is_owner = |s: &&Subscriber| s.role == Role::Owner.as_str() && s.name == owner;
            if let Some(found) = page.iter().find(is_owner) {
                return Ok(format!("full-{LOCALE}-{}", found.person_id));
            }
            match page.last() {
                Some(last) => after.clone_from(&last.id),
                None => return Ok(format!("full-{LOCALE}-preview")),
            }
        }
    }

    async fn preview_portfolio(
        &self,
        email: &EmailAddress,
        is_own: bool,
        now: Timestamp,
    ) -> Result<Preview, EngineError> {
        let person = crate::store::people::find(&self.db, email).await?.ok_or_else(|| {
            EngineError::Refused(format!(
                "nobody with the address {email} is known; see `brief people list`"
            ))
        })?;
        let ids = std::slice::from_ref(&person.id);
        let mut clients = self.clients_of(ids, now).await?;
        let mut clients = clients.remove(&person.id).unwrap_or_default();
        if is_own {
            let today = self.clients_of(ids, self.clock.now()).await?;
            let theirs = today.get(&person.id).map_or(&[][..], Vec::as_slice);
            clients.retain(|client| theirs.contains(client));
        }
        let organizations = self.db.organizations_named(&clients).await?;
        let slots = self.slots_of(&organizations)?;
        let zone = person.time_zone.as_deref();
        let own = self.db.consultant_slot(&person.id, now.as_millisecond()).await?;
        let Some(cut) = self.portfolio_cut(own, zone, &slots, now)? else {
            return Err(EngineError::Refused(format!("{email} has no clients at this date")));
        };
        let as_of = self.portfolio_day(&cut);
        let stopped = self.stopped_texts().await?;
        let of = (person.id.as_str(), person.name.as_str());
        let facts = self.portfolio_at(of, (&clients, &stopped), cut.at, as_of).await?.facts;
        let brand = self.db.brand_of(&person.id, cut.at).await?;
        let body = self.compose_portfolio(&facts, &person.id, &brand)?;
        Ok(Preview::of(body, &format!("portfolio/{}/{}", person.id, cut.at), (cut.at, as_of)))
    }

    /// The facts of an organization's latest cut-off at or before `now`, and its name.
    ///
    /// # Errors
    /// When the organization is not known or did not exist yet.
    pub async fn facts_at(
        &self,
        slug: &str,
        now: Timestamp,
    ) -> Result<(Facts, String), EngineError> {
        let (facts, known) = self.known_at(slug, now).await?;
        Ok((facts, known.organization.name))
    }

    /// The same with the snapshot that they were made from.
    async fn known_at(&self, slug: &str, now: Timestamp) -> Result<(Facts, Snapshot), EngineError> {
        let organization = organizations::find(&self.db, slug).await?;
        let ids = [organization.id];
        let found = self.db.organizations_named(&ids).await?;
        let due = found.into_iter().next().ok_or_else(|| {
            EngineError::Refused(format!("organization {slug} was taken back with its import"))
        })?;
        let cut = self.latest_cut(due, now)?;
        let snapshots = load_snapshots(&self.db, &ids, cut.at).await?;
        let known = snapshots.into_iter().next().filter(exists);
        let snapshot = known.ok_or_else(|| {
            EngineError::Refused(format!(
                "nothing was recorded about {slug} before its cut-off of {}; choose a later day",
                cut.as_of
            ))
        })?;
        let facts = self.facts_of(&snapshot, &cut.zone, cut.at, cut.as_of);
        Ok((facts, snapshot))
    }
}

impl Preview {
    pub(in crate::engine) fn of(
        body: Body,
        identity: &str,
        (cut_off, as_of): (Timestamp, Date),
    ) -> Self {
        let identity = identity.to_owned();
        Self { body, organization: None, cut_off, as_of, consultant: None, identity }
    }

    /// Of an organization's edition.
    pub(in crate::engine) fn about(
        body: Body,
        known: Snapshot,
        identity: &str,
        of: (Timestamp, Date),
    ) -> Self {
        let organization = Some(known.organization.name);
        Self { organization, consultant: known.consultant, ..Self::of(body, identity, of) }
    }
}
