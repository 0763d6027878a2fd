//! `/desk/c/{slug}/review`: what waits at one client, when the next draft is made, how drafts are
//! reviewed there, and what left.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::domain::access::Act;
use crate::domain::time::{Slot, iso_week};
use crate::engine::compose::LOCALE;
use crate::store::editions::{Part, Review, Scopes};
use crate::store::organizations::{OrganizationChange, Review as Mode};

use crate::web::desk::form::Form;
use crate::web::desk::labels::Choice;
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::detached::detached;
use crate::web::shell::fields::LongFields;
use crate::web::shell::letter::with_frames;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::draft::{Draft, Sent};
use super::{list, words};

/// Past weeks on one page.
const PAGE: i64 = 12;
/// Nothing waits longer than to the next cut-off.
const WEEKS: i64 = 5;
/// Hours before the cut-off that the form offers where none are set.
const HOURS: i64 = 24;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct Asked {
    #[serde(default)]
    page: String,
    #[serde(flatten)]
    telling: Telling,
}

#[derive(Template)]
#[template(path = "web/desk/review.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    zone: String,
    draft: Option<Draft>,
    /// What else waits: its day, how it stands, and where.
    others: Vec<[String; 3]>,
    /// Where nothing waits: when something will.
    coming: String,
    past: Vec<Line>,
    before: Option<i64>,
    after: Option<i64>,
    /// How drafts are reviewed, in a sentence.
    mode: String,
    may_manage: bool,
    form: Form,
    modes: Vec<Choice>,
    conflict: Option<String>,
}

/// A past week.
struct Line {
    day: String,
    week: String,
    href: String,
    state: String,
    counts: String,
    correction: Option<String>,
}

/// The page. Changes nothing.
pub(in crate::web::desk) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let form = standing(&place);
    draw(&place, &asked, form, None).await
}

/// Changes how drafts are reviewed; whoever runs the service may.
pub(in crate::web::desk) async fn act(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    place.visitor.may(Act::Manage, place.id())?;
    let mut form = Form::sent("mode", &fields);
    let asked = Asked::default();
    let before = standing(&place);
    if form.value("was") != before.value("was") {
        form.stands_now(&before);
        form.set("was", before.value("was"));
        let words = "somebody else changed how drafts are reviewed here";
        return draw(&place, &asked, form, Some(words.to_owned())).await;
    }
    let text = match form.value("review") {
        "hold" => format!("hold:{}", form.value("hours")),
        other => other.to_owned(),
    };
    let review: Mode = match text.parse() {
        Ok(review) => review,
        Err(_) => {
            let field = if text.starts_with("hold:") { "hours" } else { "review" };
            form.refuse(field, "will not do; hours are a whole number from 1 to 168");
            return draw(&place, &asked, form, None).await;
        }
    };
    if form.value("was") == mode_text(review) {
        return Ok(place.done("/review", Told::Same));
    }
    let (engine, actor) = (site.engine.clone(), place.visitor.actor());
    let (id, now) = (place.id().to_owned(), place.now);
    let change = OrganizationChange { review: Some(review), ..OrganizationChange::default() };
    detached(async move { engine.change_organization(&id, change, &actor, now).await }).await?;
    Ok(place.done("/review", Told::Reviewed))
}

/// How drafts are reviewed now, as the form holds it.
fn standing(place: &Workplace) -> Form {
    let organization = &place.organization;
    let hours = organization.review_hours.unwrap_or(HOURS);
    let was = match organization.review.as_str() {
        "hold" => format!("hold:{hours}"),
        other => other.to_owned(),
    };
    let review = organization.review.clone();
    Form::holding("mode", [("review", review), ("hours", hours.to_string()), ("was", was)])
}

fn mode_text(review: Mode) -> String {
    match review.columns() {
        ("hold", Some(hours)) => format!("hold:{hours}"),
        (word, _) => word.to_owned(),
    }
}

async fn draw(
    place: &Workplace,
    asked: &Asked,
    form: Form,
    conflict: Option<String>,
) -> Result<Response<Body>, Problem> {
    let status = form.status(conflict.is_some());
    let db = &place.site.engine.db;
    let scope = Scopes::Some(vec![place.id().to_owned()]);
    let since = list::weeks_ago(place.now, WEEKS);
    let recent = Part { since: &since, offset: 0, limit: 10 };
    let mut waiting = db.reviews_waiting(&scope, recent).await?.into_iter();
    let first = waiting.next();
    let draft = match &first {
        Some(review) => Some(Draft::of(place, review, Sent::default()).await?),
        None => None,
    };
    let others = waiting.map(|own| {
        let href = place.path(&format!("/review/{}", part(&own.id)));
        [words::day(&own), words::state(&own, &place.zone, place.today), href]
    });
    let page = asked.page.parse().unwrap_or(1).clamp(1, 10_000);
    let offset = (page - 1) * PAGE;
    let older = Part { since: "", offset, limit: PAGE + 1 };
    let mut gone = db.reviews_past(&scope, &format!("full-{LOCALE}"), older).await?;
    let has_more = i64::try_from(gone.len()).is_ok_and(|n| n > PAGE);
    gone.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let view = Page {
        chrome: place.chrome(),
        frame: place.frame("review", &asked.telling),
        zone: place.organization.time_zone.clone(),
        draft,
        others: others.collect(),
        coming: coming(place, gone.first()),
        past: lines(place, gone).await?,
        before: (page > 1).then(|| page - 1),
        after: has_more.then(|| page + 1),
        mode: mode(place),
        may_manage: place.visitor.standing.access.may(Act::Manage, place.id()),
        form,
        modes: modes(),
        conflict,
    };
    Ok(with_frames(html(status, &view)))
}

async fn lines(place: &Workplace, gone: Vec<Review>) -> Result<Vec<Line>, Problem> {
    let weeks: Vec<String> = gone.iter().map(|own| own.iso_week.clone()).collect();
    let stood = place.site.engine.db.stood(place.id(), &weeks).await?;
    let href = |id: &str| place.path(&format!("/review/{}", part(id)));
    let line = |own: Review| Line {
        day: words::day(&own),
        href: href(&own.id),
        state: words::state(&own, &place.zone, place.today),
        counts: words::counts(&stood, &own.iso_week, "brief"),
        correction: own.correction.as_deref().map(href),
        week: own.iso_week,
    };
    Ok(gone.into_iter().map(line).collect())
}

fn modes() -> Vec<Choice> {
    [
        ("none", "Briefs leave as they are computed"),
        ("hold", "A draft some hours before, sent as it stands when nobody acts"),
        ("required", "Nothing is sent before somebody approves it"),
    ]
    .map(|(value, label)| Choice::new(value, label))
    .to_vec()
}

/// How drafts are reviewed here.
fn mode(place: &Workplace) -> String {
    let organization = &place.organization;
    match (organization.review.as_str(), organization.review_hours) {
        ("hold", Some(1)) => {
            "A draft is made 1 hour before each cut-off, and leaves as it stands when nobody acts."
                .to_owned()
        }
        ("hold", hours) => format!(
            "A draft is made {} hours before each cut-off, and leaves as it stands when nobody acts.",
            hours.unwrap_or(HOURS)
        ),
        ("required", _) => {
            "No brief leaves before somebody approves it: it is made at the cut-off and held. \
                            Who reviews it is reminded once."
                .to_owned()
        }
        _ => "Briefs are not reviewed here: they leave as they are computed at the cut-off."
            .to_owned(),
    }
}

/// When something will wait, where nothing does. `last` is the latest week that does not.
fn coming(place: &Workplace, last: Option<&Review>) -> String {
    let organization = &place.organization;
    if organization.status == "paused" {
        return "The client is paused: nothing is made and nothing is sent.".to_owned();
    }
    let slot = Slot::new(organization.cut_off_weekday, organization.cut_off_hour);
    let known = organization.next_due_at.and_then(|at| Timestamp::from_millisecond(at).ok());
    let Some(next) = known.or_else(|| slot.map(|slot| slot.next_after(place.now, &place.zone)))
    else {
        return String::new();
    };
    let (zone, today) = (&place.zone, place.today);
    let cut_off = words::moment(next, zone, today);
    let week = iso_week(crate::domain::time::date_of(next, zone));
    if let Some(last) = last.filter(|own| own.iso_week == week) {
        return format!("The brief of this week is decided. {}.", words::state(last, zone, today));
    }
    let hours = SignedDuration::from_hours(organization.review_hours.unwrap_or(HOURS));
    match organization.review.as_str() {
        "hold" if next - hours <= place.now => {
            format!(
                "The draft for {cut_off} is made in a minute or so, where anything is recorded."
            )
        }
        "hold" => {
            let made = words::moment(next - hours, zone, today);
            format!("The next draft is made {made}, for the cut-off {cut_off}.")
        }
        "required" => format!("The next brief is made and held at the cut-off {cut_off}."),
        _ => format!("The next brief leaves at the cut-off {cut_off}."),
    }
}
