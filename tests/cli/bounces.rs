//! What comes back through a pipe, and the list of addresses that get no mail.

use serde_json::json;

use crate::support::{Place, Ran, northfield};

const MONDAY: &str = "2026-11-23T13:00:00Z";
const LATER: &str = "2026-11-23T15:00:00Z";

const GAPS: &str = "\
external_id,organization,area,category,severity,title,owner,opened_on,status
G1,northfield,billing,no_source,4,Two price lists disagree,D. Ruiz,2026-11-02,open
";

fn add(place: &Place, email: &str) {
    let ran = place.run(&[
        "subscriptions",
        "add",
        email,
        "--organization",
        "northfield",
        "--confirmed",
        "--now",
        "2026-09-02T00:00:00Z",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// A place where one brief was sent to Ada, and the id of its delivery.
fn sent() -> (Place, String) {
    let place = Place::new();
    northfield(&place);
    place.write("gaps.csv", GAPS);
    let ran = place.run(&["import", "gaps.csv", "--now", "2026-11-16T15:00:00Z"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    add(&place, "ada@northfield.example");
    assert_eq!(place.run(&["run", "--once", "--now", MONDAY]).code, 0);
    let rows = place.json(&["deliveries", "--json"]);
    (place, rows[0]["id"].as_str().unwrap().to_owned())
}

fn report(delivery: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.northfield.example\nTo: bounces@brief.example\n\
         Message-ID: <{status}@mx.northfield.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nNo.\n\n--B\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.northfield.example\nOriginal-Envelope-Id: {delivery}\n\n\
         Final-Recipient: rfc822; ada@northfield.example\nAction: failed\nStatus: {status}\n\n--B--\n"
    )
}

fn bounce(place: &Place, message: &str, extra: &[&str]) -> Ran {
    let args = [&["bounce", "--now", LATER], extra].concat();
    Ran::from(place.brief(&args).write_stdin(message).output().unwrap())
}

#[test]
fn a_report_through_a_pipe_suppresses_once_and_is_listed() {
    let (place, delivery) = sent();
    let message = report(&delivery, "5.1.1");
    let ran = bounce(&place, &message, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "Recorded (hard): the address is suppressed, hard_bounce.\n");
    assert_eq!(bounce(&place, &message, &[]).out, "Known already (hard); nothing changed.\n");
    let rows = place.json(&["bounce", "list", "--json"]);
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!((&rows[0]["kind"], &rows[0]["status"]), (&json!("hard"), &json!("5.1.1")));
    assert_eq!(rows[0]["delivery"], json!(delivery));
    let rows = place.json(&["suppressions", "--json"]);
    assert_eq!(rows[0]["email"], "ada@northfield.example");
    assert_eq!((&rows[0]["reason"], &rows[0]["source"]), (&json!("hard_bounce"), &json!("stdin")));
    let people = place.json(&["people", "--json"]);
    assert_eq!(people[0]["suppressed_reason"], "hard_bounce");
    let subscriptions = place.json(&["subscriptions", "--json"]);
    assert_eq!(subscriptions[0]["state"], "suppressed");
    let run = place.json(&["run", "--once", "--json", "--now", "2026-11-30T13:00:00Z"]);
    assert_eq!(run["sent"], 0, "{run}");
}

#[test]
fn what_is_not_understood_is_kept_for_a_person_and_does_no_harm() {
    let (place, _) = sent();
    let ran = bounce(&place, "Subject: hello\n\nIs anybody there?\n", &["--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        told,
        json!({ "kind": "unclear", "matched": false, "known": false, "suppressed": null })
    );
    bounce(&place, "Subject: hello\n\nIs anybody there?\n", &[]);
    let kept: Vec<_> = std::fs::read_dir(place.path().join("var/unclear")).unwrap().collect();
    assert_eq!(kept.len(), 1, "the same message is kept once");
    let path = kept[0].as_ref().unwrap().path();
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "Subject: hello\n\nIs anybody there?\n");
}

#[test]
fn a_database_that_is_away_is_tried_again_by_the_mail_system() {
    let (place, delivery) = sent();
    let away = |name: &str, value: &str| {
        let mut command = place.brief(&["bounce"]);
        let message = report(&delivery, "5.1.1");
        Ran::from(command.env(name, value).write_stdin(message).output().unwrap())
    };
    let ran = away("BRIEF__DATABASE__URL", "postgres://nobody@127.0.0.1:1/none");
    assert_eq!(ran.code, 75, "{}", ran.err);
    assert!(ran.err.contains("given again later") && !ran.err.contains("ada@"), "{}", ran.err);
    assert_eq!(away("BRIEF__BOUNCE__SOFT_LIMIT", "many").code, 75, "settings can be mended");
    let empty = bounce(&place, "", &[]);
    assert_eq!(empty.code, 1);
    assert!(empty.err.contains("standard input is empty"), "{}", empty.err);
}

#[test]
fn an_operator_adds_and_lifts_and_reads_why() {
    let place = Place::new();
    northfield(&place);
    assert_eq!(place.run(&["suppressions"]).out, "No address is suppressed.\n");
    let ran = place.run(&[
        "suppressions",
        "add",
        "ada@northfield.example",
        "--why",
        "asked by phone",
        "--now",
        MONDAY,
    ]);
    assert!(ran.out.starts_with("Suppressed ada@northfield.example"), "{}", ran.out);
    add(&place, "ada@northfield.example");
    assert_eq!(place.json(&["subscriptions", "--json"])[0]["suppressed_reason"], "operator");
    let again =
        place.json(&["suppressions", "add", "ADA@northfield.example", "--json", "--now", MONDAY]);
    assert_eq!(again["is_new"], false);
    let rows = place.json(&["suppressions", "list", "--email", "ada@northfield.example", "--json"]);
    assert_eq!(
        (&rows[0]["detail"], &rows[0]["expires_at"]),
        (&json!("asked by phone"), &json!(null))
    );
    assert!(place.run(&["suppressions"]).out.contains("ada@northfield.example"));
    let ran = place.run(&[
        "suppressions",
        "lift",
        "ada@northfield.example",
        "--why",
        "called back",
        "--now",
        LATER,
    ]);
    assert_eq!(ran.out, "Lifted: ada@northfield.example may get mail again.\n");
    assert_eq!(place.json(&["subscriptions", "--json"])[0]["state"], "active");
    let rows = place.json(&["suppressions", "list", "--lifted", "--json"]);
    assert_eq!(rows[0]["lifted_why"], "called back");
    let twice = place.run(&["suppressions", "lift", "ada@northfield.example", "--why", "x"]);
    assert_eq!(twice.code, 1);
    assert!(twice.err.contains("`brief suppressions` shows them all"), "{}", twice.err);
}

#[test]
fn an_import_brings_nobody_back() {
    let place = Place::new();
    northfield(&place);
    let add =
        ["suppressions", "add", "ada@northfield.example", "--reason", "complaint", "--now", MONDAY];
    assert_eq!(place.run(&add).code, 0);
    place.write(
        "subscriptions.csv",
        "email,organization,role,confirmed_at\nAda@northfield.example,northfield,leader,2026-09-02T00:00:00Z\n\
         bo@northfield.example,northfield,leader,2026-09-02T00:00:00Z\n",
    );
    place.write("people.csv", "email,name\nAda@northfield.example,Ada\nbo@northfield.example,Bo\n");
    let ran = place.run(&["import", "people.csv", "subscriptions.csv", "--now", LATER]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let rows = place.json(&["subscriptions", "--json"]);
    let states: Vec<_> =
        rows.as_array().unwrap().iter().map(|row| (&row["email"], &row["state"])).collect();
    let expected = [
        (&json!("Ada@northfield.example"), &json!("suppressed")),
        (&json!("bo@northfield.example"), &json!("active")),
    ];
    assert_eq!(states, expected);
}

#[test]
fn what_makes_no_sense_is_misuse() {
    let place = Place::new();
    for args in [
        &["suppressions", "add", "nobody"][..],
        &["suppressions", "add", "a@b.example", "--reason", "dislike"],
        &["suppressions", "add", "a@b.example", "--why", "see c@d.example"],
        &["suppressions", "lift", "a@b.example"],
        &["suppressions", "list", "--reason", "dislike"],
        &["bounce", "list", "--kind", "odd"],
    ] {
        assert_eq!(place.run(args).code, 2, "{args:?}");
    }
    let past = ["suppressions", "add", "a@b.example", "--until", MONDAY, "--now", LATER];
    let ran = place.run(&past);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("--until lies in the past"), "{}", ran.err);
}
