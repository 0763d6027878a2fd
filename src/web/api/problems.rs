//! The kinds of problem (RFC 9457): each has a name, a status, a title, and a page that says more.

use axum::http::StatusCode;

/// One kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Kind {
    /// Its name: the last part of its type.
    pub(in crate::web::api) name: &'static str,
    /// The status that goes with it.
    pub(in crate::web::api) status: u16,
    /// Its title.
    pub(in crate::web::api) title: &'static str,
    /// When it happens, and what to do.
    pub(in crate::web::api) words: &'static str,
}

impl Kind {
    /// The status that goes with it.
    pub(in crate::web::api) fn code(self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

macro_rules! kinds {
    ($($constant:ident = $name:literal, $status:literal, $title:literal, $words:literal;)+) => {
        $( pub(in crate::web::api) const $constant: Kind =
            Kind { name: $name, status: $status, title: $title, words: $words }; )+

        /// Every kind, by status.
        pub(in crate::web::api) const ALL: &[Kind] = &[$($constant),+];
    };
}

kinds! {
    UNREADABLE = "unreadable", 400, "The request cannot be read",
        "The body is no JSON, or not the JSON that this address takes. The detail says where reading \
         stopped. Nothing was changed.";
    BAD_PARAMETER = "bad-parameter", 400, "A parameter will not do",
        "A value behind the question mark, or in a header, is not one that is understood. The list errors \
         names each with what would do. A cursor is good for the list that gave it, with the same filters.";
    UNAUTHORIZED = "unauthorized", 401, "A token is needed",
        "Send the header Authorization with Bearer and a token. The answer is the same for a token that is \
         missing, unknown, revoked or over its time; whoever runs the service makes one by brief tokens add.";
    FORBIDDEN = "insufficient-scope", 403, "The token does not allow this",
        "The detail names the scope that is missing. Tokens are not widened: make another one.";
    ONE_ORGANIZATION = "one-organization", 403, "The token is for one organization",
        "What was asked for concerns more than the one organization that this token sees, such as people or \
         the list of suppressed addresses. Use a token that is for all.";
    CLOSED = "closed", 403, "This list takes no requests",
        "Whoever runs the service has closed the form. Readers are invited.";
    NOT_FOUND = "not-found", 404, "There is nothing here",
        "There is no such thing, or it is not for this token to see: both look the same.";
    METHOD = "method-not-allowed", 405, "Not by this method",
        "The header Allow names the methods that this address answers.";
    TIMEOUT = "timeout", 408, "The request took too long",
        "It was sent too slowly, or took too long to answer. A write may have been done: send it again with \
         the same Idempotency-Key.";
    CONFLICT = "conflict", 409, "This does not fit what is there",
        "Something with this name or key is there already, or its state forbids what was asked. The detail \
         says which.";
    KEY_UNDER_WAY = "key-under-way", 409, "The first request is being answered",
        "A request with the same Idempotency-Key is under way. Wait for as long as Retry-After says, and send \
         it again: the answer will be that of the first one.";
    KEY_CUT_OFF = "key-cut-off", 409, "Nobody knows how far the first request came",
        "The service ended or failed while it answered a request with the same Idempotency-Key. Nothing is done under \
         this key any more: look whether it was done, and use another key if it was not.";
    OVER = "over", 410, "This is over", "It was there once, and is not any more.";
    CHANGED = "changed-meanwhile", 412, "It was changed meanwhile",
        "The version in If-Match is not the one that is there now. Nothing was changed: read it again, and \
         decide anew.";
    TOO_LARGE = "too-large", 413, "The body is too large",
        "A body holds at most 1 MiB. Nothing was changed; send less at once.";
    MEDIA_TYPE = "unsupported-media-type", 415, "The body is of another kind",
        "Send the body with Content-Type: application/json. Nothing was changed.";
    INVALID = "invalid", 422, "A value will not do",
        "The body was read, and some of it cannot be taken. The list errors points at each value (RFC 6901) \
         with what is wrong and what would do. Nothing was changed.";
    KEY_REUSED = "key-reused", 422, "The key belongs to another request",
        "Another request was sent with the same Idempotency-Key in the last 24 hours. Use a new key for each \
         new request, and the same one only to send a request again as it was.";
    TOO_MANY = "too-many-requests", 429, "Too many requests",
        "Wait for as many seconds as Retry-After says. The headers RateLimit and RateLimit-Policy say how \
         much is left.";
    BROKEN = "broken", 500, "Something went wrong here",
        "It is our fault, and it was written down with the instance that the answer names. Try again later, \
         with the same Idempotency-Key.";
    BUSY = "busy", 503, "Not right now",
        "The service is busy or being worked on. Try again in a minute, with the same Idempotency-Key.";
}

/// The kind with this name.
pub(in crate::web::api) fn named(name: &str) -> Option<Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}
