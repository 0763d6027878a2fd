//! Assessments: answers, and cells that were found unchanged.

use std::collections::HashMap;

use crate::domain::register::ask::{Cell, ConfirmedCells, GapLink, NewAssessment};
use crate::domain::register::assessment::{backed, cells};
use crate::domain::register::{Known, Refusals};
use crate::engine::Engine;
use crate::store::audit::Actor;
use crate::store::register::LatestAnswer;

use super::add::Drafted;
use super::answer::{Link, as_named, repeated};
use super::hold::scope;
use super::{RegisterError, Written};

impl Engine {
    /// Adds an assessment with its answers, and the gaps that it names and that are new.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] with a sentence for each answer that cannot be taken, and
    /// [`RegisterError::NotFound`] for an implementation that is not the organization's.
    pub async fn assess(
        &self,
        organization: &str,
        new: &NewAssessment,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let implementation = book.implementation(&new.implementation).await?;
        let mut refused = Refusals::default();
        let asked: Vec<Cell> = new.answers.iter().map(|answer| answer.cell).collect();
        cells(&asked, &scope(&implementation)?, &mut refused);
        let held = book.held(new.held_on, new.assessor.as_deref(), actor, &mut refused);
        let known = book.named_gaps(&new.answers).await?;
        let drafted = book.new_gaps(&new.answers, &mut refused).await?;
        let mut answers = Vec::with_capacity(new.answers.len());
        for (entry, answer) in new.answers.iter().enumerate() {
            let link = match &answer.gap {
                Some(GapLink::Known(name)) => Link::known(name, known.get(name.trim())),
                Some(GapLink::New(_)) => Link::new(drafted.get(&entry)),
                None => Link::None,
            };
            answers.extend(link.row(entry, answer, &implementation.row.id, &mut refused));
        }
        refused.or(())?;
        let drafted: Vec<Drafted> = drafted.into_values().collect();
        book.add(&drafted, actor).await?;
        let id = book.hold(&implementation, held, answers, "assessment.add", actor).await?;
        book.commit().await?;
        let mut gaps: Vec<String> = drafted.into_iter().map(|d| d.row.external_id).collect();
        gaps.sort_unstable();
        Ok(Written { id, version: String::new(), is_changed: true, gaps })
    }

    /// Adds an assessment that repeats the latest known levels of cells.
    ///
    /// # Errors
    /// As [`assess`](Self::assess).
    pub async fn confirm_cells(
        &self,
        organization: &str,
        confirmed: &ConfirmedCells,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let implementation = book.implementation(&confirmed.implementation).await?;
        let mut refused = Refusals::default();
        cells(&confirmed.cells, &scope(&implementation)?, &mut refused);
        let held = book.held(confirmed.held_on, confirmed.assessor.as_deref(), actor, &mut refused);
        let latest = book.tx.latest_answers(&implementation.row.id).await?;
        let asked: Vec<Option<&LatestAnswer>> =
            confirmed.cells.iter().map(|cell| latest.iter().find(|l| l.is_of(*cell))).collect();
        let names: Vec<String> = asked.iter().flatten().filter_map(|l| l.gap.clone()).collect();
        let gaps = book.gaps(&names).await?;
        let known: HashMap<&str, &Known> =
            gaps.iter().map(|k| (k.gap.external_id.as_str(), k)).collect();
        let mut answers = Vec::with_capacity(asked.len());
        for (entry, latest) in asked.into_iter().enumerate() {
            let Some(latest) = latest else {
                refused.add_in(entry, "level", "was never looked at; give it a level");
                continue;
            };
            let gap = latest.gap.as_deref().and_then(|name| known.get(name));
            let named = gap.map(|known| as_named(known));
            if let Some(Err(problem)) = latest.level.map(|level| backed(level, named)) {
                refused.add_in(entry, "level", format!("{problem}; answer it anew"));
            }
            answers.push(repeated(latest));
        }
        refused.or(())?;
        let id = book.hold(&implementation, held, answers, "assessment.confirm", actor).await?;
        book.commit().await?;
        Ok(Written { id, is_changed: true, ..Written::default() })
    }
}
