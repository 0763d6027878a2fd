//! One answer of an assessment, and the gap that it names.

use crate::domain::codes::GapStatus;
use crate::domain::register::ask::NewAnswer;
use crate::domain::register::assessment::{Named, backed, level};
use crate::domain::register::words::{TEXT, long};
use crate::domain::register::{Known, Refusals};
use crate::store::records;
use crate::store::register::LatestAnswer;

use super::add::Drafted;

/// The gap that an answer names.
pub(super) enum Link<'a> {
    /// None.
    None,
    /// One that is known.
    Known(&'a Known),
    /// One that is added in the same write.
    Drafted(&'a Drafted),
    /// One that is not there: by which name.
    Missing(&'a str),
    /// One that cannot be added; its fields say why.
    Refused,
}

impl<'a> Link<'a> {
    /// The gap of a name, where it is known here.
    pub fn known(name: &'a str, known: Option<&'a Known>) -> Self {
        known.map_or(Self::Missing(name), Self::Known)
    }

    /// The gap that is added for an answer, where it can be.
    pub fn new(drafted: Option<&'a Drafted>) -> Self {
        drafted.map_or(Self::Refused, Self::Drafted)
    }

    /// The row of an answer; none with a sentence for each field that cannot be taken.
    pub fn row(
        self,
        entry: usize,
        answer: &NewAnswer,
        implementation: &str,
        refused: &mut Refusals,
    ) -> Option<records::AssessmentAnswer> {
        let mut inner = Refusals::default();
        let number = inner.keep("level", level(answer.level));
        let note = answer.note.as_deref().map_or(Ok(None), |text| long(text, TEXT));
        let note = inner.keep("note", note);
        let found = inner.keep("gap", self.found(implementation));
        if let (Some(number), Some(found)) = (number, &found)
            && !matches!(self, Self::Refused)
        {
            let named = found.as_ref().map(|(named, _)| *named);
            inner.keep("gap", backed(number, named));
        }
        refused.take_in(entry, inner);
        Some(records::AssessmentAnswer {
            assessment_id: String::new(),
            area: answer.cell.area.to_string(),
            category: answer.cell.category.to_string(),
            level: Some(number?),
            note: note?,
            gap_id: found?.map(|(_, id)| id.to_owned()),
        })
    }

    /// The gap as the rule of levels asks about it, and its row id.
    fn found(&self, implementation: &str) -> Result<Option<(Named<'a>, &'a str)>, String> {
        match *self {
            Self::None | Self::Refused => Ok(None),
            Self::Missing(name) => Err(format!(
                "there is no gap {name:?} here; name one of this organization, or add it"
            )),
            Self::Known(known) => {
                let of = known.base.implementation_id.as_deref();
                if of.is_some_and(|id| id != implementation) {
                    let id = &known.gap.external_id;
                    return Err(format!(
                        "{id} belongs to another implementation; name one of this"
                    ));
                }
                Ok(Some((as_named(known), &known.gap.id)))
            }
            Self::Drafted(Drafted { row, severity, .. }) => {
                let (external_id, severity) = (row.external_id.as_str(), *severity);
                Ok(Some((Named { external_id, severity, status: GapStatus::Open }, &row.id)))
            }
        }
    }
}

/// A known gap as the rule of levels asks about it.
pub(super) fn as_named(known: &Known) -> Named<'_> {
    let (severity, status) = (known.state.severity, known.state.status);
    Named { external_id: &known.gap.external_id, severity, status }
}

/// The same answer once more.
pub(super) fn repeated(latest: &LatestAnswer) -> records::AssessmentAnswer {
    records::AssessmentAnswer {
        assessment_id: String::new(),
        area: latest.area.clone(),
        category: latest.category.clone(),
        level: latest.level,
        note: latest.note.clone(),
        gap_id: latest.gap.as_ref().and_then(|_| latest.gap_id.clone()),
    }
}
