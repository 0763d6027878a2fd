//! What goes wrong with a request of a program, and how it is said (RFC 9457).

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::domain::grants::Grant;
use crate::engine::EngineError;
use crate::engine::register::RegisterError;
use crate::store::StoreError;
use crate::web::shell::problem::Problem;

use super::problems::{self, Kind};
use super::shape::{Wrong, Wrongs};

/// The kind of content of a problem.
pub(in crate::web::api) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request has no other answer. It is drawn by what stands around the routes, which knows the
/// request's id.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct Fault(Box<Told>);

#[derive(Debug, Clone)]
struct Told {
    kind: Kind,
    detail: String,
    errors: Vec<Wrong>,
    headers: HeaderMap,
}

impl Fault {
    /// Of a kind, with what is to be said of this case.
    pub(in crate::web::api) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (errors, headers) = (Vec::new(), HeaderMap::new());
        Self(Box::new(Told { kind, detail: detail.into(), errors, headers }))
    }

    /// There is no such thing, or none that this token sees.
    pub(in crate::web::api) fn missing(what: &str, name: &str) -> Self {
        let name: String = name.chars().take(80).collect();
        Self::new(problems::NOT_FOUND, format!("There is no {what} {name:?}."))
    }

    /// The same where the missing thing was named in the body.
    pub(in crate::web::api) fn in_body(self, field: &str) -> Self {
        if self.0.kind == problems::NOT_FOUND {
            Self::invalid(Wrongs::one(field, "names nothing that is known here"))
        } else {
            self
        }
    }

    /// Values of the body that will not do.
    pub(in crate::web::api) fn invalid(wrongs: Wrongs) -> Self {
        Self::with(problems::INVALID, wrongs)
    }

    /// Parameters or headers that will not do.
    pub(in crate::web::api) fn bad_parameter(wrongs: Wrongs) -> Self {
        Self::with(problems::BAD_PARAMETER, wrongs)
    }

    fn with(kind: Kind, wrongs: Wrongs) -> Self {
        let detail = match wrongs.0.len() {
            1 => "One value will not do; nothing was changed.".to_owned(),
            n => format!("{n} values will not do; nothing was changed."),
        };
        let mut fault = Self::new(kind, detail);
        fault.0.errors = wrongs.0;
        fault
    }

    /// No token, or none that is good.
    pub(in crate::web::api) fn unauthorized(is_shown: bool) -> Self {
        let challenge = if is_shown {
            "Bearer realm=\"api\", error=\"invalid_token\""
        } else {
            "Bearer realm=\"api\""
        };
        let detail = "Send Authorization: Bearer with a token that is good.";
        Self::new(problems::UNAUTHORIZED, detail).header(WWW_AUTHENTICATE.as_str(), challenge)
    }

    /// The token does not go so far.
    pub(in crate::web::api) fn scope(wanted: Grant) -> Self {
        let challenge =
            format!("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"{wanted}\"");
        let detail = format!("The token lacks the scope {wanted}.");
        Self::new(problems::FORBIDDEN, detail).header(WWW_AUTHENTICATE.as_str(), &challenge)
    }

    /// Not by a token that is for one organization.
    pub(in crate::web::api) fn one_organization() -> Self {
        let detail = "This concerns more than the one organization that the token is for.";
        Self::new(problems::ONE_ORGANIZATION, detail)
    }

    /// Too often; again after this time.
    pub(in crate::web::api) fn too_many(wait: Duration) -> Self {
        let seconds = wait.as_secs().max(1);
        let s = if seconds == 1 { "" } else { "s" };
        let detail = format!("Wait for {seconds} second{s} and send it again.");
        Self::new(problems::TOO_MANY, detail).header(RETRY_AFTER.as_str(), &seconds.to_string())
    }

    /// The same with a header of its own.
    pub(in crate::web::api) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// The answer: what stood on the bare one stays on it.
    pub(in crate::web::api) fn drawn(
        self,
        base: &str,
        id: &str,
        bare: Response<Body>,
    ) -> Response<Body> {
        let Told { kind, detail, errors, headers } = *self.0;
        let Kind { name, status, title, .. } = kind;
        let mut told = json!({
            "type": format!("{base}/api/problems/{name}"),
            "title": title,
            "status": status,
            "detail": detail,
            "instance": format!("urn:uuid:{id}"),
        });
        if !errors.is_empty() {
            told["errors"] = errors.iter().map(Wrong::json).collect::<Value>();
        }
        let mut response = Response::new(Body::from(told.to_string()));
        *response.status_mut() = kind.code();
        *response.headers_mut() = bare.headers().clone();
        response.headers_mut().extend(headers);
        let strict = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, strict);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}

/// An answer without a body, which is drawn on the way out.
impl IntoResponse for Fault {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.kind.code();
        response.extensions_mut().insert(self);
        response
    }
}

/// What the pages of people say, for programs.
impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let kind = match problem {
            Problem::TooMany(wait) => return Self::too_many(wait),
            Problem::SignedOut => return Self::unauthorized(false),
            Problem::NotFound | Problem::Link | Problem::Preview => problems::NOT_FOUND,
            Problem::Method => problems::METHOD,
            Problem::Over(_) => problems::OVER,
            Problem::Form => problems::UNREADABLE,
            Problem::TooLarge => problems::TOO_LARGE,
            Problem::Kind => problems::MEDIA_TYPE,
            Problem::Closed => problems::CLOSED,
            Problem::Forbidden => problems::FORBIDDEN,
            Problem::Busy => problems::BUSY,
            Problem::Broken => problems::BROKEN,
        };
        Self::new(kind, kind.words)
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Refused(why) => Self::new(problems::CONFLICT, sentence(&why)),
            EngineError::Zone(_) => Self::invalid(Wrongs::one("time_zone", error.to_string())),
            other => Problem::from(other).into(),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { what, name, .. } => Self::missing(what, &name),
            StoreError::Invalid { field, problem } => Self::invalid(Wrongs::one(field, problem)),
            StoreError::Conflict(why) => Self::new(problems::CONFLICT, sentence(&why)),
            other => Problem::from(other).into(),
        }
    }
}

impl From<RegisterError> for Fault {
    fn from(error: RegisterError) -> Self {
        Self::of_register(error, "answers")
    }
}

impl Fault {
    /// What the register did not take; `list` is the member whose entries it speaks of.
    pub(in crate::web::api) fn of_register(error: RegisterError, list: &str) -> Self {
        match error {
            RegisterError::Refused(refusals) => Self::invalid(Wrongs::of(&refusals, list)),
            RegisterError::Conflict(why) => Self::new(problems::CHANGED, sentence(&why)),
            RegisterError::NotFound { what, name } => Self::missing(what, &name),
            RegisterError::Engine(error) => error.into(),
        }
    }
}

/// With a capital letter and a point, as a detail is written.
fn sentence(words: &str) -> String {
    let capitalized = crate::web::shell::words::capitalized(words);
    if capitalized.ends_with(['.', '!', '?']) { capitalized } else { format!("{capitalized}.") }
}
