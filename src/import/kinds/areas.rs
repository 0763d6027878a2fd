//! `areas.csv`: the scope of an implementation, and the day on which all five questions of an area
//! were looked at. The shortfalls found that day are the gaps.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::clock::new_id;
use crate::domain::codes::{Area, Category};
use crate::import::context::{Context, Outcome, keys, known, places_by_id};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, AnswerRow, AreaRow, AssessmentRow};
use crate::store::row::millis;

/// Implementation, day and area of a look.
type Look = (String, String, String);

/// Writes weights and looks.
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
    let scope: HashMap<(String, String), AreaRow> = store::areas(tx, &ids)
        .await?
        .into_iter()
        .map(|a| ((a.implementation_id.clone(), a.area.clone()), a))
        .collect();
    let mut looked = looks(tx, &ids).await?;
    let by_name: HashMap<String, &store::ImplementationRow> =
        found.iter().filter_map(|i| Some((i.external_id.clone()?, i))).collect();
    let mut new = Written::default();
    for row in rows {
        let read = || -> Result<_, Fault> {
            let implementation = known(&by_name, row, "implementation")?;
            let area: Area = row.need_word("area")?;
            let weight = row.whole("weight", 1..=5)?.unwrap_or(1);
            let day = row.date("assessed_on", context.times)?;
            if let (Some(day), Some(place)) = (day, places.get(&implementation.organization_id)) {
                context.not_ahead("assessed_on", day, &place.zone)?;
            }
            Ok((implementation.id.clone(), area, weight, day))
        };
        let Some((id, area, weight, day)) = out.take(row.number, read()) else {
            continue;
        };
        let before = scope.get(&(id.clone(), area.as_str().to_owned()));
        let weighed = new.weigh(context, &id, area, weight, before);
        let fresh = day
            .is_some_and(|d| looked.insert((id.clone(), d.to_string(), area.as_str().to_owned())));
        if let Some(day) = day.filter(|_| fresh) {
            new.look(context, &id, area, day);
            out.events += 1;
        }
        out.count(weighed || fresh);
        if weighed || fresh {
            let day = day.filter(|_| fresh);
            out.tell(|| change(row, area, before, weight, day));
        }
    }
    new.write(context, tx).await
}

/// What a row changes.
fn change(
    row: &Row,
    area: Area,
    before: Option<&AreaRow>,
    weight: i64,
    day: Option<Date>,
) -> RowChange {
    let name = row.text("implementation").unwrap_or_default();
    let mut told = RowChange::of(name, area.words(), before.is_none());
    let known = before.map(|own| own.weight);
    if known != Some(weight) {
        told = told.value("weight", known.map(|own| own.to_string()), Some(weight.to_string()));
    }
    match day {
        Some(day) => told.value("assessed_on", None, Some(day.to_string())),
        None => told,
    }
}

/// The looks that are recorded already.
async fn looks(tx: &mut Tx, implementations: &[&str]) -> Result<HashSet<Look>, ImportError> {
    let held = store::assessments(tx, implementations).await?;
    let ids: Vec<&str> = held.iter().map(|a| a.id.as_str()).collect();
    let answers = store::answers(tx, &ids).await?;
    let by_id: HashMap<&str, &AssessmentRow> =
        held.iter().filter(|a| a.assessor.is_none()).map(|a| (a.id.as_str(), a)).collect();
    let looks = answers.into_iter().filter_map(|n| {
        let held = by_id.get(n.assessment_id.as_str())?;
        Some((held.implementation_id.clone(), held.held_on.clone(), n.area))
    });
    Ok(looks.collect())
}

/// What a chunk writes.
#[derive(Default)]
struct Written {
    new: Vec<(AreaRow, jiff::Timestamp)>,
    changed: Vec<(AreaRow, AreaRow)>,
    held: HashMap<(String, Date), AssessmentRow>,
    answers: Vec<AnswerRow>,
}

impl Written {
    /// Takes a weight; true where it is new or another.
    fn weigh(
        &mut self,
        context: &Context<'_>,
        implementation: &str,
        area: Area,
        weight: i64,
        before: Option<&AreaRow>,
    ) -> bool {
        match before {
            Some(before) if before.weight == weight => return false,
            Some(before) => {
                let after = AreaRow { weight, ..before.clone() };
                self.changed.push((before.clone(), after));
            }
            None => {
                let row = AreaRow {
                    id: new_id(),
                    implementation_id: implementation.to_owned(),
                    area: area.as_str().to_owned(),
                    weight,
                };
                self.new.push((row, context.recorded_at));
            }
        }
        true
    }

    /// All five questions of an area were looked at on a day.
    fn look(&mut self, context: &Context<'_>, implementation: &str, area: Area, day: Date) {
        let key = (implementation.to_owned(), day);
        let held = self.held.entry(key).or_insert_with(|| AssessmentRow {
            id: new_id(),
            implementation_id: implementation.to_owned(),
            held_on: day.to_string(),
            assessor: None,
            recorded_at: millis(context.recorded_at),
        });
        self.answers.extend(Category::ALL.iter().map(|category| AnswerRow {
            assessment_id: held.id.clone(),
            area: area.as_str().to_owned(),
            category: category.as_str().to_owned(),
            level: None,
            note: None,
            gap_id: None,
        }));
    }

    async fn write(self, context: &Context<'_>, tx: &mut Tx) -> Result<(), ImportError> {
        let held: Vec<AssessmentRow> = self.held.into_values().collect();
        store::insert_base(tx, &context.batch, &self.new).await?;
        store::update_base(tx, &context.batch, &self.changed).await?;
        store::add_assessments(tx, &context.batch, &held).await?;
        store::add_answers(tx, &context.batch, &self.answers).await?;
        Ok(())
    }
}
