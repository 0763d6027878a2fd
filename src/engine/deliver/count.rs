//! What a group that became durable adds to the metrics.

use jiff::Timestamp;

use crate::metrics::{DeliveryMetrics, Settled};
use crate::store::deliveries::Record;

/// What a record says became of its delivery.
fn settled(record: &Record) -> Option<Settled> {
    Some(match record.state {
        "sent" => Settled::Sent,
        "failed" => Settled::Failed,
        "uncertain" => Settled::Uncertain,
        "skipped" => Settled::Skipped,
        "expired" => Settled::Expired,
        "queued" if record.next_attempt_at.is_some_and(|next| next > record.at) => {
            Settled::Deferred
        }
        "queued" => Settled::GivenBack,
        _ => return None,
    })
}

/// Counts a group of outcomes, and of intents of which some were granted.
pub(super) fn group(
    metrics: &DeliveryMetrics,
    records: &[Record],
    (asked, granted): (usize, usize),
    (began, ended): (Timestamp, Timestamp),
) {
    for outcome in records.iter().filter_map(settled) {
        metrics.settled(outcome);
    }
    metrics.leases_lost(asked.saturating_sub(granted) as u64);
    metrics.committed(records.len() + asked, seconds(began, ended), ended.as_millisecond());
}

/// From one instant to another, in seconds; nothing where the clock was set back meanwhile.
pub(in crate::engine) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64().max(0.0)
}
