//! Which nudge is drafted for a client, and which limits hold one back (MODEL 6.6).

use jiff::{SignedDuration, Timestamp};

use super::nudge_text;
use super::{ClientInput, HeldBackFacts, NudgeFacts, NudgeRecord, Recipient};
use crate::domain::brief::numbers::{counted, weekday};
use crate::domain::brief::{own_action, stall_in_words};
use crate::domain::codes::GapStatus;
use crate::domain::facts::{ActionFacts, Facts, GapFacts};
use crate::domain::nudge::limits::{DAYS, QUIET_HOURS, SAME_GAP_DAYS, UNANSWERED};

const HOUR: i64 = 3_600;

/// The nudge for one client: the first stalled gap by rank that no limit holds back.
///
/// `None` where nothing is stalled; `Err` with the first gap's reason where every one is held back.
#[must_use]
pub fn draft(input: &ClientInput<'_>, now: Timestamp) -> Option<Result<NudgeFacts, HeldBackFacts>> {
    let mut held: Option<HeldBackFacts> = None;
    for gap in input.facts.gaps.iter().filter(|gap| is_candidate(gap)) {
        let recipient = recipient(gap);
        match held_back(input, gap, &recipient, now) {
            None => return Some(Ok(written(input, gap, recipient, now))),
            Some(reason) => {
                held.get_or_insert_with(|| kept(input, gap, recipient, reason));
            }
        }
    }
    held.map(Err)
}

fn kept(
    input: &ClientInput<'_>,
    gap: &GapFacts,
    recipient: Recipient,
    reason: String,
) -> HeldBackFacts {
    let sentence = nudge_text::sentence(gap, &recipient);
    HeldBackFacts {
        client: input.facts.organization.slug.clone(),
        client_name: input.facts.organization.name.clone(),
        gap: gap.external_id.clone(),
        reason,
        recipient: Some(recipient),
        text: sentence.text,
        text_key: sentence.key.to_owned(),
    }
}

/// Stalled, and somebody can act on it.
fn is_candidate(gap: &GapFacts) -> bool {
    let open = matches!(gap.status, GapStatus::Open | GapStatus::InProgress | GapStatus::Verifying);
    open && !gap.stall_reasons.is_empty()
}

fn recipient(gap: &GapFacts) -> Recipient {
    match gap.owner.as_deref().filter(|owner| !owner.trim().is_empty()) {
        Some(owner) => Recipient::Owner(owner.to_owned()),
        None => Recipient::Sponsor,
    }
}

/// The first limit that speaks against it.
fn held_back(
    input: &ClientInput<'_>,
    gap: &GapFacts,
    recipient: &Recipient,
    now: Timestamp,
) -> Option<String> {
    if let Some((_, why)) = input.unreachable.iter().find(|(own, _)| own == recipient) {
        return Some(why.clone());
    }
    if is_in_their_brief(input, gap, recipient) {
        return Some("in this week's brief".to_owned());
    }
    if input.stopped.iter().any(|key| key == nudge_text::sentence(gap, recipient).key) {
        return Some("its text has not helped".to_owned());
    }
    if gap.idle_weeks < 1 {
        return Some("moved this week".to_owned());
    }
    too_soon(input, gap, recipient, now).or_else(|| session_near(input, now))
}

/// Whether the ONE ACTION that the recipient reads this week is about the same gap.
///
/// The sponsor reads the leader's edition. An owner reads whichever they subscribed to, or none.
fn is_in_their_brief(input: &ClientInput<'_>, gap: &GapFacts, recipient: &Recipient) -> bool {
    let facts = input.facts;
    let is_about_it = |action: Option<ActionFacts>| {
        action.and_then(|action| action.gap).as_deref() == Some(gap.external_id.as_str())
    };
    match recipient {
        Recipient::Sponsor => is_about_it(facts.action.clone()),
        Recipient::Owner(name) => {
            input.leaders_reading.contains(name) && is_about_it(facts.action.clone())
                || input.owners_reading.contains(name) && is_about_it(own_action(facts, name))
        }
    }
}

/// The recipient's and the gap's earlier nudges.
fn too_soon(
    input: &ClientInput<'_>,
    gap: &GapFacts,
    recipient: &Recipient,
    now: Timestamp,
) -> Option<String> {
    let mut to_them: Vec<&NudgeRecord> = input
        .nudges
        .iter()
        .filter(|nudge| &nudge.recipient == recipient && nudge.sent_at <= now)
        .collect();
    to_them.sort_by_key(|nudge| std::cmp::Reverse(nudge.sent_at));
    let unanswered = to_them.iter().take_while(|nudge| !nudge.answered).count();
    if unanswered >= UNANSWERED {
        return Some("3 unanswered, call".to_owned());
    }
    if let Some(days) = to_them.first().map(|nudge| days_since(nudge.sent_at, now))
        && days < DAYS
    {
        return Some(nudged(days));
    }
    let about_it = input
        .nudges
        .iter()
        .filter(|nudge| nudge.gap.as_deref() == Some(gap.external_id.as_str()))
        .filter(|nudge| nudge.sent_at <= now)
        .map(|nudge| days_since(nudge.sent_at, now))
        .min()?;
    let moved_since = gap.idle_weeks.saturating_mul(7) < about_it;
    (about_it < SAME_GAP_DAYS && !moved_since).then(|| nudged(about_it))
}

fn nudged(days: i64) -> String {
    match days {
        ..=0 => "nudged today".to_owned(),
        days => format!("nudged {} ago", counted(days, "day", "days")),
    }
}

/// A session within 48 hours of the hours in which it could be sent: it is asked there instead.
fn session_near(input: &ClientInput<'_>, now: Timestamp) -> Option<String> {
    let until = later(send_from(input, now), QUIET_HOURS);
    input
        .sessions
        .iter()
        .filter(|session| now < session.starts_at && session.starts_at <= until)
        .min_by_key(|session| session.starts_at)
        .map(|session| format!("session {}", weekday(session.local.weekday())))
}

fn written(
    input: &ClientInput<'_>,
    gap: &GapFacts,
    recipient: Recipient,
    now: Timestamp,
) -> NudgeFacts {
    let facts = input.facts;
    let send_from = send_from(input, now);
    let week = later(now, DAYS * 24);
    // The hours before the brief after next are kept free as well.
    let last = later(input.next_brief_at, DAYS * 24 - QUIET_HOURS);
    let sentence = nudge_text::sentence(gap, &recipient);
    NudgeFacts {
        client: facts.organization.slug.clone(),
        client_name: facts.organization.name.clone(),
        gap: gap.external_id.clone(),
        gap_name: gap.short_name.clone(),
        reason: reason(facts, gap),
        text: sentence.text,
        text_key: sentence.key.to_owned(),
        recipient,
        send_from,
        expires_at: week.min(last).max(send_from),
    }
}

/// "no owner, idle 7 weeks".
fn reason(facts: &Facts, gap: &GapFacts) -> String {
    let mut reasons = Vec::new();
    if gap.stall_reasons.iter().any(|reason| reason == "no_owner") {
        reasons.push("no owner".to_owned());
    }
    reasons.extend(stall_in_words(facts, gap));
    reasons.join(", ")
}

/// 48 hours after the client's next brief.
fn send_from(input: &ClientInput<'_>, now: Timestamp) -> Timestamp {
    later(input.next_brief_at.max(now), QUIET_HOURS)
}

fn later(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(hours * HOUR)).unwrap_or(Timestamp::MAX)
}

fn days_since(at: Timestamp, now: Timestamp) -> i64 {
    at.duration_until(now).as_hours() / 24
}
