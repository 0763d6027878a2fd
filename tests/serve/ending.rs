//! How the service ends: what is on the wire is finished, and what cannot be finished is recorded.

use std::time::Duration;

use crate::{furnished, until};

/// The relay takes this long for each message from now on.
const SLOW: Duration = Duration::from_millis(1_500);
/// It never answers.
const NEVER: Duration = Duration::from_secs(3_600);

#[test]
fn asked_to_end_it_finishes_what_is_on_the_wire_and_begins_nothing() {
    let (house, sink) = furnished(40);
    sink.waits(SLOW);
    let mut service = house.serve();
    until("mail is on the wire", || sink.taken() > 4);
    service.terminate();
    assert!(service.wait().success(), "{}", service.said());
    let sent = house.count("sent");
    assert_eq!(sink.taken(), sent as u64, "what was taken is recorded");
    assert!((1..40).contains(&sent), "{sent}");
    assert_eq!(house.count("queued"), 40 - sent, "the rest waits, and is in nobody's hands");
    sink.waits(Duration::ZERO);
    let mut again = house.serve();
    until("everybody is reached", || sink.given().len() == 40);
    again.terminate();
    assert!(again.wait().success(), "{}", again.said());
    assert_eq!((sink.taken(), house.count("sent")), (40, 40), "nobody twice");
}

#[test]
fn what_is_not_finished_in_time_is_given_up_and_recorded_as_uncertain() {
    let (house, sink) = furnished(12);
    sink.waits(NEVER);
    let short = [("BRIEF__SERVICE__DRAIN_WITHIN", "1s")];
    let mut service = house.serve_with(&["--no-web"], &short);
    until("mail is on the wire", || sink.taken() == 1);
    service.terminate();
    assert_eq!(service.wait().code(), Some(1), "{}", service.said());
    assert!(service.said().contains("giving it up"), "{}", service.said());
    assert_eq!(house.count("handing_over"), 0);
    assert_eq!(
        (house.count("uncertain"), house.count("queued")),
        (1, 11),
        "one finds out whether the relay works"
    );
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let (house, sink) = furnished(12);
    sink.waits(NEVER);
    let patient = [("BRIEF__SERVICE__DRAIN_WITHIN", "1h")];
    let mut service = house.serve_with(&["--no-web"], &patient);
    until("mail is on the wire", || sink.taken() == 1);
    service.terminate();
    std::thread::sleep(Duration::from_millis(300));
    assert!(!service.has_ended(), "it waits for the relay: {}", service.said());
    service.terminate();
    assert_eq!(service.wait().code(), Some(1), "{}", service.said());
    assert_eq!(
        (house.count("uncertain"), house.count("queued")),
        (1, 11),
        "one finds out whether the relay works"
    );
}
