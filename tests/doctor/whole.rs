//! A sender with whom all is well, and how that is printed.

use crate::support::names::Server;
use crate::support::{ask, place, zone};

#[test]
fn where_all_is_right_nothing_is_wrong() {
    let server = Server::start(&zone(&[], ""));
    let report = ask(&server, &["--selector", "brief2026", "--sends-from", "192.0.2.1"]);
    report
        .has("spf", "ok", "1 of 10 lookups, ends in -all")
        .has("spf", "ok", "192.0.2.1 may send for northfield.example, by ip4:192.0.2.0/28")
        .has("dkim", "ok", "an RSA key of 2048 bits")
        .has("dmarc", "ok", "p=reject for northfield.example")
        .has("alignment", "ok", "the bounce domain northfield.example is the From domain")
        .has("alignment", "ok", "the DKIM domain northfield.example is the From domain")
        .has("mx", "ok", "takes answers, bounces, mail to the From address")
        .has("reverse dns", "ok", "192.0.2.1 is out.northfield.example, which leads back to it")
        .has("relay", "unknown", "mail stays in a folder");
    for check in ["spf", "dkim", "dmarc", "alignment", "mx", "reverse dns"] {
        report.has_no(check, "fail").has_no(check, "warn").has_no(check, "unknown");
    }
}

/// What is shown under "What receivers see" is what is printed, up to where the network begins.
#[test]
fn it_is_printed_as_the_documentation_shows() {
    let out = &["p=reject", "spf.relay.example -all"];
    let more = "northfield.example TXT v=spf1 ip4:192.0.2.0/28 include:spf.relay.example ~all\n\
                _dmarc.northfield.example TXT v=DMARC1; p=none; rua=mailto:dmarc@northfield.example";
    let server = Server::start(&zone(out, more));
    let address = server.address().to_string();
    let shown = ["doctor", "--domain", "--selector", "brief2026", "--sends-from", "192.0.2.1"];
    let ran = place().run(&[&shown[..], &["--name-server", &address]].concat());
    let printed = ran.out.split("\n?     relay").next().expect("a beginning");
    let page = include_str!("../../docs/operation.md");
    let section = page.split("## What receivers see").nth(1).expect("the section");
    assert!(section.contains(&format!("brief {}\n", shown.join(" "))), "the command is shown");
    let sample = section.split("```text\n").nth(1).and_then(|rest| rest.split("\n```").next());
    assert_eq!(sample, Some(printed));
}
