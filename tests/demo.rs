//! `brief demo` as a newcomer runs it: the binary, a folder, and what is in it afterwards.

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "the other tests of the binary use more of it")]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use back_office_brief::store::Db;
use mail_parser::MessageParser;
use serde_json::Value;
use sqlx::Row;
use support::{Place, Ran};

const NOW: &str = "2026-11-26T09:00:00Z";

fn mails(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, std::fs::read(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

/// Facts of every edition of a kind in a week.
async fn editions(folder: &Path, week: &str) -> Vec<(String, Value)> {
    let url = format!("sqlite://{}", folder.join("brief.db").display());
    let db = Db::open(&url).await.unwrap();
    let Db::Sqlite(pool, _) = &db else { unreachable!("a demo is a file") };
    let rows =
        sqlx::query("SELECT kind, facts FROM edition WHERE iso_week = $1 AND facts IS NOT NULL")
            .bind(week)
            .fetch_all(pool)
            .await
            .unwrap();
    let read = |row: &sqlx::sqlite::SqliteRow| {
        let facts: String = row.get("facts");
        (row.get("kind"), serde_json::from_str(&facts).unwrap())
    };
    let found = rows.iter().map(read).collect();
    db.close().await;
    found
}

#[tokio::test]
async fn the_first_command_shows_every_situation_and_closes_its_run() {
    let place = Place::new();
    let ran = place.run(&["demo", "--no-serve", "--dir", "d", "--now", NOW]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("Run 2026-W48: 33 expected ="), "{}", ran.out);
    assert!(ran.out.contains("The run closes."), "{}", ran.out);
    for shown in [
        "j.whitcomb@northfield.example",
        "ERP cutover: 17 weeks late at this pace",
        "3 of your 6 clients need you this week",
        "paused",
        "quiet_week",
        "held",
    ] {
        assert!(ran.out.contains(shown), "{shown} is missing from {}", ran.out);
    }
    for nobody in ["partners@aldgate.example", "not.yet@harbour-tools.example"] {
        assert!(!ran.out.contains(nobody), "{nobody} never confirmed");
    }
    let folder = place.path().join("d");
    let outbox = mails(&folder.join("outbox"));
    assert!(20 <= outbox.len(), "{} mails", outbox.len());
    for (name, bytes) in &outbox {
        let mail = MessageParser::default().parse(bytes).unwrap();
        assert!(mail.subject().is_some_and(|s| !s.is_empty()), "{name}");
        assert!(mail.body_text(0).unwrap().contains("BACK OFFICE BRIEF"), "{name}");
        let to = mail.to().unwrap().first().unwrap().address().unwrap().to_owned();
        assert!(to.ends_with(".example"), "{name}: {to}");
        let date = mail.date().unwrap().to_rfc3339();
        assert!("2026-11-21" < date.as_str() && date.as_str() <= "2026-11-25", "{name}: {date}");
    }
    situations(&editions(&folder, "2026-W48").await);
    assert!(11 * 20 <= mails(&folder.join("earlier")).len());
    nudges(&place);
}

/// What the command lists of what the portfolios drafted.
fn nudges(place: &Place) {
    let list = |args: &[&str]| {
        let mut command = place.brief(&[&["nudges"][..], args].concat());
        Ran::from(command.env("BRIEF__DATABASE__URL", "sqlite://d/brief.db").output().unwrap())
    };
    let rows: Vec<Value> = serde_json::from_str(&list(&["--json", "--limit", "9"]).out).unwrap();
    assert!(!rows.is_empty() && rows.len() <= 9, "{rows:?}");
    for row in &rows {
        let says = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        assert!(says("text").starts_with("When ") && !says("organization").is_empty(), "{row}");
        assert!(!row.to_string().contains('@'), "an address is told: {row}");
    }
    let own = rows[0]["organization"].as_str().unwrap();
    let of_one = list(&["--organization", own, "--state", rows[0]["state"].as_str().unwrap()]);
    assert!(of_one.out.contains(rows[0]["id"].as_str().unwrap()), "{}", of_one.out);
    assert_eq!(
        list(&["--state", "sent"]).out,
        "There are no such nudges.\n",
        "nobody approved one"
    );
    let wrong = list(&["--state", "lost"]);
    assert!(wrong.code == 2 && wrong.err.contains("drafted"), "{}", wrong.err);
    assert_eq!(list(&["--organization", "nowhere"]).code, 1);
}

fn every_verdict(leaders: &[&Value]) {
    let verdicts: BTreeSet<&str> =
        leaders.iter().filter_map(|f| f["implementations"][0]["verdict"].as_str()).collect();
    let every = [
        "assessment_limits",
        "late",
        "live",
        "no_date",
        "no_go_live",
        "not_assessed",
        "on_time",
        "ready_now",
        "too_early",
    ];
    assert_eq!(verdicts, BTreeSet::from(every));
}

fn situations(editions: &[(String, Value)]) {
    let leader = |facts: &&(String, Value)| facts.0 == "leader";
    let all: Vec<&Value> = editions.iter().filter(leader).map(|(_, facts)| facts).collect();
    every_verdict(&all);
    let some = |what: &str, holds: &dyn Fn(&Value) -> bool| {
        assert!(all.iter().any(|facts| holds(facts)), "nobody's week: {what}");
    };
    some("first", &|f| f["week"]["first"] == true);
    some("quiet", &|f| f["week"]["quiet"] == true && f["week"]["quiet_weeks"] == 1);
    some("third quiet", &|f| f["week"]["quiet"] == true && f["week"]["quiet_weeks"] == 3);
    some("all closed", &|f| f["exposure"]["open_gaps"] == 0);
    some("nothing priced", &|f| {
        f["exposure"]["priced_gaps"] == 0 && f["exposure"]["open_gaps"] != 0
    });
    some("two implementations", &|f| f["implementations"].as_array().unwrap().len() == 2);
    some("restated", &|f| !f["week"]["restated"].is_null());
    some("a note", &|f| !f["note"].is_null());
    for kind in ["go_live_on", "reopened", "opened"] {
        some(kind, &|f| f["changes"].as_array().unwrap().iter().any(|c| c["kind"] == kind));
    }
    for currency in ["JPY", "KWD", "EUR", "IDR"] {
        some(currency, &|f| f["organization"]["currency"] == currency);
    }
    kinds_and_reported_points(editions, &all);
}

fn kinds_and_reported_points(editions: &[(String, Value)], leaders: &[&Value]) {
    let kinds: BTreeSet<&str> = editions.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, BTreeSet::from(["leader", "owner", "portfolio", "public"]));
    // What was mailed in earlier weeks stands beside what is known now.
    let northfield =
        leaders.iter().find(|f| f["organization"]["slug"] == "northfield-supply").unwrap();
    let points = northfield["implementations"][0]["points"].as_array().unwrap();
    let reported = points.iter().filter(|p| !p["reported_milli"].is_null()).count();
    assert!(7 <= reported, "{points:?}");
}

#[test]
fn a_second_run_starts_afresh_and_a_strange_folder_is_left_alone() {
    let place = Place::new();
    let demo = ["demo", "--no-serve", "--dir", "d", "--now", NOW, "--json"];
    let first = place.json(&demo);
    place.write("d/outbox/left-over.eml", "Subject: old\r\n\r\n");
    let second = place.json(&demo);
    let what = |report: &Value| -> Vec<(Value, Value, Value)> {
        let rows = report["deliveries"].as_array().unwrap().iter();
        rows.map(|r| (r["to"].clone(), r["subject"].clone(), r["state"].clone())).collect()
    };
    assert_eq!(what(&first), what(&second));
    assert!(!place.path().join("d/outbox/left-over.eml").exists());
    let sent = what(&second).iter().filter(|row| row.2 == "sent").count();
    assert_eq!(mails(&place.path().join("d/outbox")).len(), sent);

    place.write("mine/thesis.txt", "do not touch");
    let ran = place.run(&["demo", "--no-serve", "--dir", "mine"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no demo made"), "{}", ran.err);
    assert!(place.path().join("mine/thesis.txt").exists());
    let ran = place.run(&["demo", "--no-serve", "--dir", "what?"]);
    assert!(ran.code == 1 && ran.err.contains("use a name without"), "{}", ran.err);
}

#[test]
fn the_demo_does_not_touch_what_is_configured() {
    let place = Place::new();
    place.write("config/local.toml", "[relay]\nurl = \"smtp://127.0.0.1:9\"\n");
    let ran = place.run(&["demo", "--no-serve", "--now", NOW, "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(place.path().join("var/demo/outbox").is_dir());
    assert!(!place.path().join("var/brief.db").exists());
}

#[test]
fn the_seed_is_written_once_and_says_what_it_wrote() {
    let place = Place::new();
    let seed = ["seed", "--organizations", "4", "--recipients", "5", "--weeks", "6", "--seed", "3"];
    let wrote = place.json(&[&seed[..], &["--until", "2026-11-22", "--json"]].concat());
    assert_eq!(wrote["organizations"], 4);
    assert_eq!(wrote["subscriptions"], 20);
    let again = place.run(&[&seed[..], &["--until", "2026-11-22"]].concat());
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is in this database already"), "{}", again.err);
    let run = place.json(&["run", "--once", "--json", "--now", "2026-11-24T12:00:00Z"]);
    assert_eq!((&run["sent"], &run["closes"]), (&Value::from(20), &Value::from(true)));
}
