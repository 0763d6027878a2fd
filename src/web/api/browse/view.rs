//! What the pages show of the document.

use serde_json::Value;

use crate::web::api::document::TOKEN;

/// One operation.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    /// What a link leads to on its page.
    pub(super) anchor: String,
    pub(super) summary: String,
    pub(super) words: String,
    pub(super) scope: String,
    pub(super) parameters: Vec<Row>,
    /// What is sent: its members and an example.
    pub(super) sent: Option<(Vec<Row>, String)>,
    /// What is answered: status, words, example.
    pub(super) answers: Vec<(String, String, String)>,
}

/// A parameter or a member.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) words: String,
}

/// The operations of a tag, in the order of the document.
pub(super) fn operations(document: &Value, tag: &str) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    all.filter(|(.., operation)| operation["tags"][0] == tag)
        .map(|(path, method, operation)| view(document, path, method, operation))
        .collect()
}

fn view(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let body = &operation["requestBody"]["content"]["application/json"];
    let scope = operation["security"][0][TOKEN][0].as_str();
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        anchor: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        summary: text(&operation["summary"]),
        words: text(&operation["description"]),
        scope: scope.unwrap_or_default().to_owned(),
        parameters: parameters.map(|own| parameter(document, own)).collect(),
        sent: (!body.is_null())
            .then(|| (members(document, &body["schema"]), pretty(&body["example"]))),
        answers: answers(document, operation),
    }
}

fn parameter(document: &Value, own: &Value) -> Row {
    let place = match own["in"].as_str() {
        Some("path") => "in the address, ",
        Some("header") => "a header, ",
        _ => "",
    };
    Row {
        name: text(&own["name"]),
        kind: format!("{place}{}", kind(document, &own["schema"])),
        is_required: own["required"] == true,
        words: text(&own["description"]),
    }
}

/// The members of an object, those of inner ones under their path.
fn members(document: &Value, schema: &Value) -> Vec<Row> {
    let object = resolved(document, schema);
    let required = object["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|own| own == name));
    let members = object["properties"].as_object().into_iter().flatten();
    let rows = members.map(|(name, member)| Row {
        name: name.clone(),
        kind: kind(document, member),
        is_required: is_required(name),
        words: text(&member["description"]),
    });
    rows.collect()
}

/// What a value is, in a few words.
fn kind(document: &Value, schema: &Value) -> String {
    let inner = resolved(document, schema);
    if let Some(words) = inner["enum"].as_array() {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return words.join(" | ");
    }
    let types: Vec<&str> = match &inner["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let bare = types.iter().find(|own| **own != "null").copied().unwrap_or("any");
    let format = inner["format"].as_str();
    let range = || {
        let (least, most) = (inner["minimum"].as_i64()?, inner["maximum"].as_i64()?);
        (most < 1_000_000).then(|| format!("whole number, {least} to {most}"))
    };
    let name = match (bare, format) {
        ("string", Some(format)) => format.to_owned(),
        ("string", None) => match inner["maxLength"].as_i64() {
            Some(most) => format!("text, at most {most}"),
            None => "text".to_owned(),
        },
        ("integer", _) => range().unwrap_or_else(|| "whole number".to_owned()),
        ("boolean", _) => "true or false".to_owned(),
        ("array", _) => format!("list of {}", kind(document, &inner["items"])),
        ("object", _) => object_kind(document, schema),
        (other, _) => other.to_owned(),
    };
    if types.contains(&"null") { format!("{name}, or null") } else { name }
}

/// An object by its members, as far as they are known.
fn object_kind(document: &Value, schema: &Value) -> String {
    let names: Vec<String> = members(document, schema).into_iter().map(|own| own.name).collect();
    if names.is_empty() { "object".to_owned() } else { format!("object with {}", names.join(", ")) }
}

/// The schema itself, where it is a reference or may be null.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap_or_default();
        return &document["components"]["schemas"][name];
    }
    match schema["anyOf"].as_array().and_then(|any| any.first()) {
        Some(first) => resolved(document, first),
        None => schema,
    }
}

fn answers(document: &Value, operation: &Value) -> Vec<(String, String, String)> {
    let all = operation["responses"].as_object().into_iter().flatten();
    let told = all.map(|(status, answer)| {
        let shared = answer["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let shared = shared.map(|name| &document["components"]["responses"][name]);
        let answer = shared.unwrap_or(answer);
        let example = &answer["content"]["application/json"]["example"];
        (status.clone(), text(&answer["description"]), pretty(example))
    });
    told.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An example over several lines; empty where there is none.
fn pretty(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    serde_json::to_string_pretty(value).unwrap_or_default()
}
