//! `/desk/c/{slug}/gaps/{gap}`: one gap, everything that may be done to it, and its history.
//!
//! **Invariant:** only legal moves are offered; a form of a page that is older than the gap changes
//! nothing and shows what somebody else did.

mod add;
mod details;
mod history;
mod moves;
mod page;
mod price;
mod stalls;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;
use jiff::Timestamp;

use crate::domain::codes::GapStatus;
use crate::domain::register::ask::GapChange;
use crate::engine::register::GapView;

use crate::web::shell::fields::{Fields, LongFields};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::answers;
use super::form::Form;
use super::told::Told;
use super::workplace::{Outcome, Workplace, part};
use page::{Asked, Sent, draw};

pub(super) use add::{add, ask};
pub(super) use stalls::in_short as stall_in_short;

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, gap)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let gap = site.engine.gap(place.id(), &gap).await?;
    draw(&place, &gap, &asked, Sent::default()).await
}

/// Does what one of its forms asks for.
pub(super) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, gap)): Path<(String, String)>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let gap = site.engine.gap(place.id(), &gap).await?;
    match fields.get("do") {
        "confirm" => confirm(&place, &gap).await,
        "seen" => {
            let rest = format!("/gaps/{}", part(&gap.external_id));
            answers::see(&place, &fields, &rest).await
        }
        "sign" => {
            let change = GapChange { is_withdrawal_confirmed: true, ..GapChange::default() };
            save(&place, &gap, Form::sent("move", &fields), change, ("move", Told::Signed)).await
        }
        "move" => {
            let status: GapStatus = fields.get("status").parse().map_err(|_| Problem::Form)?;
            let which = moves::form_of(status);
            let mut form = Form::sent(which, &fields);
            let change = moves::change(&mut form, status);
            save(&place, &gap, form, change, (which, Told::Moved)).await
        }
        "people" => {
            let mut form = Form::sent("people", &fields);
            let change = details::people_change(&mut form);
            save(&place, &gap, form, change, ("people", Told::Saved)).await
        }
        "words" => {
            let mut form = Form::sent("words", &fields);
            let change = details::words_change(&mut form);
            save(&place, &gap, form, change, ("words", Told::Saved)).await
        }
        "note" => note(&place, &gap, &fields).await,
        "price" => priced(&place, &gap, &fields).await,
        _ => Err(Problem::Form),
    }
}

/// Looked at, no change.
async fn confirm(place: &Workplace, gap: &GapView) -> Result<Response<Body>, Problem> {
    let id = gap.external_id.clone();
    let written = place.write(move |engine, organization, actor| async move {
        engine.confirm_gap(&organization, &id, None, &actor).await
    });
    settle(place, gap, Form::default(), written.await?, ("", Told::Confirmed)).await
}

async fn note(
    place: &Workplace,
    gap: &GapView,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let (form, id) = (Form::sent("note", fields), gap.external_id.clone());
    let text = form.value("note").to_owned();
    let written = place.write(move |engine, organization, actor| async move {
        engine.note_gap(&organization, &id, &text, &actor).await
    });
    settle(place, gap, form, written.await?, ("note", Told::Noted)).await
}

/// Saves a price, or shows what it would come to.
async fn priced(
    place: &Workplace,
    gap: &GapView,
    fields: &Fields,
) -> Result<Response<Body>, Problem> {
    let mut form = Form::sent("price", fields);
    let currency = &place.organization.currency;
    let estimate = price::read(&mut form, currency);
    if !fields.get("sum").is_empty() {
        let tried = estimate.and_then(|estimate| price::tried(&mut form, &estimate, currency));
        let sent = Sent { form, which: "price", tried, ..Sent::default() };
        return draw(place, gap, &Asked::default(), sent).await;
    }
    let change =
        GapChange { estimate, effective_on: form.date("effective_on"), ..GapChange::default() };
    save(place, gap, form, change, ("price", Told::Saved)).await
}

/// Writes a change of a gap as it was when its page was made.
async fn save(
    place: &Workplace,
    gap: &GapView,
    form: Form,
    change: GapChange,
    what: (&'static str, Told),
) -> Result<Response<Body>, Problem> {
    if form.has_problems() {
        let sent = Sent { form, which: what.0, ..Sent::default() };
        return draw(place, gap, &Asked::default(), sent).await;
    }
    let change = GapChange { expected: Some(form.value("version").to_owned()), ..change };
    let id = gap.external_id.clone();
    let written = place.write(move |engine, organization, actor| async move {
        engine.change_gap(&organization, &id, &change, &actor).await
    });
    settle(place, gap, form, written.await?, what).await
}

/// Leads on, or shows the form again.
async fn settle(
    place: &Workplace,
    gap: &GapView,
    mut form: Form,
    outcome: Outcome,
    (which, told): (&'static str, Told),
) -> Result<Response<Body>, Problem> {
    let conflict = match outcome {
        Outcome::Done(written) => {
            let told = if written.is_changed { told } else { Told::Same };
            return Ok(place.done(&format!("/gaps/{}", part(&written.id)), told));
        }
        Outcome::Refused(refusals) => {
            form.take(&refusals);
            None
        }
        Outcome::Conflict(words) => {
            let seen = form.value("seen").parse().ok();
            let seen = seen.and_then(|seen| Timestamp::from_millisecond(seen).ok());
            Some((words, seen.unwrap_or(place.now)))
        }
    };
    // As it stands by now, with what somebody else did.
    let gap = place.site.engine.gap(place.id(), &gap.external_id).await?;
    draw(place, &gap, &Asked::default(), Sent { form, which, conflict, tried: None }).await
}
