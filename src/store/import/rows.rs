//! The rows that an import writes: base rows, which can change, and histories, which cannot.

use serde::{Deserialize, Serialize};

use super::base::{Base, base_row, over_rows, value};
use crate::store::Sql;

base_row!(
    /// Who a brief is about.
    OrganizationRow, "organization", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// Id in the source.
        external_id: Option<String> = text,
        /// Name in commands and links.
        slug: String = text,
        /// Name in the brief.
        name: String = text,
        /// ISO 4217 code.
        currency: String = text,
        /// IANA zone.
        time_zone: String = text,
        /// Monday = 1.
        cut_off_weekday: i64 = whole,
        /// 0 to 23.
        cut_off_hour: i64 = whole,
        /// Minor units.
        billed_per_week: Option<i64> = whole,
        /// `none`, `hold` or `required`.
        review: String = text,
        /// Hours of a hold.
        review_hours: Option<i64> = whole,
    }
);

base_row!(
    /// A platform or mandate. Its dates and status are events.
    ImplementationRow, "implementation", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// Id in the source.
        external_id: Option<String> = text,
        /// Whose it is.
        organization_id: String = text,
        /// Name in commands.
        slug: String = text,
        /// Name in the brief.
        name: String = text,
        /// What it is.
        kind: String = text,
        /// Score to reach, milli-points.
        target_milli: i64 = whole,
        /// Minor units.
        benefit_per_week: Option<i64> = whole,
    }
);

base_row!(
    /// One area of an implementation's scope.
    AreaRow, "implementation_area", ", batch_id", ", $2", {
        /// Whose scope.
        implementation_id: String = text,
        /// Area.
        area: String = text,
        /// 1 to 5.
        weight: i64 = whole,
    }
);

base_row!(
    /// Someone with an address. Not part of a batch: voiding an import forgets nobody.
    PersonRow, "person", ", created_at", ", CAST(e.r ->> 'created_at' AS BIGINT)", {
        /// As it is written to.
        email: Option<String> = text,
        /// As it is looked for.
        email_canonical: Option<String> = text,
        /// Name in the mail.
        name: String = text,
        /// IANA zone.
        time_zone: Option<String> = text,
        /// Language.
        locale: String = text,
    }
);

base_row!(
    /// A gap. Its severity, status, owner, due date and next step are events.
    GapRow, "gap", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// Id in the source.
        external_id: String = text,
        /// Whose it is.
        organization_id: String = text,
        /// The one implementation it belongs to.
        implementation_id: Option<String> = text,
        /// Place.
        area: String = text,
        /// Cause.
        category: String = text,
        /// Zone that groups its money.
        leak_zone: String = text,
        /// At most 60 characters.
        title: String = text,
        /// At most 32 characters.
        short_name: Option<String> = text,
        /// Any length.
        description: String = text,
        /// Gaps that count once.
        exposure_group: Option<String> = text,
        /// Since when it existed.
        existed_since: Option<String> = text,
        /// First day of its cost.
        opened_on: String = text,
        /// Who signs the closing.
        verifier: Option<String> = text,
        /// What the closing rests on.
        evidence: Option<String> = text,
    }
);

base_row!(
    /// Who gets which brief when.
    SubscriptionRow, "subscription", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// Who.
        person_id: String = text,
        /// About whom; none for consultants and the public.
        organization_id: Option<String> = text,
        /// As what.
        role: String = text,
        /// Monday = 1.
        weekday: Option<i64> = whole,
        /// 0 to 23.
        hour: Option<i64> = whole,
        /// What a quiet week brings.
        quiet: String = text,
        /// Since when it may be mailed.
        confirmed_at: Option<i64> = whole,
        /// Stopped by the subscriber.
        unsubscribed_at: Option<i64> = whole,
        /// Ended by an operator.
        ended_at: Option<i64> = whole,
    }
);

/// A list that somebody left and did not come back to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WithdrawalRow {
    /// Who.
    pub person_id: String,
    /// About whom: the external id, or the row id of one that has none; none for lists about no one client.
    pub organization: Option<String>,
    /// As what.
    pub list: String,
    /// When, milliseconds.
    pub withdrawn_at: i64,
}

base_row!(
    /// A meeting.
    SessionRow, "session", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// With whom.
        organization_id: String = text,
        /// Whose.
        consultant_person_id: String = text,
        /// When.
        starts_at: i64 = whole,
        /// What was said.
        notes: String = text,
    }
);

base_row!(
    /// What was promised in a meeting.
    PromiseRow, "promise", ", created_at, batch_id", ", CAST(e.r ->> 'created_at' AS BIGINT), $2", {
        /// In which meeting.
        session_id: String = text,
        /// What.
        text: String = text,
        /// By whom.
        owner: String = text,
        /// By when.
        due_on: Option<String> = text,
        /// Whether it was kept.
        done: bool = flag,
    }
);

/// Declares a history row: its struct and the statement that adds rows of it under the batch `$2`.
macro_rules! history_row {
    ($(#[$meta:meta])* $name:ident, $table:literal, $batch:literal, $batch_value:literal,
     { $( $(#[$doc:meta])* $column:ident : $type:ty = $form:ident ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
        pub struct $name {
            $( $(#[$doc])* pub $column: $type, )+
        }

        impl $name {
            /// Adds rows from a JSON array of objects.
            pub(super) const INSERT: Sql = history_row!(
                @insert $table, $batch, $batch_value, $( $form $column ),+
            );
        }
    };
    (@insert $table:literal, $batch:literal, $batch_value:literal, $first:ident $column:ident $(, $form:ident $more:ident )*) => {
        over_rows!(
            concat!(
                "INSERT INTO ", $table, " (", stringify!($column), $( ", ", stringify!($more), )* $batch, ") SELECT ",
                value!($first $column), $( ", ", value!($form $more), )* $batch_value
            ),
            " WHERE CAST($2 AS TEXT) IS NOT NULL"
        )
    };
}

history_row!(
    /// One thing that happened to a gap.
    GapEventRow, "gap_event", ", batch_id", ", $2", {
        /// Primary key; its order is the order of writing.
        id: String = text,
        /// Which gap.
        gap_id: String = text,
        /// Id in the source.
        external_id: Option<String> = text,
        /// What it says.
        kind: String = text,
        /// Value before.
        from_value: Option<String> = text,
        /// Value after.
        to_value: Option<String> = text,
        /// When it was true.
        effective_on: String = text,
        /// When we were told.
        recorded_at: i64 = whole,
        /// Who did it.
        actor: Option<String> = text,
        /// In words.
        note: Option<String> = text,
        /// The person that an owner is, where known.
        person_id: Option<String> = text,
    }
);

history_row!(
    /// One estimate.
    ExposureRow, "exposure", ", batch_id", ", $2", {
        /// Primary key.
        id: String = text,
        /// Which gap.
        gap_id: String = text,
        /// Formula.
        kind: String = text,
        /// Its numbers, a JSON object.
        inputs: String = text,
        /// Minor units a week.
        low: i64 = whole,
        /// Minor units a week.
        likely: i64 = whole,
        /// Minor units a week.
        high: i64 = whole,
        /// Where the numbers come from.
        basis: String = text,
        /// In words.
        source_note: Option<String> = text,
        /// Since when it applies.
        effective_on: String = text,
        /// When we were told.
        recorded_at: i64 = whole,
    }
);

history_row!(
    /// One change of an implementation's dates or status.
    ImplementationEventRow, "implementation_event", ", batch_id", ", $2", {
        /// Primary key; its order is the order of writing.
        id: String = text,
        /// Which implementation.
        implementation_id: String = text,
        /// `go_live_on`, `configuration_starts_on` or `status`.
        field: String = text,
        /// Value before.
        from_value: Option<String> = text,
        /// Value after.
        to_value: Option<String> = text,
        /// When it was true.
        effective_on: String = text,
        /// When we were told.
        recorded_at: i64 = whole,
    }
);

history_row!(
    /// A consultant's link to an organization.
    ClientRow, "consultant_client", ", batch_id", ", $2", {
        /// Primary key.
        id: String = text,
        /// The consultant.
        person_id: String = text,
        /// The client.
        organization_id: String = text,
        /// Since when.
        since: i64 = whole,
    }
);

history_row!(
    /// One assessment.
    AssessmentRow, "assessment", ", batch_id", ", $2", {
        /// Primary key.
        id: String = text,
        /// Of what.
        implementation_id: String = text,
        /// When.
        held_on: String = text,
        /// By whom; none where only the day is known.
        assessor: Option<String> = text,
        /// When we were told.
        recorded_at: i64 = whole,
    }
);

history_row!(
    /// One answer of an assessment.
    AnswerRow, "assessment_answer", "", "", {
        /// Of which assessment.
        assessment_id: String = text,
        /// Area.
        area: String = text,
        /// Category.
        category: String = text,
        /// 0 to 5; none where all that is known is that it was looked at.
        level: Option<i64> = whole,
        /// In words.
        note: Option<String> = text,
        /// The gap that a shortfall is.
        gap_id: Option<String> = text,
    }
);
