//! The relay: TLS, and how long its certificate will do.

use std::path::Path;

use crate::place::Place;
use crate::smtp::{Script, SmtpServer};
use crate::support::names::Server;
use crate::support::{Report, place, zone};

/// The doctor's report with this relay, at an instant where one is given.
fn with(place: &Place, url: &str, now: Option<&str>) -> Report {
    let server = Server::start(&zone(&[], ""));
    let address = server.address().to_string();
    let mut args = vec!["doctor", "--json", "--domain", "--name-server", &address];
    args.extend(now.map(|now| ["--now", now]).into_iter().flatten());
    let output = place.brief(&args).env("BRIEF__RELAY__URL", url).output();
    Report::read(&output.expect("it runs").into())
}

fn trusting(scheme: &str, server: &SmtpServer, file: &Path, more: &str) -> String {
    std::fs::write(file, &server.certificate).expect("written");
    format!("{scheme}://localhost:{}?ca_file={}{more}", server.address.port(), file.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_of_both_kinds_is_looked_at() {
    let place = place();
    let file = place.path().join("ca.pem");
    for (scheme, more, script) in [
        ("smtps", "", Script::new().with_implicit_tls()),
        ("smtp", "&tls=required", Script::new().with_start_tls()),
    ] {
        let relay = SmtpServer::start(script).await;
        let url = trusting(scheme, &relay, &file, more);
        let report = with(&place, &url, None);
        report.has("relay", "ok", "lets us in over TLS; its certificate will do for years");
        // The certificate of the test ends with the year 4095.
        let report = with(&place, &url, Some("4095-12-20T12:00:00Z"));
        report.has("relay", "warn", "its certificate will do for 11 days more");
        let report = with(&place, &url, Some("4095-10-01T00:00:00Z"));
        report.has("relay", "ok", "its certificate will do for 92 days");
        assert_eq!(relay.n_messages(), 0, "nothing is sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_certificate_is_a_failure() {
    let place = place();
    let file = place.path().join("ca.pem");
    let script = Script::new().with_implicit_tls().with_expired_certificate();
    let relay = SmtpServer::start(script).await;
    let report = with(&place, &trusting("smtps", &relay, &file, ""), None);
    report.has("relay", "fail", "certificate expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_on_this_machine_needs_no_tls_and_hides_the_address() {
    let relay = SmtpServer::start(Script::new()).await;
    let report = with(&place(), &relay.url(), None);
    report
        .has("relay", "ok", "without TLS, on this machine")
        .has("spf", "unknown", "the relay is on this machine")
        .has("reverse dns", "unknown", "the relay is on this machine");
}

#[test]
fn a_relay_elsewhere_may_send_from_addresses_that_nobody_tells() {
    let place = place();
    let settings = "[mail]\nfrom = \"a@northfield.example\"\nreply_to = \"a@northfield.example\"\n\
                    domain = \"northfield.example\"\npostal_address = \"1 Main Street\"\n\
                    [web]\npublic_url = \"https://brief.invalid\"\n\
                    [relay]\nconnect_timeout = \"2s\"\n";
    place.write("config/local.toml", settings);
    let of = |host: &str, more: &str| {
        let server = Server::start(&zone(&[], more));
        let address = server.address().to_string();
        let mut command = place.brief(&["doctor", "--json", "--domain", "--name-server", &address]);
        let output = command.env("BRIEF__RELAY__URL", format!("smtps://{host}:1")).output();
        Report::read(&output.expect("it runs").into())
    };
    // Names under .invalid lead nowhere, so nobody is connected to.
    let report = of("smtp.invalid", "");
    report
        .has("relay", "fail", "its name leads to no address")
        .has("spf", "unknown", "does not cover the addresses of smtp.invalid")
        .has("reverse dns", "unknown", "which addresses smtp.invalid sends from")
        .has("public url", "fail", "https://brief.invalid/healthz: no connection");
}
