//! Rows before they are written.

use crate::store::bulk::insert;
use crate::store::records::{
    Assessment, AssessmentAnswer, ConsultantClient, EditionNote, Exposure, Gap, GapEvent,
    Implementation, ImplementationArea, ImplementationEvent, Organization, Person, Promise,
    ReviewDecision, Session, Subscription,
};
use crate::store::{StoreError, Tx};

/// Rows of every table that a sample fills.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// `person`
    pub people: Vec<Person>,
    /// `organization`
    pub organizations: Vec<Organization>,
    /// `implementation`
    pub implementations: Vec<Implementation>,
    /// `implementation_event`
    pub implementation_events: Vec<ImplementationEvent>,
    /// `implementation_area`
    pub areas: Vec<ImplementationArea>,
    /// `gap`
    pub gaps: Vec<Gap>,
    /// `gap_event`
    pub gap_events: Vec<GapEvent>,
    /// `exposure`
    pub exposures: Vec<Exposure>,
    /// `assessment`
    pub assessments: Vec<Assessment>,
    /// `assessment_answer`
    pub answers: Vec<AssessmentAnswer>,
    /// `subscription`
    pub subscriptions: Vec<Subscription>,
    /// `consultant_client`
    pub clients: Vec<ConsultantClient>,
    /// `session`
    pub sessions: Vec<Session>,
    /// `promise`
    pub promises: Vec<Promise>,
    /// `edition_note`
    pub notes: Vec<EditionNote>,
    /// `review_decision`
    pub decisions: Vec<ReviewDecision>,
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        let counts = [
            self.people.len(),
            self.organizations.len(),
            self.implementations.len(),
            self.implementation_events.len(),
            self.areas.len(),
            self.gaps.len(),
            self.gap_events.len(),
            self.exposures.len(),
            self.assessments.len(),
            self.answers.len(),
            self.subscriptions.len(),
            self.clients.len(),
            self.sessions.len(),
            self.promises.len(),
            self.notes.len(),
            self.decisions.len(),
        ];
        counts.iter().sum::<usize>() as u64
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes all of them, a table after those it refers to. Returns how many.
    ///
    /// # Errors
    /// As [`insert`]: [`StoreError::Conflict`] where the database holds one of them already.
    pub async fn write(&self, tx: &mut Tx) -> Result<u64, StoreError> {
        let mut written = insert(tx, &self.people).await?;
        written += insert(tx, &self.organizations).await?;
        written += insert(tx, &self.implementations).await?;
        written += insert(tx, &self.implementation_events).await?;
        written += insert(tx, &self.areas).await?;
        written += insert(tx, &self.gaps).await?;
        written += insert(tx, &self.gap_events).await?;
        written += insert(tx, &self.exposures).await?;
        written += insert(tx, &self.assessments).await?;
        written += insert(tx, &self.answers).await?;
        written += insert(tx, &self.subscriptions).await?;
        written += insert(tx, &self.clients).await?;
        written += insert(tx, &self.sessions).await?;
        written += insert(tx, &self.promises).await?;
        written += insert(tx, &self.notes).await?;
        written += insert(tx, &self.decisions).await?;
        Ok(written)
    }
}
