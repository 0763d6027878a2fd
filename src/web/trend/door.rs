//! Who comes in, and to which organization.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::Response;
use axum::http::request::Parts;
use axum::response::IntoResponse;

use crate::domain::access::Act;
use crate::domain::course::{Course, Told};
use crate::domain::facts::ImplementationFacts;
use crate::secrets::Purpose;

use crate::web::shell::detached::detached;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

const OVER: &str = "The figures can be seen by the link of a mail for some months, while the mails last that \
                    it belongs to. Follow the link in the newest one.";

/// One organization's pages, and what was asked of one.
pub(super) struct Door {
    /// Everything that is told there.
    pub told: Arc<Told>,
    /// Where links to these pages begin: `/t/TOKEN`, with the base of the whole site before it.
    pub base: String,
    /// What follows the question mark, in order.
    asked: Vec<(String, String)>,
    /// The name that its briefs come under, where it is not the service's.
    brand: Option<String>,
    /// Who is signed in; nobody has to be who comes by a mail's link.
    visitor: Option<Visitor>,
}

impl Door {
    /// What surrounds the page.
    pub fn chrome(&self, site: &Site) -> Chrome {
        let chrome = Chrome::of(site).under(self.brand.as_deref());
        match &self.visitor {
            Some(visitor) => chrome.seen_by(visitor),
            None => chrome,
        }
    }

    /// The first value of a name in the query.
    pub fn asked(&self, name: &str) -> Option<&str> {
        let own = self.asked.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Every value of a name in the query.
    pub fn all_asked<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.asked.iter().filter(move |(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }

    /// The page of a list that was asked for, from 1.
    pub fn page(&self) -> usize {
        let page = self.asked("page").and_then(|page| page.parse().ok()).unwrap_or(1_usize);
        page.clamp(1, 10_000)
    }

    /// The implementation that was asked for, by its slug; else the one that the brief tells in full.
    pub fn of(&self) -> (&ImplementationFacts, &Course) {
        let all = || self.told.facts.implementations.iter().zip(&self.told.courses);
        let asked = self.asked("of");
        let found = all().find(|(of, _)| asked == Some(of.slug.as_str()));
        // An organization without any has the implicit one.
        found
            .or_else(|| all().next())
            .unwrap_or((&self.told.facts.implementations[0], &self.told.courses[0]))
    }

    /// The path of one of these pages, of the implementation that is looked at.
    pub fn path(&self, page: &str, query: &[(&str, &str)]) -> String {
        let (of, _) = self.of();
        let is_first = self.told.facts.implementations[0].slug == of.slug;
        let own = [("of", of.slug.as_str())];
        let own = if is_first { &own[1..] } else { &own[..] };
        let pairs = own.iter().chain(query).map(|(name, value)| (*name, *value));
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{page}{mark}{query}", self.base)
    }
}

impl FromRequestParts<Site> for Door {
    type Rejection = Response<Body>;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        let not_found = |_| Problem::NotFound.into_response();
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, site).await;
        let Path(named) = named.map_err(not_found)?;
        let asked = Query::<Vec<(String, String)>>::from_request_parts(parts, site).await;
        let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
        let (organization, base, visitor) = match (named.get("token"), named.get("slug")) {
            (Some(token), _) => {
                let found = by_token(site, token).await.map_err(IntoResponse::into_response)?;
                (found, format!("/t/{token}"), None)
            }
            (None, slug) => {
                let visitor = Visitor::from_request_parts(parts, site).await?;
                let slug = slug.map(String::as_str).unwrap_or_default();
                let found = by_slug(site, slug, &visitor).await;
                let found = found.map_err(IntoResponse::into_response)?;
                (found, format!("/o/{slug}"), Some(visitor))
            }
        };
        let (told, brand) =
            course(site, organization).await.map_err(IntoResponse::into_response)?;
        Ok(Self { told, base: site.path(&base), asked, brand, visitor })
    }
}

/// The organization of a mail's link.
async fn by_token(site: &Site, token: &str) -> Result<String, Problem> {
    let delivery = site.read(Purpose::Trend, token, OVER)?;
    let found = site.engine.db.trend_of_delivery(&delivery.to_string(), site.now()).await?;
    found.ok_or(Problem::Over(OVER))
}

/// The organization of a name, for who may read there.
async fn by_slug(site: &Site, slug: &str, visitor: &Visitor) -> Result<String, Problem> {
    let found = site.engine.db.organization_of_slug(slug).await?.ok_or(Problem::NotFound)?;
    visitor.may(Act::Read, &found)?;
    Ok(found)
}

/// What is told about an organization, and the name that its briefs come under.
async fn course(site: &Site, organization: String) -> Result<(Arc<Told>, Option<String>), Problem> {
    let (engine, now) = (Arc::clone(&site.engine), site.now());
    let (told, brand) = detached(async move {
        let brand = engine.brand_name(&organization, now).await?;
        Ok((engine.course(&organization, now).await?, brand))
    })
    .await?;
    Ok((told.ok_or(Problem::NotFound)?, brand))
}
