//! The ways back: mail exchanges of the domains that mail comes back to, and names of addresses.

use crate::support::names::Server;
use crate::support::{ask, ask_at, doctor, place, zone};

/// The doctor's report with other MX records.
fn with(more: &str) -> crate::support::Report {
    doctor(&zone(&[" MX "], more))
}

#[test]
fn a_null_mx_takes_neither_answers_nor_bounces() {
    let report = with("northfield.example MX 0 .");
    report.has("mx", "fail", "northfield.example accepts no mail (null MX, RFC 7505)");
}

#[test]
fn no_name_and_no_record_are_told_apart() {
    with("").has("mx", "fail", "has neither an MX record nor an address");
    with("northfield.example A 192.0.2.9").has("mx", "warn", "has no MX record; answers");
    let server = Server::start(&zone(&[], ""));
    ask(&server, &["--domain", "gone.example"]).has("mx", "fail", "gone.example does not exist");
}

#[test]
fn an_exchange_must_have_an_address() {
    let report = with("northfield.example MX 10 gone.example");
    report.has("mx", "fail", "do not arrive: gone.example does not exist");
    let two =
        "northfield.example MX 10 gone.example\nnorthfield.example MX 20 mx1.northfield.example";
    with(two).has("mx", "warn", "but gone.example does not exist");
    let alias =
        "northfield.example MX 10 alias.example\nalias.example CNAME mx1.northfield.example";
    with(alias).has("mx", "warn", "alias.example is an alias");
    with("northfield.example MX 10 192.0.2.5").has("mx", "fail", "an address where a name is due");
}

#[test]
fn each_domain_is_asked_once_with_all_that_goes_there() {
    let place = place();
    place.write(
        "config/local.toml",
        "[mail]\nfrom = \"a@northfield.example\"\nreply_to = \"b@answers.example\"\n\
         domain = \"bounces.example\"\n[web]\npublic_url = \"http://127.0.0.1:1\"\n",
    );
    let server = Server::start(&zone(&[], "answers.example MX 0 ."));
    ask_at(&place, &server, &[])
        .has("mx", "fail", "answers.example accepts no mail")
        .has("mx", "fail", "bounces.example does not exist, and bounces go there")
        .has("mx", "ok", "northfield.example takes mail to the From address")
        .has("spf", "fail", "bounces.example has no SPF record");
}

#[test]
fn an_address_needs_a_name_that_leads_back() {
    let of = |out: &[&str], more: &str| {
        ask(&Server::start(&zone(out, more)), &["--sends-from", "192.0.2.1"])
    };
    of(&["PTR"], "").has("reverse dns", "fail", "192.0.2.1 has no name");
    of(&["out.northfield.example A"], "out.northfield.example A 192.0.2.77").has(
        "reverse dns",
        "fail",
        "which does not lead back to it",
    );
    of(&["PTR"], "1.2.0.192.in-addr.arpa !servfail").has(
        "reverse dns",
        "fail",
        "1.2.0.192.in-addr.arpa cannot be looked up",
    );
    let six = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR six.example\n\
               six.example AAAA 2001:db8::1";
    ask(&Server::start(&zone(&[], six)), &["--sends-from", "2001:db8::1"]).has(
        "reverse dns",
        "ok",
        "2001:db8::1 is six.example, which leads back to it",
    );
}
