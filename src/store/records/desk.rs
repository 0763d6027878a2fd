//! Sign-ins, the audit log, and answers from mails. Rows as they are written.

use super::record;

record! {
    /// A link to sign in by.
    SignIn in "sign_in" {
        /// Row id.
        id: String,
        /// Who asked.
        person_id: String,
        /// Hash of the asking browser's cookie.
        browser_sha256: String,
        /// Hash of the link's token.
        token_sha256: String,
        /// Path that it leads to then.
        target: String,
        /// From which address on the Internet.
        client_ip: Option<String>,
        /// When.
        requested_at: i64,
        /// From when on it is too old.
        expires_at: i64,
        /// When it was used.
        used_at: Option<i64>,
    }
}

record! {
    /// Somebody who is signed in.
    WebSession in "web_session" {
        /// Row id.
        id: String,
        /// Who.
        person_id: String,
        /// Hash of the cookie.
        cookie_sha256: String,
        /// From which address on the Internet.
        client_ip: Option<String>,
        /// When it began.
        began_at: i64,
        /// When it was last used, to some minutes.
        seen_at: i64,
        /// From when on it is over.
        expires_at: i64,
        /// When it was ended.
        ended_at: Option<i64>,
    }
}

record! {
    /// One write by a person or a program. Append-only.
    Audit in "audit" {
        /// Row id.
        id: String,
        /// When.
        recorded_at: i64,
        /// Who, where it is a person.
        person_id: Option<String>,
        /// How whoever did it is called.
        actor: String,
        /// By which way.
        way: String,
        /// At which organization.
        organization_id: Option<String>,
        /// What was done.
        action: String,
        /// About what.
        subject: String,
        /// JSON object: before and after, as far as it was a change.
        detail: String,
    }
}

record! {
    /// What a reader answered for a gap.
    Answer in "answer" {
        /// Row id.
        id: String,
        /// By which mail.
        delivery_id: String,
        /// Who.
        person_id: String,
        /// About which gap.
        gap_id: String,
        /// What: a code.
        kind: String,
        /// Their words.
        text: String,
        /// When.
        answered_at: i64,
        /// When a consultant dealt with it.
        seen_at: Option<i64>,
        /// Which consultant.
        seen_by: Option<String>,
    }
}
