//! `brief source`, as it is typed.

use assert_cmd::Command;
use serde_json::Value;

use crate::foreign::Foreign;
use crate::house::entry;

/// `brief` in a folder of its own, with these sources.
fn brief(folder: &tempfile::TempDir, sources: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("brief").unwrap();
    command.current_dir(folder.path()).env_clear().env("HOME", folder.path());
    command.env("BRIEF__SOURCE", sources).args(arguments);
    let out = command.args(["--now", "2026-11-10T09:00:00Z"]).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn json(folder: &tempfile::TempDir, sources: &str, arguments: &[&str]) -> (i32, Value) {
    let arguments = [arguments, &["--json"]].concat();
    let (code, out, err) = brief(folder, sources, &arguments);
    (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out} {err}")))
}

#[tokio::test]
async fn a_source_is_listed_checked_read_and_taken_back() {
    let foreign = Foreign::sqlite().await.expect("a file");
    let (folder, sources) = (tempfile::tempdir().unwrap(), one(&foreign));
    let (code, listed) = json(&folder, &sources, &["source", "list"]);
    assert_eq!(
        (code, &listed[0]["state"], &listed[0]["is_due"]),
        (0, &"never".into(), &true.into())
    );
    assert_eq!(listed[0]["queries"], serde_json::json!(["organizations", "gaps", "changes"]));

    let (code, checked) = json(&folder, &sources, &["source", "check", "erp"]);
    let gaps = &checked[0]["queries"][1];
    assert_eq!(
        (code, gaps["rows"].as_u64(), gaps["would_write"].as_u64()),
        (0, Some(3), Some(3)),
        "{checked}"
    );
    let (code, out, _) = brief(&folder, &sources, &["source", "check"]);
    assert_eq!(code, 0);
    assert!(out.contains("Every query can be taken. Nothing was written."), "{out}");
    assert_eq!(
        json(&folder, &sources, &["imports"]).1,
        serde_json::json!([]),
        "a look writes nothing"
    );

    let (_, dry) = json(&folder, &sources, &["source", "pull", "--dry-run"]);
    assert_eq!(dry[0]["written"], 7, "{dry}");
    let (code, out, _) = brief(&folder, &sources, &["source", "pull", "erp"]);
    assert!(code == 0 && out.starts_with("erp: 7 rows, 7 written, 0 rejected."), "{out}");
    let (_, again) = json(&folder, &sources, &["source", "pull"]);
    assert_eq!((&again[0]["outcome"], &again[0]["report"]), (&"unchanged".into(), &Value::Null));
    let (_, listed) = json(&folder, &sources, &["source", "list"]);
    assert_eq!(
        (listed[0]["organizations"].as_i64(), listed[0]["rows"].as_i64()),
        (Some(1), Some(7))
    );

    let (_, imports) = json(&folder, &sources, &["imports"]);
    assert_eq!(imports[0]["path"], "source:erp/changes");
    let id = imports[0]["id"].as_str().unwrap();
    let (code, voided) = json(&folder, &sources, &["imports", "void", id]);
    assert_eq!((code, voided["events"].as_i64()), (0, Some(3)), "{voided}");
}

#[tokio::test]
async fn what_is_wrong_is_told_all_at_once_and_one_broken_query_hides_no_other() {
    let foreign = Foreign::sqlite().await.expect("a file");
    let folder = tempfile::tempdir().unwrap();
    let queries = [
        ("organizations", "SELECT code AS external_id, zone, label FROM site".to_owned()),
        ("people", "SELEC 1".to_owned()),
        ("gaps", "SELECT no AS external_id, 'north' AS organization, place AS area, 'no_source' AS category, \
            weight AS severity, label AS title, found AS opened_on FROM issue".to_owned()),
    ];
    let sources = format!("[{}]", entry("erp", &foreign.url, "", &queries));
    let (code, checked) = json(&folder, &sources, &["source", "check"]);
    assert_eq!(code, 1);
    let problems =
        |query: usize| checked[0]["queries"][query]["problems"].as_array().unwrap().clone();
    let said: Vec<String> = problems(0).iter().map(|p| p.as_str().unwrap().to_owned()).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    for told in [
        "no column \"zone\"",
        "no column \"label\"",
        "no column \"name\"",
        "no column \"currency\"",
    ] {
        assert!(said.iter().any(|line| line.contains(told)), "{told} is not in {said:?}");
    }
    assert!(
        problems(1)[0].as_str().unwrap().contains("source erp, query people: it was refused (near")
    );
    let gaps = &checked[0]["queries"][2];
    assert_eq!((gaps["rows"].as_u64(), gaps["rejected"].as_u64()), (Some(3), Some(3)), "{gaps}");
    let example = gaps["examples"][0].as_str().unwrap();
    assert!(
        example.starts_with("row 1, column organization: organization \"north\" is not known"),
        "{example}"
    );

    let (code, _, err) = brief(&folder, &sources, &["source", "pull", "--quiet"]);
    assert_eq!(
        (code, err.as_str()),
        (1, ""),
        "what is wrong with a source is a result, and the exit code says so"
    );
    let (code, _, err) = brief(&folder, &sources, &["source", "check", "crm"]);
    assert_eq!(code, 1);
    assert_eq!(
        err,
        "error: source crm: there is no such source in the settings; `brief source list` shows them all\n"
    );
}

#[tokio::test]
async fn one_tick_by_hand_reads_first_and_plans_whatever_comes_of_it() {
    let foreign = Foreign::sqlite().await.expect("a file");
    let folder = tempfile::tempdir().unwrap();
    let broken = entry("broken", "sqlite:///nowhere/x.db", "", &[("gaps", "SELECT 1".to_owned())]);
    let good = entry("erp", &foreign.url, "", &foreign.queries());
    let sources = format!("[{broken}, {good}]");
    let (code, out, err) = brief(&folder, &sources, &["run", "--once"]);
    assert_eq!(code, 0, "{out} {err}");
    let (_, checks) = json(&folder, &sources, &["doctor"]);
    let own = checks.as_array().unwrap().iter().filter(|check| check["check"] == "source");
    let states: Vec<&Value> = own.map(|check| &check["state"]).collect();
    assert_eq!(states, ["warn", "ok"]);
    let (_, listed) = json(&folder, &sources, &["source", "list"]);
    assert_eq!((&listed[0]["state"], &listed[1]["state"]), (&"failed".into(), &"written".into()));
    assert!(
        listed[0]["error"]
            .as_str()
            .unwrap()
            .contains("source broken: it cannot be opened (unable to open database file)"),
        "{listed}"
    );
}

#[test]
fn the_settings_hide_the_password_and_say_what_is_wrong_with_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://u:hunter2@db.client.example/erp";
    let sources = format!("[{}]", entry("erp", url, "", &[("gaps", "SELECT 1".to_owned())]));
    let (code, out, _) = brief(&folder, &sources, &["config"]);
    assert!(code == 0 && out.contains("postgres://u:***@db.client.example/erp"), "{out}");
    assert!(!out.contains("hunter2"), "{out}");
    let (_, out, _) = brief(&folder, &sources, &["source", "list"]);
    assert!(out.contains("***") && !out.contains("hunter2"), "{out}");
}

/// The settings of one source that answers all of a register.
fn one(foreign: &Foreign) -> String {
    format!("[{}]", entry("erp", &foreign.url, "", &foreign.queries()))
}
