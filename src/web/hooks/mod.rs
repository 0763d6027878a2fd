//! What mail providers call: `POST /hooks/{ses,postmark,sendgrid,mailgun}`.
//!
//! **Invariants:** a provider that is not configured is answered like a page that does not exist; no
//! answer says why a call was not believed; a body is read up to [`MOST`] octets; what is answered with
//! 200 is recorded, and all else the provider sends again.

mod certificates;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware;
use axum::routing::post;

use crate::engine::Engine;
use crate::engine::inbound::ours;
use crate::mail::inbound::Inbound;
use crate::mail::inbound::webhook::ses::{Envelope, Told};
use crate::mail::inbound::webhook::{Call, Refusal, mailgun, postmark, sendgrid};

use crate::web::shell::strict::strict;
use certificates::Certificates;

/// Most octets of a call: SendGrid sends up to 768 kB.
pub const MOST: usize = 1 << 20;

/// What the hooks work with.
#[derive(Debug, Clone)]
struct Hooks {
    engine: Arc<Engine>,
    certificates: Arc<Certificates>,
}

/// The routes.
pub fn hooks_router(engine: Arc<Engine>) -> Router {
    let hooks = Hooks { engine, certificates: Arc::default() };
    Router::new()
        .route("/hooks/{provider}", post(called))
        .layer(DefaultBodyLimit::max(MOST))
        .layer(middleware::from_fn(strict))
        .with_state(hooks)
}

async fn called(
    State(hooks): State<Hooks>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    // A caller who hangs up does not undo what was begun.
    let answered = tokio::spawn(async move { hooks.answer(&provider, &headers, &body).await });
    let (status, words) = answered.await.unwrap_or(FAILED);
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response
}

type Answer = (StatusCode, &'static str);

const TAKEN: Answer = (StatusCode::OK, "Taken.\n");
const FAILED: Answer = (StatusCode::SERVICE_UNAVAILABLE, "Not now; call again later.\n");

/// How a refusal is answered.
const fn refused(refusal: Refusal) -> Answer {
    match refusal {
        Refusal::NotConfigured => (StatusCode::NOT_FOUND, "There is nothing here.\n"),
        Refusal::Forged => (StatusCode::FORBIDDEN, "Refused.\n"),
        Refusal::Malformed => (StatusCode::BAD_REQUEST, "This cannot be read.\n"),
    }
}

impl Hooks {
    async fn answer(&self, provider: &str, headers: &HeaderMap, body: &[u8]) -> Answer {
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let call = Call { header: &header, body };
        let (ours, secrets) = (ours(&self.engine.settings), &self.engine.settings.bounce.hooks);
        let (source, read) = match provider {
            "ses" => return self.answer_ses(body).await,
            "postmark" => ("postmark", postmark::read(&call, secrets.postmark.as_ref(), &ours)),
            "sendgrid" => ("sendgrid", sendgrid::read(&call, secrets.sendgrid.as_ref(), &ours)),
            "mailgun" => ("mailgun", mailgun::read(&call, secrets.mailgun.as_ref(), &ours)),
            _ => return refused(Refusal::NotConfigured),
        };
        match read {
            Ok(events) => self.take_in(&events, source).await,
            Err(refusal) => refuse(source, refusal),
        }
    }

    async fn answer_ses(&self, body: &[u8]) -> Answer {
        let settings = &self.engine.settings;
        let told = async {
            let envelope = Envelope::read(body, settings.bounce.hooks.ses_topic.as_deref())?;
            let url = envelope.certificate()?;
            let Some(certificate) = self.certificates.get(&url).await else { return Ok(None) };
            envelope.verify(&certificate, &ours(settings)).map(Some)
        };
        match told.await {
            Ok(Some(Told::Events(events))) => self.take_in(&events, "ses").await,
            Ok(Some(Told::Confirm(url))) => match certificates::confirm(&url).await {
                Ok(()) => TAKEN,
                Err(error) => {
                    tracing::warn!(%error, "the subscription of the SNS topic is not confirmed yet");
                    FAILED
                }
            },
            Ok(None) => FAILED,
            Err(refusal) => refuse("ses", refusal),
        }
    }

    /// Takes in all of a call. What was taken in before a failure counts once when it comes again.
    async fn take_in(&self, events: &[Inbound], source: &'static str) -> Answer {
        for event in events {
            if let Err(error) = self.engine.take_in(event, source, self.engine.clock.now()).await {
                tracing::warn!(source, %error, "a provider's call is not recorded; it calls again");
                return FAILED;
            }
        }
        TAKEN
    }
}

fn refuse(source: &'static str, refusal: Refusal) -> Answer {
    if refusal != Refusal::NotConfigured {
        tracing::warn!(source, %refusal, "a call was refused");
    }
    refused(refusal)
}
