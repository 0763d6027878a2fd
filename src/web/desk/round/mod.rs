//! `/desk/round`: the week's round over all clients on one page. One button says that nothing changed
//! at a client; what did change is typed in its line.
//!
//! **Invariant:** a button writes about its own client; what was typed about others stands on the page
//! again.

mod save;
mod typed;
mod view;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::Deserialize;

use crate::engine::today::ClientToday;

use crate::web::shell::body::see_other;
use crate::web::shell::fields::LongFields;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::clients::{Clients, called, n_done};
use super::workplace::part;
use save::Pen;
use typed::Typed;
use view::{Round, draw};

/// What was done just now: the client's slug.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let clients = today(&site, &visitor).await?;
    let told = clients.iter().find(|own| own.facts.organization.slug == asked.done);
    let told = told.map(|own| {
        let name = called(&own.facts.organization.name);
        if own.is_done() {
            format!("{name}: done for this week.")
        } else {
            format!("{name}: saved.")
        }
    });
    page(&site, &visitor, &clients, told, &Typed::default()).await
}

/// Writes what one button says: of one client, or all that is typed.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    visitor.check(&site, &fields)?;
    let clients = today(&site, &visitor).await?;
    let of = |slug: &str| clients.iter().find(|own| own.facts.organization.slug == slug);
    let mut typed = Typed::of(&fields);
    let pen = Pen { engine: site.engine.clone(), actor: visitor.actor() };
    let last = match (fields.get("same"), fields.get("save")) {
        ("", "") => {
            let mut slugs: Vec<String> = typed.rows.keys().map(|(slug, _)| slug.clone()).collect();
            slugs.dedup();
            for slug in &slugs {
                let client = of(slug).ok_or(Problem::NotFound)?;
                save::rows(&pen, client, &mut typed).await?;
            }
            slugs.pop().unwrap_or_default()
        }
        ("", slug) => {
            save::rows(&pen, of(slug).ok_or(Problem::NotFound)?, &mut typed).await?;
            slug.to_owned()
        }
        (slug, _) => {
            let client = of(slug).ok_or(Problem::NotFound)?;
            let rows = typed.gaps(slug);
            save::rows(&pen, client, &mut typed).await?;
            let mut said = typed.clone();
            for gap in rows {
                said.rows.entry((slug.to_owned(), gap)).or_default();
            }
            save::all(&pen, client, &said).await?;
            slug.to_owned()
        }
    };
    if typed.rows.is_empty() {
        return Ok(see_other(&site.path(&format!("/desk/round?done={}#next", part(&last)))));
    }
    let clients = today(&site, &visitor).await?;
    page(&site, &visitor, &clients, None, &typed).await
}

/// The clients whose round it is.
async fn today(site: &Site, visitor: &Visitor) -> Result<Vec<ClientToday>, Problem> {
    let clients = Clients::of(site, visitor, "").await?;
    if clients.n_all == 0 {
        return Err(if clients.read.is_empty() { Problem::NotFound } else { Problem::Forbidden });
    }
    Ok(site.engine.clients_today(&clients.ids(), site.now()).await?)
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    clients: &[ClientToday],
    told: Option<String>,
    typed: &Typed,
) -> Result<Response<Body>, Problem> {
    let now = site.now();
    let person = (visitor.standing.id.as_str(), visitor.standing.called());
    let portfolio = site.engine.portfolio_today(person, clients, now).await?;
    let round = Round { site, visitor, portfolio: &portfolio, clients, now, told };
    Ok(draw(&round, typed))
}
