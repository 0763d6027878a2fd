//! What was said, to whom it went, and the proof. Rows as they are written.

use super::record;

record! {
    /// What was said in a week.
    Edition in "edition" {
        /// Row id.
        id: String,
        /// `organization`, `consultant` or `public`.
        scope_kind: String,
        /// Organization, the consultant's person, or `public`.
        scope_id: String,
        /// ISO week, `2026-W48`.
        iso_week: String,
        /// Kind code.
        kind: String,
        /// Quiet form, locale, and whose gaps.
        variant: String,
        /// State code.
        state: String,
        /// The instant after which nothing is seen.
        cut_off_at: i64,
        /// Civil date of the cut-off.
        as_of: String,
        /// Facts JSON.
        facts: Option<String>,
        /// Subject line.
        subject: Option<String>,
        /// Preheader.
        preheader: Option<String>,
        /// Text part.
        body_text: Option<String>,
        /// HTML part; the web copy.
        body_html: Option<String>,
        /// The MIME message with slots.
        mould: Option<Vec<u8>>,
        /// Version of the templates.
        template_version: Option<String>,
        /// Insight of the week.
        insight_id: Option<String>,
        /// Why it is as it is.
        reason: Option<String>,
        /// When it was recorded.
        created_at: i64,
        /// Instant.
        approved_at: Option<i64>,
        /// Who approved.
        approved_by: Option<String>,
        /// Instant.
        frozen_at: Option<i64>,
        /// When the bodies were taken away.
        pruned_at: Option<i64>,
        /// The edition that was wrong.
        corrects_edition_id: Option<String>,
    }
}

record! {
    /// The consultant's words for a week. Append-only.
    EditionNote in "edition_note" {
        /// Row id.
        id: String,
        /// `organization`, `consultant` or `public`.
        scope_kind: String,
        /// Organization, the consultant's person, or `public`.
        scope_id: String,
        /// ISO week, `2026-W48`.
        iso_week: String,
        /// Free words.
        note: String,
        /// Who signs it.
        author: String,
        /// When we were told.
        recorded_at: i64,
    }
}

record! {
    /// A decision on a draft. Append-only.
    ReviewDecision in "review_decision" {
        /// Row id.
        id: String,
        /// `organization`, `consultant` or `public`.
        scope_kind: String,
        /// Organization, the consultant's person, or `public`.
        scope_id: String,
        /// ISO week, `2026-W48`.
        iso_week: String,
        /// `approve`, `skip` or `cancel`.
        decision: String,
        /// Who did it, where known.
        actor: String,
        /// Why it is as it is.
        reason: Option<String>,
        /// Instant.
        decided_at: i64,
    }
}

record! {
    /// One row of the outbox.
    Delivery in "delivery" {
        /// Row id.
        id: String,
        /// Edition.
        edition_id: Option<String>,
        /// Subscription.
        subscription_id: String,
        /// ISO week, `2026-W48`.
        iso_week: String,
        /// `brief` or `correction`.
        kind: String,
        /// State code.
        state: String,
        /// Why it is as it is.
        reason: Option<String>,
        /// The subscriber's own slot.
        send_at: i64,
        /// When it is too late.
        expires_at: Option<i64>,
        /// Attempts so far.
        attempts: i64,
        /// When it is due.
        next_attempt_at: Option<i64>,
        /// Until when the claim holds.
        lease_until: Option<i64>,
        /// Fence of the claim.
        lease_token: Option<String>,
        /// Message-ID.
        message_id: Option<String>,
        /// When the relay accepted it.
        handed_over_at: Option<i64>,
        /// When it ended.
        finished_at: Option<i64>,
        /// Times it was sent again after an unclear end.
        resends: i64,
        /// When it was recorded.
        created_at: i64,
    }
}

record! {
    /// One attempt. Append-only.
    DeliveryAttempt in "delivery_attempt" {
        /// Delivery.
        delivery_id: String,
        /// From 1.
        number: i64,
        /// Instant.
        started_at: i64,
        /// When it ended.
        finished_at: i64,
        /// What came of it.
        outcome: String,
        /// Last stage reached.
        stage: Option<String>,
        /// SMTP reply code.
        code: Option<i64>,
        /// Enhanced status code.
        enhanced: Option<String>,
        /// What the relay said.
        reply: Option<String>,
        /// Which relay.
        relay: Option<String>,
    }
}

record! {
    /// One ISO week and its proof.
    Run in "run" {
        /// ISO week, `2026-W48`.
        iso_week: String,
        /// Instant.
        opened_at: i64,
        /// When the proof held.
        closed_at: Option<i64>,
        /// Instant.
        last_checked_at: Option<i64>,
        /// Subscriptions that must be accounted for.
        expected: i64,
        /// JSON object: count of each state.
        counts: String,
    }
}

record! {
    /// A weekly score as mailed and as known now.
    WeeklyPoint in "weekly_point" {
        /// Implementation.
        implementation_id: String,
        /// Civil date of the cut-off.
        as_of: String,
        /// Milli-points as mailed; never changes.
        score_reported: Option<i64>,
        /// Milli-points by all that is known now.
        score_restated: Option<i64>,
        /// Milli.
        load_restated: Option<i64>,
        /// 0 to 10,000.
        coverage_bp: Option<i64>,
        /// Edition.
        edition_id: Option<String>,
    }
}

record! {
    /// What came back.
    Bounce in "bounce" {
        /// Row id.
        id: String,
        /// Instant.
        received_at: i64,
        /// What it means.
        kind: String,
        /// What was done, where a report says it.
        action: Option<String>,
        /// The code that decided.
        status: Option<String>,
        /// Of which delivery.
        delivery_id: Option<String>,
        /// The address it was sent to, as a hash.
        address_sha256: Option<String>,
        /// Which way it came.
        source: String,
        /// In words without addresses.
        detail: Option<String>,
        /// By what the same message is known.
        digest: String,
    }
}
