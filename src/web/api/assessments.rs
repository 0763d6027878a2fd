//! `/organizations/{organization}/assessments`: how areas were found, by five questions.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::domain::codes::{Area, Category};
use crate::domain::grants::{Grant, Resource, Verb};
use crate::domain::register::ask::{Cell, ConfirmedCells, GapLink, NewAnswer, NewAssessment};
use crate::store::listings::{AnswerRow, AssessmentFilter, AssessmentRow};
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::Caller;
use super::events::since;
use super::fault::Fault;
use super::gaps::shape::NewGapBody;
use super::page::{List, Page, json};
use super::sent::{Json, One, Two};
use super::shape::{
    At, Code, Day, Instant, Many, Text, Whole, Word, Wrongs, answer, query, request,
};
use super::{Routes, created, routes};

answer! {
    /// One look at an implementation's areas.
    Assessment = {
        "id": "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a59", "implementation": "erp", "held_on": "2026-11-16",
        "assessor": "A. Mendel", "recorded_at": "2026-11-16T17:05:00Z", "is_imported": false,
        "answers": [{ "area": "billing", "category": "no_source", "level": 1,
            "note": "Two price lists in use", "gap": "NF-17" }]
    } {
        /// Row id.
        id: String,
        /// Slug of the implementation.
        implementation: String,
        /// When it was held.
        held_on: String,
        /// Who looked. Whoever is called by an address is named to tokens that may read people only.
        assessor: Option<String>,
        /// When we were told.
        recorded_at: Instant,
        /// Whether an import wrote it.
        is_imported: bool,
        /// The answers, one a cell.
        answers: Vec<Answer>,
    }
}

answer! {
    /// An answer to one question.
    Answer = { "area": "billing", "category": "no_source", "level": 1, "note": null, "gap": "NF-17" } {
        /// The area.
        area: Code<Area>,
        /// The pattern that the question is about.
        category: Code<Category>,
        /// 0 to 5; 3 means yes, in use and shown. None where only the look is known.
        level: Option<i64>,
        /// In words.
        note: Option<String>,
        /// External id of the gap that the shortfall is.
        gap: Option<String>,
    }
}

request! {
    /// An assessment to be added.
    NewAssessmentBody = {
        "implementation": "erp", "held_on": "2026-11-16", "answers": [
            { "area": "billing", "category": "undocumented", "level": 3 },
            { "area": "billing", "category": "no_source", "level": 1, "gap": "NF-17" }
        ]
    } {
        /// Slug, external id or row id of the implementation.
        implementation: Text<1, 200>,
        /// When it was held; today where it is left out.
        held_on: Option<Day>,
        /// Who looked; the program where it is left out.
        assessor: Option<Text<1, 120>>,
        /// The answers, each cell once.
        answers: Many<NewAnswerBody, 60>,
    }
}

request! {
    /// An answer to one question. Level 2, 1 and 0 demand a gap of severity 1, 2 and 3 or more: one that is
    /// known, or a new one.
    NewAnswerBody = { "area": "billing", "category": "no_source", "level": 1, "gap": "NF-17" } {
        /// The area.
        area: Word<Area>,
        /// The pattern that the question is about.
        category: Word<Category>,
        /// 0 to 5; 3 means yes, in use and shown.
        level: Whole<0, 5>,
        /// In words.
        note: Option<Text<1, 1_000>>,
        /// External id of the gap that the shortfall is.
        gap: Option<Text<1, 120>>,
        /// A gap to be added in the same write, which needs write:gaps too; its area and category are those of
        /// the answer.
        new_gap: Option<NewGapBody>,
    }
}

request! {
    /// Cells that were looked at and found as they were.
    UnchangedCells = {
        "implementation": "erp", "cells": [{ "area": "billing", "category": "undocumented" }]
    } {
        /// Slug, external id or row id of the implementation.
        implementation: Text<1, 200>,
        /// When that was; today where it is left out.
        held_on: Option<Day>,
        /// Who looked; the program where it is left out.
        assessor: Option<Text<1, 120>>,
        /// Which cells, each once.
        cells: Many<CellBody, 60>,
    }
}

request! {
    /// A question about an area.
    CellBody = { "area": "billing", "category": "undocumented" } {
        /// The area.
        area: Word<Area>,
        /// The pattern that the question is about.
        category: Word<Category>,
    }
}

query! {
    /// Which assessments.
    AssessmentsFilter {
        /// Of an implementation, by slug.
        implementation: Text<1, 64>,
        /// Told at this instant or later.
        recorded_since: Instant,
    }
}

pub(super) fn operations() -> Routes {
    Routes::new().routes(routes!(list, add)).routes(routes!(show)).routes(routes!(unchanged))
}

type AssessmentPage = Page<Assessment>;

/// List assessments
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/assessments", tag = "assessments",
    params(AssessmentsFilter),
    responses((status = 200, description = "A page of them with their answers.", body = AssessmentPage)),
    security(("token" = ["read:assessments"])))]
async fn list(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    list: List<AssessmentsFilter>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let filter = AssessmentFilter {
        id: "",
        implementation: list.filter.implementation.as_ref().map_or("", |own| own.0.as_str()),
        recorded_from: since(list.filter.recorded_since),
    };
    let rows =
        site.engine.db.page_of_assessments(filter, list.page(Some(&organization.id))).await?;
    let mut answers = answers(&site, &rows).await?;
    Ok(list.answer(&site, rows, |row| &row.id, |row| told(row, &mut answers, &caller)))
}

/// Add an assessment
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/assessments", tag = "assessments",
    request_body = NewAssessmentBody,
    responses((status = 201, description = "It is written down.", body = Assessment)),
    security(("token" = ["write:assessments"])))]
async fn add(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Json(new): Json<NewAssessmentBody>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    if new.answers.0.iter().any(|answer| answer.new_gap.is_some()) {
        caller.must(Grant { resource: Resource::Gaps, verb: Verb::Write })?;
    }
    let mut wrongs = Wrongs::default();
    let answers = new.answers.0.into_iter().enumerate();
    let answers: Vec<Option<NewAnswer>> =
        answers.map(|(n, answer)| asked(answer, n, &caller, &mut wrongs)).collect();
    let Some(answers) = answers.into_iter().collect::<Option<Vec<NewAnswer>>>() else {
        return Err(Fault::invalid(wrongs));
    };
    let new = NewAssessment {
        implementation: new.implementation.0,
        held_on: new.held_on.map(|own| own.0),
        assessor: new.assessor.map(|own| own.0),
        answers,
    };
    let written = site.engine.assess(&organization.id, &new, &caller.actor()).await;
    let written = written.map_err(|error| in_body(Fault::of_register(error, "answers")))?;
    answer_with(&site, &caller, (&organization.id, &organization.slug), &written.id).await
}

/// Confirm cells that did not change
///
/// Writes an assessment that repeats the latest known levels of these cells.
#[utoipa::path(post, path = "/api/v1/organizations/{organization}/assessments/unchanged", tag = "assessments",
    request_body = UnchangedCells,
    responses((status = 201, description = "It is written down.", body = Assessment)),
    security(("token" = ["write:assessments"])))]
async fn unchanged(
    State(site): State<Site>,
    caller: Caller,
    One(organization): One,
    Json(seen): Json<UnchangedCells>,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let cells = seen.cells.0.iter();
    let seen = ConfirmedCells {
        implementation: seen.implementation.0.clone(),
        held_on: seen.held_on.map(|own| own.0),
        assessor: seen.assessor.map(|own| own.0),
        cells: cells.map(|own| Cell { area: own.area.0, category: own.category.0 }).collect(),
    };
    let written = site.engine.confirm_cells(&organization.id, &seen, &caller.actor()).await;
    let written = written.map_err(|error| in_body(Fault::of_register(error, "cells")))?;
    answer_with(&site, &caller, (&organization.id, &organization.slug), &written.id).await
}

/// Read an assessment
#[utoipa::path(get, path = "/api/v1/organizations/{organization}/assessments/{assessment}", tag = "assessments",
    responses((status = 200, description = "The assessment with its answers.", body = Assessment)),
    security(("token" = ["read:assessments"])))]
async fn show(
    State(site): State<Site>,
    caller: Caller,
    Two(organization, id): Two,
) -> Result<Response<Body>, Fault> {
    let organization = caller.sees(&site, &organization).await?;
    let found = one(&site, &caller, &organization.id, &id).await?;
    Ok(json(StatusCode::OK, &found.ok_or_else(|| Fault::missing("assessment", &id))?))
}

/// The implementation is named in the body: there is none of that name at `/implementation`.
fn in_body(fault: Fault) -> Fault {
    fault.in_body("implementation")
}

fn asked(new: NewAnswerBody, n: usize, caller: &Caller, wrongs: &mut Wrongs) -> Option<NewAnswer> {
    let at = At::body().child("answers").child(n);
    let gap = match (new.gap, new.new_gap) {
        (Some(_), Some(_)) => {
            wrongs
                .add(&at.child("new_gap"), "and gap exclude each other; name the one or the other");
            return None;
        }
        (Some(known), None) => Some(GapLink::Known(known.0)),
        (None, Some(new)) => {
            Some(GapLink::New(Box::new(new.asked(&at.child("new_gap"), caller, wrongs)?)))
        }
        (None, None) => None,
    };
    Some(NewAnswer {
        cell: Cell { area: new.area.0, category: new.category.0 },
        level: new.level.0,
        note: new.note.map(|own| own.0),
        gap,
    })
}

async fn answer_with(
    site: &Site,
    caller: &Caller,
    (organization, slug): (&str, &str),
    id: &str,
) -> Result<Response<Body>, Fault> {
    let told = one(site, caller, organization, id).await?.ok_or(Problem::Broken)?;
    Ok(created(site, &format!("/api/v1/organizations/{slug}/assessments/{id}"), &told))
}

async fn one(
    site: &Site,
    caller: &Caller,
    organization: &str,
    id: &str,
) -> Result<Option<Assessment>, Fault> {
    let filter = AssessmentFilter { id, recorded_from: i64::MIN, ..Default::default() };
    let page =
        crate::store::listings::Page { organization: Some(organization), after: "", limit: 1 };
    let rows = site.engine.db.page_of_assessments(filter, page).await?;
    let mut answers = answers(site, &rows).await?;
    Ok(rows.into_iter().next().map(|row| told(row, &mut answers, caller)))
}

/// The answers of assessments, by id.
async fn answers(
    site: &Site,
    rows: &[AssessmentRow],
) -> Result<HashMap<String, Vec<Answer>>, Fault> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut found: HashMap<String, Vec<Answer>> = HashMap::new();
    for AnswerRow { assessment_id, area, category, level, note, gap } in
        site.engine.db.answers_of(&ids).await?
    {
        let answer =
            Answer { area: Code::new(area), category: Code::new(category), level, note, gap };
        found.entry(assessment_id).or_default().push(answer);
    }
    Ok(found)
}

fn told(
    row: AssessmentRow,
    answers: &mut HashMap<String, Vec<Answer>>,
    caller: &Caller,
) -> Assessment {
    Assessment {
        answers: answers.remove(&row.id).unwrap_or_default(),
        id: row.id,
        implementation: row.implementation,
        held_on: row.held_on,
        assessor: caller.called(row.assessor),
        recorded_at: Instant::of(row.recorded_at),
        is_imported: row.is_imported,
    }
}
