//! Everyday administration: organizations, people, subscriptions, and what an empty database says.

use serde_json::Value;

use crate::support::Place;

const LISTINGS: [&str; 6] = [
    "organizations",
    "people",
    "subscriptions",
    "editions",
    "runs",
    "deliveries",
];

#[test]
fn an_empty_listing_is_a_friendly_line_or_an_empty_array() {
    let place = Place::new();
    for name in LISTINGS {
        let ran = place.run(&[name]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert!(
            ran.out.starts_with("There ") && ran.out.ends_with(".\n"),
            "{name}: {}",
            ran.out
        );
        assert_eq!(ran.out.lines().count(), 1, "{name}: {}", ran.out);
        assert_eq!(place.run(&[name, "--json"]).out, "[]\n", "{name}");
        assert_eq!(place.run(&[name, "--quiet"]).out, "", "{name}");
    }
}

fn northfield(place: &Place) {
    let ran = place.run(&[
        "organizations",
        "add",
        "Northfield Supply",
        "--currency",
        "usd",
        "--time-zone",
        "America/Chicago",
        "--slug",
        "northfield",
        "--now",
        "2026-09-01T00:00:00Z",
    ]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "Added Northfield Supply (northfield).\n"),
        "{}",
        ran.err
    );
}

#[test]
fn an_organization_is_added_changed_and_ended() {
    let place = Place::new();
    northfield(&place);
    let changed = place.json(&[
        "organizations",
        "change",
        "northfield",
        "--review",
        "hold:24",
        "--cut-off-weekday",
        "fri",
        "--cut-off-hour",
        "15",
        "--json",
    ]);
    assert_eq!(changed["review"], "hold:24");
    assert_eq!(changed["cut_off_weekday"], "friday");
    let listed = place.json(&["organizations", "--json"]);
    assert_eq!(listed[0]["currency"], "USD");
    assert_eq!(listed[0]["cut_off_hour"], 15);
    let table = place.run(&["organizations", "list"]).out;
    assert!(table.contains("friday 15:00"), "{table}");
    assert_eq!(place.run(&["organizations", "end", "northfield"]).code, 0);
    assert_eq!(
        place.json(&["organizations", "--json"])[0]["status"],
        "paused"
    );
}

#[test]
fn what_is_wrong_is_said_with_the_field_and_the_remedy() {
    let place = Place::new();
    northfield(&place);
    let cases: [(&[&str], i32, &str); 7] = [
        (
            &[
                "organizations",
                "add",
                "X",
                "--currency",
                "EURO",
                "--time-zone",
                "UTC",
            ],
            1,
            "currency",
        ),
        (
            &["organizations", "add", "X", "--currency", "EUR"],
            1,
            "time_zone",
        ),
        (
            &["organizations", "change", "nowhere", "--review", "none"],
            1,
            "brief organizations",
        ),
        (
            &[
                "organizations",
                "change",
                "northfield",
                "--review",
                "hold:0",
            ],
            2,
            "hold:N",
        ),
        (
            &[
                "organizations",
                "change",
                "northfield",
                "--cut-off-hour",
                "6",
            ],
            2,
            "--cut-off-weekday",
        ),
        (&["people", "add", "nobody"], 2, "name@example.com"),
        (&["subscriptions", "add", "a@b.example"], 1, "organization"),
    ];
    for (args, code, expected) in cases {
        let ran = place.run(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
        assert!(
            !ran.err.contains("panicked") && !ran.err.contains("backtrace"),
            "{}",
            ran.err
        );
        if code == 1 {
            assert_eq!(ran.err.lines().count(), 1, "one line: {}", ran.err);
        }
    }
}

#[test]
fn nobody_is_erased_without_saying_so_twice() {
    let place = Place::new();
    let add = place.run(&[
        "people",
        "add",
        "d.ruiz@northfield.example",
        "--name",
        "D. Ruiz",
    ]);
    assert_eq!(add.code, 0, "{}", add.err);
    let again = place.run(&["people", "add", "D.Ruiz@Northfield.example"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("already"), "{}", again.err);
    let careless = place.run(&["people", "end", "d.ruiz@northfield.example"]);
    assert_eq!(careless.code, 1);
    assert!(careless.err.contains("--yes"), "{}", careless.err);
    assert_eq!(
        place
            .run(&["people", "forget", "d.ruiz@northfield.example", "--yes"])
            .code,
        0
    );
    let people = place.json(&["people", "--json"]);
    assert_eq!(
        (&people[0]["email"], &people[0]["name"]),
        (&Value::Null, &Value::from(""))
    );
    let bytes = std::fs::read(place.path().join("var/brief.db")).unwrap();
    let needle = b"d.ruiz@northfield.example";
    assert!(
        !bytes
            .windows(needle.len())
            .any(|w| w.eq_ignore_ascii_case(needle)),
        "still in the file"
    );
}

#[test]
fn a_subscription_lives_from_unconfirmed_to_ended() {
    let place = Place::new();
    northfield(&place);
    let added = place.json(&[
        "subscriptions",
        "add",
        "coo@northfield.example",
        "--organization",
        "northfield",
        "--json",
    ]);
    let id = added["id"].as_str().unwrap();
    let state = || {
        let rows = place.json(&[
            "subscriptions",
            "list",
            "--organization",
            "northfield",
            "--json",
        ]);
        (
            rows[0]["state"].clone(),
            rows[0]["weekday"].clone(),
            rows[0]["hour"].clone(),
        )
    };
    assert_eq!(state(), ("unconfirmed".into(), "monday".into(), 7.into()));
    let change = [
        "subscriptions",
        "change",
        id,
        "--weekday",
        "2",
        "--hour",
        "9",
        "--confirmed",
    ];
    assert_eq!(place.run(&change).code, 0);
    assert_eq!(state(), ("active".into(), "tuesday".into(), 9.into()));
    assert_eq!(place.run(&["subscriptions", "end", id]).out, "Ended.\n");
    assert_eq!(
        place.run(&["subscriptions", "end", id]).out,
        "It had ended already.\n"
    );
    assert_eq!(state().0, "ended");
    let consultant = [
        "subscriptions",
        "add",
        "a@advisor.example",
        "--role",
        "consultant",
    ];
    assert_eq!(place.run(&consultant).code, 0);
    let table = place.run(&["subscriptions"]).out;
    assert!(table.contains("default"), "{table}");
}

#[test]
fn a_name_cannot_write_to_the_terminal_or_break_the_table() {
    let place = Place::new();
    let name = "A\u{1b}[31m\u{202e}B";
    let args = [
        "organizations",
        "add",
        name,
        "--slug",
        "a",
        "--currency",
        "EUR",
        "--time-zone",
        "UTC",
    ];
    assert_eq!(place.run(&args).code, 0);
    let wide = "W".repeat(110);
    let args = [
        "organizations",
        "add",
        &wide,
        "--slug",
        "w",
        "--currency",
        "EUR",
        "--time-zone",
        "UTC",
    ];
    assert_eq!(place.run(&args).code, 0);
    let piped = place.run(&["organizations"]).out;
    assert!(
        !piped.contains(['\u{1b}', '\u{202e}']) && piped.contains(&wide),
        "{piped}"
    );
    let output = place
        .brief(&["organizations"])
        .env("COLUMNS", "72")
        .output()
        .unwrap();
    let narrow = String::from_utf8(output.stdout).unwrap();
    assert_eq!(narrow.lines().count(), 3, "{narrow}");
    assert!(
        narrow.lines().all(|line| line.chars().count() <= 72),
        "{narrow}"
    );
}

#[test]
fn acting_on_what_does_not_exist_points_to_the_listing() {
    let place = Place::new();
    let cases: [(&[&str], &str); 6] = [
        (
            &["deliveries", "retry", "x"],
            "there is no delivery \"x\"; see `brief deliveries`",
        ),
        (&["deliveries", "cancel", "x"], "there is no delivery \"x\""),
        (
            &["editions", "approve", "x"],
            "there is no edition \"x\"; see `brief editions`",
        ),
        (
            &["editions", "cancel", "x", "--why", "y"],
            "there is no edition \"x\"",
        ),
        (&["runs", "2026-W48"], "there is no run 2026-W48"),
        (
            &["subscriptions", "end", "x"],
            "there is no subscription \"x\"",
        ),
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
    assert_eq!(
        place.run(&["backup", "copy.db"]).out,
        "Written to copy.db.\n"
    );
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
    assert_eq!(
        ran.out,
        "Delivery is paused: wrong figures. `brief resume` ends it.\n"
    );
    assert!(place.run(&["doctor"]).out.contains("paused: wrong figures"));
    assert_eq!(place.json(&["resume", "--json"])["was_paused"], true);
    assert_eq!(place.run(&["resume"]).out, "Delivery was not paused.\n");
    let ahead = [
        "assume-sent",
        "--until",
        "2026-11-24T00:00:00Z",
        "--now",
        "2026-11-23T00:00:00Z",
    ];
    let ran = place.run(&ahead);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("lies ahead"), "{}", ran.err);
    let past = [
        "assume-sent",
        "--until",
        "2026-11-22T00:00:00Z",
        "--now",
        "2026-11-23T00:00:00Z",
    ];
    assert_eq!(place.run(&past).code, 0);
}

#[test]
fn an_export_holds_the_one_and_not_the_other() {
    let place = Place::new();
    northfield(&place);
    for email in ["coo@northfield.example", "other@northfield.example"] {
        let add = [
            "subscriptions",
            "add",
            email,
            "--organization",
            "northfield",
            "--confirmed",
        ];
        assert_eq!(place.run(&add).code, 0);
    }
    let person = place.json(&["export", "COO@northfield.example"]);
    assert_eq!(person["kind"], "person");
    assert_eq!(
        person["tables"]["subscription"].as_array().unwrap().len(),
        1
    );
    assert_eq!(
        person["tables"]["person"][0]["email"],
        "coo@northfield.example"
    );
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
    assert!(
        place
            .run(&["export", "x@y.example"])
            .err
            .contains("brief people")
    );
    assert!(
        place
            .run(&["export", "nowhere"])
            .err
            .contains("brief organizations")
    );
}
