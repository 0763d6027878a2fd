//! What the page of one gap shows.

use askama::Template;
use axum::body::Body;
use axum::http::Response;
use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::brief::numbers::{capitalized, full_date, weeks};
use crate::domain::codes::{ExposureKind, GapStatus};
use crate::domain::line::clean;
use crate::domain::money;
use crate::domain::register::closing::question;
use crate::engine::register::GapView;

use crate::web::desk::answers::AnswerLine;
use crate::web::desk::form::Form;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::told::Telling;
use crate::web::desk::workplace::{Frame, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;

use super::history::{History, Line, page, since};
use super::moves::Moves;
use super::price::{self, Input};
use super::{details, stalls};

/// What the address says beside the gap.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web::desk) struct Asked {
    /// A kind of price to fill in.
    #[serde(default)]
    kind: String,
    /// Which page of the history.
    #[serde(default)]
    history: String,
    #[serde(flatten)]
    telling: Telling,
}

/// A form that was not taken, or only tried.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// As it was typed.
    pub(super) form: Form,
    /// Which one it is.
    pub(super) which: &'static str,
    /// The sentence of a conflict, and when the page was made that the form is of.
    pub(super) conflict: Option<(String, Timestamp)>,
    /// What the price would come to.
    pub(super) tried: Option<[String; 3]>,
}

#[derive(Template)]
#[template(path = "web/desk/gap.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    action: String,
    version: String,
    seen: i64,
    title: String,
    about: String,
    description: String,
    figures: Vec<(&'static str, String)>,
    stalls: Vec<String>,
    answers: Vec<AnswerLine>,
    moves: Moves,
    question: &'static str,
    evidence_wanted: &'static str,
    has_evidence: bool,
    is_own: bool,
    /// Which form is open because it was sent.
    open: &'static str,
    conflict: Option<String>,
    meanwhile: Vec<Line>,
    step: Form,
    close: Form,
    accept: Form,
    withdraw: Form,
    people: Form,
    words: Form,
    note: Form,
    price: Form,
    priced: Option<[String; 3]>,
    tried: Option<[String; 3]>,
    formula: &'static str,
    inputs: Vec<Input>,
    kinds: Vec<Choice>,
    bases: Vec<Choice>,
    severities: Vec<Choice>,
    areas: Vec<Choice>,
    patterns: Vec<Choice>,
    zones: Vec<Choice>,
    implementations: Vec<Choice>,
    history: History,
}

/// Draws the page.
pub(super) async fn draw(
    place: &Workplace,
    gap: &GapView,
    asked: &Asked,
    sent: Sent,
) -> Result<Response<Body>, Problem> {
    let status = sent.form.status(sent.conflict.is_some());
    let implementations = place.site.engine.implementations(place.id()).await?;
    let implementations = implementations.into_iter().map(|of| Choice::new(of.slug, of.name));
    let mut page = whole(place, gap, asked, implementations.collect());
    let currency = &place.organization.currency;
    if let Some((words, seen)) = &sent.conflict {
        page.conflict = Some(words.clone());
        page.meanwhile = since(gap, *seen, &place.zone, currency);
    }
    page.open = sent.which;
    page.tried = sent.tried;
    let slot = match sent.which {
        "move" => &mut page.step,
        "close" => &mut page.close,
        "accept" => &mut page.accept,
        "withdraw" => &mut page.withdraw,
        "people" => &mut page.people,
        "words" => &mut page.words,
        "note" => &mut page.note,
        "price" => &mut page.price,
        _ => return Ok(html(status, &page)),
    };
    let standing = std::mem::replace(slot, sent.form);
    if page.conflict.is_some() {
        slot.stands_now(&standing);
    }
    if let Ok(kind) = page.price.value("exposure_kind").parse::<ExposureKind>() {
        page.price.set("kind", kind.as_str());
        (page.formula, page.inputs) = (price::formula(kind), price::inputs(kind, currency));
    }
    Ok(html(status, &page))
}

fn whole(place: &Workplace, gap: &GapView, asked: &Asked, implementations: Vec<Choice>) -> Page {
    let organization = &place.organization;
    let currency = organization.currency.as_str();
    let standing = gap.price.as_ref();
    let kind = asked.kind.parse().ok().or(standing.map(|price| price.kind));
    let kind = kind.unwrap_or(ExposureKind::Unpriced);
    let priced = standing.filter(|price| price.kind != ExposureKind::Unpriced);
    let empty = |id| Form::holding(id, []);
    let called = place.visitor.standing.called();
    Page {
        chrome: place.chrome(),
        frame: place.frame("", &asked.telling),
        action: place.path(&format!("/gaps/{}", part(&gap.external_id))),
        version: gap.version.clone(),
        seen: place.now.as_millisecond(),
        title: clean(&gap.title, 200),
        about: about(gap),
        description: gap.description.clone(),
        figures: figures(gap, currency),
        stalls: gap
            .stall_reasons
            .iter()
            .map(|reason| stalls::in_words(reason, gap.updated_on))
            .collect(),
        answers: gap
            .answers
            .iter()
            .map(|own| AnswerLine::of_gap(place, &gap.external_id, own))
            .collect(),
        moves: Moves::of(gap),
        question: question(gap.category),
        evidence_wanted: gap.evidence_wanted,
        has_evidence: gap.has_evidence,
        is_own: gap.owner.as_deref().is_some_and(|owner| owner.eq_ignore_ascii_case(called)),
        open: if asked.kind.is_empty() { "" } else { "price" },
        conflict: None,
        meanwhile: Vec::new(),
        step: empty("move"),
        close: empty("close"),
        accept: Form::holding("accept", [("accepted_by", gap.owner.clone().unwrap_or_default())]),
        withdraw: empty("withdraw"),
        people: details::people(gap),
        words: details::words(gap),
        note: empty("note"),
        price: price::standing(kind, standing, organization),
        priced: priced.map(|price| price::sum(price.per_week, currency)),
        tried: None,
        formula: price::formula(kind),
        inputs: price::inputs(kind, currency),
        kinds: labels::exposures(),
        bases: labels::bases(),
        severities: labels::severities(),
        areas: labels::areas(),
        patterns: labels::patterns(),
        zones: labels::zones(),
        implementations,
        history: page(gap, asked.history.parse().unwrap_or(1), &place.zone, currency),
    }
}

/// "NS-3. Billing: several versions of the data, none agreed to win."
fn about(gap: &GapView) -> String {
    let pattern = labels::pattern_in_full(gap.category);
    format!("{}: {}", labels::area(gap.area), crate::domain::brief::numbers::uncapitalized(pattern))
}

fn figures(gap: &GapView, currency: &str) -> Vec<(&'static str, String)> {
    let status = match (gap.status, gap.is_void, gap.accepted_until) {
        (GapStatus::Withdrawn, true, _) => "Withdrawn, signed".to_owned(),
        (GapStatus::Withdrawn, false, _) => "Withdrawn, waits for a second signature".to_owned(),
        (GapStatus::Accepted, _, Some(until)) => {
            format!("Risk accepted until {}", full_date(until))
        }
        (status, ..) => {
            format!("{}, since {}", labels::status(status), full_date(gap.status_since))
        }
    };
    let severity = format!("{} {}", gap.severity.number(), labels::severity(gap.severity));
    let price = gap.price.as_ref().filter(|price| price.kind != ExposureKind::Unpriced);
    let costs = price.map_or_else(
        || "not priced".to_owned(),
        |price| format!("{} a week", money::printed(price.per_week.likely, currency)),
    );
    let mut figures = vec![
        ("Id", clean(&gap.external_id, 200)),
        ("Status", status),
        ("Severity", severity),
        ("Owner", gap.owner.as_deref().map_or_else(|| "nobody".to_owned(), |own| clean(own, 80))),
        ("Costs", costs),
        ("Opened", full_date(gap.opened_on)),
    ];
    if let Some(due) = gap.due_on {
        let moved = match gap.due_moves_later {
            0 => String::new(),
            1 => ", moved later once".to_owned(),
            n => format!(", moved later {n} times"),
        };
        figures.push(("Due", format!("{}{moved}", full_date(due))));
    }
    if let Some(step) = &gap.next_step {
        let by = gap.next_step_on.map_or(String::new(), |day| format!(", by {}", full_date(day)));
        figures.push(("Next", format!("{}{by}", clean(step, 500))));
    }
    if gap.status.is_leaking() && gap.idle_weeks > 0 {
        figures.push(("Idle", capitalized(&weeks(gap.idle_weeks))));
    }
    if gap.reopenings > 0 {
        figures.push(("Reopened", format!("{} \u{d7}", gap.reopenings)));
    }
    figures
}
