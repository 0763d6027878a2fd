//! Holds a value against a schema of the document: as much of JSON Schema as the document uses.

use serde_json::Value;

/// What of `value` the schema does not allow, each with its place.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.strip_prefix("#/components/schemas/").expect("a schema of this document");
        let named = &document["components"]["schemas"][name];
        assert!(named.is_object(), "{name} is referred to and not there");
        return check(document, named, value, at, found);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        if !any.iter().any(|one| faults(document, one, value).is_empty()) {
            found.push(format!("{at}: {value} is none of {}", schema["anyOf"]));
        }
        return;
    }
    if !is_of_type(&schema["type"], value) {
        found.push(format!("{at}: {value} is no {}", schema["type"]));
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    match value {
        Value::String(text) => text_fits(schema, text, at, found),
        Value::Number(number) => {
            let number = number.as_i64().expect("whole numbers only");
            let is_in = |name: &str, fits: fn(i64, i64) -> bool| {
                schema[name].as_i64().is_none_or(|limit| fits(number, limit))
            };
            if !is_in("minimum", |n, least| n >= least) || !is_in("maximum", |n, most| n <= most) {
                found.push(format!("{at}: {number} is out of range"));
            }
        }
        Value::Array(entries) => {
            if schema["maxItems"].as_u64().is_some_and(|most| entries.len() as u64 > most) {
                found.push(format!("{at}: {} entries", entries.len()));
            }
            for (n, entry) in entries.iter().enumerate() {
                check(document, &schema["items"], entry, &format!("{at}/{n}"), found);
            }
        }
        Value::Object(members) => members_fit(document, schema, members, at, found),
        Value::Null | Value::Bool(_) => {}
    }
}

fn members_fit(
    document: &Value,
    schema: &Value,
    members: &serde_json::Map<String, Value>,
    at: &str,
    found: &mut Vec<String>,
) {
    for name in schema["required"].as_array().into_iter().flatten() {
        if !members.contains_key(name.as_str().expect("a name")) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, member) in members {
        match schema["properties"].get(name) {
            Some(inner) => check(document, inner, member, &format!("{at}/{name}"), found),
            None if schema["additionalProperties"] == false => {
                found.push(format!("{at}: {name} is not known"))
            }
            None => {}
        }
    }
}

fn is_of_type(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(name) => is_a(name, value),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(|name| is_a(name, value)),
        _ => true,
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

fn text_fits(schema: &Value, text: &str, at: &str, found: &mut Vec<String>) {
    let n_chars = text.chars().count() as u64;
    if schema["minLength"].as_u64().is_some_and(|least| n_chars < least)
        || schema["maxLength"].as_u64().is_some_and(|most| n_chars > most)
    {
        found.push(format!("{at}: {n_chars} characters"));
    }
    let is_fine = match schema["format"].as_str() {
        Some("date") => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
        Some("email") => text.contains('@'),
        _ => true,
    };
    if !is_fine {
        found.push(format!("{at}: {text:?} is no {}", schema["format"]));
    }
}

#[test]
fn a_value_that_does_not_fit_is_seen() {
    let document = serde_json::json!({ "components": { "schemas": { "A": {
        "type": "object", "required": ["b"], "additionalProperties": false,
        "properties": { "b": { "type": ["string", "null"], "maxLength": 2 }, "c": { "type": "array", "items": { "enum": [1] } } },
    } } } });
    let schema = serde_json::json!({ "$ref": "#/components/schemas/A" });
    let of = |value: Value| faults(&document, &schema, &value).len();
    assert_eq!(of(serde_json::json!({ "b": null, "c": [1, 1] })), 0);
    assert_eq!(of(serde_json::json!({ "c": [2], "d": 1 })), 3);
    assert_eq!(of(serde_json::json!({ "b": "abc" })), 1);
    assert_eq!(of(serde_json::json!([])), 1);
}
