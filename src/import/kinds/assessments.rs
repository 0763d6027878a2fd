//! `assessments.csv`: one answer a row. A low level is a gap, so it must name one that is as severe.

use std::collections::HashMap;

use crate::clock::new_id;
use crate::domain::codes::{Area, Category, Severity};
use crate::import::context::{Context, Outcome, keys, known, places_by_id};
use crate::import::error::ImportError;
use crate::import::folded::{self, Known};
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, AnswerRow, AssessmentRow, ImplementationRow};
use crate::store::row::millis;

/// Implementation, day and assessor.
type Held = (String, String, String);

/// One row, read.
struct Answer {
    held: Held,
    row: AnswerRow,
}

/// Writes answers; they are append-only, so a known one is only compared.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let mut found = store::implementations(tx, &keys(rows, "implementation")).await?;
    found.retain(|i| context.is_ours(&i.organization_id));
    let ids: Vec<&str> = found.iter().map(|i| i.id.as_str()).collect();
    let owners: Vec<String> = found.iter().map(|i| i.organization_id.clone()).collect();
    let places = places_by_id(tx, &owners).await?;
    let gaps = gaps(context, tx, rows).await?;
    let before = answers(tx, &ids).await?;
    let by_name: HashMap<String, &ImplementationRow> =
        found.iter().filter_map(|i| Some((i.external_id.clone()?, i))).collect();
    let mut held: HashMap<Held, AssessmentRow> = HashMap::new();
    let mut new = Vec::new();
    for row in rows {
        let answer = known(&by_name, row, "implementation").and_then(|implementation| {
            let answer = read(context, row, implementation, &gaps)?;
            if let Some(place) = places.get(&implementation.organization_id)
                && let Some(day) = row.date("held_on", context.times)?
            {
                context.not_ahead("held_on", day, &place.zone)?;
            }
            let fresh = unlike(&before, &answer)?;
            Ok((answer, fresh))
        });
        let Some((answer, fresh)) = out.take(row.number, answer) else {
            continue;
        };
        out.count(fresh);
        if fresh {
            out.events += 1;
            out.tell(|| told(row, &answer));
            let assessment = held.entry(answer.held.clone()).or_insert_with(|| AssessmentRow {
                id: new_id(),
                implementation_id: answer.held.0.clone(),
                held_on: answer.held.1.clone(),
                assessor: Some(answer.held.2.clone()),
                recorded_at: millis(context.recorded_at),
            });
            new.push(AnswerRow { assessment_id: assessment.id.clone(), ..answer.row });
        }
    }
    let held: Vec<AssessmentRow> = held.into_values().collect();
    store::add_assessments(tx, &context.batch, &held).await?;
    store::add_answers(tx, &context.batch, &new).await?;
    Ok(())
}

/// A new answer as it is told.
fn told(row: &Row, answer: &Answer) -> RowChange {
    let (_, day, assessor) = &answer.held;
    let name = row.text("implementation").unwrap_or_default();
    let cell = format!("{} {}", answer.row.area, answer.row.category);
    let told = RowChange::of(name, &cell, true)
        .value("level", None, answer.row.level.map(|level| level.to_string()))
        .value("held_on", None, Some(day.clone()))
        .value("assessor", None, Some(assessor.clone()));
    let note = answer.row.note.clone().map(|note| ("note", note));
    let gap = row.text("gap").map(|gap| ("gap", gap.to_owned()));
    let more = gap.into_iter().chain(note);
    more.fold(told, |told, (what, to)| told.value(what, None, Some(to)))
}

/// The gaps that rows name, as they stand.
async fn gaps(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
) -> Result<HashMap<String, Known>, ImportError> {
    let mut found = store::gaps(tx, &keys(rows, "gap")).await?;
    found.retain(|gap| context.is_ours(&gap.organization_id));
    Ok(folded::known(tx, found, context.constants).await?)
}

/// The answers that are recorded already, by assessment and cell.
async fn answers(
    tx: &mut Tx,
    implementations: &[&str],
) -> Result<HashMap<(Held, String, String), AnswerRow>, ImportError> {
    let held = store::assessments(tx, implementations).await?;
    let ids: Vec<&str> = held.iter().map(|a| a.id.as_str()).collect();
    let answers = store::answers(tx, &ids).await?;
    let by_id: HashMap<&str, Held> = held
        .iter()
        .filter_map(|a| {
            let key = (a.implementation_id.clone(), a.held_on.clone(), a.assessor.clone()?);
            Some((a.id.as_str(), key))
        })
        .collect();
    Ok(answers
        .into_iter()
        .filter_map(|n| {
            let held = by_id.get(n.assessment_id.as_str())?.clone();
            Some(((held, n.area.clone(), n.category.clone()), n))
        })
        .collect())
}

/// One row.
fn read(
    context: &Context<'_>,
    row: &Row,
    implementation: &ImplementationRow,
    gaps: &HashMap<String, Known>,
) -> Result<Answer, Fault> {
    let day = row.date("held_on", context.times)?;
    let day = day.ok_or_else(|| Fault::at("held_on", "a day is needed here"))?;
    let (area, category): (Area, Category) = (row.need_word("area")?, row.need_word("category")?);
    let level = row.whole("level", 0..=5)?.unwrap_or(0);
    let gap = match row.text("gap") {
        Some(_) => Some(known(gaps, row, "gap")?),
        None => None,
    };
    if gap.is_some_and(|g| g.row.organization_id != implementation.organization_id) {
        return Err(Fault::at("gap", "this gap belongs to another organization"));
    }
    backed(level, gap)?;
    let assessor = row.short("assessor", 200)?.unwrap_or_default().to_owned();
    Ok(Answer {
        held: (implementation.id.clone(), day.to_string(), assessor),
        row: AnswerRow {
            assessment_id: String::new(),
            area: area.as_str().to_owned(),
            category: category.as_str().to_owned(),
            level: Some(level),
            note: row.text("note").map(str::to_owned),
            gap_id: gap.map(|g| g.row.id.clone()),
        },
    })
}

/// Level 2, 1 and 0 demand a gap of severity 1, 2 and 3 or more (MODEL 2).
fn backed(level: i64, gap: Option<&Known>) -> Result<(), Fault> {
    let least = 3 - level;
    if least < 1 {
        return Ok(());
    }
    match gap {
        None => Err(Fault::at(
            "gap",
            format!("level {level} is a shortfall: name its gap, of severity {least} or more"),
        )),
        Some(gap) if i64::from(gap.state.severity) < least => {
            let severity: Severity = gap.state.severity;
            Err(Fault::at(
                "gap",
                format!(
                    "level {level} demands a gap of severity {least} or more and {:?} has {}",
                    gap.row.external_id,
                    severity.number()
                ),
            ))
        }
        Some(_) => Ok(()),
    }
}

/// Whether an answer is new. One that differs from what is recorded is refused.
fn unlike(
    before: &HashMap<(Held, String, String), AnswerRow>,
    answer: &Answer,
) -> Result<bool, Fault> {
    let key = (answer.held.clone(), answer.row.area.clone(), answer.row.category.clone());
    match before.get(&key) {
        None => Ok(true),
        Some(old) if old.level == answer.row.level && old.gap_id == answer.row.gap_id => Ok(false),
        Some(old) => Err(Fault::at(
            "level",
            format!(
                "this cell was recorded with level {} that day; answers are not changed, hold a new assessment",
                old.level.map_or_else(|| "none".to_owned(), |l| l.to_string())
            ),
        )),
    }
}
