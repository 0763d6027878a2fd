//! What can go wrong with a request, in words for the reader and in no others.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;

use crate::engine::EngineError;
use crate::engine::links::NOBODY;
use crate::engine::register::RegisterError;
use crate::secrets::TokenError;
use crate::store::StoreError;

/// The heading over a link whose token is not one of ours: `brief doctor` knows the page by it.
pub const NOT_WHOLE: &str = "This link is not whole";

/// Why a request has no other answer. The page is drawn by the guard, which knows the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no such page.
    NotFound,
    /// Not by this method.
    Method,
    /// The token in the link is not one of ours.
    Link,
    /// The link of a preview or a test.
    Preview,
    /// What the link led to is over.
    Over(&'static str),
    /// The form does not belong to the page it came from, or lacks something.
    Form,
    /// More was sent than any form holds.
    TooLarge,
    /// Sent in a way that no form is.
    Kind,
    /// Too often; again after this time.
    TooMany(Duration),
    /// Not while the operator has it closed.
    Closed,
    /// Whoever asks is not signed in any more.
    SignedOut,
    /// Whoever asks may look but not do that.
    Forbidden,
    /// It took too long, or the database is away.
    Busy,
    /// A fault of ours.
    Broken,
}

impl Problem {
    pub(in crate::web) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Link | Self::Preview => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Over(_) => StatusCode::GONE,
            Self::Form => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Kind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Closed | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading, and what to do.
    pub(in crate::web) fn words(&self) -> (&'static str, String) {
        let (heading, words) = match self {
            Self::NotFound => {
                ("There is no such page", "The address may be mistyped, or the page may have gone.")
            }
            Self::Method => {
                ("This page cannot be asked for like that", "Follow its link once more.")
            }
            Self::Link => (
                NOT_WHOLE,
                "It is not one of ours, or a part of it was lost on the way. Copy all of it from the \
                 mail, or follow the link in another mail.",
            ),
            Self::Preview => (
                "This link is from a preview",
                "The mail was a preview or a test and was sent to nobody on a list, so there is nothing \
                 to show here.",
            ),
            Self::Over(words) => ("This link is over", *words),
            Self::Form => (
                "This could not be read",
                "Nothing was changed. Go back, load the page again, and press the button once more.",
            ),
            Self::TooLarge => ("This is too much", "Nothing was changed. Send less."),
            Self::Kind => {
                ("This could not be read", "Nothing was changed. Use the form on the page.")
            }
            Self::TooMany(wait) => {
                let minutes = wait.as_secs().div_ceil(60).max(1);
                let s = if minutes == 1 { "" } else { "s" };
                let words = format!("Wait for {minutes} minute{s} and try again.");
                return ("Too many requests", words);
            }
            Self::Closed => (
                "This list takes no requests",
                "Readers are invited. Whoever is on the list can go on using the links in their mails.",
            ),
            Self::SignedOut => (
                "You are signed out",
                "Nothing was changed. Sign in again in another tab, then come back and send this once more.",
            ),
            Self::Forbidden => (
                "This is not yours to change",
                "You may read here. Whoever looks after the organization can change it.",
            ),
            Self::Busy => (
                "Not right now",
                "The service is busy or being worked on. Try again in a minute; the link stays good.",
            ),
            Self::Broken => (
                "Something went wrong here",
                "It is our fault, and it was written down for us. Try again later; the link stays good.",
            ),
        };
        (heading, words.to_owned())
    }

    /// What a token that is not accepted means on this page.
    pub(in crate::web) fn of_link(error: TokenError, token: &str, over: &'static str) -> Self {
        match error {
            TokenError::Expired => Self::Over(over),
            TokenError::Invalid if token == NOBODY => Self::Preview,
            TokenError::Invalid => Self::Link,
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        if error.is_away() {
            tracing::warn!(%error, "a page could not be answered");
            return Self::Busy;
        }
        tracing::error!(%error, "a page could not be answered");
        Self::Broken
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        EngineError::from(error).into()
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::NotFound { .. } => Self::NotFound,
            RegisterError::Engine(error) => error.into(),
            // Whoever writes asks for these before.
            RegisterError::Refused(_) | RegisterError::Conflict(_) => Self::Form,
        }
    }
}

/// An answer without a page, which the guard draws.
impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        if let Self::TooMany(wait) = &self {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response.extensions_mut().insert(self);
        response
    }
}
