//! `/desk/import` and `/desk/c/{slug}/import`: files of others become ours. The operator's pages are about
//! all organizations, a client's about that one.
//!
//! Reading order: `start` (files in, and what was imported), `arrange` (columns and words: `fields`,
//! `choices`), `diff` (what would change, and the button), `outcome`, `undo`.

mod arrange;
mod choices;
mod diff;
mod download;
mod fields;
mod outcome;
mod start;
mod undo;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::Response;
use axum::routing::{MethodRouter, get};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::domain::brief::numbers::{capitalized, full_date};
use crate::engine::uploads::{FileKind, UploadError, Which};
use crate::store::records::Organization;

use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Workplace};
use crate::web::shell::body::see_other;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// The pages of both.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/import", begin())
        .route("/desk/import/{upload}", get(arrange::show).post(arrange::act))
        .route("/desk/import/{upload}/diff", get(diff::show).post(diff::apply))
        .route("/desk/import/{upload}/map.toml", get(download::map))
        .route("/desk/import/{upload}/rejects.csv", get(download::rejects))
        .route("/desk/import/batch/{batch}", get(undo::show).post(undo::act))
        .route("/desk/c/{slug}/import", begin())
        .route("/desk/c/{slug}/import/{upload}", get(arrange::show).post(arrange::act))
        .route("/desk/c/{slug}/import/{upload}/diff", get(diff::show).post(diff::apply))
        .route("/desk/c/{slug}/import/{upload}/map.toml", get(download::map))
        .route("/desk/c/{slug}/import/{upload}/rejects.csv", get(download::rejects))
        .route("/desk/c/{slug}/import/batch/{batch}", get(undo::show).post(undo::act))
}

/// Files come in here: how much they may be is counted where they are read.
fn begin() -> MethodRouter<Site> {
    get(start::show).post(start::act).layer(DefaultBodyLimit::disable())
}

/// What the path of such a page names.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Named {
    slug: Option<String>,
    #[serde(default)]
    upload: String,
    #[serde(default)]
    batch: String,
}

/// Somebody who imports: for one client, or for all.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    site: Site,
    visitor: Visitor,
    place: Option<Workplace>,
    now: Timestamp,
}

/// What surrounds such a page: `import_frame.html` draws it.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The client's, where it is about one.
    frame: Option<Frame>,
    /// What paths of these pages begin with.
    base: String,
    /// What every form carries.
    mark: String,
    /// What was done just now.
    told: Option<&'static str>,
    /// Whether this is the page that the others begin at.
    is_first: bool,
}

impl Bench {
    /// # Errors
    /// As [`Workplace::open`]; [`Problem::Forbidden`] where somebody else than the operator would import
    /// for all.
    async fn open(site: &Site, visitor: Visitor, named: &Named) -> Result<Self, Problem> {
        let place = match &named.slug {
            Some(slug) => Some(Workplace::open(site, visitor.clone(), slug).await?),
            None if visitor.standing.access.is_operator() => None,
            None => return Err(Problem::Forbidden),
        };
        Ok(Self { site: site.clone(), visitor, place, now: site.now() })
    }

    fn organization(&self) -> Option<&Organization> {
        self.place.as_ref().map(|place| &place.organization)
    }

    fn which(&self) -> Which<'_> {
        self.place.as_ref().map_or(Which::All, |place| Which::Of(place.id()))
    }

    /// Row id of whoever imports.
    fn person(&self) -> &str {
        &self.visitor.standing.id
    }

    /// The path of one of these pages, as a browser asks for it.
    fn path(&self, rest: &str) -> String {
        match &self.place {
            Some(place) => place.path(&format!("/import{rest}")),
            None => self.site.path(&format!("/desk/import{rest}")),
        }
    }

    fn chrome(&self) -> Chrome {
        Chrome::of(&self.site).seen_by(&self.visitor)
    }

    fn head(&self, telling: &Telling, is_first: bool) -> Head {
        Head {
            frame: self.place.as_ref().map(|place| place.frame("import", &Telling::default())),
            base: self.path(""),
            mark: self.visitor.mark().to_owned(),
            told: telling.sentence(),
            is_first,
        }
    }

    fn check(&self, fields: &Fields) -> Result<(), Problem> {
        self.visitor.check(&self.site, fields)
    }

    /// Leads to one of these pages, which says what was done.
    fn done(&self, rest: &str, told: Told) -> Response<Body> {
        see_other(&self.path(&format!("{rest}?told={}", told.word())))
    }

    /// Whether rows of a kind may come here.
    fn takes(&self, kind: FileKind) -> bool {
        self.place.is_none() || crate::engine::uploads::Only::takes(kind)
    }

    /// "23 November 2026, 12:00", at the client or in UTC.
    fn when(&self, at: Timestamp) -> String {
        let zone = self.place.as_ref().map_or(TimeZone::UTC, |place| place.zone.clone());
        let local = zone.to_datetime(at);
        let mark = if self.place.is_some() { "" } else { " UTC" };
        format!("{}, {:02}:{:02}{mark}", full_date(local.date()), local.hour(), local.minute())
    }
}

/// What a kind of file is called.
fn kind_label(kind: &str) -> String {
    capitalized(kind)
}

/// What stops somebody at an upload, unless it is about what they sent.
fn problem(error: UploadError) -> Problem {
    match error {
        UploadError::NotFound | UploadError::Applied => Problem::NotFound,
        UploadError::Over => Problem::Over(
            "Uploads are kept for a day, and this one is older. Upload the file again.",
        ),
        UploadError::Refused(_) => Problem::Form,
        UploadError::Busy => Problem::Busy,
        UploadError::Engine(error) => error.into(),
    }
}
