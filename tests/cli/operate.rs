//! What an operator does when something is odd: look, back up, stop, hand out a copy.

use serde_json::Value;

use crate::support::{Place, northfield};

#[test]
fn acting_on_what_does_not_exist_points_to_the_listing() {
    let place = Place::new();
    let cases: [(&[&str], &str); 6] = [
        (&["deliveries", "retry", "x"], "there is no delivery \"x\"; see `brief deliveries`"),
        (&["deliveries", "cancel", "x"], "there is no delivery \"x\""),
        (&["editions", "approve", "x"], "there is no edition \"x\"; see `brief editions`"),
        (&["editions", "cancel", "x", "--why", "y"], "there is no edition \"x\""),
        (&["runs", "2026-W48"], "there is no run 2026-W48"),
        (&["subscriptions", "end", "x"], "there is no subscription \"x\""),
    ];
    for (args, expected) in cases {
        let ran = place.run(args);
        assert_eq!(ran.code, 1, "{args:?}");
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
    }
    assert_eq!(place.run(&["runs", "2026-W60"]).code, 2);
    assert_eq!(place.run(&["deliveries", "--state", "lost"]).code, 2);
}

#[test]
fn a_backup_is_a_database_and_overwrites_nothing() {
    let place = Place::new();
    northfield(&place);
    assert_eq!(place.run(&["backup", "copy.db"]).out, "Written to copy.db.\n");
    let again = place.run(&["backup", "copy.db"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("exists already"), "{}", again.err);
    let output = place
        .brief(&["organizations", "--json"])
        .env("BRIEF__DATABASE__URL", "sqlite://copy.db")
        .output()
        .unwrap();
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows[0]["slug"], "northfield");
}

#[test]
fn delivery_is_stopped_and_let_go_on() {
    let place = Place::new();
    let ran = place.run(&["pause", "--why", "wrong figures"]);
    assert_eq!(ran.out, "Delivery is paused: wrong figures. `brief resume` ends it.\n");
    assert!(place.run(&["doctor"]).out.contains("paused: wrong figures"));
    assert_eq!(place.json(&["resume", "--json"])["was_paused"], true);
    assert_eq!(place.run(&["resume"]).out, "Delivery was not paused.\n");
    let ahead = ["assume-sent", "--until", "2026-11-24T00:00:00Z", "--now", "2026-11-23T00:00:00Z"];
    let ran = place.run(&ahead);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("lies ahead"), "{}", ran.err);
    let past = ["assume-sent", "--until", "2026-11-22T00:00:00Z", "--now", "2026-11-23T00:00:00Z"];
    assert_eq!(place.run(&past).code, 0);
}

#[test]
fn an_export_holds_the_one_and_not_the_other() {
    let place = Place::new();
    northfield(&place);
    for email in ["coo@northfield.example", "other@northfield.example"] {
        let add = ["subscriptions", "add", email, "--organization", "northfield", "--confirmed"];
        assert_eq!(place.run(&add).code, 0);
    }
    let person = place.json(&["export", "COO@northfield.example"]);
    assert_eq!(person["kind"], "person");
    assert_eq!(person["tables"]["subscription"].as_array().unwrap().len(), 1);
    assert_eq!(person["tables"]["person"][0]["email"], "coo@northfield.example");
    assert!(!person.to_string().contains("other@"), "{person}");
    let ran = place.run(&["export", "northfield", "--out", "n.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = place.path().join("n.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(all["tables"]["person"].as_array().unwrap().len(), 2);
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        place.run(&["export", "northfield", "--out", "n.json"]).code,
        1,
        "overwrites nothing"
    );
    assert!(place.run(&["export", "x@y.example"]).err.contains("brief people"));
    assert!(place.run(&["export", "nowhere"]).err.contains("brief organizations"));
}
