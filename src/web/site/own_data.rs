//! `/d/TOKEN`: what is known of somebody, as a file, and the way to be forgotten.
//!
//! The link is mailed to whoever asks on their page (`preferences`), and works for an hour.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::domain::codes::Channel;
use crate::engine::Engine;
use crate::secrets::Purpose;
use crate::store::consent::Act;
use crate::store::readers::Reader;
use crate::store::{export, people};

use crate::web::shell::body::json;
use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::preferences::{address, reader_of};

const OVER: &str =
    "It works for an hour. Ask for another one on the page where you choose what is sent to you.";

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    reader(&site, &token).await?;
    let mut page = Words::new(
        "What is known of you",
        &[
            "Everything that is stored about you, as one file that programs can read: your address, \
             what you agreed to, what was sent to you and what you answered.",
            "Or your address and your name are erased, and every list ends.",
        ],
    );
    let button =
        |label, what, is_main| Button::of_link(&site, ("d", &token), (label, what), is_main);
    page.buttons.push(button("Download my data", "data", true));
    page.buttons.push(button("Forget me", "forget", false));
    Ok(words(&site, StatusCode::OK, &page))
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
    match fields.get("do") {
        "data" => data(&site, &reader).await,
        "forget" => Ok(words(&site, StatusCode::OK, &sure(&site, &token))),
        "forget-now" => forget(&site, &reader, client).await,
        _ => Err(Problem::Form),
    }
}

/// Whose data a link opens.
async fn reader(site: &Site, token: &str) -> Result<Reader, Problem> {
    reader_of(site, site.read(Purpose::OwnData, token, OVER)?).await
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
    let path = site.path(&format!("/d/{token}"));
    page.buttons.push(Button::of_link(site, ("d", token), ("Yes, forget me", "forget-now"), true));
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
