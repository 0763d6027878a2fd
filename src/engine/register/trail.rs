//! What a write leaves in the audit log: before and after, as far as it was a change.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::domain::register::{Base, Plan};

/// The fields in which two values differ: what they were, and what they are.
pub(super) fn differences(
    before: &impl Serialize,
    after: &impl Serialize,
) -> (Map<String, Value>, Map<String, Value>) {
    let object = |value: Value| match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    // Plain values always have a JSON form.
    let mut before = object(serde_json::to_value(before).unwrap_or_default());
    let mut after = object(serde_json::to_value(after).unwrap_or_default());
    after.retain(|field, value| before.get(field) != Some(value));
    before.retain(|field, _| after.contains_key(field));
    (before, after)
}

/// The detail of a plan for a gap that is known, or that is new.
pub(super) fn of_plan(known: Option<&Base>, plan: &Plan) -> Value {
    let (mut before, mut after) = match known {
        Some(known) => differences(known, &plan.base),
        None => differences(&json!({}), &plan.base),
    };
    let mut words = Vec::new();
    for event in &plan.events {
        let field = event.kind.as_str();
        if event.from.is_some() || event.to.is_some() {
            before.insert(field.to_owned(), json!(event.from));
            after.insert(field.to_owned(), json!(event.to));
        }
        if event.note.is_some() || event.evidence_url.is_some() || event.to.is_none() {
            let link = event.evidence_url.as_deref();
            words.push(json!({"kind": field, "note": event.note, "evidence_url": link}));
        }
    }
    if let Some(figures) = &plan.figures {
        after.insert("exposure_inputs".to_owned(), Value::Object(figures.inputs.clone()));
    }
    if known.is_none() {
        before.clear();
    }
    json!({"effective_on": plan.on.to_string(), "before": before, "after": after, "said": words})
}
