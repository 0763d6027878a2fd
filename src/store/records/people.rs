//! People, what they get, and the work of a consultant. Rows as they are written.

use super::record;

record! {
    /// A person: the only row that holds an address.
    Person in "person" {
        /// Row id.
        id: String,
        /// Address as it is mailed.
        email: Option<String>,
        /// `EmailAddress::lookup_key`: finds one person twice.
        email_canonical: Option<String>,
        /// Name as it is printed.
        name: String,
        /// IANA zone.
        time_zone: Option<String>,
        /// Language tag.
        locale: String,
        /// When it was recorded.
        created_at: i64,
        /// When everything personal was erased.
        forgotten_at: Option<i64>,
    }
}

record! {
    /// Who gets what.
    Subscription in "subscription" {
        /// Row id.
        id: String,
        /// Person.
        person_id: String,
        /// Organization.
        organization_id: Option<String>,
        /// Role code.
        role: String,
        /// Monday is 1.
        weekday: Option<i64>,
        /// 0 to 23, local.
        hour: Option<i64>,
        /// `full`, `line` or `skip`.
        quiet: String,
        /// First day without mail.
        pause_from: Option<String>,
        /// First day with mail again.
        pause_until: Option<String>,
        /// Nothing is sent before.
        confirmed_at: Option<i64>,
        /// When the person left.
        unsubscribed_at: Option<i64>,
        /// When it was ended for good.
        ended_at: Option<i64>,
        /// Why the address gets nothing.
        suppressed_reason: Option<String>,
        /// Next cut-off to plan; NULL until the first tick.
        next_due_at: Option<i64>,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// A consultant and a client.
    ConsultantClient in "consultant_client" {
        /// Row id.
        id: String,
        /// Person.
        person_id: String,
        /// Organization.
        organization_id: String,
        /// Instant from which the client counts.
        since: i64,
        /// Instant from which it does not.
        until: Option<i64>,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// A session of a consultant with a client.
    Session in "session" {
        /// Row id.
        id: String,
        /// Organization.
        organization_id: String,
        /// The consultant.
        consultant_person_id: String,
        /// Instant.
        starts_at: i64,
        /// Free words.
        notes: String,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// What somebody promised in a session.
    Promise in "promise" {
        /// Row id.
        id: String,
        /// Session.
        session_id: String,
        /// The words.
        text: String,
        /// Who promised.
        owner: String,
        /// ISO date.
        due_on: Option<String>,
        /// Whether it was kept.
        done: bool,
        /// When it was recorded.
        created_at: i64,
        /// The import that wrote it, if one did.
        batch_id: Option<String>,
        /// When that import was voided.
        voided_at: Option<i64>,
    }
}

record! {
    /// A question to one person about one gap.
    Nudge in "nudge" {
        /// Row id.
        id: String,
        /// Organization.
        organization_id: String,
        /// Gap.
        gap_id: Option<String>,
        /// The consultant.
        consultant_person_id: String,
        /// Who is nudged; nobody where one was held back that nobody would get.
        recipient_person_id: Option<String>,
        /// The words that are or were sent.
        text: String,
        /// State code.
        state: String,
        /// When it was recorded.
        created_at: i64,
        /// When it was handed over, from the intent on.
        sent_at: Option<i64>,
        /// `owner` or `sponsor`.
        recipient_kind: Option<String>,
        /// Week of the portfolio that drafted it.
        iso_week: Option<String>,
        /// Not before this instant.
        send_from: Option<i64>,
        /// Not after this one.
        expires_at: Option<i64>,
        /// What the rule wrote.
        drafted_text: Option<String>,
        /// Which rule.
        text_key: Option<String>,
        /// Why now.
        reason: Option<String>,
        /// Why it stands where it stands.
        why: Option<String>,
        /// When somebody decided.
        decided_at: Option<i64>,
        /// Who did.
        decided_by: Option<String>,
        /// As it was sent.
        message_id: Option<String>,
        /// When it was answered.
        answered_at: Option<i64>,
        /// `moved` or `still`, once seven days are over.
        outcome: Option<String>,
    }
}

record! {
    /// An address that gets no mail.
    Suppression in "suppression" {
        /// Row id.
        id: String,
        /// SHA-256 of the address in lower case, hexadecimal.
        address_sha256: String,
        /// Whose address it is.
        person_id: Option<String>,
        /// Reason code.
        reason: String,
        /// Codes, or words without addresses.
        detail: Option<String>,
        /// Who said so.
        source: String,
        /// Instant.
        since: i64,
        /// Instant at which it ends by itself.
        expires_at: Option<i64>,
        /// When it was lifted.
        lifted_at: Option<i64>,
        /// Why.
        lifted_why: Option<String>,
    }
}
