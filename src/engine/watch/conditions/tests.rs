//! What holds, by what was counted.

use super::*;

const NOW: &str = "2026-11-23T15:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn run(expected: i64, accounted: i64, overdue: i64, late: i64) -> SeenRun {
    let late_since = (late + overdue > 0).then(|| at("2026-11-23T13:00:00Z").as_millisecond());
    let week = "2026-W48".to_owned();
    SeenRun { week, expected, accounted, overdue, late, late_since }
}

fn of(seen: &Seen) -> Vec<(String, String)> {
    conditions(seen, at(NOW)).into_iter().map(|c| (c.key(), c.why)).collect()
}

fn of_run(run: SeenRun) -> Vec<(String, String)> {
    of(&Seen { runs: vec![run], ..Seen::default() })
}

#[test]
fn a_run_that_closes_or_waits_for_its_hour_is_no_condition() {
    assert_eq!(of_run(run(200, 200, 0, 0)), []);
    assert_eq!(of_run(run(200, 200, 0, 1)), [], "one full mailbox in 200");
}

#[test]
fn a_run_is_told_of_by_what_is_missing_and_what_is_overdue() {
    let found = of_run(run(200, 199, 1, 0));
    let why = "200 briefs are expected, and 199 accounted for. 1 brief is due and neither sent nor \
               given up, the oldest since 2026-11-23 13:00 UTC.";
    assert_eq!(found, [("run.2026-W48".to_owned(), why.to_owned())]);
    assert_eq!(of_run(run(1, 2, 0, 0))[0].1, "1 brief is expected, and 2 accounted for.");
}

#[test]
fn a_share_that_is_deferred_is_late_and_does_not_keep_the_run_open() {
    let found = of_run(run(200, 200, 0, 2));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "late.2026-W48");
    assert!(found[0].1.starts_with("2 briefs are late, the oldest since 2026-11-23 13:00"));
    let both: Vec<_> = of_run(run(200, 200, 7, 2)).into_iter().map(|c| c.0).collect();
    assert_eq!(both, ["run.2026-W48", "late.2026-W48"]);
}

#[test]
fn a_stop_is_told_of_by_its_cause() {
    let halted = |cause, why: &str| Seen {
        halted: Some(Halted { cause, why: why.to_owned(), since: at("2026-11-23T14:00:00Z") }),
        ..Seen::default()
    };
    let away = conditions(&halted(Halt::RelayAway, "the relay is away: refused"), at(NOW));
    assert_eq!(
        (away[0].key(), away[0].since),
        ("relay_away".to_owned(), at("2026-11-23T14:00:00Z"))
    );
    assert_eq!(of(&halted(Halt::RelayRefused, "no"))[0].0, "relay_refused");
    assert_eq!(of(&halted(Halt::Journal, "older"))[0].0, "journal");
    assert_eq!(of(&halted(Halt::Other, "the service is stopping")), []);
    let paused = Seen { paused: Some("a drill".to_owned()), ..Seen::default() };
    assert_eq!(of(&paused)[0].1, "Delivery is paused: a drill.");
    let (relay, why) = ("smtp://a:25".to_owned(), "no".to_owned());
    let bypassed = Some(Bypassed { relay, why, since: at("2026-11-23T14:00:00Z") });
    let round = of(&Seen { bypassed, ..Seen::default() });
    let why = "Mail leaves by a fallback relay. Of smtp://a:25 is known: no.";
    assert_eq!(round, [("fallback".to_owned(), why.to_owned())]);
    let (count, since) = (2, at("2026-11-23T14:00:00Z"));
    let blamed = Some(Blamed { count, why: "5.7.1 blocked".to_owned(), since });
    let found = of(&Seen { blamed, ..Seen::default() });
    let why = "2 mails were refused for a fault of the sender, and not the reader. One says: 5.7.1 blocked.";
    assert_eq!(found, [("sender".to_owned(), why.to_owned())]);
    let why = "source erp: it cannot be reached (refused); look whether it runs".to_owned();
    let unread = Some(Unread { count: 1, why, since: at("2026-11-23T14:00:00Z") });
    let found = of(&Seen { unread, ..Seen::default() });
    let why = "1 source could not be read. The first: source erp: it cannot be reached (refused); \
               look whether it runs.";
    assert_eq!(found, [("source".to_owned(), why.to_owned())]);
    let planning = Trouble { count: 2, why: "see the log".to_owned() };
    let failed = Seen { planning: Some(planning), ..Seen::default() };
    assert_eq!(of(&failed)[0].1, "2 scopes could not be planned. The first: see the log.");
}

#[test]
fn every_kind_has_a_word_of_its_own() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(Kind::parse("?"), None);
}
