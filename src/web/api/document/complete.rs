//! What all operations have in common: the way in, parts of the address, pages, keys, faults.

use serde_json::{Map, Value, json};

use crate::web::api::page::{MOST, USUAL};
use crate::web::api::problems::{self, Kind};

use super::TOKEN;

/// What stands between braces in an address.
const PARTS: &[(&str, &str, &str)] = &[
    ("organization", "Slug, external id or row id of the organization.", "northfield-supply"),
    ("implementation", "Slug, external id or row id of the implementation.", "erp"),
    ("gap", "External id of the gap.", "NF-17"),
    ("assessment", "Row id of the assessment.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a59"),
    ("person", "Row id of the person.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a51"),
    ("subscription", "Row id of the subscription.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a52"),
    ("edition", "Row id of the edition.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a53"),
    ("delivery", "Row id of the delivery.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a54"),
    ("suppression", "Row id of the entry.", "0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a55"),
];

/// Adds the way in, and the shape of every fault.
pub(super) fn components(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that `brief tokens add` printed. Each operation names the scope it needs; \
                write includes read.",
        }
    });
    document["components"]["responses"] =
        problems::ALL.iter().map(|kind| (kind.name.to_owned(), answer_of(kind))).collect();
    let text = json!({ "type": "string" });
    document["components"]["schemas"]["Problem"] = json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "The kind: leads to a page about it." },
            "title": { "type": "string", "description": "The same in words, always the same for a kind." },
            "status": { "type": "integer", "description": "The status of the answer." },
            "detail": { "type": "string", "description": "What is to be said of this case." },
            "instance": { "type": "string", "format": "uri", "description": "Names this answer in the log." },
            "errors": {
                "type": "array",
                "description": "Every value that will not do.",
                "items": {
                    "type": "object",
                    "required": ["detail"],
                    "properties": {
                        "pointer": { "type": "string", "description": "Where in the body (RFC 6901)." },
                        "parameter": text, "header": text, "detail": text,
                    },
                },
            },
        },
    });
}

/// Completes one operation.
pub(super) fn operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let is_secured = operation.get("security").is_some_and(|own| !own[0][TOKEN].is_null());
    let is_write = method != "get";
    let is_list = path_of_body(operation, "200").is_some_and(|name| name.ends_with("Page"));
    let id = format!("{}_{}", text(&operation["tags"][0]), text(&operation["operationId"]));
    operation.insert("operationId".to_owned(), Value::from(id));
    parameters(path, operation, is_list, is_secured && is_write);
    for kind in faults(path, operation, is_secured, is_write) {
        fault(operation, kind);
    }
    headers(operation, is_list, is_secured);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What can go wrong with an operation, in the order of the statuses.
fn faults(
    path: &str,
    operation: &Map<String, Value>,
    is_secured: bool,
    is_write: bool,
) -> Vec<&'static Kind> {
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    let has = |place: &str| parameters().any(|own| own["in"] == place);
    let has_version = parameters().any(|own| own["name"] == "If-Match");
    let has_body = operation.contains_key("requestBody");
    let mut faults = vec![&problems::BROKEN, &problems::BUSY, &problems::TOO_MANY];
    if is_secured {
        faults.extend([&problems::UNAUTHORIZED, &problems::FORBIDDEN]);
    } else {
        faults.push(&problems::CLOSED);
    }
    if path.contains('{') || has("query") {
        faults.push(&problems::NOT_FOUND);
    }
    if has_body {
        faults.extend([&problems::UNREADABLE, &problems::TOO_LARGE, &problems::MEDIA_TYPE]);
        faults.push(&problems::INVALID);
    } else if has("query") || has("header") {
        faults.push(&problems::BAD_PARAMETER);
    }
    if is_write && is_secured {
        faults.push(&problems::CONFLICT);
        if !has_body {
            // Where there is one, a value that will not do has the same status.
            faults.push(&problems::KEY_REUSED);
        }
    }
    if has_version {
        faults.push(&problems::CHANGED);
    }
    faults.sort_by_key(|kind| kind.status);
    faults
}

/// The name of the schema of an answer.
fn path_of_body<'o>(operation: &'o Map<String, Value>, status: &str) -> Option<&'o str> {
    let body =
        &operation.get("responses")?[status]["content"]["application/json"]["schema"]["$ref"];
    body.as_str()?.rsplit('/').next()
}

/// Adds the parts of the address, the page, the key.
fn parameters(path: &str, operation: &mut Map<String, Value>, is_list: bool, has_key: bool) {
    let mut all: Vec<Value> = Vec::new();
    for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let known = PARTS.iter().find(|(name, ..)| *name == part);
        let (words, example) = known.map_or(("", ""), |(_, words, example)| (words, example));
        all.push(json!({
            "name": part, "in": "path", "required": true, "description": words,
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 }, "example": example,
        }));
    }
    all.extend(operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default());
    if is_list {
        all.push(json!({
            "name": "limit", "in": "query", "required": false,
            "description": format!("Most entries of the page; {USUAL} where it is left out."),
            "schema": { "type": "integer", "minimum": 1, "maximum": MOST },
        }));
        all.push(json!({
            "name": "cursor", "in": "query", "required": false,
            "description": "Where the page begins: `next_cursor` of the page before, with the same filters.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 2000 },
        }));
    }
    if has_key {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A word of your own for this request, such as a UUID: sent again with it within 24 \
                hours it is answered as the first time and not done again.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }));
    }
    operation.insert("parameters".to_owned(), Value::Array(all));
}

/// Adds a kind of fault under its status.
fn fault(operation: &mut Map<String, Value>, kind: &Kind) {
    let told = json!({ "$ref": format!("#/components/responses/{}", kind.name) });
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.entry(kind.status.to_string()).or_insert(told);
    }
}

/// The answer that a kind of fault is.
fn answer_of(kind: &Kind) -> Value {
    let mut example = json!({
        "type": format!("/api/problems/{}", kind.name),
        "title": kind.title,
        "status": kind.status,
        "detail": kind.words,
        "instance": "urn:uuid:0199a3c4-5b1e-7c33-9d0a-6f1d2c3b4a5e",
    });
    if kind.name == problems::INVALID.name {
        example["errors"] = json!([{ "pointer": "/title", "detail": "is missing" }]);
    }
    let mut told = json!({
        "description": format!("{}.", kind.title),
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "example": example,
        } },
    });
    let header = |words: &str| json!({ "description": words, "schema": { "type": "string" } });
    match kind.status {
        401 => told["headers"] = json!({ "WWW-Authenticate": header("How to ask (RFC 6750).") }),
        429 => told["headers"] = json!({ "Retry-After": header("Seconds to wait.") }),
        _ => {}
    }
    told
}

/// Says which headers an answer carries.
fn headers(operation: &mut Map<String, Value>, is_list: bool, is_secured: bool) {
    let header = |words: &str| json!({ "description": words, "schema": { "type": "string" } });
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        if response.get("$ref").is_some() {
            continue;
        }
        let mut own = response["headers"].as_object().cloned().unwrap_or_default();
        if is_secured {
            let words = "What is left: requests, and seconds until all are back.";
            own.insert("RateLimit".to_owned(), header(words));
        }
        match status.as_str() {
            "200" if is_list => {
                own.insert("Link".to_owned(), header("The next page, rel=next (RFC 8288)."));
            }
            "201" => {
                own.insert("Location".to_owned(), header("Where it is from now on."));
            }
            _ => {}
        }
        if !own.is_empty() {
            response["headers"] = Value::Object(own);
        }
    }
}
