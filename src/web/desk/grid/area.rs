//! `/desk/c/{slug}/grid/{implementation}/{area}`: the five questions about one area, asked today.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Response;

use crate::domain::brief::numbers::full_date;
use crate::domain::codes::{Area, Category, GapStatus};
use crate::domain::line::clean;
use crate::domain::register::ask::{Cell, GapLink, NewAnswer, NewAssessment, NewGap};
use crate::domain::register::closing::question;
use crate::engine::register::{CellView, GapFilter, Grid};

use crate::web::desk::form::Form;
use crate::web::desk::labels::{self, Choice};
use crate::web::desk::told::{Telling, Told};
use crate::web::desk::workplace::{Frame, Outcome, Workplace, part};
use crate::web::shell::body::html;
use crate::web::shell::fields::LongFields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// Gaps that are offered for a shortfall.
const GAPS: usize = 200;

#[derive(Template)]
#[template(path = "web/desk/grid_area.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    area: String,
    name: String,
    action: String,
    back: String,
    form: Form,
    questions: Vec<Question>,
    levels: Vec<Choice>,
    severities: Vec<Choice>,
    gaps: Vec<Choice>,
}

struct Question {
    number: usize,
    pattern: &'static str,
    words: &'static str,
    /// "Last time 2, on 3 November 2026 by A. Mendel."
    last: String,
    /// Names of its fields.
    level: String,
    note: String,
    gap: String,
    title: String,
    severity: String,
    /// Whether a new gap is being typed.
    has_new: bool,
}

/// The form.
pub(in crate::web::desk) async fn ask(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, implementation, area)): Path<(String, String, String)>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    let (grid, area) = open(&place, &implementation, &area).await?;
    let mut form = Form::holding("area", []);
    for (n, cell) in cells(&grid, area).iter().enumerate() {
        form.set(&format!("gap-{n}"), cell.gap.clone().unwrap_or_default());
    }
    draw(&place, &grid, area, form).await
}

/// Adds an assessment with what was answered.
pub(in crate::web::desk) async fn save(
    State(site): State<Site>,
    visitor: Visitor,
    Path((slug, implementation, area)): Path<(String, String, String)>,
    LongFields(fields): LongFields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let (grid, area) = open(&place, &implementation, &area).await?;
    let mut form = Form::sent("area", &fields);
    let (answers, places) = answers(&mut form, area);
    let new = NewAssessment {
        implementation: grid.implementation.clone(),
        held_on: form.date("held_on"),
        assessor: None,
        answers,
    };
    if form.has_problems() {
        return draw(&place, &grid, area, form).await;
    }
    let written = place.write(move |engine, organization, actor| async move {
        engine.assess(&organization, &new, &actor).await
    });
    match written.await? {
        Outcome::Done(_) => {
            let rest = format!("/grid?implementation={}", part(&grid.implementation));
            return Ok(place.done(&rest, Told::Assessed));
        }
        Outcome::Refused(refusals) => form.take_lists(&refusals, &places),
        Outcome::Conflict(words) => form.refuse("answers", &words),
    }
    draw(&place, &grid, area, form).await
}

async fn open(
    place: &Workplace,
    implementation: &str,
    area: &str,
) -> Result<(Grid, Area), Problem> {
    let area: Area = area.parse().map_err(|_| Problem::NotFound)?;
    let grid = place.site.engine.assessment_grid(place.id(), implementation).await?;
    if grid.rows.iter().any(|row| row.area == area) {
        Ok((grid, area))
    } else {
        Err(Problem::NotFound)
    }
}

fn cells(grid: &Grid, area: Area) -> &[CellView] {
    grid.rows.iter().find(|row| row.area == area).map_or(&[], |row| row.cells.as_slice())
}

/// The questions that were answered, and the place of each in the form.
fn answers(form: &mut Form, area: Area) -> (Vec<NewAnswer>, Vec<usize>) {
    let (mut answers, mut places) = (Vec::new(), Vec::new());
    for (n, category) in Category::ALL.iter().copied().enumerate() {
        let Some(level) = form.whole(&format!("level-{n}"), 0..=5) else { continue };
        let title = form.text(format!("title-{n}"));
        let severity = form.whole(&format!("severity-{n}"), 1..=4);
        let gap = match (title, form.text(format!("gap-{n}"))) {
            (Some(title), _) => {
                let severity = severity.unwrap_or_else(|| (3 - level).max(1));
                Some(GapLink::New(Box::new(NewGap::new(area, category, severity, &title))))
            }
            // A gap of another time does not belong to an answer that passes.
            (None, Some(known)) if level < 3 => Some(GapLink::Known(known)),
            (None, _) => None,
        };
        answers.push(NewAnswer {
            cell: Cell { area, category },
            level,
            note: form.text(format!("note-{n}")),
            gap,
        });
        places.push(n);
    }
    (answers, places)
}

async fn draw(
    place: &Workplace,
    grid: &Grid,
    area: Area,
    form: Form,
) -> Result<Response<Body>, Problem> {
    let status = form.status(false);
    let open = GapStatus::ALL.iter().copied().filter(|status| status.is_leaking()).collect();
    let filter = GapFilter { statuses: open, areas: vec![area], ..GapFilter::default() };
    let mut gaps = place.site.engine.gaps(place.id(), &filter).await?;
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.severity));
    let gaps = gaps.into_iter().take(GAPS);
    let slug = part(&grid.implementation);
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("", &Telling::default()),
        area: labels::area(area),
        name: clean(&grid.name, 80),
        action: place.path(&format!("/grid/{slug}/{area}")),
        back: place.path(&format!("/grid?implementation={slug}")),
        questions: cells(grid, area)
            .iter()
            .enumerate()
            .map(|(n, cell)| ask_one(n, cell, &form))
            .collect(),
        form,
        levels: levels(),
        severities: labels::severities(),
        gaps: gaps.map(|gap| Choice::new(gap.external_id, clean(&gap.title, 60))).collect(),
    };
    Ok(html(status, &page))
}

fn ask_one(number: usize, cell: &CellView, form: &Form) -> Question {
    let name = |field: &str| format!("{field}-{number}");
    let by =
        cell.assessor.as_deref().map_or(String::new(), |who| format!(" by {}", clean(who, 60)));
    let last = match (cell.held_on, cell.level) {
        (Some(day), Some(level)) => format!("Last time {level}, on {}{by}.", full_date(day)),
        (Some(day), None) => format!("Looked at on {}{by}.", full_date(day)),
        (None, _) => "Never asked.".to_owned(),
    };
    Question {
        number,
        pattern: labels::pattern_in_full(cell.category),
        words: question(cell.category),
        last,
        has_new: form.text(name("title")).is_some(),
        level: name("level"),
        note: name("note"),
        gap: name("gap"),
        title: name("title"),
        severity: name("severity"),
    }
}

fn levels() -> Vec<Choice> {
    [
        ("5", "5 improved by itself"),
        ("4", "4 measured"),
        ("3", "3 yes: in use, and shown"),
        ("2", "2 mostly"),
        ("1", "1 in parts"),
        ("0", "0 no"),
    ]
    .map(|(value, label)| Choice::new(value, label))
    .to_vec()
}
