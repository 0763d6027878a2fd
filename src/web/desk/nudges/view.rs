//! What the page of nudges shows.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::access::Act;
use crate::domain::brief::gap_called;
use crate::domain::brief::numbers::{capitalized, full_date};
use crate::domain::line::clean;
use crate::domain::nudge::NudgeState;
use crate::domain::nudge::hours::Hours;
use crate::domain::nudge::measure::{FEW, Finding, OWN_WORDS};
use crate::domain::portfolio::text_label;
use crate::domain::time::date_of;
use crate::engine::nudges::{Board, Measured, version};
use crate::store::nudges::BoardRow;

use crate::web::desk::clients::called;
use crate::web::desk::workplace::part;
use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// What was sent in vain.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// Row id of the nudge.
    pub(super) id: String,
    /// As it was typed.
    pub(super) text: String,
    /// Why it was not taken, in a sentence.
    pub(super) problem: String,
}

#[derive(Template)]
#[template(path = "web/desk/nudges.html")]
struct Page {
    chrome: Chrome,
    mark: String,
    told: Option<&'static str>,
    /// What was not taken and stands at none of the drafts.
    problem: Option<String>,
    drafted: Vec<Line>,
    /// How many drafts there are that are not shown.
    drafted_more: i64,
    approved: Vec<Line>,
    sent: Vec<Line>,
    held: Vec<Line>,
    ended: Vec<Line>,
    /// Who is to be called.
    silent: Vec<Call>,
    texts: Vec<Text>,
    held_back: String,
}

/// Somebody who leaves nudges unanswered.
struct Call {
    name: String,
    client: String,
    slug: String,
    /// How many; none where some were about what is not the visitor's to see.
    n: Option<i64>,
}

/// One nudge.
struct Line {
    id: String,
    version: String,
    slug: String,
    client: String,
    gap: Option<String>,
    called: String,
    to: String,
    from: String,
    reason: String,
    text: String,
    problem: Option<String>,
    /// What the draft says by now, where something else was typed.
    now: Option<String>,
    /// When it can go, or went, or was drafted.
    when: String,
    /// What became of it.
    stands: String,
    moved: &'static str,
    may_be_answered: bool,
    is_on_its_way: bool,
}

/// One text with what can be said of it.
struct Text {
    label: String,
    sent: i64,
    moved: i64,
    says: &'static str,
    is_bad: bool,
}

/// The page as the visitor sees it.
pub(super) async fn draw(
    site: &Site,
    visitor: &Visitor,
    told: Option<&'static str>,
    status: StatusCode,
    typed: Option<Typed>,
) -> Result<Response<Body>, Problem> {
    let clients = visitor.organizations(Act::Work)?;
    let now = site.now();
    let board = site.engine.nudge_board(clients.as_deref(), now).await?;
    let measured = site.engine.nudges_measured().await?;
    let look = Look { now, hours: site.engine.nudge_hours(), typed: typed.as_ref() };
    let page = page(site, visitor, told, &look, board, &measured);
    Ok(html(status, &page))
}

struct Look<'a> {
    now: Timestamp,
    hours: Hours,
    typed: Option<&'a Typed>,
}

fn page(
    site: &Site,
    visitor: &Visitor,
    told: Option<&'static str>,
    look: &Look<'_>,
    board: Board,
    measured: &Measured,
) -> Page {
    let is_shown = |typed: &&Typed| board.drafted.iter().any(|row| row.id == typed.id);
    let problem = look.typed.filter(|typed| !is_shown(typed)).map(|typed| typed.problem.clone());
    let lines = |rows: &[BoardRow]| rows.iter().map(|row| line(row, None, look)).collect();
    Page {
        chrome: Chrome::of(site).seen_by(visitor),
        mark: visitor.mark().to_owned(),
        told,
        problem,
        drafted: lines(&board.drafted),
        drafted_more: board.drafted_more,
        approved: lines(&board.approved),
        sent: board.sent.iter().map(|(row, moved)| line(row, Some(*moved), look)).collect(),
        held: lines(&board.held),
        ended: lines(&board.ended),
        silent: board
            .silent
            .into_iter()
            .map(|own| Call {
                name: called(&own.name),
                client: called(&own.organization),
                slug: own.slug,
                n: (own.elsewhere == 0).then_some(own.unanswered),
            })
            .collect(),
        texts: measured
            .texts
            .iter()
            .map(|(tally, finding)| Text {
                label: match tally.key.as_str() {
                    OWN_WORDS => "Your own words".to_owned(),
                    key => text_label(key).map_or_else(|| clean(key, 60), str::to_owned),
                },
                sent: tally.sent.all,
                moved: tally.sent.moved,
                says: says(*finding),
                is_bad: *finding == Finding::Stopped,
            })
            .collect(),
        held_back: held_back(measured),
    }
}

const fn says(finding: Finding) -> &'static str {
    match finding {
        Finding::TooFew => "too few to tell",
        Finding::NothingToCompare => "too few held back to compare with",
        Finding::Helps => "more than where one was held back",
        Finding::NotYet => "not more than where one was held back, so far",
        Finding::Stopped => "not more than where one was held back: drafted no more",
    }
}

/// What the share of those that were held back is.
fn held_back(measured: &Measured) -> String {
    let held = &measured.held;
    match held.all {
        0 => "Nothing was held back yet whose seven days are over.".to_owned(),
        all if all < FEW => {
            format!(
                "{} of {all} gaps moved where one was held back: too few to compare with.",
                held.moved
            )
        }
        all => format!("Where one was drafted and held back, {} of {all} gaps moved.", held.moved),
    }
}

fn line(row: &BoardRow, moved: Option<Option<bool>>, look: &Look<'_>) -> Line {
    let state: Option<NudgeState> = row.state.parse().ok();
    let typed = look.typed.filter(|typed| typed.id == row.id);
    let name = row.recipient.as_deref().map(|name| clean(name, 60)).filter(|own| !own.is_empty());
    let to = match (row.recipient_kind.as_deref(), name) {
        (Some("owner"), Some(name)) => format!("{name}, who owns it"),
        (_, Some(name)) => format!("{name}, who leads there"),
        (_, None) => "nobody who can be reached".to_owned(),
    };
    let gap_name =
        row.short_name.as_deref().or(row.title.as_deref()).unwrap_or("a gap that is gone");
    Line {
        id: row.id.clone(),
        version: version(&row.state, &row.text),
        slug: row.slug.clone(),
        client: called(&row.organization),
        gap: row.gap.as_deref().map(part),
        called: capitalized(&gap_called(gap_name)),
        to,
        from: called(&row.consultant),
        reason: row.reason.as_deref().map(|own| clean(own, 120)).unwrap_or_default(),
        text: typed.map_or_else(|| row.text.clone(), |typed| typed.text.clone()),
        problem: typed.map(|typed| typed.problem.clone()),
        now: typed.filter(|typed| typed.text != row.text).map(|_| row.text.clone()),
        when: when(row, state, look),
        stands: stands(row, state),
        moved: match (state, moved) {
            (Some(NudgeState::Refused), _) | (_, None) => "",
            (_, Some(Some(true))) => "moved",
            (_, Some(Some(false))) => "did not move in 7 days",
            (_, Some(None)) => "not yet",
        },
        may_be_answered: matches!(state, Some(NudgeState::Sent | NudgeState::Uncertain)),
        is_on_its_way: state == Some(NudgeState::HandingOver),
    }
}

/// When it can go, in the words of its reader's office; for what is over, the day.
fn when(row: &BoardRow, state: Option<NudgeState>, look: &Look<'_>) -> String {
    let zone_name = row.recipient_zone.as_deref().unwrap_or(&row.organization_zone);
    let zone = TimeZone::get(zone_name).unwrap_or(TimeZone::UTC);
    let instant = |at: Option<i64>| Timestamp::from_millisecond(at?).ok();
    if matches!(state, Some(NudgeState::Drafted | NudgeState::Approved)) {
        let from = instant(row.send_from).unwrap_or(look.now).max(look.now);
        let opens = look.hours.opening(from, &zone);
        if instant(row.expires_at).is_some_and(|end| end <= opens) {
            return "No office hour is left in its week: it cannot go any more".to_owned();
        }
        return look.hours.in_words(from, &zone, zone_name);
    }
    let at = instant(row.sent_at.or(Some(row.created_at)));
    at.map_or_else(String::new, |at| full_date(date_of(at, &zone)))
}

/// What became of it.
fn stands(row: &BoardRow, state: Option<NudgeState>) -> String {
    let why = row.why.as_deref().map(|own| clean(own, 160)).unwrap_or_default();
    match state {
        Some(NudgeState::Approved) => {
            let by = row.decided_by.as_deref().map(called).unwrap_or_default();
            let by =
                if by.is_empty() { "Approved".to_owned() } else { format!("Approved by {by}") };
            if why.is_empty() { by } else { format!("{by}; it waits: {why}") }
        }
        Some(NudgeState::HandingOver) => "it is being handed over".to_owned(),
        Some(NudgeState::Sent) => "no answer yet".to_owned(),
        Some(NudgeState::Answered) => "answered".to_owned(),
        Some(NudgeState::Uncertain) => {
            "in doubt: nobody knows whether it arrived, and it is not sent again".to_owned()
        }
        Some(NudgeState::Refused) => format!("refused: {why}"),
        _ => why,
    }
}
