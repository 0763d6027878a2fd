//! `/p/TOKEN`: what a reader gets, each list apart, and the way to what is known of them.
//!
//! The token is about one subscription and opens the page of its reader. Every form carries the mark of
//! the link and the id of the list it is about, which must be the reader's own.

mod forms;
mod view;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;

use crate::domain::address::EmailAddress;
use crate::domain::codes::Channel;
use crate::domain::consent::AGAIN;
use crate::engine::consent::OwnDataLink;
use crate::secrets::{Purpose, Subject};
use crate::store::consent::{Act, Back, come_back, withdraw, withdraw_all};
use crate::store::people::{self, PersonChange};
use crate::store::readers::{List, Reader};
use crate::store::subscriptions;

use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
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
        "own-data" => own_data(&site, (&token, &reader), client).await?,
        _ => return Err(Problem::Form),
    };
    view::page(&site, &token, &reader, Some(notice)).await
}

/// Whose page a link opens.
async fn reader(site: &Site, token: &str) -> Result<Reader, Problem> {
    reader_of(site, site.read_lasting(Purpose::Preferences, token)?).await
}

/// The reader behind a subscription, as long as their address is known.
pub(super) async fn reader_of(site: &Site, subscription: Subject) -> Result<Reader, Problem> {
    let reader = site.engine.db.reader_of(&subscription.to_string()).await?.ok_or(UNKNOWN)?;
    if reader.email.is_none() { Err(UNKNOWN) } else { Ok(reader) }
}

/// The address of one.
pub(super) fn address(reader: &Reader) -> Result<EmailAddress, Problem> {
    let stored = reader.email.as_deref().unwrap_or_default();
    EmailAddress::parse(stored).map_err(|_| UNKNOWN)
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

/// Mails the link to what is known of the reader: this page's own may be in other hands.
async fn own_data(
    site: &Site,
    (token, reader): (&str, &Reader),
    client: Client,
) -> Result<Notice, Problem> {
    let subscription = site.read_lasting(Purpose::Preferences, token)?;
    let (engine, reader) = (site.engine.clone(), reader.clone());
    let sent = detached(async move {
        let now = engine.clock.now();
        engine.send_own_data_link((&reader, subscription), client.0, now).await
    });
    Ok(match sent.await? {
        OwnDataLink::Sent => Notice::done(
            "data",
            "A mail with a link is on its way to you. The link works for an hour.".to_owned(),
        ),
        OwnDataLink::TooMany(wait) => return Err(Problem::TooMany(wait)),
        OwnDataLink::NoMail => {
            let contact = &site.engine.settings.mail.reply_to.address;
            let words = format!("No mail can be sent to your address. Write to {contact} instead.");
            Notice::problem("data", words)
        }
        OwnDataLink::NotNow => Notice::problem(
            "data",
            "No mail can be sent right now. Try again in some minutes.".to_owned(),
        ),
    })
}
