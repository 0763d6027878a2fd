//! `/n/TOKEN`: the way out of the notices that go to those who work here.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};

use crate::secrets::Purpose;

use crate::web::shell::detached::detached;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::{Button, Words, words};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

/// What is asked, or what holds already. Changes nothing.
pub(super) async fn ask(
    State(site): State<Site>,
    Path(token): Path<String>,
) -> Result<Response<Body>, Problem> {
    let subject = site.read_lasting(Purpose::Notices, &token)?;
    let page = match site.engine.gets_notices(subject).await? {
        true => stop(&site, &token),
        false => stopped(&site, &token),
    };
    Ok(words(&site, StatusCode::OK, &page))
}

/// Stops them, or takes them up. Saying the same twice changes nothing.
pub(super) async fn act(
    State(site): State<Site>,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let subject = site.read_lasting(Purpose::Notices, &token)?;
    let is_ours = site.keys.is_form_mark(&token, fields.get("mark"));
    if !fields.is_one_click() && !is_ours {
        return Err(Problem::Form);
    }
    let is_again = is_ours && fields.get("do") == "again";
    let engine = site.engine.clone();
    detached(async move {
        match is_again {
            true => engine.take_up_notices(subject).await,
            false => engine.stop_notices(subject, engine.clock.now()).await,
        }
    })
    .await?;
    let page = match is_again {
        true => Words::new("They come again", &["The next one comes when there is something."]),
        false => stopped(&site, &token),
    };
    Ok(words(&site, StatusCode::OK, &page))
}

fn stop(site: &Site, token: &str) -> Words {
    let mut page = Words::new(
        "Stop these mails?",
        &[
            "No more mails of this kind would come to the address that this one went to. The briefs \
             that you read are not touched. Nothing has changed yet.",
        ],
    );
    page.buttons.push(Button::of_link(site, ("n", token), ("Stop these mails", "stop"), true));
    page
}

fn stopped(site: &Site, token: &str) -> Words {
    let mut page = Words::new(
        "They come no more",
        &[
            "No mail of this kind comes to this address. The briefs that you read are not touched.",
            "Was it a mistake? One button takes it back.",
        ],
    );
    page.buttons.push(Button::of_link(site, ("n", token), ("Send them again", "again"), false));
    page
}
