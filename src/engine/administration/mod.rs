//! Everyday administration by a person or a program who is known: each write is one transaction with
//! its row in the audit log.
//!
//! **Invariants:** whoever may do it was asked before; what is written down names fields and codes,
//! never an address or a name of a person, so that forgetting somebody is one row as ever.

mod deliveries;
mod organizations;
mod people;
mod subscriptions;
mod suppressions;

use serde_json::{Map, Value, json};

use crate::store::audit::Entry;

pub use subscriptions::{Consent, Joined};
pub use suppressions::NewSuppression;

/// A row of the log about something of an organization, or of none.
const fn entry<'a>(
    organization: Option<&'a str>,
    action: &'a str,
    subject: &'a str,
    detail: &'a Value,
) -> Entry<'a> {
    Entry { organization, action, subject, detail }
}

/// What differs between two states: each field with its value before and after.
fn difference(fields: &[(&str, Value, Value)]) -> Value {
    let changed = fields.iter().filter(|(_, before, after)| before != after);
    let told: Map<String, Value> = changed
        .map(|(field, before, after)| ((*field).to_owned(), json!({ "from": before, "to": after })))
        .collect();
    Value::Object(told)
}
