//! What every answer to a machine carries, and how long one may take.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{Response, StatusCode};
use axum::middleware::Next;

/// How long a request may take, whoever sends it slowly included.
const PATIENCE: Duration = Duration::from_secs(30);

/// Puts the strict headers on every answer, and gives up what takes too long.
pub(in crate::web) async fn strict(request: Request, next: Next) -> Response<Body> {
    within(PATIENCE, next.run(request)).await
}

async fn within(
    patience: Duration,
    answer: impl Future<Output = Response<Body>>,
) -> Response<Body> {
    let answered = tokio::time::timeout(patience, answer).await;
    let mut response = answered.unwrap_or_else(|_| {
        let mut response = Response::new(Body::from("It took too long.\n"));
        *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        response
    });
    let strict: [(HeaderName, &'static str); 5] = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in strict {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_sends_slowly_is_not_waited_for() {
        let answered = within(Duration::from_millis(5), std::future::pending()).await;
        assert_eq!(answered.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answered.headers()[CACHE_CONTROL], "no-store");
        let answered = within(PATIENCE, async { Response::new(Body::empty()) }).await;
        assert_eq!(answered.status(), StatusCode::OK);
        assert_eq!(answered.headers()[X_FRAME_OPTIONS], "DENY");
    }
}
