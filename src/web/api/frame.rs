//! What stands around every operation: who asks and whether it may, how often, once or again, and the
//! words for what went wrong.
//!
//! **Invariants:** an operation whose scope the document does not name is not reached; a write goes on
//! when its client goes away; a key is answered as it was answered first.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, Request, Response};
use axum::middleware::Next;
use axum::response::IntoResponse;
use tracing::Instrument;

use crate::engine::tokens::Program;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::{Caller, shown};
use super::document::Guide;
use super::fault::Fault;
use super::once;
use super::throttle::{Left, Throttle};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What an answer says of itself, so that it can be told of.
#[derive(Debug, Clone)]
pub(in crate::web) struct RequestId(pub(in crate::web) String);

/// What the frame works with.
#[derive(Debug, Clone)]
pub(in crate::web) struct Api {
    pub(in crate::web) site: Site,
    pub(in crate::web) guide: Arc<Guide>,
    pub(in crate::web) throttle: Arc<Throttle>,
}

/// Passes a request on to its operation.
pub(in crate::web) async fn frame(
    State(api): State<Api>,
    mut request: Request<Body>,
    next: Next,
) -> Response<Body> {
    let id = request.extensions().get::<RequestId>().map(|own| own.0.clone()).unwrap_or_default();
    let span = tracing::error_span!("api", request = %id);
    let admitted = api.admit(&mut request).instrument(span.clone()).await;
    let left = match &admitted {
        Ok(admitted) => admitted.as_ref().map(|(_, left)| *left),
        Err(refused) => refused.1,
    };
    let answered = match admitted {
        Ok(admitted) => {
            let program = admitted.map(|(program, _)| program);
            api.answer(program, &id, request, next).instrument(span).await
        }
        Err(refused) => Err(refused.0),
    };
    let answered = answered.unwrap_or_else(IntoResponse::into_response);
    let mut response = drawn(&api.site.base, &id, answered);
    dress(response.headers_mut(), left);
    response
}

/// A fault with what is left to whoever made it.
type Refused = (Fault, Option<Left>);

impl Api {
    /// The program that asks and what is left to it; none where the operation is for everybody.
    async fn admit(&self, request: &mut Request<Body>) -> Result<Option<(Program, Left)>, Refused> {
        let operation = self.guide.operation(request.uri().path(), request.method());
        let Some(grant) = operation.flatten() else { return Ok(None) };
        let refused = |fault: Fault| (fault, None);
        let token = shown(request.headers());
        let Some(token) = token else { return Err(refused(Fault::unauthorized(false))) };
        let now = self.site.now();
        let found = self.site.engine.program(token, now).await;
        let program = match found.map_err(|error| refused(error.into()))? {
            Some(program) => program,
            None => return Err(refused(Fault::unauthorized(true))),
        };
        let left = self.throttle.count(&program.id, now);
        let left = left.map_err(|(wait, left)| (Fault::too_many(wait), Some(left)))?;
        if !program.grants.allow(grant) {
            return Err((Fault::scope(grant), Some(left)));
        }
        request.extensions_mut().insert(Caller(program.clone()));
        Ok(Some((program, left)))
    }

    /// Runs the operation: a write in a task of its own, and once where it has a key.
    async fn answer(
        &self,
        program: Option<Program>,
        id: &str,
        request: Request<Body>,
        next: Next,
    ) -> Result<Response<Body>, Fault> {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Ok(next.run(request).await);
        }
        let (base, id) = (Arc::clone(&self.site.base), id.to_owned());
        let key = match &program {
            Some(_) => once::key(request.headers())?,
            None => None,
        };
        let run = move |request| async move { drawn(&base, &id, next.run(request).await) };
        match program.zip(key) {
            Some((program, key)) => once::once(&self.site, &program, key, request, run).await,
            None => detached(run(request)).await,
        }
    }
}

/// Does something to its end, whoever waits for it.
pub(in crate::web::api) async fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Fault> {
    tokio::spawn(work.in_current_span()).await.map_err(|error| {
        tracing::error!(%error, "an operation ended early");
        Problem::Broken.into()
    })
}

/// The answer with words where it was a fault.
pub(in crate::web) fn drawn(base: &str, id: &str, mut answered: Response<Body>) -> Response<Body> {
    let fault = answered.extensions_mut().remove::<Fault>();
    let problem = answered.extensions_mut().remove::<Problem>();
    match fault.or_else(|| problem.map(Fault::from)) {
        Some(fault) => fault.drawn(base, id, answered),
        None => answered,
    }
}

/// What every answer to a program carries.
fn dress(headers: &mut HeaderMap, left: Option<Left>) {
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(Left { per_minute, remaining, reset_s }) = left {
        let told = [
            (RATE_POLICY, format!("\"token\";q={per_minute};w=60")),
            (RATE_LIMIT, format!("\"token\";r={remaining};t={reset_s}")),
        ];
        for (name, text) in told {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }
}
