//! A program that uses the API: sends JSON with a token, reads JSON.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use back_office_brief::domain::grants::Grants;
use back_office_brief::engine::tokens::NewToken;
use back_office_brief::store::audit::{Actor, Way};
use back_office_brief::web::site_router;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde_json::Value;
use tower::ServiceExt;

use crate::world::World;

/// What it was answered.
#[derive(Debug, Clone)]
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// A problem of a kind, with everything that a problem has (RFC 9457).
    pub fn is_problem(&self, status: u16, name: &str) -> Value {
        self.is(status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let told = self.json();
        assert_eq!(told["type"], format!("/api/problems/{name}"), "{told}");
        assert_eq!(told["status"], status, "{told}");
        for member in ["title", "detail"] {
            assert!(told[member].as_str().is_some_and(|text| text.len() > 5), "{member}: {told}");
        }
        let instance = told["instance"].as_str().expect("an instance");
        assert!(instance.starts_with("urn:uuid:") && instance.len() == 45, "{instance}");
        told
    }

    /// The pointers, parameters and headers that a problem complains of.
    pub fn complains_of(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            let own =
                ["pointer", "parameter", "header"].iter().find_map(|name| error[*name].as_str());
            own.expect("a place").to_owned()
        };
        errors.iter().map(place).collect()
    }
}

/// A program.
#[derive(Debug, Clone)]
pub struct Program {
    pages: Router,
    pub token: String,
}

impl Program {
    /// One that uses a world's API with a token.
    pub fn with(world: &World, token: &str) -> Self {
        let pages = site_router(Arc::new(world.another_engine())).expect("pages");
        Self { pages, token: token.to_owned() }
    }

    /// The same service by another token.
    pub fn by(&self, token: &str) -> Self {
        Self { pages: self.pages.clone(), token: token.to_owned() }
    }

    pub async fn send(&self, request: Request<Body>) -> Told {
        let response = self.pages.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Told { status: parts.status, headers: parts.headers, text }
    }

    /// A request with headers of its own.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        if !body.is_empty() {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body.to_owned())).expect("a request")
    }

    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Told {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(self.request(method, path, headers, &body)).await
    }

    pub async fn get(&self, path: &str) -> Told {
        self.ask("GET", path, &[], &Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Told {
        self.ask("POST", path, &[], &body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Told {
        self.ask("PATCH", path, &[], &body).await
    }

    pub async fn delete(&self, path: &str) -> Told {
        self.ask("DELETE", path, &[], &Value::Null).await
    }

    /// All entries of a list, page by page, by the cursors.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        let and = if path.contains('?') { '&' } else { '?' };
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{and}limit={limit}{cursor}")).await.is(200).json();
            let items = page["items"].as_array().expect("a list").clone();
            assert!(items.len() <= limit);
            all.extend(items);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

impl World {
    /// A program with these scopes, for one organization or for all.
    pub async fn program(&self, scopes: &[&str], organization: Option<&str>) -> Program {
        let grants = Grants::of(scopes.iter().copied()).expect("scopes");
        let name = format!("{} {}", self.id("program"), scopes.join(" "));
        let new = NewToken {
            name: name.chars().take(64).collect(),
            grants,
            organization: organization.map(str::to_owned),
            good_for: SignedDuration::from_hours(24),
        };
        let actor = Actor { person_id: None, name: "command".to_owned(), way: Way::Command };
        let now = self.engine.clock.now();
        let (shown, _) = self.engine.add_token(&new, &actor, now).await.expect("a token");
        Program::with(self, &shown)
    }

    /// A program that may do everything.
    pub async fn all(&self) -> Program {
        self.program(&["read", "write"], None).await
    }

    /// A leader whose ids are as the program gives them: without the address in them.
    pub async fn real_leader(&self, organization: &str, email: &str) {
        self.subscriber(organization, email, |person, subscription| {
            person.id = back_office_brief::clock::new_id();
            subscription.id = back_office_brief::clock::new_id();
            subscription.person_id.clone_from(&person.id);
        })
        .await;
    }

    /// What the audit log says was done, oldest first: action and subject.
    pub async fn audited(&self) -> Vec<(String, String)> {
        let rows = self.db.audit_log(None, None, 1_000).await.expect("a list");
        let mut told: Vec<(String, String)> = rows
            .into_iter()
            .filter(|row| row.way == "api")
            .map(|row| (row.action, row.subject))
            .collect();
        told.reverse();
        told
    }
}
