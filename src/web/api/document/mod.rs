//! The document that says what the API is (OpenAPI 3.1), and what is taken from it: the scope that each
//! operation needs.
//!
//! The routes give paths, parameters and bodies; what is the same for all of them is added here once.

mod complete;
mod examples;

use axum::http::Method;
use serde_json::{Map, Value, json};

use crate::domain::grants::Grant;

/// The name of the way in by a token.
pub(in crate::web::api) const TOKEN: &str = "token";

/// Resources in the order of the document, each with a sentence.
const TAGS: &[(&str, &str)] = &[
    ("organizations", "Whom the briefs are about, and the figures of a brief as they are now."),
    ("implementations", "What an organization gets ready for: its dates and its scope."),
    ("gaps", "What is open: where it stands, who owns it, what it costs."),
    ("events", "What happened to gaps, and when we were told. A history is only added to."),
    ("assessments", "How an area was found on a day, by five questions."),
    ("people", "Who gets mail. The only resource that holds addresses."),
    ("subscriptions", "Who gets which brief, and when."),
    ("editions", "What a week's brief says: drafts, and what was frozen."),
    ("deliveries", "What became of each mail."),
    ("suppressions", "Addresses that get no mail."),
];

/// What is said before all else.
const WORDS: &str = "Gaps, assessments, people and briefs for programs. Money is in minor units of the \
    organization's currency and for a week, scores in points, days in the organization's zone, instants in \
    UTC (RFC 3339). Members that are not known are refused by name. Faults are application/problem+json \
    (RFC 9457). Lists come in pages in the order of ids; follow `next_cursor`, or the header Link. A POST, \
    PATCH or DELETE with an Idempotency-Key may be sent again for 24 hours and is done once.";

/// The document as it is served: that of the routes, completed. `url` is where the service is.
pub(in crate::web::api) fn complete(routes: Value, product: &str, url: &str) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{product}: the API"),
            "version": env!("CARGO_PKG_VERSION"),
            "description": WORDS,
        },
        "servers": [{ "url": url }],
        "tags": TAGS.iter().map(|(name, words)| json!({ "name": name, "description": words }))
            .collect::<Value>(),
        "paths": routes["paths"],
        "components": routes["components"],
    });
    complete::components(&mut document);
    let schemas = document["components"]["schemas"].clone();
    each_operation(&mut document, |path, method, operation| {
        complete::operation(path, method, operation);
        examples::add(operation, &schemas);
    });
    document
}

/// Goes through all operations in the order of the document.
fn each_operation(document: &mut Value, mut work: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                work(path, method, operation);
            }
        }
    }
}

/// The scope of each operation, by the parts of its path and its method; none where it is for everybody.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Guide(Vec<(Vec<String>, String, Option<Grant>)>);

impl Guide {
    /// Reads it from the document.
    pub(in crate::web::api) fn of(document: &Value) -> Self {
        let mut all = Vec::new();
        each_operation(&mut document.clone(), |path, method, operation| {
            let scope = operation.get("security").and_then(|own| own[0][TOKEN][0].as_str());
            let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
            all.push((parts, method.to_owned(), scope.and_then(|own| own.parse().ok())));
        });
        // What is named goes before what stands for any name, as in the router.
        all.sort_by_key(|(parts, ..)| parts.iter().filter(|part| stands_for_any(part)).count());
        Self(all)
    }

    /// What an operation needs; none where there is no such operation.
    pub(in crate::web::api) fn operation(
        &self,
        path: &str,
        method: &Method,
    ) -> Option<Option<Grant>> {
        let method = if *method == Method::HEAD { Method::GET } else { method.clone() };
        let method = method.as_str().to_ascii_lowercase();
        let asked: Vec<&str> = path.split('/').collect();
        let is_it = |parts: &[String]| {
            let pairs = || parts.iter().zip(&asked);
            parts.len() == asked.len()
                && pairs()
                    .all(|(part, name)| part == name || (stands_for_any(part) && !name.is_empty()))
        };
        // The first path that fits is the router's; whether it answers the method is another question.
        let parts = &self.0.iter().find(|(parts, ..)| is_it(parts))?.0;
        let mut same = self.0.iter().filter(|(own, ..)| own == parts);
        same.find(|(_, own, _)| *own == method).map(|(.., grant)| *grant)
    }
}

fn stands_for_any(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_found_as_the_router_finds_it() {
        let scoped = |scope: &str| json!({ "security": [{ "token": [scope] }], "responses": {} });
        let document = json!({ "paths": {
            "/a/{x}": { "get": scoped("read:gaps"), "patch": scoped("write:gaps") },
            "/a/new": { "post": scoped("write:people") },
            "/open": { "post": { "responses": {} } },
        } });
        let guide = Guide::of(&document);
        let of = |path: &str, method: Method| guide.operation(path, &method);
        let grant = |text: &str| Some(Some(text.parse().unwrap()));
        assert_eq!(of("/a/1", Method::GET), grant("read:gaps"));
        assert_eq!(of("/a/1", Method::HEAD), grant("read:gaps"));
        assert_eq!(of("/a/1", Method::PATCH), grant("write:gaps"));
        assert_eq!(of("/a/new", Method::POST), grant("write:people"));
        assert_eq!(of("/open", Method::POST), Some(None));
        for (path, method) in [
            ("/a/new", Method::GET),
            ("/a/1", Method::DELETE),
            ("/a/", Method::GET),
            ("/a/1/", Method::GET),
            ("/a", Method::GET),
        ] {
            assert_eq!(of(path, method.clone()), None, "{method} {path}");
        }
    }
}
