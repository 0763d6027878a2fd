//! `/u/TOKEN`: the way out. A mail program's one click, or a page with one button.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::domain::codes::Channel;
use crate::domain::consent::AGAIN;
use crate::secrets::Purpose;
use crate::store::consent::{Act, Back, come_back, withdraw};
use crate::store::readers::List;

use crate::web::shell::client::Client;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Link, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::words::{capitalized, day_of, list_name};

/// What is asked, or what holds already. Changes nothing.
pub(super) async fn ask(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    let (id, own) = list(&site, &token).await?;
    let page = match live(&site, &id, &own).await? {
        // Taken back with its import, which may come again.
        None if own.ended_at.is_none() && own.unsubscribed_at.is_none() => {
            stop(&site, &token, &own)
        }
        None => gone(&own),
        Some(List { unsubscribed_at: None, .. }) => stop(&site, &token, &own),
        Some(List { unsubscribed_at: Some(at), .. }) => {
            left(&site, &token, &own, &format!("You left on {}.", day_of(at)))
        }
    };
    Ok(words(&site, StatusCode::OK, &page))
}

/// Leaves, or comes back. Saying the same twice changes nothing.
pub(super) async fn act(
    State(site): State<Site>,
    Path(token): Path<String>,
    client: Client,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let (id, list) = list(&site, &token).await?;
    let is_ours = site.keys.is_form_mark(&token, fields.get("mark"));
    if !fields.is_one_click() && !is_ours {
        return Err(Problem::Form);
    }
    if is_ours && fields.get("do") == "again" {
        return again(&site, &token, id, &list, client).await;
    }
    let channel = if is_ours { Channel::Page } else { Channel::OneClick };
    let (engine, ip) = (site.engine.clone(), client.text());
    detached(async move {
        let act = Act::by(channel).from(ip.as_deref());
        Ok(withdraw(&engine.db, &id, &act, engine.clock.now()).await?)
    })
    .await?;
    let page = left(&site, &token, &list, "It holds from now on, also for what was under way.");
    Ok(words(&site, StatusCode::OK, &page))
}

async fn again(
    site: &Site,
    token: &str,
    id: String,
    list: &List,
    client: Client,
) -> Result<Response<Body>, Problem> {
    let (engine, ip) = (site.engine.clone(), client.text());
    let back = detached(async move {
        let now = engine.clock.now();
        Ok(come_back(&engine.db, &id, AGAIN, ip.as_deref(), now).await?)
    })
    .await?;
    let page = match back {
        Back::Ended => gone(list),
        Back::Again(_) | Back::Already(_) => {
            let name = list_name(&list.role, list.organization.as_deref());
            let mut page = Words::new(
                "You are back",
                &[&format!("{} comes again, once a week.", capitalized(&name))],
            );
            page.links.push(Link { label: "Unsubscribe", href: site.path(&format!("/u/{token}")) });
            page
        }
    };
    Ok(words(site, StatusCode::OK, &page))
}

/// What to do without a mail at hand. Changes nothing and shows nothing of anybody.
pub(super) async fn help(State(site): State<Site>) -> Response<Body> {
    let reply_to = &site.engine.settings.mail.reply_to.address;
    let mut page = Words::new(
        "How to unsubscribe",
        &[
            "Every mail ends with a link that stops it, and most mail programs show a button beside the \
             sender. Neither asks for a login.",
            &format!("Without a mail at hand, write to {reply_to} from the address that gets it."),
        ],
    );
    page.links.push(Link { label: "All issues", href: site.path("/archive") });
    words(&site, StatusCode::OK, &page)
}

/// The subscription that a link is about, and its list.
async fn list(site: &Site, token: &str) -> Result<(String, List), Problem> {
    let id = site.read_lasting(Purpose::Unsubscribe, token)?.to_string();
    // A database that was restored may not know the subscription any more.
    let list = site.engine.db.list_of(&id).await?.ok_or(Problem::Over(
        "Nothing is known of it any more. If a mail still comes, use the link in that one.",
    ))?;
    Ok((id, list))
}

/// What the reader has of the list now: an old mail's link is good for what followed it.
async fn live(site: &Site, id: &str, list: &List) -> Result<Option<List>, Problem> {
    let Some(reader) = site.engine.db.reader_of(id).await? else {
        return Ok(None);
    };
    let mut lists = site.engine.db.lists_of(&reader.id).await?.into_iter();
    Ok(lists.find(|own| own.role == list.role && own.organization == list.organization))
}

fn stop(site: &Site, token: &str, list: &List) -> Words {
    let name = list_name(&list.role, list.organization.as_deref());
    let mut page = Words::new(
        format!("Stop {name}?"),
        &["Nothing has changed yet. Other lists that you are on are not touched."],
    );
    page.buttons.push(Button::of_link(site, ("u", token), ("Unsubscribe", "stop"), true));
    page
}

fn left(site: &Site, token: &str, list: &List, sentence: &str) -> Words {
    let name = list_name(&list.role, list.organization.as_deref());
    let heading = format!("{} comes no more", capitalized(&name));
    let mut page = Words::new(heading, &[sentence, "Was it a mistake? One button takes it back."]);
    page.agreement = Some(AGAIN.text);
    page.buttons.push(Button::of_link(site, ("u", token), ("Send it to me again", "again"), false));
    page
}

fn gone(list: &List) -> Words {
    let name = list_name(&list.role, list.organization.as_deref());
    Words::new(
        format!("{} comes no more", capitalized(&name)),
        &["It was ended, so there is nothing to stop."],
    )
}
