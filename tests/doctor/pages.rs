//! The public pages and one-click, asked for over HTTP.

use crate::support::names::Server;
use crate::support::pages::{Answers, Pages};
use crate::support::{Report, place, zone};

/// As this service answers.
pub const WELL: Answers = &[
    ("GET /healthz ", "200 OK", "{\"alive\":true,\"problems\":[]}"),
    ("POST /u/", "404 Not Found", "<h1>This link is not whole</h1>"),
];

fn at(url: &str) -> Report {
    let server = Server::start(&zone(&[], ""));
    let address = server.address().to_string();
    let place = place();
    let mut command = place.brief(&["doctor", "--json", "--domain", "--name-server", &address]);
    let output = command.env("BRIEF__WEB__PUBLIC_URL", url).output();
    Report::read(&output.expect("it runs").into())
}

fn with(answers: Answers) -> (Report, Pages) {
    let pages = Pages::start(answers);
    (at(&pages.url()), pages)
}

#[test]
fn a_false_token_is_refused_by_the_page() {
    let (report, pages) = with(WELL);
    report.has("public url", "ok", "/healthz answers").has(
        "one-click",
        "ok",
        "refuses a false token",
    );
    report.has("public url", "warn", "leads readers to their own machines");
    let asked = pages.asked();
    let post = asked.iter().find(|request| request.starts_with("POST ")).expect("a POST");
    assert!(post.ends_with("List-Unsubscribe=One-Click"), "{post}");
    assert!(
        post.to_lowercase().contains("content-type: application/x-www-form-urlencoded"),
        "{post}"
    );
    assert!(!post.to_lowercase().contains("cookie"), "{post}");
}

#[test]
fn a_path_before_the_pages_is_kept() {
    const BELOW: Answers = &[
        ("GET /brief/healthz ", "200 OK", "{\"alive\":true}"),
        ("POST /brief/u/", "404 Not Found", "This link is not whole"),
    ];
    let pages = Pages::start(BELOW);
    at(&format!("{}/brief", pages.url())).has("one-click", "ok", "refuses a false token");
}

#[test]
fn whatever_stands_in_the_way_of_a_post_is_a_failure() {
    const HEALTH: (&str, &str, &str) = ("GET /healthz ", "200 OK", "{\"alive\":true}");
    let cases: [(Answers, &str); 7] = [
        (
            &[HEALTH, ("POST ", "302 Found\nLocation: https://login.example/", "")],
            "is redirected to https://login.example/",
        ),
        (&[HEALTH, ("POST ", "405 Method Not Allowed", "")], "answers 405"),
        (&[HEALTH, ("POST ", "401 Unauthorized", "")], "answers 401"),
        (&[HEALTH, ("POST ", "200 OK", "thank you")], "takes a false token (200)"),
        (&[HEALTH, ("POST ", "502 Bad Gateway", "")], "answers 502"),
        (&[HEALTH, ("POST ", "404 Not Found", "nginx")], "answers 404, and not as the page does"),
        (&[HEALTH, ("POST ", "410 Gone", "This link is not whole")], "answers 410"),
    ];
    for (answers, words) in cases {
        let (report, _) = with(answers);
        report.has("one-click", "fail", words);
    }
    let (report, _) = with(&[HEALTH, ("POST ", "429 Too Many Requests", "")]);
    report.has("one-click", "warn", "too many requests");
    let (report, _) = with(&[HEALTH]);
    report.has("one-click", "fail", "no HTTP answer");
}

#[test]
fn the_health_page_tells_whose_server_it_is() {
    let cases: [(Answers, &str, &str); 4] = [
        (
            &[("GET ", "301 Moved\nLocation: https://x.example/healthz", "")],
            "fail",
            "is redirected to",
        ),
        (
            &[("GET ", "200 OK", "<h1>It works!</h1>")],
            "fail",
            "answers 200, and not as this service",
        ),
        (&[("GET ", "404 Not Found", "")], "fail", "answers 404"),
        (
            &[("GET ", "503 Busy", "{\"alive\":false,\"problems\":[]}")],
            "warn",
            "says that it is stuck",
        ),
    ];
    for (answers, state, words) in cases {
        let (report, _) = with(answers);
        report.has("public url", state, words);
    }
}

#[test]
fn pages_that_nobody_serves_are_a_failure() {
    let report = at("http://127.0.0.1:1");
    report.has("public url", "fail", "no connection to 127.0.0.1 port 1");
    report.has_no("one-click", "fail");
    at("http://[::1]:1").has("public url", "fail", "no connection to ::1 port 1");
}

#[test]
fn https_to_a_server_without_it_is_a_failure() {
    let pages = Pages::start(WELL);
    let report = at(&pages.url().replace("http://", "https://"));
    report.has("public url", "fail", "no TLS");
}

#[test]
fn the_date_of_an_answer_shows_a_clock_that_is_wrong() {
    const LATE: Answers = &[
        ("GET ", "200 OK\nDate: Mon, 01 Jan 2024 00:00:00 GMT", "{\"alive\":true}"),
        ("POST ", "404 Not Found", ""),
    ];
    let (report, pages) = with(LATE);
    report.has("clock", "fail", "seconds apart from ours");
    let server = Server::start(&zone(&[], ""));
    let (address, place) = (server.address().to_string(), place());
    let args = [
        "doctor",
        "--json",
        "--domain",
        "--name-server",
        &address,
        "--now",
        "2024-01-01T00:00:00Z",
    ];
    let output = place.brief(&args).env("BRIEF__WEB__PUBLIC_URL", pages.url()).output();
    Report::read(&output.expect("it runs").into()).has_no("clock", "fail");
}
