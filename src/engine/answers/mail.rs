//! Whose link it is, and which gaps their mail spoke of.

use serde::Deserialize;

use crate::domain::access::Act;
use crate::domain::codes::GapStatus;
use crate::engine::{Engine, EngineError};
use crate::secrets::Subject;
use crate::store::access::Standing;

use super::{AnswerError, Closed};

/// A mail with whoever answers it.
#[derive(Debug)]
pub(super) struct AnsweredMail {
    /// Row id of the delivery.
    pub delivery: String,
    /// Row id of the organization.
    pub organization: String,
    /// Who answers.
    pub reader: Standing,
    /// Whether any gap is theirs to answer for.
    pub for_all: bool,
    /// The gaps that it spoke of, by rank.
    pub gaps: Vec<ToldGap>,
}

/// A gap as a mail told it.
#[derive(Debug, Deserialize)]
pub(super) struct ToldGap {
    pub external_id: String,
    pub short_name: String,
    pub status: GapStatus,
    pub owner: Option<String>,
    pub likely_per_week: Option<i64>,
}

/// The part of an edition's facts that is asked about.
#[derive(Debug, Default, Deserialize)]
struct Told {
    #[serde(default)]
    gaps: Vec<ToldGap>,
}

impl Engine {
    /// The mail that a link came with.
    pub(super) async fn answered_mail(
        &self,
        delivery: Subject,
    ) -> Result<AnsweredMail, AnswerError> {
        let row = self.db.answered_mail(&delivery.to_string()).await?.ok_or(Closed::Gone)?;
        let organization = row.organization_id.ok_or(Closed::NotInMail)?;
        let standing = self.standing(&row.person_id, self.clock.now()).await?;
        let reader = standing.ok_or(Closed::Forgotten)?;
        let access = &reader.access;
        if !access.may(Act::Answer, &organization) {
            let reads = access.may(Act::Read, &organization);
            return Err(if reads { Closed::Reader } else { Closed::Ended }.into());
        }
        let facts = row.facts.unwrap_or_else(|| "{}".to_owned());
        let told: Told = serde_json::from_str(&facts).map_err(|problem| EngineError::Facts {
            edition: format!("of delivery {}", row.id),
            problem: problem.to_string(),
        })?;
        let for_all = access.is_operator() || access.ties_to(&organization).answers_for_all();
        Ok(AnsweredMail { delivery: row.id, organization, for_all, gaps: told.gaps, reader })
    }
}

impl AnsweredMail {
    /// That the mail spoke of a gap.
    pub fn told(&self, gap: &str) -> Result<&ToldGap, Closed> {
        self.gaps.iter().find(|told| told.external_id == gap).ok_or(Closed::NotInMail)
    }
}
