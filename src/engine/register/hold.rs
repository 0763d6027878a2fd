//! Holding an assessment: who looked when, which gaps are named, and the rows.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde_json::json;

use crate::clock::new_id;
use crate::domain::codes::Area;
use crate::domain::register::ask::{GapLink, NewAnswer, NewGap};
use crate::domain::register::who::one_person;
use crate::domain::register::{Known, Refusals, when};
use crate::store::audit::Actor;
use crate::store::register::KnownImplementation;
use crate::store::row::{Place, millis};
use crate::store::{StoreError, bulk, records};

use super::RegisterError;
use super::add::Drafted;
use super::book::Book;

/// Who looked when.
pub(super) struct Held {
    on: Date,
    assessor: String,
}

/// The areas in scope; none where the implementation names none.
pub(super) fn scope(implementation: &KnownImplementation) -> Result<Vec<Area>, StoreError> {
    let read = |area: &records::ImplementationArea| {
        Place { table: "implementation_area", row: &area.id }.code("area", &area.area)
    };
    implementation.areas.iter().map(read).collect()
}

impl Book<'_> {
    /// Who looked when, as asked or else whoever writes, today.
    pub(super) fn held(
        &self,
        on: Option<Date>,
        assessor: Option<&str>,
        actor: &Actor,
        refused: &mut Refusals,
    ) -> Held {
        let on = refused.keep("held_on", when::effective(on, self.today));
        let assessor = assessor.filter(|name| !name.trim().is_empty());
        let assessor = assessor.map_or_else(|| Ok(actor.signed()), one_person);
        let assessor = refused.keep("assessor", assessor);
        Held { on: on.unwrap_or(self.today), assessor: assessor.unwrap_or_default() }
    }

    /// The known gaps that answers name, by name.
    pub async fn named_gaps(
        &mut self,
        answers: &[NewAnswer],
    ) -> Result<HashMap<String, Known>, RegisterError> {
        let name = |answer: &NewAnswer| match &answer.gap {
            Some(GapLink::Known(name)) => Some(name.trim().to_owned()),
            _ => None,
        };
        let names: Vec<String> = answers.iter().filter_map(name).collect();
        let known = self.gaps(&names).await?;
        Ok(known.into_iter().map(|known| (known.gap.external_id.clone(), known)).collect())
    }

    /// The new gaps of answers, by the answer's place; those that cannot be added are left out, with
    /// their sentences kept. Area and category are those of the cell.
    pub(super) async fn new_gaps(
        &mut self,
        answers: &[NewAnswer],
        refused: &mut Refusals,
    ) -> Result<BTreeMap<usize, Drafted>, RegisterError> {
        let new = answers.iter().enumerate().filter_map(|(entry, answer)| match &answer.gap {
            Some(GapLink::New(gap)) => {
                let (area, category) = (answer.cell.area, answer.cell.category);
                Some((entry, NewGap { area, category, ..(**gap).clone() }))
            }
            _ => None,
        });
        let new: Vec<(usize, NewGap)> = new.collect();
        if new.is_empty() {
            return Ok(BTreeMap::new());
        }
        let gaps: Vec<&NewGap> = new.iter().map(|(_, gap)| gap).collect();
        let mut drafted = BTreeMap::new();
        for ((entry, _), gap) in new.iter().zip(self.draft(&gaps).await?) {
            match gap {
                Ok(gap) => drop(drafted.insert(*entry, gap)),
                Err(inner) => refused.take_in(*entry, inner),
            }
        }
        Ok(drafted)
    }

    /// Writes an assessment with its answers; its row id.
    pub(super) async fn hold(
        &mut self,
        implementation: &KnownImplementation,
        held: Held,
        mut answers: Vec<records::AssessmentAnswer>,
        action: &str,
        actor: &Actor,
    ) -> Result<String, RegisterError> {
        let assessment = records::Assessment {
            id: new_id(),
            implementation_id: implementation.row.id.clone(),
            held_on: held.on.to_string(),
            assessor: Some(held.assessor),
            recorded_at: millis(self.now),
            batch_id: None,
        };
        for answer in &mut answers {
            answer.assessment_id.clone_from(&assessment.id);
        }
        bulk::insert(&mut self.tx, std::slice::from_ref(&assessment)).await?;
        bulk::insert(&mut self.tx, &answers).await?;
        let told: Vec<_> = answers
            .iter()
            .map(|a| json!({"area": a.area, "category": a.category, "level": a.level, "gap": a.gap_id}))
            .collect();
        let detail = json!({"assessment": assessment.id, "held_on": assessment.held_on,
            "assessor": assessment.assessor, "answers": told});
        self.audit(actor, action, &implementation.row.slug, &detail).await?;
        Ok(assessment.id)
    }
}
