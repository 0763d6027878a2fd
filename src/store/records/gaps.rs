//! Gaps, their histories, their estimates, and the assessments. Rows as they are written.

use super::record;

record! {
    /// A gap; severity, status, owner, due date and next step are events.
    Gap in "gap" {
        /// Row id.
        id: String,
        /// The id its owner's system knows it by.
        external_id: String,
        /// Organization.
        organization_id: String,
        /// Implementation.
        implementation_id: Option<String>,
        /// Area code.
        area: String,
        /// Category code.
        category: String,
        /// Zone code.
        leak_zone: String,
        /// Reads after "Open:".
        title: String,
        /// Noun phrase of at most 32 characters.
        short_name: Option<String>,
        /// More words.
        description: String,
        /// Gaps in one group count once.
        exposure_group: Option<String>,
        /// ISO date.
        existed_since: Option<String>,
        /// ISO date, first day of its cost.
        opened_on: String,
        /// Who may close it.
        verifier: Option<String>,
        /// What was shown.
        evidence: Option<String>,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// One thing that happened to a gap. Append-only.
    GapEvent in "gap_event" {
        /// Row id.
        id: String,
        /// Gap.
        gap_id: String,
        /// The id its owner's system knows it by.
        external_id: Option<String>,
        /// Kind code.
        kind: String,
        /// Value before.
        from_value: Option<String>,
        /// Value after.
        to_value: Option<String>,
        /// When it was true.
        effective_on: String,
        /// When we were told.
        recorded_at: i64,
        /// Who did it, where known.
        actor: Option<String>,
        /// Free words.
        note: Option<String>,
        /// Where the evidence is.
        evidence_url: Option<String>,
        /// The owner as a person, for kind `owner`.
        person_id: Option<String>,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// Who did it, as a person, where that is known.
        actor_id: Option<String>,
    }
}

record! {
    /// One estimate. Append-only.
    Exposure in "exposure" {
        /// Row id.
        id: String,
        /// Gap.
        gap_id: String,
        /// Kind code.
        kind: String,
        /// JSON object of integers, each a number or `[low, likely, high]`.
        inputs: String,
        /// Minor units a week.
        low: i64,
        /// Minor units a week.
        likely: i64,
        /// Minor units a week.
        high: i64,
        /// Basis code.
        basis: String,
        /// Where the inputs come from.
        source_note: Option<String>,
        /// When it was true.
        effective_on: String,
        /// When we were told.
        recorded_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
    }
}

record! {
    /// One assessment. Append-only.
    Assessment in "assessment" {
        /// Row id.
        id: String,
        /// Implementation.
        implementation_id: String,
        /// ISO date.
        held_on: String,
        /// Who looked.
        assessor: Option<String>,
        /// When we were told.
        recorded_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
    }
}

record! {
    /// One look at a cell. Append-only.
    AssessmentAnswer in "assessment_answer" {
        /// Assessment.
        assessment_id: String,
        /// Area code.
        area: String,
        /// Category code.
        category: String,
        /// 0 to 5; none where only the look is known.
        level: Option<i64>,
        /// Free words.
        note: Option<String>,
        /// The gap that the answer names.
        gap_id: Option<String>,
    }
}
