//! DMARC (RFC 9989, RFC 9990): where the record is found, what it asks, and who speaks for whom.

use crate::place::Place;
use crate::support::names::Server;
use crate::support::{Report, ask, ask_at, doctor, place, zone};

/// The doctor's report on another record of the From domain.
fn with(record: &str) -> Report {
    doctor(&zone(&["_dmarc"], &format!("_dmarc.northfield.example TXT {record}")))
}

/// A place whose mail is from this domain, with bounces at northfield.example.
fn from(domain: &str) -> Place {
    let place = place();
    let settings = format!(
        "[mail]\nfrom = \"brief@{domain}\"\nreply_to = \"me@northfield.example\"\n\
         domain = \"northfield.example\"\n[web]\npublic_url = \"http://127.0.0.1:1\"\n"
    );
    place.write("config/local.toml", &settings);
    place
}

#[test]
fn no_record_anywhere_is_a_failure() {
    let report = doctor(&zone(&["_dmarc"], ""));
    report.has("dmarc", "fail", "mail from northfield.example has no DMARC record");
    assert!(report.advice("dmarc", "fail").contains("publish at _dmarc.northfield.example"));
}

#[test]
fn two_records_are_none() {
    let report = doctor(&zone(&[], "_dmarc.northfield.example TXT v=DMARC1; p=none"));
    report.has("dmarc", "fail", "has 2 records").has("dmarc", "fail", "has no DMARC record");
}

#[test]
fn a_text_that_means_to_be_a_record_is_named() {
    let report = with("p=none; v=DMARC1");
    report.has("dmarc", "fail", "which is no DMARC record");
    with("v=dmarc1; p=none").has("dmarc", "fail", "which is no DMARC record");
}

#[test]
fn the_policy_is_read() {
    let report = with("v=DMARC1; p=none; rua=mailto:d@northfield.example");
    report.has("dmarc", "warn", "p=none for northfield.example");
    with("v=DMARC1; p=quarantine").has("dmarc", "ok", "p=quarantine for northfield.example");
    with("v=DMARC1; rua=mailto:d@northfield.example").has("dmarc", "warn", "it has no p=");
    let report = with("v=DMARC1; p=monitor; rua=mailto:d@northfield.example");
    report.has("dmarc", "fail", "p=monitor is none of none, quarantine, reject; receivers read it");
    with("v=DMARC1; p=reject; sp=no").has("dmarc", "fail", "receivers pass over the whole record");
}

#[test]
fn odd_tags_are_warned_of() {
    let report = with("v=DMARC1; p=reject; pct=50; rf=afrf; ri=3600; t=y; adkim=x; oops");
    for words in ["pct= is a tag no more", "rf= is", "ri= is", "t=y has", "adkim=x", "\"oops\""] {
        report.has("dmarc", "warn", words);
    }
    report.has("dmarc", "warn", "it has no rua=");
    with("v=DMARC1; p=reject; psd=y").has("dmarc", "warn", "psd=y says");
}

#[test]
fn a_subdomain_takes_the_record_of_its_organization() {
    let out = &["_dmarc"];
    let more = "_dmarc.northfield.example TXT v=DMARC1; p=none; sp=reject; rua=mailto:d@northfield.example\n\
                news.northfield.example MX 10 mx1.northfield.example";
    let server = Server::start(&zone(out, more));
    let report = ask_at(
        &from("news.northfield.example"),
        &server,
        &["--selector", "brief2026@northfield.example"],
    );
    report.has("dmarc", "ok", "northfield.example: \"v=DMARC1; p=none; sp=reject");
    report.has("dmarc", "ok", "sp=reject for news.northfield.example");
    report.has(
        "alignment",
        "ok",
        "northfield.example and news.northfield.example belong to northfield.example",
    );
    // A name that does not exist at all falls under np.
    let more = "_dmarc.northfield.example TXT v=DMARC1; p=none; np=reject";
    let server = Server::start(&zone(out, more));
    ask_at(&from("gone.northfield.example"), &server, &[]).has(
        "dmarc",
        "ok",
        "np=reject for gone.northfield.example",
    );
}

#[test]
fn a_public_suffix_ends_the_walk_and_its_record_is_the_last_resort() {
    let more = "_dmarc.example TXT v=DMARC1; p=reject; psd=y; rua=mailto:d@example.example\n\
                _dmarc.sub.northfield.example TXT v=DMARC1; p=reject; psd=n; rua=mailto:d@northfield.example\n\
                sub.northfield.example MX 10 mx1.northfield.example";
    let server = Server::start(&zone(&["_dmarc"], more));
    let report = ask(&server, &[]);
    report.has("dmarc", "ok", "example: \"v=DMARC1; p=reject; psd=y");
    report.has("dmarc", "ok", "organization northfield.example");
    // With psd=n an organization begins at the subdomain, and its parent is another one.
    let report = ask_at(&from("sub.northfield.example"), &server, &[]);
    report.has(
        "alignment",
        "warn",
        "belongs to northfield.example and sub.northfield.example to sub.northfield.example",
    );
}

#[test]
fn strict_alignment_wants_the_same_domain() {
    let more = "_dmarc.northfield.example TXT v=DMARC1; p=reject; aspf=s; adkim=s\n\
                news.northfield.example MX 10 mx1.northfield.example";
    let server = Server::start(&zone(&["_dmarc"], more));
    let report =
        ask_at(&from("news.northfield.example"), &server, &["--selector", "a@northfield.example"]);
    report.has(
        "alignment",
        "warn",
        "the bounce domain northfield.example is not news.northfield.example",
    );
    report.has(
        "alignment",
        "warn",
        "the DKIM domain northfield.example is not news.northfield.example",
    );
    report.has(
        "alignment",
        "fail",
        "nothing that is known here speaks for news.northfield.example",
    );
    // Without a key nobody knows whether DKIM would.
    let report = ask_at(&from("news.northfield.example"), &server, &[]);
    report.has("alignment", "unknown", "nothing that is known here speaks for");
}

#[test]
fn domains_of_two_organizations_are_apart() {
    let server = Server::start(&zone(&[], "_dmarc.other.example TXT v=DMARC1; p=reject"));
    let report = ask(&server, &["--selector", "s1@mail.other.example"]);
    report.has("alignment", "warn", "mail.other.example belongs to other.example");
}

#[test]
fn reports_to_others_need_their_consent() {
    let rua = "_dmarc.northfield.example TXT v=DMARC1; p=reject; rua=mailto:x@in.reports.example!10m, \
               https://reports.example/x,mailto:y@northfield.example";
    let organization = "_dmarc.reports.example TXT v=DMARC1; p=reject";
    let yes = "northfield.example._report._dmarc.in.reports.example TXT v=DMARC1;";
    let report = doctor(&zone(&["_dmarc"], &[rua, organization].join("\n")));
    report.has("dmarc", "warn", "in.reports.example does not say that it takes reports");
    report.has("dmarc", "warn", "no report goes to rua=https://reports.example/x");
    let advice = report.advice("dmarc", "warn");
    assert!(!advice.is_empty(), "{advice}");
    let report = doctor(&zone(&["_dmarc"], &[rua, organization, yes].join("\n")));
    report.has("dmarc", "ok", "in.reports.example takes the reports about northfield.example");
}

#[test]
fn a_walk_that_fails_says_at_which_name() {
    let report = doctor(&zone(&["_dmarc"], "_dmarc.northfield.example !servfail"));
    report.has("dmarc", "fail", "_dmarc.northfield.example cannot be looked up");
    let report = doctor(&zone(&["_dmarc"], "_dmarc.example !servfail"));
    report.has("dmarc", "fail", "_dmarc.example cannot be looked up");
}
