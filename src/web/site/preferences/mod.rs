//! `/p/TOKEN`: what a reader gets, each list apart, and what is known of them.
//!
//! The token is about one subscription and opens the page of its reader. Every form carries the mark of
//! the link and the id of the list it is about, which must be the reader's own.

mod forms;
mod view;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::domain::address::EmailAddress;
use crate::domain::codes::Channel;
use crate::domain::consent::AGAIN;
use crate::engine::Engine;
use crate::secrets::Purpose;
use crate::store::consent::{Act, Back, come_back, withdraw, withdraw_all};
use crate::store::people::{self, PersonChange};
use crate::store::readers::{List, Reader};
use crate::store::{export, subscriptions};

use crate::web::shell::body::json;
use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::words::{capitalized, list_name};
use view::Notice;

const UNKNOWN: Problem =
    Problem::Over("Nothing is known of its reader any more, so there is nothing to choose.");

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    let reader = reader(&site, &token).await?;
    view::page(&site, &token, &reader, None).await
}

/// Does what one of its buttons says.
pub(super) async fn act(
    State(site): State<Site>,
    Path(token): Path<String>,
    client: Client,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let reader = reader(&site, &token).await?;
    if !site.keys.is_form_mark(&token, fields.get("mark")) {
        return Err(Problem::Form);
    }
    let notice = match fields.get("do") {
        "save" => save(&site, &reader, &fields).await?,
        "stop" => stop(&site, &reader, &fields, client).await?,
        "again" => again(&site, &reader, &fields, client).await?,
        "stop-all" => stop_all(&site, &reader, client).await?,
        "zone" => zone(&site, &reader, &fields).await?,
        "data" => return data(&site, &reader).await,
        "forget" => return Ok(words(&site, StatusCode::OK, &sure(&site, &token))),
        "forget-now" => return forget(&site, &reader, client).await,
        _ => return Err(Problem::Form),
    };
    view::page(&site, &token, &reader, Some(notice)).await
}

/// Whose page a link opens.
async fn reader(site: &Site, token: &str) -> Result<Reader, Problem> {
    let id = site.read_lasting(Purpose::Preferences, token)?.to_string();
    let reader = site.engine.db.reader_of(&id).await?.ok_or(UNKNOWN)?;
    if reader.email.is_none() { Err(UNKNOWN) } else { Ok(reader) }
}

/// The list that a form is about: the reader's own, whatever id was sent.
async fn list(site: &Site, reader: &Reader, fields: &Fields) -> Result<List, Problem> {
    let lists = site.engine.db.lists_of(&reader.id).await?;
    lists.into_iter().find(|list| list.id == fields.get("list")).ok_or(Problem::Form)
}

async fn save(site: &Site, reader: &Reader, fields: &Fields) -> Result<Notice, Problem> {
    let list = list(site, reader, fields).await?;
    let change = match forms::change(&list, fields) {
        Ok(change) => change,
        Err(sentence) => return Ok(Notice::refused(forms::typed(list, fields), sentence)),
    };
    let undo = forms::undo(&list);
    let (engine, id) = (site.engine.clone(), list.id.clone());
    detached(async move {
        let now = engine.clock.now();
        subscriptions::change(&engine.db, &id, change, now).await?;
        Ok(())
    })
    .await?;
    Ok(Notice::saved(&list.id, "Saved. It holds from the next mail on.", undo))
}

async fn stop(
    site: &Site,
    reader: &Reader,
    fields: &Fields,
    client: Client,
) -> Result<Notice, Problem> {
    let list = list(site, reader, fields).await?;
    let (engine, id, ip) = (site.engine.clone(), list.id.clone(), client.text());
    detached(async move {
        let act = Act::by(Channel::Page).from(ip.as_deref());
        Ok(withdraw(&engine.db, &id, &act, engine.clock.now()).await?)
    })
    .await?;
    let name = capitalized(&list_name(&list.role, list.organization.as_deref()));
    Ok(Notice::done(&list.id, format!("{name} comes no more. The button below takes that back.")))
}

async fn stop_all(site: &Site, reader: &Reader, client: Client) -> Result<Notice, Problem> {
    let (engine, id, ip) = (site.engine.clone(), reader.id.clone(), client.text());
    detached(async move {
        let act = Act::by(Channel::Page).from(ip.as_deref());
        Ok(withdraw_all(&engine.db, &id, &act, engine.clock.now()).await?)
    })
    .await?;
    let sentence = "No mail comes any more. Each list above can be taken up again.";
    Ok(Notice::done("all", sentence.to_owned()))
}

async fn again(
    site: &Site,
    reader: &Reader,
    fields: &Fields,
    client: Client,
) -> Result<Notice, Problem> {
    let list = list(site, reader, fields).await?;
    let (engine, id, ip) = (site.engine.clone(), list.id.clone(), client.text());
    let back = detached(async move {
        let now = engine.clock.now();
        Ok(come_back(&engine.db, &id, AGAIN, ip.as_deref(), now).await?)
    });
    let name = capitalized(&list_name(&list.role, list.organization.as_deref()));
    Ok(match back.await? {
        Back::Again(id) | Back::Already(id) => {
            Notice::done(&id, format!("{name} comes again, once a week."))
        }
        Back::Ended => Notice::problem(&list.id, format!("{name} was ended by who sends it.")),
    })
}

async fn zone(site: &Site, reader: &Reader, fields: &Fields) -> Result<Notice, Problem> {
    let wanted = Some(fields.get("zone")).filter(|zone| !zone.is_empty()).map(str::to_owned);
    if wanted.as_deref().is_some_and(|zone| !view::zones().iter().any(|known| known == zone)) {
        return Ok(Notice::problem("zone", "Choose a time zone from the list.".to_owned()));
    }
    let (engine, email) = (site.engine.clone(), address(reader)?);
    detached(async move {
        let change = PersonChange { time_zone: Some(wanted), ..PersonChange::default() };
        people::change(&engine.db, &email, change).await?;
        Ok(())
    })
    .await?;
    Ok(Notice::done("zone", "Saved. It holds from the next mail on.".to_owned()))
}

/// Everything that is stored about the reader, as a file.
async fn data(site: &Site, reader: &Reader) -> Result<Response<Body>, Problem> {
    let tables = export::person(&site.engine.db, &reader.id).await?;
    let tables: serde_json::Map<String, serde_json::Value> =
        tables.into_iter().map(|(table, rows)| (table.to_owned(), rows.into())).collect();
    let mut response = json(StatusCode::OK, &tables.into());
    let name = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Asks once more: it cannot be taken back.
fn sure(site: &Site, token: &str) -> Words {
    let mut page = Words::new(
        "Forget everything about you?",
        &[
            "Your address and your name are erased and every list ends. What was sent stays counted, \
             without your address. This cannot be taken back.",
        ],
    );
    let path = site.path(&format!("/p/{token}"));
    page.button = Some(Button::of_link(site, ("p", token), ("Yes, forget me", "forget-now"), true));
    page.links.push(Link { label: "No, go back", href: path });
    page
}

async fn forget(site: &Site, reader: &Reader, client: Client) -> Result<Response<Body>, Problem> {
    let (engine, email, ip) = (site.engine.clone(), address(reader)?, client.text());
    detached(async move {
        let act = Act::by(Channel::Page).from(ip.as_deref());
        let engine: &Engine = &engine;
        Ok(people::forget_by(&engine.db, &email, &act, engine.clock.now()).await?)
    })
    .await?;
    let page = Words::new(
        "You are forgotten",
        &["Your address and your name are erased, and no mail comes any more."],
    );
    Ok(words(site, StatusCode::OK, &page))
}

fn address(reader: &Reader) -> Result<EmailAddress, Problem> {
    let stored = reader.email.as_deref().unwrap_or_default();
    EmailAddress::parse(stored).map_err(|_| UNKNOWN)
}
