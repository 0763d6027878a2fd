//! Whoever looks after a client, at that client: what every page of it begins with.
//!
//! **Invariant:** a client that is not the visitor's looks like one that is not there; the visitor's own
//! that they only read says so.

use std::future::Future;

use axum::body::Body;
use axum::http::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded::byte_serialize;

use crate::domain::access::Act;
use crate::domain::register::Refusals;
use crate::domain::time::date_of;
use crate::engine::register::{RegisterError, Written};
use crate::engine::{Engine, EngineError};
use crate::store::audit::Actor;
use crate::store::records::Organization;
use crate::store::{StoreError, organizations};

use crate::web::shell::body::see_other;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::told::{Telling, Told};

/// One client, and who works there.
#[derive(Debug, Clone)]
pub(in crate::web) struct Workplace {
    pub(in crate::web) site: Site,
    pub(in crate::web) visitor: Visitor,
    pub(in crate::web) organization: Organization,
    pub(in crate::web) zone: TimeZone,
    pub(in crate::web) now: Timestamp,
    /// Today at the client.
    pub(in crate::web) today: Date,
}

/// What surrounds a client's pages: `client.html` draws it.
#[derive(Debug, Clone)]
pub(in crate::web) struct Frame {
    /// The client's name.
    pub(in crate::web) client: String,
    /// What paths of the client's pages begin with.
    pub(in crate::web) base: String,
    /// The trend page.
    pub(in crate::web) trend: String,
    /// Which of the pages this is: its last part.
    pub(in crate::web) here: &'static str,
    /// What every form carries.
    pub(in crate::web) mark: String,
    /// What was done just now.
    pub(in crate::web) told: Option<&'static str>,
}

/// What became of a write.
#[derive(Debug, Clone)]
pub(in crate::web) enum Outcome {
    /// It is written.
    Done(Written),
    /// It cannot be taken.
    Refused(Refusals),
    /// Somebody else wrote meanwhile: who and when.
    Conflict(String),
}

impl Workplace {
    /// A client by its slug.
    ///
    /// # Errors
    /// [`Problem::NotFound`] where it is not the visitor's, [`Problem::Forbidden`] where they only read.
    pub(in crate::web) async fn open(
        site: &Site,
        visitor: Visitor,
        slug: &str,
    ) -> Result<Self, Problem> {
        // PostgreSQL cannot even be asked for a text with this mark in it.
        if slug.contains('\0') {
            return Err(Problem::NotFound);
        }
        let organization = match organizations::find(&site.engine.db, slug).await {
            Ok(organization) => organization,
            Err(StoreError::NotFound { .. }) => return Err(Problem::NotFound),
            Err(error) => return Err(error.into()),
        };
        visitor.may(Act::Work, &organization.id)?;
        // Nobody guesses row ids, but a page has one address.
        if organization.slug != slug {
            return Err(Problem::NotFound);
        }
        let zone = TimeZone::get(&organization.time_zone)
            .map_err(|_| EngineError::Zone(organization.time_zone.clone()))?;
        let now = site.now();
        let today = date_of(now, &zone);
        Ok(Self { site: site.clone(), visitor, organization, zone, now, today })
    }

    /// Row id of the client.
    pub(in crate::web) fn id(&self) -> &str {
        &self.organization.id
    }

    /// The path of one of the client's pages, as a browser asks for it: `/gaps/new`.
    pub(in crate::web) fn path(&self, rest: &str) -> String {
        self.site.path(&format!("/desk/c/{}{rest}", self.organization.slug))
    }

    pub(in crate::web) fn chrome(&self) -> Chrome {
        Chrome::of(&self.site).seen_by(&self.visitor)
    }

    /// What surrounds the page `here`.
    pub(in crate::web) fn frame(&self, here: &'static str, telling: &Telling) -> Frame {
        let slug = &self.organization.slug;
        Frame {
            client: crate::domain::line::clean(&self.organization.name, 120),
            base: self.path(""),
            trend: self.site.path(&format!("/o/{slug}")),
            here,
            mark: self.visitor.mark().to_owned(),
            told: telling.sentence(),
        }
    }

    /// Whether a form comes from a page of this session.
    ///
    /// # Errors
    /// [`Problem::Form`] where it does not.
    pub(in crate::web) fn check(&self, fields: &Fields) -> Result<(), Problem> {
        self.visitor.check(&self.site, fields)
    }

    /// Leads to a page of the client that says what was done.
    pub(in crate::web) fn done(&self, rest: &str, told: Told) -> Response<Body> {
        let mark = if rest.contains('?') { '&' } else { '?' };
        see_other(&self.path(&format!("{rest}{mark}told={}", told.word())))
    }

    /// Writes by the register, whatever becomes of the client that waits for the answer.
    ///
    /// # Errors
    /// [`Problem::NotFound`] for what is not this client's; whatever stops the engine.
    pub(in crate::web) async fn write<W, F>(&self, work: W) -> Result<Outcome, Problem>
    where
        W: FnOnce(Engine, String, Actor) -> F,
        F: Future<Output = Result<Written, RegisterError>> + Send + 'static,
    {
        let engine = Engine::clone(&self.site.engine);
        let writing = work(engine, self.id().to_owned(), self.visitor.actor());
        outcome(detached(async move { Ok(writing.await) }).await?)
    }
}

/// What a write came to.
pub(in crate::web) fn outcome(written: Result<Written, RegisterError>) -> Result<Outcome, Problem> {
    match written {
        Ok(written) => Ok(Outcome::Done(written)),
        Err(RegisterError::Refused(refusals)) => Ok(Outcome::Refused(refusals)),
        Err(RegisterError::Conflict(words)) => Ok(Outcome::Conflict(words)),
        Err(error) => Err(error.into()),
    }
}

/// A name as a part of a path.
pub(in crate::web) fn part(name: &str) -> String {
    byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}
