//! What is typed.

use crate::place::Place;
use crate::support::names::Server;
use crate::support::{Report, ask, place, zone};

#[test]
fn what_cannot_be_read_is_refused_with_an_example() {
    let place = Place::new();
    for (args, words) in [
        (&["--domain", "localhost"][..], "a full domain name such as example.org"),
        (&["--domain", "--selector", "a b"], "the s= of a DKIM-Signature"),
        (&["--domain", "--selector", "a..b"], "the s= of a DKIM-Signature"),
        (&["--domain", "--selector", "a@b"], "a full domain name such as example.org"),
        (&["--domain", "--sends-from", "out.example"], "an IP address such as 192.0.2.1"),
        (&["--domain", "--name-server", "dns.example"], "the address of a name server"),
        (&["--domain", "--name-server", "192.0.2.53:x"], "the address of a name server"),
        (&["--selector", "a"], "--domain"),
        (&["--sends-from", "192.0.2.1"], "--domain"),
        (&["--name-server", "192.0.2.53"], "--domain"),
    ] {
        let all = [&["doctor"], args].concat();
        let ran = place.run(&all);
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_placeholder_is_not_looked_up() {
    let report = Report::read(&Place::new().run(&["doctor", "--domain", "--json"]));
    report.has("configuration", "fail", "mail.from is not set");
    assert_eq!(report.code, 1);
}

#[test]
fn another_domain_is_looked_at_in_all_its_parts() {
    let more = "other.example TXT v=spf1 -all\n_dmarc.other.example TXT v=DMARC1; p=reject\n\
                other.example MX 0 .";
    let server = Server::start(&zone(&[], more));
    let report = ask(&server, &["--domain", "Other.Example", "--selector", "s1"]);
    report
        .has("spf", "ok", "other.example: \"v=spf1 -all\"")
        .has("dkim", "fail", "s1._domainkey.other.example does not exist")
        .has("mx", "fail", "other.example accepts no mail");
}

#[test]
fn several_selectors_and_addresses_are_looked_at() {
    let server = Server::start(&zone(&[], ""));
    let args = [
        "--selector",
        "brief2026",
        "--selector",
        "old",
        "--sends-from",
        "192.0.2.1",
        "--sends-from",
        "203.0.113.9",
    ];
    ask(&server, &args)
        .has("dkim", "ok", "brief2026._domainkey.northfield.example")
        .has("dkim", "fail", "old._domainkey.northfield.example")
        .has("spf", "ok", "192.0.2.1 may send")
        .has("spf", "fail", "203.0.113.9 may not send");
}

#[test]
fn warnings_and_what_nobody_knows_are_no_failure() {
    let server =
        Server::start(&zone(&["p=reject"], "_dmarc.northfield.example TXT v=DMARC1; p=none"));
    let pages = crate::support::pages::Pages::start(crate::pages::WELL);
    let place = place();
    let address = server.address().to_string();
    let output = place
        .brief(&["doctor", "--json", "--domain", "--name-server", &address])
        .env("BRIEF__WEB__PUBLIC_URL", pages.url())
        .output();
    let report = Report::read(&output.expect("it runs").into());
    report.has("dmarc", "warn", "p=none").has("dkim", "unknown", "not known here");
    assert_eq!(report.code, 0, "{report:#?}");
}
