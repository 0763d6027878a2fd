//! What the service refuses, in words.

use std::net::TcpListener;

use crate::furnished;

#[test]
fn a_clock_that_stands_still_and_nothing_to_do_are_misuse() {
    let (house, _sink) = furnished(1);
    for (args, words) in [
        (&["serve", "--now", "2026-11-23T07:00:00Z"][..], "leave --now out"),
        (&["serve", "--no-web", "--no-deliver", "--no-schedule"][..], "nothing is left to serve"),
    ] {
        let mut service = house.start(args);
        assert_eq!(service.wait().code(), Some(2), "{args:?}: {}", service.said());
        assert!(service.said().contains(words), "{}", service.said());
    }
}

#[test]
fn an_address_that_is_taken_is_named_with_what_to_do() {
    let (house, _sink) = furnished(1);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let mut service = house.start_with(&["serve"], &[("BRIEF__WEB__LISTEN", &address)]);
    assert_eq!(service.wait().code(), Some(1), "{}", service.said());
    let expected = format!("web.listen {address} cannot be listened on");
    assert!(service.said().contains(&expected), "{}", service.said());
    assert!(service.said().contains("set another, or use --no-web"), "{}", service.said());
    assert_eq!(house.count("queued") + house.count("sent"), 0, "nothing was begun");
}
