//! Name servers that fail, are silent, or have more to say than fits.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use crate::place::Ran;
use crate::support::names::Server;
use crate::support::{Report, doctor, place, zone};

#[test]
fn a_server_that_fails_is_not_a_missing_record() {
    let report = doctor(&zone(&[], "northfield.example !servfail"));
    report.has("spf", "fail", "cannot be looked up: the name server answers SERVFAIL");
    report.has("mx", "fail", "cannot be looked up: the name server answers SERVFAIL");
    let report = doctor(&zone(&[], "northfield.example !refused"));
    report.has("spf", "fail", "the name server answers REFUSED");
}

#[test]
fn an_answer_too_long_for_udp_is_asked_for_over_tcp() {
    let server = Server::start(&zone(&[], "brief2026._domainkey.northfield.example !long"));
    crate::support::ask(&server, &["--selector", "brief2026"]).has("dkim", "ok", "2048 bits");
    assert!(server.n_tcp() > 0, "it came over TCP");
}

#[test]
fn a_silent_server_ends_the_wait_and_not_the_report() {
    let begun = Instant::now();
    let report = doctor(&zone(&[], "northfield.example !silent"));
    report.has(
        "spf",
        "fail",
        "northfield.example cannot be looked up: no name server answers in time",
    );
    report.has("dmarc", "ok", "p=reject");
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

#[test]
fn nobody_at_all_answers() {
    // Bound and never read, so that no other program of this machine answers there.
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address").to_string();
    let begun = Instant::now();
    let args = ["doctor", "--json", "--domain", "--selector", "s", "--name-server", &address];
    let report = Report::read(&place().run(&args));
    for check in ["spf", "dkim", "dmarc", "mx"] {
        report.has(check, "fail", "cannot be looked up");
    }
    assert_eq!(report.code, 1);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn a_second_server_answers_when_the_first_is_silent() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let silent = silent.local_addr().expect("an address").to_string();
    let server = Server::start(&zone(&[], ""));
    let second = server.address().to_string();
    let args = ["doctor", "--json", "--domain", "--name-server", &silent, "--name-server", &second];
    Report::read(&Ran::from(place().brief(&args).output().expect("it runs")))
        .has("dmarc", "ok", "p=reject");
}
