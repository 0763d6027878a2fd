//! Base rows by what their source calls them. Voided rows are not found.

use super::rows::{
    AreaRow, ClientRow, GapRow, ImplementationRow, OrganizationRow, PersonRow, PromiseRow,
    SessionRow, SubscriptionRow, WithdrawalRow,
};
use crate::store::row::list;
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

/// The rows of a table, not voided, whose column is in the JSON list `$1`.
macro_rules! live {
    ($columns:literal, $table:literal, $column:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE voided_at IS NULL AND ",
            $column,
            " IN (SELECT value FROM json_each($1))"
        )
    };
}

statements! {
    ORGANIZATIONS = live!(
    "id, external_id, slug, name, currency, time_zone, cut_off_weekday, cut_off_hour, billed_per_week, review, review_hours",
    "organization",
    "external_id"
);
    /// One added by hand has no external id and is known by its slug.
    ORGANIZATIONS_BY_SLUG = "SELECT id, external_id, slug, name, currency, time_zone, cut_off_weekday, cut_off_hour, \
     billed_per_week, review, review_hours FROM organization \
     WHERE voided_at IS NULL AND external_id IS NULL AND slug IN (SELECT value FROM json_each($1))";
    IMPLEMENTATIONS = live!(
    "id, external_id, organization_id, slug, name, kind, target_milli, benefit_per_week",
    "implementation",
    "external_id"
);
    AREAS = live!(
    "id, implementation_id, area, weight",
    "implementation_area",
    "implementation_id"
);
    GAPS = live!(
    "id, external_id, organization_id, implementation_id, area, category, leak_zone, title, short_name, description, \
     exposure_group, existed_since, opened_on, verifier, evidence",
    "gap",
    "external_id"
);
    PEOPLE = "SELECT id, email, email_canonical, name, time_zone, locale FROM person \
     WHERE email_canonical IN (SELECT value FROM json_each($1))";
    SUBSCRIPTIONS = live!(
    "id, person_id, organization_id, role, weekday, hour, quiet, confirmed_at, unsubscribed_at, ended_at",
    "subscription",
    "person_id"
);
    /// Lists that people left and did not come back to, whatever became of the subscription. A list is that
    /// of an organization as its source calls it: one that was voided and imported anew has another row.
    WITHDRAWALS = "SELECT w.person_id, COALESCE(o.external_id, o.id) AS organization, w.list, MAX(w.withdrawn_at) AS withdrawn_at \
     FROM consent_event w LEFT JOIN organization o ON o.id = w.organization_id \
     WHERE w.kind = 'withdrawn' AND w.person_id IN (SELECT value FROM json_each($1)) \
     AND NOT EXISTS (SELECT 1 FROM consent_event c LEFT JOIN organization n ON n.id = c.organization_id \
       WHERE c.person_id = w.person_id AND c.list = w.list AND c.kind = 'confirmed' \
       AND COALESCE(n.external_id, n.id, '') = COALESCE(o.external_id, o.id, '') \
       AND (c.recorded_at > w.recorded_at OR (c.recorded_at = w.recorded_at AND c.id > w.id))) \
     GROUP BY w.person_id, COALESCE(o.external_id, o.id), w.list";
    CLIENTS = "SELECT id, person_id, organization_id, since FROM consultant_client \
     WHERE voided_at IS NULL AND until IS NULL AND person_id IN (SELECT value FROM json_each($1))";
    SESSIONS = live!(
    "id, organization_id, consultant_person_id, starts_at, notes",
    "session",
    "organization_id"
);
    PROMISES = live!(
    "id, session_id, text, owner, due_on, done",
    "promise",
    "session_id"
);
    SLUGS = "SELECT slug FROM organization WHERE voided_at IS NULL";
    IMPLEMENTATION_SLUGS = "SELECT organization_id, slug FROM implementation \
     WHERE voided_at IS NULL AND organization_id IN (SELECT value FROM json_each($1))";
    PRICED = concat!(
    "SELECT DISTINCT g.organization_id FROM exposure x JOIN gap g ON g.id = x.gap_id \
     WHERE g.voided_at IS NULL AND x.kind <> 'unpriced' AND ",
    crate::not_voided!("x.batch_id"),
    " AND g.organization_id IN (SELECT value FROM json_each($1))"
);
}

reads_by_keys!(
    /// Organizations by external id.
    organizations: ORGANIZATIONS -> OrganizationRow,
    /// Organizations without an external id, by slug.
    organizations_by_slug: ORGANIZATIONS_BY_SLUG -> OrganizationRow,
    /// Implementations by external id.
    implementations: IMPLEMENTATIONS -> ImplementationRow,
    /// The scopes of implementations.
    areas: AREAS -> AreaRow,
    /// Gaps by external id.
    gaps: GAPS -> GapRow,
    /// People by the lookup form of their address.
    people: PEOPLE -> PersonRow,
    /// All subscriptions of people, ended ones included.
    subscriptions: SUBSCRIPTIONS -> SubscriptionRow,
    /// Lists that people left and did not come back to.
    withdrawals: WITHDRAWALS -> WithdrawalRow,
    /// The clients of consultants.
    clients: CLIENTS -> ClientRow,
    /// The sessions of organizations.
    sessions: SESSIONS -> SessionRow,
    /// The promises of sessions.
    promises: PROMISES -> PromiseRow,
    /// Slugs of the implementations of organizations, under the organization's id.
    implementation_slugs: IMPLEMENTATION_SLUGS -> (String, String),
    /// Which of these organizations have a priced gap: their currency is fixed.
    priced: PRICED -> (String,),
);

/// Slugs of all organizations.
///
/// # Errors
/// Whatever the database says.
pub async fn slugs(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    Ok(in_tx!(tx, conn => sqlx::query_scalar(SLUGS.sqlite).fetch_all(conn).await)?)
}

/// Rows by their primary keys, voided ones included.
///
/// # Errors
/// Whatever the database says.
pub async fn by_id<B, K>(tx: &mut Tx, ids: &[K]) -> Result<Vec<B>, StoreError>
where
    B: super::Base + Unpin,
    B: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>,
    B: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>,
    K: AsRef<str>,
{
    let ids = list(ids);
    Ok(in_tx!(tx, conn => sqlx::query_as(B::BY_ID.sqlite).bind(ids).fetch_all(conn).await)?)
}
