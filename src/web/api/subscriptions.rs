//! `/subscriptions`: who gets which brief, and when.

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::{QuietChoice, Role};
use crate::engine::administration::{Consent, Joined};
use crate::store::confirmations::{Asked, Wanted};
use crate::store::listings::{SubscriptionFilter, SubscriptionRow};
use crate::store::subscriptions::{Step, SubscriptionChange};
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::fault::Fault;
use super::page::{List, Page, json};
use super::people::name;
use super::sent::{Json, One};
use super::shape::words::{ConsentWord, SubscriptionState};
use super::shape::{
    Code, Day, Email, Given, Instant, Text, Whole, Word, Wrongs, answer, query, request,
};
use super::{Routes, created, problems, routes};

answer! {
    /// What somebody gets.
    Subscription = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a52", "person_id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a51",
        "email": "anna.ruiz@northfield.example", "organization": "northfield-supply", "role": "leader",
        "weekday": 1, "hour": 7, "quiet": "full", "pause_from": null, "pause_until": null,
        "state": "active", "suppressed_reason": null, "confirmed_at": "2026-09-02T08:12:00Z",
        "unsubscribed_at": null, "ended_at": null, "created_at": "2026-09-01T15:00:00Z"
    } {
        /// Row id.
        id: String,
        /// Whose it is.
        person_id: String,
        /// The address, for tokens that may read people; none once forgotten.
        email: Option<String>,
        /// Slug, for leaders, owners and readers.
        organization: Option<String>,
        /// What they are.
        role: Code<Role>,
        /// Weekday of the slot, Monday is 1; none for a portfolio at its default.
        weekday: Option<i64>,
        /// Hour of the slot, 0 to 23.
        hour: Option<i64>,
        /// What they want in a week without movement.
        quiet: Code<QuietChoice>,
        /// First day without mail.
        pause_from: Option<String>,
        /// First day with mail again.
        pause_until: Option<String>,
        /// Why they get mail or not, the strongest reason first.
        state: Code<SubscriptionState>,
        /// Why the address gets nothing.
        suppressed_reason: Option<Code<SuppressionReason>>,
        /// When they agreed; nothing is sent before.
        confirmed_at: Option<Instant>,
        /// When they left.
        unsubscribed_at: Option<Instant>,
        /// When it ended.
        ended_at: Option<Instant>,
        /// When it was made.
        created_at: Instant,
    }
}

request! {
    /// A subscription to begin. A person is made of an address that is new.
    NewSubscriptionBody = {
        "email": "anna.ruiz@northfield.example", "name": "Anna Ruiz", "organization": "northfield-supply",
        "role": "leader", "consent": "invite"
    } {
        /// Who.
        email: Email,
        /// Name of a person who is made.
        name: Option<Text<1, 64>>,
        /// Slug, external id or row id; for leaders, owners and readers.
        organization: Option<Text<1, 200>>,
        /// What they are.
        role: Word<Role>,
        /// Weekday of the slot, Monday is 1; with the hour, or both are left out.
        weekday: Option<Whole<1, 7>>,
        /// Hour of the slot.
        hour: Option<Whole<0, 23>>,
        /// What they want in a week without movement; full where it is left out.
        quiet: Option<Word<QuietChoice>>,
        /// invite: a mail asks them to confirm, and nothing else is sent before. recorded: they agreed
        /// elsewhere, which you can show. none: nobody asks them now.
        consent: Code<ConsentWord>,
    }
}

request! {
    /// What to change of a subscription. What is left out stays.
    SubscriptionChanges = { "weekday": 2, "hour": 8, "quiet": "line" } {
        /// Another weekday of the slot, Monday is 1.
        weekday: Given<Whole<1, 7>>,
        /// Another hour of the slot.
        hour: Given<Whole<0, 23>>,
        /// Another choice for weeks without movement.
        quiet: Given<Word<QuietChoice>>,
        /// First day without mail, and first day with mail again; null ends the pause.
        pause: super::shape::Change<Pause>,
    }
}

request! {
    /// Days without mail.
    Pause = { "from": "2026-12-21", "until": "2027-01-04" } {
        /// First day without mail.
        from: Day,
        /// First day with mail again.
        until: Day,
    }
}

query! {
    /// Which subscriptions.
    SubscriptionsFilter {
        /// Those of an organization: its slug, external id or row id.
        organization: Text<1, 200>,
        /// Those of a person, by row id.
        person: Text<1, 64>,
        /// What they are.
        role: Word<Role>,
        /// Why they get mail or not.
        state: Code<SubscriptionState>,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new()
        .routes(routes!(list, add))
        .routes(routes!(show, change))
        .routes(routes!(confirm))
        .routes(routes!(end))
}

type SubscriptionPage = Page<Subscription>;

/// List subscriptions
#[utoipa::path(get, path = "/api/v1/subscriptions", tag = "subscriptions", params(SubscriptionsFilter),
    responses((status = 200, description = "A page of them, ended ones included.", body = SubscriptionPage)),
    security(("token" = ["read:subscriptions"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    list: List<SubscriptionsFilter>,
) -> Result<Response<Body>, Fault> {
    let named = list.filter.organization.as_ref().map(|own| own.0.as_str());
    let organization = caller.narrowed(&site, named).await?;
    let filter = SubscriptionFilter {
        state: list.filter.state.as_ref().map_or("", |own| own.0.as_str()),
        role: list.filter.role.map_or("", |own| own.0.as_str()),
        person: list.filter.person.as_ref().map_or("", |own| own.0.as_str()),
    };
    let page = list.page(organization.as_deref());
    let rows = site.engine.db.page_of_subscriptions(filter, page).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &caller)))
}

/// Begin a subscription
///
/// Whoever left before comes back by a link of their own only, and an address that gets no mail is not
/// asked: both are a conflict.
#[utoipa::path(post, path = "/api/v1/subscriptions", tag = "subscriptions", request_body = NewSubscriptionBody,
    responses((status = 201, description = "It is there.", body = Subscription)),
    security(("token" = ["write:subscriptions"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    Json(new): Json<NewSubscriptionBody>,
) -> Result<Response<Body>, Fault> {
    let organization = organization(&site, &caller, new.organization.as_ref()).await?;
    let role = new.role.0;
    let send = site.engine.settings.schedule.send;
    let default = (role != Role::Consultant).then_some((send.weekday, send.hour));
    let slot = match (new.weekday, new.hour) {
        (Some(weekday), Some(hour)) => Some((weekday.0, hour.0)),
        (None, None) => default,
        (Some(_), None) => return Err(together("hour")),
        (None, Some(_)) => return Err(together("weekday")),
    };
    let wanted = Wanted {
        email: new.email.0,
        name: name(new.name.as_ref().map(|own| own.0.as_str()))?,
        role,
        organization,
        slot,
        quiet: new.quiet.map_or(QuietChoice::Full, |own| own.0),
    };
    let consent = match new.consent.0.as_str() {
        "invite" => Consent::Invite,
        "recorded" => {
            may_record(&caller)?;
            Consent::Recorded
        }
        _ => Consent::None,
    };
    let engine = site.engine.clone();
    match engine.begin_subscription(wanted, consent, &caller.actor(), site.now()).await? {
        Joined::Begun(id) => {
            if consent == Consent::Invite {
                // Not waited for: the row is there, and the service sends what a relay does not take now.
                tokio::spawn(async move { engine.mail_confirmations(engine.clock.now()).await });
            }
            let told = one(&site, &caller, &id).await?;
            Ok(created(&site, &format!("/api/v1/subscriptions/{id}"), &told))
        }
        Joined::Not(asked) => Err(Fault::new(problems::CONFLICT, why_not(asked))),
    }
}

/// Read a subscription
#[utoipa::path(get, path = "/api/v1/subscriptions/{subscription}", tag = "subscriptions",
    responses((status = 200, description = "The subscription.", body = Subscription)),
    security(("token" = ["read:subscriptions"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    Ok(json(StatusCode::OK, &one(&site, &caller, &id).await?))
}

/// Change a subscription
#[utoipa::path(patch, path = "/api/v1/subscriptions/{subscription}", tag = "subscriptions",
    request_body = SubscriptionChanges,
    responses((status = 200, description = "The subscription as it is now.", body = Subscription)),
    security(("token" = ["write:subscriptions"])))]
async fn change(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
    Json(wanted): Json<SubscriptionChanges>,
) -> Result<Response<Body>, Fault> {
    let before = one(&site, &caller, &id).await?;
    let weekday = wanted.weekday.0.map(|own| own.0);
    let hour = wanted.hour.0.map(|own| own.0);
    let slot = match (weekday.or(before.weekday), hour.or(before.hour)) {
        _ if weekday.is_none() && hour.is_none() => None,
        (Some(weekday), Some(hour)) => Some((weekday, hour)),
        (None, _) => return Err(together("weekday")),
        (_, None) => return Err(together("hour")),
    };
    let change = SubscriptionChange {
        slot,
        quiet: wanted.quiet.0.map(|own| own.0),
        pause: wanted.pause.0.map(|own| own.map(|own| (own.from.0, own.until.0))),
    };
    site.engine.change_subscription(&id, change, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &one(&site, &caller, &id).await?))
}

/// Confirm a subscription
///
/// Writes down that they agreed elsewhere, which you can show. A token of one organization invites instead.
#[utoipa::path(post, path = "/api/v1/subscriptions/{subscription}/confirm", tag = "subscriptions",
    responses((status = 200, description = "The subscription as it is now.", body = Subscription)),
    security(("token" = ["write:subscriptions"])))]
async fn confirm(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    step(&site, &caller, &id, Step::Confirm).await
}

/// End a subscription
///
/// For good; another one may begin after it.
#[utoipa::path(post, path = "/api/v1/subscriptions/{subscription}/end", tag = "subscriptions",
    responses((status = 200, description = "The subscription as it is now.", body = Subscription)),
    security(("token" = ["write:subscriptions"])))]
async fn end(
    State(site): State<Site>,
    caller: Caller,
    One(id): One,
) -> Result<Response<Body>, Fault> {
    step(&site, &caller, &id, Step::End).await
}

async fn step(site: &Site, caller: &Caller, id: &str, step: Step) -> Result<Response<Body>, Fault> {
    let before = one(site, caller, id).await?;
    if step == Step::Confirm {
        may_record(caller)?;
    }
    let is_over = before.ended_at.is_some() || before.unsubscribed_at.is_some();
    if step == Step::Confirm && is_over {
        let detail = format!("The subscription is {}; begin another one.", before.state.0);
        return Err(Fault::new(problems::CONFLICT, detail));
    }
    site.engine.step_subscription(id, step, &caller.actor(), site.now()).await?;
    Ok(json(StatusCode::OK, &one(site, caller, id).await?))
}

/// Refuses a program of one organization: consent that it writes down itself would make anybody whose
/// address it knows one of its own, and let it read who they are. It invites them.
fn may_record(caller: &Caller) -> Result<(), Fault> {
    caller.must_see_all()
}

/// The slug of the organization that a subscription is to begin for.
async fn organization(
    site: &Site,
    caller: &Caller,
    named: Option<&Text<1, 200>>,
) -> Result<Option<String>, Fault> {
    let Some(Text(name)) = named else { return caller.must_see_all().map(|()| None) };
    let found = caller.sees(site, name).await;
    found.map(|row| Some(row.slug)).map_err(|fault| fault.in_body("organization"))
}

fn together(missing: &str) -> Fault {
    Fault::invalid(Wrongs::one(missing, "is missing: weekday and hour go together"))
}

const fn why_not(asked: Asked) -> &'static str {
    match asked {
        Asked::Known => "They get it already.",
        Asked::HadLeft => {
            "They left. They come back by the link in any mail they have, not by an invitation."
        }
        Asked::Suppressed => "Nothing may be mailed to this address.",
        Asked::WillAsk => "They will be asked.",
    }
}

async fn one(site: &Site, caller: &Caller, id: &str) -> Result<Subscription, Fault> {
    let row = site.engine.db.seen_subscription(id, caller.organization()).await?;
    row.map(|row| told(row, caller)).ok_or_else(|| Fault::missing("subscription", id))
}

fn told(row: SubscriptionRow, caller: &Caller) -> Subscription {
    // What became of an address elsewhere is told of those who agreed to be mailed here.
    let is_tied = caller.organization().is_none() || row.confirmed_at.is_some();
    Subscription {
        id: row.id,
        person_id: row.person_id,
        email: caller.address(row.email),
        organization: row.organization,
        role: Code::new(row.role),
        weekday: row.weekday,
        hour: row.hour,
        quiet: Code::new(row.quiet),
        pause_from: row.pause_from,
        pause_until: row.pause_until,
        state: Code::new(row.state),
        suppressed_reason: row.suppressed_reason.filter(|_| is_tied).map(Code::new),
        confirmed_at: row.confirmed_at.map(Instant::of),
        unsubscribed_at: row.unsubscribed_at.map(Instant::of),
        ended_at: row.ended_at.map(Instant::of),
        created_at: Instant::of(row.created_at),
    }
}
