//! Who is signed in.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Response};
use axum::response::IntoResponse;
use url::form_urlencoded::byte_serialize;

use crate::domain::access::Act;
use crate::engine::secret::sha256;
use crate::store::access::Standing;
use crate::store::audit::{Actor, Way};

use super::body::see_other;
use super::cookies::{self, Which};
use super::fields::Fields;
use super::problem::Problem;
use super::state::Site;

/// Somebody who is signed in. As an argument of a page it sends everybody else to sign in.
#[derive(Debug, Clone)]
pub(in crate::web) struct Visitor {
    /// Who they are, and what they may do.
    pub(in crate::web) standing: Standing,
    /// Row id of the session.
    pub(in crate::web) session: String,
    /// What a form of theirs carries.
    mark: String,
}

impl Visitor {
    /// Whoever the request's cookie belongs to.
    pub(in crate::web) async fn of(site: &Site, parts: &Parts) -> Result<Option<Self>, Problem> {
        let Some(cookie) = cookies::read(site, &parts.headers, Which::Session) else {
            return Ok(None);
        };
        let (engine, now) = (&site.engine, site.now());
        let open = engine.db.web_session(&sha256(&cookie), engine.session_idle(), now).await?;
        let Some(open) = open else { return Ok(None) };
        let Some(standing) = engine.standing(&open.person_id, now).await? else { return Ok(None) };
        let mark = site.keys.form_mark(&open.id);
        Ok(Some(Self { standing, session: open.id, mark }))
    }

    /// What every form of a signed-in page carries in the field `mark`.
    pub(in crate::web) fn mark(&self) -> &str {
        &self.mark
    }

    /// Whether a form comes from a page of this session.
    ///
    /// # Errors
    /// [`Problem::Form`] where it does not.
    pub(in crate::web) fn check(&self, site: &Site, fields: &Fields) -> Result<(), Problem> {
        if site.keys.is_form_mark(&self.session, fields.get("mark")) {
            Ok(())
        } else {
            Err(Problem::Form)
        }
    }

    /// Whether an act is theirs at the organization with this row id.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where the organization is none of theirs, as where there is none;
    /// [`Problem::Forbidden`] where they may read but not do that.
    pub(in crate::web) fn may(&self, act: Act, organization: &str) -> Result<(), Problem> {
        let access = &self.standing.access;
        if access.may(act, organization) {
            Ok(())
        } else if access.may(Act::Read, organization) {
            Err(Problem::Forbidden)
        } else {
            Err(Problem::NotFound)
        }
    }

    /// Whether an act is theirs at any organization, for a page that is about none.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] where they only read, [`Problem::NotFound`] where they do neither.
    pub(in crate::web) fn may_anywhere(&self, act: Act) -> Result<(), Problem> {
        let access = &self.standing.access;
        match (access.may_anywhere(act), access.may_anywhere(Act::Read)) {
            (true, _) => Ok(()),
            (false, true) => Err(Problem::Forbidden),
            (false, false) => Err(Problem::NotFound),
        }
    }

    /// The row ids of the organizations at which an act is theirs; none stands for all of them, which are
    /// whoever's runs the service.
    ///
    /// # Errors
    /// As [`may_anywhere`](Self::may_anywhere).
    pub(in crate::web) fn organizations(&self, act: Act) -> Result<Option<Vec<String>>, Problem> {
        self.may_anywhere(act)?;
        let access = &self.standing.access;
        Ok((!access.is_operator()).then(|| access.organizations(act).map(str::to_owned).collect()))
    }

    /// Who writes, when it is they.
    pub(in crate::web) fn actor(&self) -> Actor {
        self.standing.actor(Way::Desk)
    }
}

impl FromRequestParts<Site> for Visitor {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response<Body>> {
        match Self::of(site, parts).await {
            Ok(Some(visitor)) => Ok(visitor),
            Ok(None) if parts.method == Method::GET => {
                let path = parts.uri.path_and_query().map_or("/desk", |path| path.as_str());
                let to: String = byte_serialize(path.as_bytes()).collect();
                Err(see_other(&site.path(&format!("/sign-in?to={to}"))))
            }
            Ok(None) => Err(Problem::SignedOut.into_response()),
            Err(problem) => Err(problem.into_response()),
        }
    }
}
