//! Everyday administration: organizations, people, subscriptions, and what an empty database says.

use serde_json::Value;

use crate::support::{Place, northfield};

const LISTINGS: [&str; 7] =
    ["organizations", "people", "subscriptions", "editions", "runs", "deliveries", "tokens"];

#[test]
fn an_empty_listing_is_a_friendly_line_or_an_empty_array() {
    let place = Place::new();
    for name in LISTINGS {
        let ran = place.run(&[name]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        assert!(ran.out.starts_with("There ") && ran.out.ends_with(".\n"), "{name}: {}", ran.out);
        assert_eq!(ran.out.lines().count(), 1, "{name}: {}", ran.out);
        assert_eq!(place.run(&[name, "--json"]).out, "[]\n", "{name}");
        assert_eq!(place.run(&[name, "--quiet"]).out, "", "{name}");
    }
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
    assert_eq!(place.json(&["organizations", "--json"])[0]["status"], "paused");
}

#[test]
fn what_is_wrong_is_said_with_the_field_and_the_remedy() {
    let place = Place::new();
    northfield(&place);
    let euro = "organizations add X --currency EURO --time-zone UTC";
    let late = "organizations change northfield --review hold:0";
    let half = "organizations change northfield --cut-off-hour 6";
    for (line, code, expected) in [
        (euro, 1, "currency"),
        ("organizations add X --currency EUR", 1, "time_zone"),
        ("organizations change nowhere --review none", 1, "brief organizations"),
        (late, 2, "hold:N"),
        (half, 2, "--cut-off-weekday"),
        ("people add nobody", 2, "name@example.com"),
        ("subscriptions add a@b.example", 1, "organization"),
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let ran = place.run(&args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.err.contains(expected), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("panicked") && !ran.err.contains("backtrace"), "{}", ran.err);
        if code == 1 {
            assert_eq!(ran.err.lines().count(), 1, "one line: {}", ran.err);
        }
    }
}

#[test]
fn nobody_is_erased_without_saying_so_twice() {
    let place = Place::new();
    let add = place.run(&["people", "add", "d.ruiz@northfield.example", "--name", "D. Ruiz"]);
    assert_eq!(add.code, 0, "{}", add.err);
    let again = place.run(&["people", "add", "D.Ruiz@Northfield.example"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("already"), "{}", again.err);
    let careless = place.run(&["people", "end", "d.ruiz@northfield.example"]);
    assert_eq!(careless.code, 1);
    assert!(careless.err.contains("--yes"), "{}", careless.err);
    assert_eq!(place.run(&["people", "forget", "d.ruiz@northfield.example", "--yes"]).code, 0);
    let people = place.json(&["people", "--json"]);
    assert_eq!((&people[0]["email"], &people[0]["name"]), (&Value::Null, &Value::from("")));
    let bytes = std::fs::read(place.path().join("var/brief.db")).unwrap();
    let needle = b"d.ruiz@northfield.example";
    assert!(
        !bytes.windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle)),
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
        let rows = place.json(&["subscriptions", "list", "--organization", "northfield", "--json"]);
        (rows[0]["state"].clone(), rows[0]["weekday"].clone(), rows[0]["hour"].clone())
    };
    assert_eq!(state(), ("unconfirmed".into(), "monday".into(), 7.into()));
    let change = ["subscriptions", "change", id, "--weekday", "2", "--hour", "9", "--confirmed"];
    assert_eq!(place.run(&change).code, 0);
    assert_eq!(state(), ("active".into(), "tuesday".into(), 9.into()));
    assert_eq!(place.run(&["subscriptions", "end", id]).out, "Ended.\n");
    assert_eq!(place.run(&["subscriptions", "end", id]).out, "It had ended already.\n");
    assert_eq!(state().0, "ended");
    let consultant = ["subscriptions", "add", "a@advisor.example", "--role", "consultant"];
    assert_eq!(place.run(&consultant).code, 0);
    let table = place.run(&["subscriptions"]).out;
    assert!(table.contains("default"), "{table}");
}

#[test]
fn a_name_cannot_write_to_the_terminal_or_break_the_table() {
    let place = Place::new();
    let name = "A\u{1b}[31m\u{202e}B";
    let args =
        ["organizations", "add", name, "--slug", "a", "--currency", "EUR", "--time-zone", "UTC"];
    assert_eq!(place.run(&args).code, 0);
    let wide = "W".repeat(110);
    let args =
        ["organizations", "add", &wide, "--slug", "w", "--currency", "EUR", "--time-zone", "UTC"];
    assert_eq!(place.run(&args).code, 0);
    let piped = place.run(&["organizations"]).out;
    assert!(!piped.contains(['\u{1b}', '\u{202e}']) && piped.contains(&wide), "{piped}");
    let output = place.brief(&["organizations"]).env("COLUMNS", "72").output().unwrap();
    let narrow = String::from_utf8(output.stdout).unwrap();
    assert_eq!(narrow.lines().count(), 3, "{narrow}");
    assert!(narrow.lines().all(|line| line.chars().count() <= 72), "{narrow}");
}

#[test]
fn somebody_is_invited_once_and_gets_nothing_before_they_confirm() {
    let place = Place::new();
    northfield(&place);
    let invite =
        ["subscriptions", "invite", "cfo@northfield.example", "--organization", "northfield"];
    let invited = place.json(&[&invite[..], &["--role", "owner", "--json"]].concat());
    assert_eq!((&invited["invited"], &invited["left"]), (&Value::Bool(true), &Value::Bool(true)));
    let listed =
        place.json(&["subscriptions", "--json", "list", "--email", "cfo@northfield.example"]);
    assert_eq!((&listed[0]["state"], &listed[0]["role"]), (&"unconfirmed".into(), &"owner".into()));
    let folder = place.path().join("var/outbox-notices");
    let mail = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(mail.path()).unwrap();
    assert!(text.contains("To: cfo@northfield.example") && text.contains("/confirm/"), "{text}");
    for (args, told) in [
        (&["subscriptions", "invite", "x"][..], "write it as name@example.com"),
        (&["subscriptions", "invite", "x@client.example", "--organization", "nowhere"], "nowhere"),
        (&["subscriptions", "invite", "x@client.example"], "organization"),
    ] {
        let ran = place.run(args);
        assert!(ran.code != 0 && ran.err.contains(told), "{args:?}: {}", ran.err);
    }
    let added = ["subscriptions", "add", "coo@northfield.example", "--organization", "northfield"];
    assert_eq!(place.run(&[&added[..], &["--confirmed"]].concat()).code, 0);
    let again =
        ["subscriptions", "invite", "coo@northfield.example", "--organization", "northfield"];
    let ran = place.run(&again);
    assert!(ran.code == 1 && ran.err.contains("gets it already"), "{}", ran.err);
}
