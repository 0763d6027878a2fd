//! SPF (RFC 7208): the record, what it takes to read it, and whom it lets send.

use crate::support::names::Server;
use crate::support::{ask, doctor, zone};

/// The well zone with another SPF record for the From domain.
fn with(record: &str, more: &str) -> String {
    let line = format!("northfield.example TXT {record}\n{more}");
    zone(&["northfield.example TXT v=spf1"], &line)
}

#[test]
fn a_domain_without_a_record_is_told_what_to_publish() {
    let report = doctor(&zone(&["v=spf1"], ""));
    report.has("spf", "fail", "northfield.example has no SPF record");
    assert!(report.advice("spf", "fail").contains("publish a TXT record"));
    assert_eq!(report.code, 1);
}

#[test]
fn two_records_are_none() {
    let report = doctor(&zone(&[], "northfield.example TXT v=spf1 ~all"));
    report.has("spf", "fail", "has 2 SPF records, and receivers use none of them");
}

#[test]
fn a_record_with_an_error_is_none() {
    let report = doctor(&with("v=spf1 ipv4:192.0.2.1 -all", ""));
    report.has("spf", "fail", "in the term \"ipv4:192.0.2.1\" \"ipv4\" is no mechanism");
}

/// A record with `n` includes, each of which holds nothing more to look up.
fn includes(n: usize) -> String {
    let terms: Vec<String> = (0..n).map(|i| format!("include:i{i}.example")).collect();
    let records: Vec<String> =
        (0..n).map(|i| format!("i{i}.example TXT v=spf1 ip4:192.0.2.{i} -all")).collect();
    with(&format!("v=spf1 {} -all", terms.join(" ")), &records.join("\n"))
}

#[test]
fn ten_lookups_are_allowed_and_eleven_are_not() {
    doctor(&includes(10)).has("spf", "ok", "10 of 10 lookups").has_no("spf", "fail");
    doctor(&includes(11)).has("spf", "fail", "11 lookups, and receivers give up after 10");
}

#[test]
fn lookups_are_counted_through_includes_and_redirects() {
    let more = "
a.example TXT v=spf1 mx a:mx1.northfield.example include:b.example ?all
a.example MX 10 mx1.northfield.example
b.example TXT v=spf1 exists:mx1.northfield.example -all
c.example TXT v=spf1 a:mx1.northfield.example ~all";
    let report = doctor(&with("v=spf1 include:a.example redirect=c.example", more));
    report.has("spf", "ok", "7 of 10 lookups, ends in ~all").has_no("spf", "warn");
}

#[test]
fn an_include_that_leads_back_is_followed_once() {
    let more =
        "a.example TXT v=spf1 include:b.example -all\nb.example TXT v=spf1 include:a.example ~all";
    let report = doctor(&with("v=spf1 include:a.example -all", more));
    report.has("spf", "fail", "include of a.example leads back to itself");
    let report = doctor(&with("v=spf1 redirect=northfield.example", ""));
    report.has("spf", "fail", "redirect of northfield.example leads back to itself");
}

#[test]
fn an_include_of_nothing_is_an_error() {
    let report = doctor(&with("v=spf1 include:gone.example -all", ""));
    report.has("spf", "fail", "include names gone.example, which has no SPF record");
}

#[test]
fn two_lookups_may_find_nothing_and_three_may_not() {
    let two = doctor(&with("v=spf1 a:gone.example a:_dmarc.northfield.example ~all", ""));
    two.has("spf", "warn", "gone.example does not exist, _dmarc.northfield.example has no address");
    two.has_no("spf", "fail");
    let three = doctor(&with("v=spf1 a:x.example mx:y.example exists:z.example ~all", ""));
    three.has("spf", "fail", "3 lookups find nothing, and receivers give up after 2");
}

#[test]
fn the_end_of_a_record_is_looked_at() {
    doctor(&with("v=spf1 ip4:192.0.2.1", "")).has("spf", "warn", "it has no all at its end");
    doctor(&with("v=spf1 ?all", "")).has("spf", "warn", "ends in ?all");
    doctor(&with("v=spf1 +all", "")).has("spf", "fail", "lets everybody send as you");
    let report = doctor(&with("v=spf1 -all ip4:192.0.2.1 redirect=x.example", ""));
    report.has("spf", "warn", "what stands behind all is never read");
    report.has("spf", "warn", "redirect is never followed");
    doctor(&with("v=spf1 ptr -all", "")).has("spf", "warn", "ptr is slow");
    doctor(&with("v=spf1 exists:%{i}.x.example -all", "")).has("spf", "unknown", "%{i}.x.example");
}

#[test]
fn more_than_ten_exchanges_are_an_error() {
    let hosts: Vec<String> =
        (0..11).map(|i| format!("many.example MX {i} mx1.northfield.example")).collect();
    let report = doctor(&with("v=spf1 mx:many.example -all", &hosts.join("\n")));
    report.has("spf", "fail", "many.example has 11 mail exchanges, and 10 are allowed");
}

#[test]
fn a_name_server_of_an_include_that_fails_is_named() {
    let report = doctor(&with("v=spf1 include:s.example ~all", "s.example !servfail"));
    report.has("spf", "fail", "s.example cannot be looked up: the name server answers SERVFAIL");
}

/// What is said of the address that mail comes from.
#[track_caller]
fn judged(record: &str, more: &str, address: &str, state: &str, words: &str) {
    let server = Server::start(&with(record, more));
    ask(&server, &["--sends-from", address]).has("spf", state, words);
}

#[test]
fn an_address_is_judged_as_a_receiver_does() {
    let passes = |record: &str, more: &str, address: &str, term: &str| {
        judged(record, more, address, "ok", &format!("may send for northfield.example, by {term}"));
    };
    passes("v=spf1 ip4:192.0.2.0/30 -all", "", "192.0.2.3", "ip4:192.0.2.0/30");
    passes("v=spf1 ip6:2001:db8::/48 -all", "", "2001:db8::9", "ip6:2001:db8::/48");
    passes("v=spf1 mx -all", "", "192.0.2.5", "mx");
    passes("v=spf1 mx//64 -all", "", "2001:db8::77", "mx//64");
    passes(
        "v=spf1 a:mx1.northfield.example/24 -all",
        "",
        "192.0.2.99",
        "a:mx1.northfield.example/24",
    );
    passes(
        "v=spf1 include:spf.relay.example -all",
        "",
        "198.51.100.7",
        "include:spf.relay.example",
    );
    passes("v=spf1 redirect=spf.relay.example", "", "198.51.100.7", "ip4:198.51.100.0/24");
    passes("v=spf1 ptr -all", "", "192.0.2.1", "ptr");
    let more = "3.2.0.192.in-addr._ok.northfield.example A 127.0.0.2";
    passes("v=spf1 exists:%{ir}.%{v}._ok.%{d} -all", more, "192.0.2.3", "exists:");

    judged("v=spf1 ip4:192.0.2.0/30 -all", "", "192.0.2.4", "fail", "may not send");
    judged("v=spf1 ip4:192.0.2.0/30 ~all", "", "192.0.2.4", "fail", "~all");
    judged(
        "v=spf1 ip4:192.0.2.0/30",
        "",
        "192.0.2.4",
        "fail",
        "does not say that 192.0.2.4 may send",
    );
    judged("v=spf1 -ip4:192.0.2.4 +all", "", "192.0.2.4", "fail", "-ip4:192.0.2.4");
    // That an include fails an address means only that it does not match.
    judged("v=spf1 include:spf.relay.example -all", "", "192.0.2.4", "fail", "-all");
    judged("v=spf1 exists:%{l}.x.example -all", "", "192.0.2.4", "unknown", "depends on %{l}");
    judged("v=spf1 include:gone.example -all", "", "192.0.2.4", "fail", "no pass");
    let eleven = Server::start(&includes(11));
    ask(&eleven, &["--sends-from", "203.0.113.1"]).has("spf", "fail", "more than 10 lookups");
}

#[test]
fn without_the_address_it_is_said_that_nobody_knows() {
    doctor(&zone(&[], "")).has("spf", "unknown", "mail goes to a folder and not to a relay");
}
