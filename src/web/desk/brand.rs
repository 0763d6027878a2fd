//! `/desk/brand`: a consultant's own name, colour, logo and address for answers, as clients see them.

use askama::Template;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::http::{Request, Response};

use crate::domain::access::Act;
use crate::domain::brand::Brand;
use crate::engine::brand::{BrandAsk, LogoAsk, NAME_MAX};
use crate::engine::register::RegisterError;

use crate::web::shell::body::{html, see_other};
use crate::web::shell::detached::detached;
use crate::web::shell::files;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::form::Form;
use super::told::{Telling, Told};

/// Most octets of files in one form: a few times what a logo may have, which is told in words.
const MOST: usize = 2 * 1024 * 1024;

/// The one page of the desk with a picture.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "web/desk/brand.html")]
struct Page {
    chrome: Chrome,
    form: Form,
    mark: String,
    told: Option<&'static str>,
    logo: Option<LogoView>,
    /// Whose address stands where no other is given.
    reply_hint: String,
    /// The name that stands where no other is given.
    product: String,
    name_max: String,
    is_consultant: bool,
}

struct LogoView {
    path: String,
    width: u32,
    height: u32,
}

/// Whether a visitor has a brand to look after: somebody's consultant has.
pub(super) fn is_for(visitor: &Visitor) -> bool {
    visitor.standing.access.organizations(Act::Work).next().is_some()
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(telling): Query<Telling>,
) -> Result<Response<Body>, Problem> {
    visitor.may_anywhere(Act::Work)?;
    let brand = site.engine.db.brand_of(&visitor.standing.id, site.now()).await?;
    let text = |value: Option<String>| value.unwrap_or_default();
    let form = Form::holding(
        "brand",
        [
            ("name", text(brand.name.as_ref().map(ToString::to_string))),
            ("accent", text(brand.accent.map(|colour| colour.to_string()))),
            ("reply_to", text(brand.reply_to.as_ref().map(|own| own.email.to_string()))),
        ],
    );
    Ok(draw(&site, &visitor, &brand, form, telling.sentence()))
}

/// Saves it.
pub(super) async fn save(
    State(site): State<Site>,
    visitor: Visitor,
    request: Request<Body>,
) -> Result<Response<Body>, Problem> {
    let sent = files::read(&site, request, MOST).await?;
    if sent.is_too_much {
        return Err(Problem::TooLarge);
    }
    let files::Sent { fields, mut files, .. } = sent;
    visitor.check(&site, &fields)?;
    visitor.may_anywhere(Act::Work)?;
    if !is_for(&visitor) {
        return Err(Problem::Forbidden);
    }
    let mut form = Form::sent("brand", &fields);
    let file = files.iter().position(|own| own.field == "logo").map(|at| files.swap_remove(at));
    let ask = BrandAsk {
        name: form.value("name").to_owned(),
        accent: form.value("accent").to_owned(),
        reply_to: form.value("reply_to").to_owned(),
        logo: match file {
            Some(file) => LogoAsk::File(file.bytes),
            None if form.is("no_logo", "y") => LogoAsk::Remove,
            None => LogoAsk::Keep,
        },
    };
    let (engine, id, actor) = (site.engine.clone(), visitor.standing.id.clone(), visitor.actor());
    let saved = detached(async move {
        let now = engine.clock.now();
        Ok(engine.save_brand(&id, &ask, &actor, now).await)
    });
    match saved.await? {
        Ok(is_changed) => {
            let told = if is_changed { Told::Branded } else { Told::Same };
            Ok(see_other(&site.path(&format!("/desk/brand?told={}", told.word()))))
        }
        Err(RegisterError::Refused(refusals)) => {
            form.take(&refusals);
            let brand = site.engine.db.brand_of(&visitor.standing.id, site.now()).await?;
            Ok(draw(&site, &visitor, &brand, form, None))
        }
        Err(error) => Err(error.into()),
    }
}

fn draw(
    site: &Site,
    visitor: &Visitor,
    brand: &Brand,
    form: Form,
    told: Option<&'static str>,
) -> Response<Body> {
    let status = form.status(false);
    let page = Page {
        chrome: Chrome::of(site).seen_by(visitor),
        mark: visitor.mark().to_owned(),
        told,
        logo: brand.logo.as_ref().map(|logo| {
            let (width, height) = logo.shown();
            LogoView { path: site.path(&format!("/logo/{}.png", logo.sha256)), width, height }
        }),
        reply_hint: format!("Empty: {}.", visitor.standing.email),
        product: site.engine.settings.mail.product_name.clone(),
        name_max: NAME_MAX.to_string(),
        is_consultant: is_for(visitor),
        form,
    };
    let mut response = html(status, &page);
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}
