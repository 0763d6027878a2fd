//! Programs' tokens, and what they asked for lately. Rows as they are written.

use super::record;

record! {
    /// The token of a program.
    ApiToken in "api_token" {
        /// Row id.
        id: String,
        /// What it is called.
        name: String,
        /// Hash of the token.
        token_sha256: String,
        /// What it allows: words with blanks between.
        scopes: String,
        /// The one organization that it is for; none for all.
        organization_id: Option<String>,
        /// How whoever made it is called.
        created_by: String,
        /// Row id of whoever made it, where it is a person.
        created_by_person: Option<String>,
        /// When it was made.
        created_at: i64,
        /// From when on it is over.
        expires_at: i64,
        /// When it was last used, to some minutes.
        last_used_at: Option<i64>,
        /// When it was revoked.
        revoked_at: Option<i64>,
    }
}

record! {
    /// A write that is not done twice.
    IdempotencyKey in "idempotency_key" {
        /// By which token.
        token_id: String,
        /// The program's own word for it.
        key: String,
        /// Hash of what was asked.
        request_sha256: String,
        /// When.
        created_at: i64,
        /// What it was answered with; none while it is being answered.
        status: Option<i64>,
        /// JSON object: headers of the answer.
        head: Option<String>,
        /// The answer.
        body: Option<String>,
    }
}
