//! How an edition stands, in words.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::brief::numbers::{capitalized, full_date, weekday_date};
use crate::domain::line::clean;
use crate::store::editions::{Review, Stood};

/// Most characters of a reason.
const REASON: usize = 300;

/// "Monday 30 November, 06:00", in a zone.
pub(in crate::web::desk) fn moment(at: Timestamp, zone: &TimeZone, today: Date) -> String {
    let local = zone.to_datetime(at);
    let day = weekday_date(local.date(), today);
    format!("{day}, {:02}:{:02}", local.hour(), local.minute())
}

/// The same of an instant as it is stored.
pub(super) fn stored(at: i64, zone: &TimeZone, today: Date) -> String {
    moment(Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH), zone, today)
}

/// The zone of the client that an edition is about.
pub(super) fn zone_of(review: &Review) -> TimeZone {
    TimeZone::get(&review.time_zone).unwrap_or(TimeZone::UTC)
}

/// "23 November 2026".
pub(super) fn day(review: &Review) -> String {
    review.as_of.parse().map_or_else(|_| review.as_of.clone(), full_date)
}

/// Whether nobody decided about an edition that waits.
pub(super) fn is_undecided(review: &Review) -> bool {
    review.is_open() && review.decision.is_none()
}

/// How an edition stands.
pub(super) fn state(review: &Review, zone: &TimeZone, today: Date) -> String {
    let cut_off = stored(review.cut_off_at, zone, today);
    let reason = review.reason.as_deref().map(|why| capitalized(&clean(why, REASON)));
    let reason = reason.unwrap_or_default();
    match (review.state.as_str(), review.decision.as_deref()) {
        ("draft", Some("skip")) => "Left out: nothing leaves this week".to_owned(),
        ("draft", _) if review.status == "paused" => {
            "Does not leave while the client is paused".to_owned()
        }
        ("draft", Some("approve")) => format!("Leaves {cut_off}"),
        ("draft", _) if review.mode == "required" => {
            format!("Waits for you, from {cut_off} on as held")
        }
        ("draft", _) => format!("Leaves {cut_off}, unless you act"),
        ("held", Some("approve")) => "Approved: leaves in a minute or so".to_owned(),
        ("held", Some("skip")) => "Left out: nothing leaves this week".to_owned(),
        ("held", _) => format!("Waits for you since {cut_off}"),
        ("frozen", _) => "Left".to_owned(),
        ("skipped", _) if reason.is_empty() => "Left out".to_owned(),
        ("expired", _) => format!("Expired: {reason}"),
        _ => reason,
    }
}

/// "Approved by Ana Mendel, Sunday 22 November, 10:02"; none where nobody decided.
pub(super) fn decided(review: &Review, zone: &TimeZone, today: Date) -> Option<String> {
    let what = match review.decision.as_deref()? {
        "approve" => "Approved",
        "skip" => "Left out",
        _ => "Cancelled",
    };
    let by = clean(review.decided_by.as_deref().unwrap_or("somebody"), 64);
    let at = stored(review.decided_at?, zone, today);
    let why = review.decision_reason.as_deref().map(|why| clean(why, REASON));
    let why = why.filter(|why| !why.is_empty());
    Some(format!("{what} by {by}, {at}{}", why.map_or_else(String::new, |why| format!(": {why}"))))
}

/// Whose edition it is.
pub(super) fn whose(review: &Review) -> String {
    let owner = || match review.owner.as_deref().map(|name| clean(name, 80)) {
        Some(name) if !name.is_empty() => format!("Owner: {name}"),
        _ => "An owner".to_owned(),
    };
    match (review.kind.as_str(), review.variant.as_str()) {
        ("owner", _) => owner(),
        ("correction", variant) if variant.ends_with("-reader") => "Correction, readers".to_owned(),
        ("correction", _) => "Correction".to_owned(),
        (_, "line-en") => "Leaders, one line in a quiet week".to_owned(),
        (_, "line-en-reader") => "Readers, one line in a quiet week".to_owned(),
        (_, variant) if variant.ends_with("-reader") => "Readers".to_owned(),
        _ => "Leaders".to_owned(),
    }
}

/// What the states of deliveries are called, in the order in which they are told.
const STATES: [(&str, &str); 9] = [
    ("sent", "sent"),
    ("handing_over", "leaving now"),
    ("queued", "on their way"),
    ("held", "held"),
    ("uncertain", "in doubt"),
    ("failed", "failed"),
    ("skipped", "skipped"),
    ("expired", "expired"),
    ("cancelled", "cancelled"),
];

/// Whether something of a week has not left yet.
pub(super) fn is_under_way(stood: &[Stood]) -> bool {
    stood.iter().any(|own| {
        own.kind == "brief" && matches!(own.state.as_str(), "queued" | "held" | "uncertain")
    })
}

/// "41 sent, 2 skipped", of one week and kind; empty where there is none.
pub(super) fn counts(stood: &[Stood], week: &str, kind: &str) -> String {
    let of = |state: &str| {
        let own = stood.iter().filter(|own| own.iso_week == week && own.kind == kind);
        own.filter(|own| own.state == state).map(|own| own.deliveries).sum::<i64>()
    };
    let told = STATES.iter().map(|(state, words)| (of(state), words)).filter(|(n, _)| *n > 0);
    told.map(|(n, words)| format!("{n} {words}")).collect::<Vec<_>>().join(", ")
}
