//! The program that asks, and how far it sees.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::domain::grants::{Grant, Resource};
use crate::engine::tokens::Program;
use crate::store::audit::Actor;
use crate::store::{organizations, records};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::fault::Fault;

/// Longest name in an address: nothing has a longer one.
const NAME_MAX: usize = 200;

/// A program whose token is good and goes as far as the operation needs. What stands around the routes
/// put it there.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct Caller(pub(in crate::web::api) Program);

impl Caller {
    /// Who writes, when it does.
    pub(in crate::web::api) fn actor(&self) -> Actor {
        self.0.actor()
    }

    /// Row id of the one organization that it sees; none for all.
    pub(in crate::web::api) fn organization(&self) -> Option<&str> {
        self.0.organization.as_deref()
    }

    /// Refuses a program that sees one organization only.
    pub(in crate::web::api) fn must_see_all(&self) -> Result<(), Fault> {
        if self.organization().is_none() { Ok(()) } else { Err(Fault::one_organization()) }
    }

    /// Refuses a program whose token does not go so far.
    pub(in crate::web::api) fn must(&self, grant: Grant) -> Result<(), Fault> {
        if self.0.grants.allow(grant) { Ok(()) } else { Err(Fault::scope(grant)) }
    }

    /// Whether it is told addresses.
    pub(in crate::web::api) fn may_read_people(&self) -> bool {
        self.0.grants.may_read(Resource::People)
    }

    /// An address, for whom it may be told to.
    pub(in crate::web::api) fn address(&self, email: Option<String>) -> Option<String> {
        email.filter(|_| self.may_read_people())
    }

    /// How somebody is called who wrote something; whoever has no name is called by an address.
    pub(in crate::web::api) fn called(&self, name: Option<String>) -> Option<String> {
        name.filter(|name| self.may_read_people() || !name.contains('@'))
    }

    /// The organization of this slug, external id or row id, if it sees it.
    pub(in crate::web::api) async fn sees(
        &self,
        site: &Site,
        name: &str,
    ) -> Result<records::Organization, Fault> {
        let missing = || Fault::missing("organization", name);
        if !is_name(name) {
            return Err(missing());
        }
        let found = organizations::find(&site.engine.db, name).await?;
        let is_seen = self.organization().is_none_or(|own| own == found.id);
        if is_seen { Ok(found) } else { Err(missing()) }
    }

    /// The row id of the organization that a list is narrowed to: the one that was named, or the one
    /// that it sees.
    pub(in crate::web::api) async fn narrowed(
        &self,
        site: &Site,
        named: Option<&str>,
    ) -> Result<Option<String>, Fault> {
        match named {
            Some(name) => Ok(Some(self.sees(site, name).await?.id)),
            None => Ok(self.organization().map(str::to_owned)),
        }
    }
}

impl FromRequestParts<Site> for Caller {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Fault> {
        // Absent only where a route was added past the document: then nobody passes.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::Broken.into())
    }
}

/// Whether a part of an address may be the name of anything.
pub(in crate::web::api) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= NAME_MAX && !text.chars().any(char::is_control)
}

/// The token that a request shows.
pub(in crate::web::api) fn shown(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
