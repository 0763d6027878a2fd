//! Consent and requests for it. Rows as they are written.

use super::record;

record! {
    /// Somebody asked, agreed or left. Append-only.
    ConsentEvent in "consent_event" {
        /// Row id.
        id: String,
        /// `requested`, `confirmed` or `withdrawn`.
        kind: String,
        /// SHA-256 of the address in lower case; none once it is forgotten.
        address_hash: Option<String>,
        /// Person.
        person_id: String,
        /// Subscription.
        subscription_id: String,
        /// Organization.
        organization_id: Option<String>,
        /// Which list: the role code.
        list: String,
        /// Channel code.
        channel: String,
        /// Which words were shown.
        form: Option<String>,
        /// In which version.
        text_version: Option<String>,
        /// From where it was done.
        client_ip: Option<String>,
        /// When it was asked for.
        requested_at: Option<i64>,
        /// When it was agreed to.
        confirmed_at: Option<i64>,
        /// When it was taken back.
        withdrawn_at: Option<i64>,
        /// When it was recorded.
        recorded_at: i64,
    }
}

record! {
    /// A request or invitation that waits to be confirmed.
    Confirmation in "confirmation" {
        /// Row id.
        id: String,
        /// What would begin.
        subscription_id: String,
        /// `request`, `invitation`, or `known` for who gets it already.
        kind: String,
        /// Channel code.
        channel: String,
        /// Which words were shown.
        form: String,
        /// In which version.
        text_version: String,
        /// From where it was asked for.
        client_ip: Option<String>,
        /// When it was asked for.
        requested_at: i64,
        /// From when on the link is too old.
        expires_at: i64,
        /// SHA-256 of the link's token, from the mail on.
        token_hash: Option<String>,
        /// How often the mail was tried.
        attempts: i64,
        /// When it is tried next.
        next_attempt_at: i64,
        /// When it left.
        mailed_at: Option<i64>,
        /// When the link was used.
        used_at: Option<i64>,
        /// When it was closed without that.
        closed_at: Option<i64>,
        /// And why.
        closed_why: Option<String>,
    }
}
