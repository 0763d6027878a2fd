//! `brief import` and `brief imports`, as they are typed.

use assert_cmd::Command;
use serde_json::Value;

use crate::desk::{GAPS, IMPLEMENTATIONS, ORGANIZATIONS};

/// `brief` in a folder of its own.
fn brief(folder: &tempfile::TempDir, arguments: &[&str]) -> assert_cmd::assert::Assert {
    let url = format!("sqlite://{}", folder.path().join("brief.db").display());
    let mut command = Command::cargo_bin("brief").unwrap();
    command.current_dir(folder.path()).env("BRIEF__DATABASE__URL", url).args(arguments).assert()
}

fn json(assert: assert_cmd::assert::Assert) -> Value {
    serde_json::from_slice(&assert.success().get_output().stdout).unwrap()
}

#[test]
fn files_are_imported_listed_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("organizations.csv", ORGANIZATIONS),
        ("implementations.csv", IMPLEMENTATIONS),
        ("gaps.csv", GAPS),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let now = ["--now", "2026-11-23T12:00:00Z", "--json", "-q"];
    let report = json(brief(&folder, &[&["import", "."], now.as_slice()].concat()));
    let written: Vec<&Value> =
        report["files"].as_array().unwrap().iter().map(|f| &f["written"]).collect();
    assert_eq!(written, [2, 1, 2]);

    let listed = json(brief(&folder, &["imports", "--json"]));
    let gaps = listed.as_array().unwrap().iter().find(|b| b["kind"] == "gaps").unwrap();
    let id = gaps["id"].as_str().unwrap();
    let voided = json(brief(
        &folder,
        &[&["imports", "void", id, "--why", "a test"], now.as_slice()].concat(),
    ));
    assert_eq!((voided["hidden"].as_i64(), voided["events"].as_i64()), (Some(2), Some(6)));
}

#[test]
fn a_bad_row_is_said_and_kept_and_fatal_when_strict() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("organizations.csv"), ORGANIZATIONS).unwrap();
    // A row that cannot be taken: said on standard output, kept in a file beside us, fatal when strict.
    let gaps = GAPS.replace(",erp,", ",,").replace("payables", "warehouse");
    std::fs::write(folder.path().join("gaps.csv"), gaps).unwrap();
    let mixed = brief(&folder, &["import", ".", "-q", "--now", "2026-11-23T12:00:00Z"]).success();
    let out = String::from_utf8_lossy(&mixed.get_output().stdout).into_owned();
    assert!(out.contains("line 3, column area: \"warehouse\" is not a known area"), "{out}");
    assert!(folder.path().join("gaps.rejects.csv").exists());
    let strict =
        brief(&folder, &["import", "gaps.csv", "--strict", "-q", "--now", "2026-11-23T12:00:00Z"]);
    strict.code(1);
    let error = brief(&folder, &["import", "nothing.csv"]).code(1);
    let said = String::from_utf8_lossy(&error.get_output().stderr).into_owned();
    assert!(said.starts_with("error: nothing.csv: "), "{said}");
}

#[test]
fn an_organization_added_by_hand_is_named_by_its_slug_and_a_file_of_rejects_alone_fails() {
    let folder = tempfile::tempdir().unwrap();
    let gaps = "external_id,organization,area,category,severity,title,opened_on\n\
        g1,northfield-supply,billing,no_source,3,Price lists differ,2026-10-05\n";
    std::fs::write(folder.path().join("gaps.csv"), gaps).unwrap();
    let import = ["import", "gaps.csv", "--now", "2026-11-23T12:00:00Z"];
    let unknown = brief(&folder, &import).code(1);
    let out = String::from_utf8_lossy(&unknown.get_output().stdout).into_owned();
    assert!(out.contains("northfield-supply"), "{out}");
    let add = ["organizations", "add", "Northfield Supply", "--currency", "USD"];
    let zone = ["--time-zone", "America/Chicago", "--now", "2026-11-23T11:00:00Z"];
    brief(&folder, &[add.as_slice(), zone.as_slice()].concat()).success();
    let report = json(brief(&folder, &[import.as_slice(), ["--json", "-q"].as_slice()].concat()));
    assert_eq!(report["files"][0]["written"], 1);
}
