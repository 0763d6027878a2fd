//! The only room that knows SQL: two engines, one text.
//!
//! **Invariant:** nothing outside this room writes a statement, and nothing in it reads a clock or
//! makes a figure. What a voided import wrote is invisible to every reader here. Histories
//! (`gap_event`, `exposure`, …) are only ever added to; the database itself refuses anything else.
//!
//! Reading order: [`sql`] (how a statement is written once), [`Db::open`], [`row`] (how a
//! value is read), [`records`] (the rows as they are written), [`snapshot`] (what is known at a
//! cut-off), then one file for each subject.

pub mod access;
pub mod address_hash;
pub mod alerts;
pub mod answers;
pub mod api_tokens;
pub mod assume;
pub mod audit;
pub mod backup;
pub mod bounces;
pub mod brands;
pub mod breakers;
pub mod buckets;
pub mod bulk;
mod by_hand;
pub mod confirmations;
pub mod consent;
pub mod consultants;
mod db;
pub mod deliveries;
pub mod due;
pub mod editions;
mod error;
pub mod export;
pub mod gauges;
mod health;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod listings;
pub mod nudges;
mod open;
pub mod organizations;
pub mod people;
pub mod points;
pub mod portfolios;
pub mod rates;
pub mod readers;
pub mod recipients;
pub mod records;
pub mod register;
pub mod retention;
pub mod row;
pub mod runs;
pub mod settings;
pub mod sign_ins;
pub mod slug;
pub mod snapshot;
pub mod sources;
pub mod sql;
pub mod stop;
pub mod subscriptions;
pub mod suppressions;
pub mod trend;
pub mod uploads;
pub mod waiting;
pub mod withdrawals;
pub mod witness;

pub use db::{Db, Tx};
pub use error::StoreError;
pub use sql::Sql;

/// The statements of the modules that are files; folders of several list their own.
const MODULES: &[(&str, &[(&str, Sql)])] = &[
    ("access", access::STATEMENTS),
    ("alerts", alerts::STATEMENTS),
    ("answers", answers::STATEMENTS),
    ("api_tokens", api_tokens::STATEMENTS),
    ("assume", assume::STATEMENTS),
    ("audit", audit::STATEMENTS),
    ("bounces", bounces::STATEMENTS),
    ("bounces/ask", bounces::ASK),
    ("bounces/list", bounces::LIST),
    ("brands", brands::STATEMENTS),
    ("breakers", breakers::STATEMENTS),
    ("buckets", buckets::STATEMENTS),
    ("by_hand", by_hand::STATEMENTS),
    ("confirmations/answer", confirmations::ANSWER),
    ("confirmations/ask", confirmations::ASK),
    ("confirmations/mail", confirmations::MAIL),
    ("confirmations/over", confirmations::OVER),
    ("consent/leave", consent::LEAVE),
    ("consent/log", consent::LOG),
    ("consultants", consultants::STATEMENTS),
    ("deliveries/claim", deliveries::CLAIM),
    ("deliveries/group", deliveries::GROUP),
    ("deliveries/listing", deliveries::LISTING),
    ("deliveries/next", deliveries::NEXT),
    ("deliveries/review", deliveries::REVIEW),
    ("deliveries/sweep", deliveries::SWEEP),
    ("due/claims", due::CLAIMS),
    ("due/organizations", due::ORGANIZATIONS),
    ("due/subscribers", due::SUBSCRIBERS),
    ("editions", editions::STATEMENTS),
    ("editions/pages", editions::PAGES),
    ("editions/reviews", editions::REVIEWS),
    ("editions/twin", editions::TWIN),
    ("editions/write", editions::WRITE),
    ("gauges", gauges::STATEMENTS),
    ("health", health::STATEMENTS),
    ("idempotency", idempotency::STATEMENTS),
    ("journal", journal::STATEMENTS),
    ("nudges", nudges::STATEMENTS),
    ("nudges/board", nudges::BOARD),
    ("nudges/context", nudges::CONTEXT),
    ("nudges/decide", nudges::DECIDE),
    ("nudges/measured", nudges::MEASURED),
    ("nudges/people", nudges::PEOPLE),
    ("nudges/send", nudges::SEND),
    ("organizations", organizations::STATEMENTS),
    ("people", people::STATEMENTS),
    ("rates", rates::STATEMENTS),
    ("readers", readers::STATEMENTS),
    ("recipients", recipients::STATEMENTS),
    ("retention", retention::STATEMENTS),
    ("runs", runs::STATEMENTS),
    ("runs/expected", runs::EXPECTED),
    ("portfolios", portfolios::STATEMENTS),
    ("settings", settings::STATEMENTS),
    ("sign_ins", sign_ins::STATEMENTS),
    ("subscriptions", subscriptions::STATEMENTS),
    ("suppressions", suppressions::STATEMENTS),
    ("suppressions/flags", suppressions::FLAGS),
    ("suppressions/list", suppressions::LIST),
    ("uploads/batches", uploads::BATCHES),
    ("uploads/files", uploads::FILES),
    ("uploads/maps", uploads::MAPS),
    ("waiting", waiting::STATEMENTS),
    ("withdrawals", withdrawals::STATEMENTS),
];

/// Every statement of this room, by module and name: a test has both engines prepare them all.
#[must_use]
pub fn statements() -> Vec<(String, Sql)> {
    let rooms = [
        MODULES,
        import::STATEMENTS,
        listings::STATEMENTS,
        register::STATEMENTS,
        snapshot::STATEMENTS,
        sources::STATEMENTS,
        trend::STATEMENTS,
    ];
    let named = rooms.into_iter().flatten().flat_map(|(module, list)| {
        list.iter().map(move |(name, sql)| (format!("{module}::{name}"), *sql))
    });
    named.collect()
}
