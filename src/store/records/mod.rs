//! The rows as they are written: one struct a table, one field a column, in the order of the schema.
//!
//! They carry raw values (milliseconds, ISO dates, codes as text): the domain's types are made when
//! a row is read for a purpose ([`super::row`]). A test holds them against the schema of both engines.
//! [`super::bulk::insert`] writes any number of them.

mod api;
mod brands;
mod consent;
mod desk;
mod editions;
mod gaps;
mod imports;
mod organizations;
mod people;
mod uploads;

use sqlx::query_builder::Separated;
use sqlx::{Postgres, Sqlite};

pub use api::{ApiToken, IdempotencyKey};
pub use brands::{Brand, Logo};
pub use consent::{Confirmation, ConsentEvent};
pub use desk::{Answer, Audit, SignIn, WebSession};
pub use editions::{
    Bounce, Delivery, DeliveryAttempt, Edition, EditionNote, ReviewDecision, Run, WeeklyPoint,
};
pub use gaps::{Assessment, AssessmentAnswer, Exposure, Gap, GapEvent};
pub use imports::{ImportBatch, ImportRevision, Setting};
pub use organizations::{Implementation, ImplementationArea, ImplementationEvent, Organization};
pub use people::{ConsultantClient, Nudge, Person, Promise, Session, Subscription, Suppression};
pub use uploads::{ImportMap, ImportUpload, Upload, UploadFile};

/// A row of one table, ready to be inserted on either engine.
pub trait Record: Send + Sync {
    /// Table.
    const TABLE: &'static str;
    /// Columns in the order in which the values are bound.
    const COLUMNS: &'static [&'static str];
    /// Binds every value for SQLite.
    fn bind_sqlite(&self, row: &mut Separated<'_, Sqlite, &'static str>);
    /// Binds every value for PostgreSQL.
    fn bind_postgres(&self, row: &mut Separated<'_, Postgres, &'static str>);
}

/// Declares the row of a table.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident in $table:literal { $( $(#[$field_meta:meta])* $field:ident : $kind:ty ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
        pub struct $name { $( $(#[$field_meta])* pub $field: $kind ),+ }

        impl $crate::store::records::Record for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn bind_sqlite(&self, row: &mut sqlx::query_builder::Separated<'_, sqlx::Sqlite, &'static str>) {
                $( row.push_bind(&self.$field); )+
            }

            fn bind_postgres(&self, row: &mut sqlx::query_builder::Separated<'_, sqlx::Postgres, &'static str>) {
                $( row.push_bind(&self.$field); )+
            }
        }
    };
}
use record;

/// Table and columns of every record, for the test that holds them against the schema.
pub const ALL: &[(&str, &[&str])] = &[
    (ImportBatch::TABLE, ImportBatch::COLUMNS),
    (ImportRevision::TABLE, ImportRevision::COLUMNS),
    (Organization::TABLE, Organization::COLUMNS),
    (Implementation::TABLE, Implementation::COLUMNS),
    (ImplementationEvent::TABLE, ImplementationEvent::COLUMNS),
    (ImplementationArea::TABLE, ImplementationArea::COLUMNS),
    (Person::TABLE, Person::COLUMNS),
    (Gap::TABLE, Gap::COLUMNS),
    (GapEvent::TABLE, GapEvent::COLUMNS),
    (Exposure::TABLE, Exposure::COLUMNS),
    (Assessment::TABLE, Assessment::COLUMNS),
    (AssessmentAnswer::TABLE, AssessmentAnswer::COLUMNS),
    (Subscription::TABLE, Subscription::COLUMNS),
    (ConsultantClient::TABLE, ConsultantClient::COLUMNS),
    (ConsentEvent::TABLE, ConsentEvent::COLUMNS),
    (Confirmation::TABLE, Confirmation::COLUMNS),
    (Suppression::TABLE, Suppression::COLUMNS),
    (Session::TABLE, Session::COLUMNS),
    (Promise::TABLE, Promise::COLUMNS),
    (Nudge::TABLE, Nudge::COLUMNS),
    (Edition::TABLE, Edition::COLUMNS),
    (EditionNote::TABLE, EditionNote::COLUMNS),
    (ReviewDecision::TABLE, ReviewDecision::COLUMNS),
    (Delivery::TABLE, Delivery::COLUMNS),
    (DeliveryAttempt::TABLE, DeliveryAttempt::COLUMNS),
    (Bounce::TABLE, Bounce::COLUMNS),
    (Run::TABLE, Run::COLUMNS),
    (WeeklyPoint::TABLE, WeeklyPoint::COLUMNS),
    (Setting::TABLE, Setting::COLUMNS),
    (SignIn::TABLE, SignIn::COLUMNS),
    (WebSession::TABLE, WebSession::COLUMNS),
    (Logo::TABLE, Logo::COLUMNS),
    (Brand::TABLE, Brand::COLUMNS),
    (Audit::TABLE, Audit::COLUMNS),
    (Answer::TABLE, Answer::COLUMNS),
    (ApiToken::TABLE, ApiToken::COLUMNS),
    (IdempotencyKey::TABLE, IdempotencyKey::COLUMNS),
    (Upload::TABLE, Upload::COLUMNS),
    (UploadFile::TABLE, UploadFile::COLUMNS),
    (ImportMap::TABLE, ImportMap::COLUMNS),
    (ImportUpload::TABLE, ImportUpload::COLUMNS),
];
