//! Organizations, what they get ready for, and how its dates changed. Rows as they are written.

use super::record;

record! {
    /// An organization.
    Organization in "organization" {
        /// Row id.
        id: String,
        /// The id its owner's system knows it by.
        external_id: Option<String>,
        /// Name in commands, links and file names.
        slug: String,
        /// Name as it is printed.
        name: String,
        /// ISO 4217 code.
        currency: String,
        /// IANA zone.
        time_zone: String,
        /// Monday is 1.
        cut_off_weekday: i64,
        /// 0 to 23, local.
        cut_off_hour: i64,
        /// Minor units.
        billed_per_week: Option<i64>,
        /// Minor units.
        loaded_rate_minor_per_hour: Option<i64>,
        /// Basis points a year.
        cost_of_capital_bp: Option<i64>,
        /// `none`, `hold` or `required`.
        review: String,
        /// Hours before the cut-off that a draft is held; only for `hold`.
        review_hours: Option<i64>,
        /// Whether amounts may stand in a subject line.
        money_in_subject: bool,
        /// `active` or `paused`.
        status: String,
        /// Next cut-off to plan; NULL until the first tick.
        next_due_at: Option<i64>,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// A platform or mandate; its dates and status are events.
    Implementation in "implementation" {
        /// Row id.
        id: String,
        /// The id its owner's system knows it by.
        external_id: Option<String>,
        /// Organization.
        organization_id: String,
        /// Name in commands, links and file names.
        slug: String,
        /// Name as it is printed.
        name: String,
        /// Kind code.
        kind: String,
        /// Score to reach, milli-points.
        target_milli: i64,
        /// Minor units once live.
        benefit_per_week: Option<i64>,
        /// ISO date.
        mandated_on: Option<String>,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// A change of an implementation. Append-only.
    ImplementationEvent in "implementation_event" {
        /// Row id.
        id: String,
        /// Implementation.
        implementation_id: String,
        /// `go_live_on`, `configuration_starts_on` or `status`.
        field: String,
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
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
    }
}

record! {
    /// One area in scope.
    ImplementationArea in "implementation_area" {
        /// Row id.
        id: String,
        /// Implementation.
        implementation_id: String,
        /// Area code.
        area: String,
        /// 1 to 5.
        weight: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}
