//! Configuration as an operator meets it.

use crate::support::{Place, Ran};

#[test]
fn with_nothing_set_everything_is_on_this_machine() {
    let place = Place::new();
    let rows = place.json(&["config", "--json"]);
    let value = |key: &str| {
        let rows = rows.as_array().unwrap();
        rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key}"))["value"]
            .clone()
    };
    assert_eq!(value("database.url"), "sqlite://var/brief.db");
    assert_eq!(value("relay.url"), "file://var/outbox");
    assert_eq!(value("relay.connections"), 8);
    assert_eq!(value("model.stall_days"), 21);
    assert!(rows.as_array().unwrap().iter().all(|row| row["from"] == "default"));
}

#[test]
fn a_misspelt_key_is_named_with_its_file_and_line() {
    let place = Place::new();
    place.write("config/local.toml", "[relay]\nconections = 3\n");
    let ran = place.run(&["config"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "error: the configuration cannot be used: config/local.toml line 2: relay.conections: \
         there is no such setting; did you mean relay.connections?\n"
    );
    assert_eq!(ran.out, "");
}

#[test]
fn the_environment_overrides_the_file_that_is_named() {
    let place = Place::new();
    place.write("config/local.toml", "[relay]\nconnections = 1\n");
    place.write("other.toml", "[relay]\nconnections = 5\nper_domain = 7\n");
    let ran = Ran::from(
        place
            .brief(&["--config", "other.toml", "config", "relay"])
            .env("BRIEF__RELAY__CONNECTIONS", "6")
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let line = |key: &str| {
        let line = ran.out.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        line("relay.connections"),
        "relay.connections 6 environment variable BRIEF__RELAY__CONNECTIONS"
    );
    assert_eq!(line("relay.per_domain"), "relay.per_domain 7 other.toml line 3");
    assert!(!ran.out.contains("mail.from"), "{}", ran.out);
}

#[test]
fn what_config_prints_can_be_written_back_as_configuration() {
    let place = Place::new();
    place.write("config/local.toml", "[relay]\nrate_per_second = 40\n[log]\nformat = \"json\"\n");
    let before = place.json(&["config", "--json"]);
    let dotted: String = before
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} = {}\n", row["key"].as_str().unwrap(), row["value"]))
        .collect();
    place.write("again.toml", &dotted);
    let after = place.json(&["--config", "again.toml", "config", "--json"]);
    let values = |rows: &serde_json::Value| {
        let rows = rows.as_array().unwrap();
        rows.iter().map(|row| (row["key"].clone(), row["value"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(values(&before), values(&after));
}

#[test]
fn no_password_is_printed_by_a_listing_or_an_error() {
    let place = Place::new();
    let with = |relay: &str, args: &[&str]| {
        Ran::from(
            place
                .brief(args)
                .env("BRIEF__DATABASE__URL", "postgres://brief:hunter2@localhost/brief")
                .env("BRIEF__RELAY__URL", relay)
                .output()
                .unwrap(),
        )
    };
    let fine = with("smtp://brief:hunter2@localhost:2525", &["config"]);
    assert_eq!(fine.code, 0, "{}", fine.err);
    assert!(fine.out.contains("smtp://brief:***@localhost:2525"), "{}", fine.out);
    let refused = with("smtp://brief:hunter2@relay.example", &["config"]);
    assert_eq!(refused.code, 1);
    for key in ["mail.from", "mail.reply_to", "mail.postal_address", "mail.domain"] {
        assert!(refused.err.contains(key), "{}", refused.err);
    }
    let unusable = with("smtp://brief:hunter2@relay.example:port", &["config", "--json"]);
    assert_eq!(unusable.code, 1);
    for ran in [fine, refused, unusable] {
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
}

#[test]
fn a_setting_that_does_not_exist_cannot_be_asked_for() {
    let ran = Place::new().run(&["config", "colours"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.err,
        "error: there is no section or setting \"colours\"; `brief config` lists every one\n"
    );
}
