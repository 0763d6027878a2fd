//! `/desk/c/{slug}/grid`: areas by the five patterns for each implementation, and the button that says
//! that what was known is still so.

mod area;
mod table;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;

use crate::domain::codes::ImplementationStatus;
use crate::domain::register::Refusal;
use crate::domain::register::ask::{Cell, ConfirmedCells};
use crate::engine::register::{CellView, GapFilter, Grid};

use crate::web::shell::body::html;
use crate::web::shell::fields::Fields;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

use super::labels::{self, Choice};
use super::told::{Telling, Told};
use super::workplace::{Frame, Outcome, Workplace, part};

pub(super) use area::{ask as ask_area, save as save_area};
use table::table;
pub(super) use table::{Standing, Table};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    implementation: String,
    #[serde(flatten)]
    telling: Telling,
}

#[derive(Template)]
#[template(path = "web/desk/grid.html")]
struct Page {
    chrome: Chrome,
    frame: Frame,
    tables: Vec<Table>,
    /// All implementations, where there are several.
    others: Vec<Choice>,
    problems: Vec<String>,
}

/// The page. Changes nothing.
pub(super) async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    draw(&place, &asked, Vec::new()).await
}

/// Says of some cells that they were looked at and have not changed.
pub(super) async fn confirm(
    State(site): State<Site>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response<Body>, Problem> {
    let place = Workplace::open(&site, visitor, &slug).await?;
    place.check(&fields)?;
    let implementation = fields.get("implementation").to_owned();
    let grid = site.engine.assessment_grid(place.id(), &implementation).await?;
    let gaps = standing_gaps(&place).await?;
    let (cells, told) = cells(&grid, &gaps, fields.get("confirm")).ok_or(Problem::Form)?;
    let (slug, asked_for) = (grid.implementation.clone(), cells.clone());
    let confirmed = ConfirmedCells { implementation, cells, ..ConfirmedCells::default() };
    let written = place.write(move |engine, organization, actor| async move {
        engine.confirm_cells(&organization, &confirmed, &actor).await
    });
    let problems = match written.await? {
        Outcome::Done(_) if fields.get("from") == "overview" => {
            return Ok(place.done("", told));
        }
        Outcome::Done(_) => {
            let rest = format!("/grid?implementation={}", part(&slug));
            return Ok(place.done(&rest, told));
        }
        Outcome::Refused(refusals) => {
            refusals.0.iter().map(|own| sentence(own, &asked_for)).collect()
        }
        Outcome::Conflict(words) => vec![words],
    };
    let asked = Asked { implementation: slug, ..Asked::default() };
    draw(&place, &asked, problems).await
}

/// The cells that a button is about (`all`, an area, or one cell) and that can be confirmed, and what
/// to say then; none where there is no such cell.
fn cells(grid: &Grid, gaps: &Standing, which: &str) -> Option<(Vec<Cell>, Told)> {
    let (area, category) = which.split_once('.').unwrap_or((which, ""));
    let is_meant = |cell: &CellView| category.is_empty() || cell.category.as_str() == category;
    let (mut cells, mut told) = (Vec::new(), Told::Confirmed);
    for row in grid.rows.iter().filter(|row| row.weight.is_some()) {
        if which != "all" && row.area.as_str() != area {
            continue;
        }
        for cell in row.cells.iter().filter(|cell| is_meant(cell) && cell.held_on.is_some()) {
            if gaps.holds(cell) {
                cells.push(Cell { area: row.area, category: cell.category });
            } else {
                told = Told::Partly;
            }
        }
    }
    (!cells.is_empty()).then_some((cells, told))
}

/// How all gaps of the client stand.
async fn standing_gaps(place: &Workplace) -> Result<Standing, Problem> {
    let all = place.site.engine.gaps(place.id(), &GapFilter::default()).await?;
    Ok(Standing::of_lines(all))
}

/// Why a cell cannot be confirmed, after its name.
fn sentence(refusal: &Refusal, cells: &[Cell]) -> String {
    let cell = refusal.entry.and_then(|entry| cells.get(entry));
    let at = cell.map_or(String::new(), |cell| {
        format!("{}, {}: ", labels::area(cell.area), labels::pattern(cell.category))
    });
    format!("{at}{}.", refusal.problem)
}

async fn draw(
    place: &Workplace,
    asked: &Asked,
    problems: Vec<String>,
) -> Result<Response<Body>, Problem> {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let all = standing(place).await?;
    let wanted = all.iter().find(|own| own.value == asked.implementation).or(all.first());
    let gaps = standing_gaps(place).await?;
    let tables = tables(place, wanted.map(|own| own.value.as_str()), &gaps).await?;
    let page = Page {
        chrome: place.chrome(),
        frame: place.frame("grid", &asked.telling),
        tables,
        others: if all.len() > 1 { all } else { Vec::new() },
        problems,
    };
    Ok(html(status, &page))
}

/// The implementations that are not cancelled, by slug.
async fn standing(place: &Workplace) -> Result<Vec<Choice>, Problem> {
    let all = place.site.engine.implementations(place.id()).await?;
    let standing = all.into_iter().filter(|own| own.status != ImplementationStatus::Cancelled);
    Ok(standing.map(|own| Choice::new(own.slug, own.name)).collect())
}

/// The table of one implementation; none for a slug that is none: without an implementation there is
/// nothing to assess.
pub(super) async fn tables(
    place: &Workplace,
    slug: Option<&str>,
    gaps: &Standing,
) -> Result<Vec<Table>, Problem> {
    let Some(slug) = slug else { return Ok(Vec::new()) };
    match place.site.engine.assessment_grid(place.id(), slug).await {
        Ok(grid) => Ok(vec![table(&grid, gaps)]),
        Err(error) => match Problem::from(error) {
            Problem::NotFound => Ok(Vec::new()),
            problem => Err(problem),
        },
    }
}
