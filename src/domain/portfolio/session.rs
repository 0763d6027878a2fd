//! The next session, with what was promised in the last one (MODEL 6.2).

use jiff::Timestamp;

use super::nudge_text;
use super::{ClientInput, HeldBackFacts, PromiseFacts, SessionFacts, SessionInput};

/// The next session over all clients; none where none is planned.
#[must_use]
pub fn next(
    clients: &[ClientInput<'_>],
    held_back: &[HeldBackFacts],
    now: Timestamp,
) -> Option<SessionFacts> {
    let coming = clients.iter().flat_map(|input| {
        let ahead = input.sessions.iter().filter(|s| now < s.starts_at);
        ahead.map(move |session| (session, input))
    });
    let (session, input) = coming.min_by_key(|(session, input)| {
        (session.starts_at, input.facts.organization.slug.clone())
    })?;
    let last = input
        .sessions
        .iter()
        .filter(|earlier| earlier.starts_at <= now)
        .max_by_key(|earlier| earlier.starts_at);
    let slug = &input.facts.organization.slug;
    let folded = held_back
        .iter()
        .find(|held| &held.client == slug && held.reason.starts_with("session"))
        .and_then(|held| {
            let gaps = &input.facts.gaps;
            gaps.iter().find(|gap| gap.external_id == held.gap)
        });
    Some(SessionFacts {
        client: slug.clone(),
        client_name: input.facts.organization.name.clone(),
        starts_at: session.starts_at,
        local: session.local,
        promises: last.map_or(0, |last| count(last, |_| true)),
        done: last.map_or(0, |last| count(last, |done| done)),
        open: last.map(open).unwrap_or_default(),
        ask: folded.map(nudge_text::ask),
    })
}

fn count(session: &SessionInput, keep: fn(bool) -> bool) -> i64 {
    let kept = session.promises.iter().filter(|p| keep(p.done)).count();
    i64::try_from(kept).unwrap_or(i64::MAX)
}

/// Promises not kept, soonest due first.
fn open(session: &SessionInput) -> Vec<PromiseFacts> {
    let mut open: Vec<PromiseFacts> = session
        .promises
        .iter()
        .filter(|promise| !promise.done)
        .map(|promise| PromiseFacts {
            text: promise.text.clone(),
            owner: promise.owner.clone(),
            due_on: promise.due_on,
        })
        .collect();
    open.sort_by_key(|promise| (promise.due_on.is_none(), promise.due_on));
    open
}
