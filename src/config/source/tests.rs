//! What people rely on when they name a source.

use std::path::Path;

use secrecy::ExposeSecret;

use super::*;
use crate::config::{ConfigError, Settings, Sources, load};

/// The settings with a file in a folder of its own.
fn with(folder: &Path, text: &str) -> Result<Settings, ConfigError> {
    let path = folder.join("brief.toml");
    std::fs::write(&path, text).unwrap();
    load(&Sources { file: Some(path), environment: Vec::new() })
}

/// What is said about an entry.
fn wrong(entry: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    with(folder.path(), &format!("[[source]]\n{entry}")).unwrap_err().to_string()
}

#[test]
fn there_is_none_until_one_is_set() {
    assert!(Settings::built_in().sources.is_empty());
}

#[test]
fn an_entry_has_defaults_and_its_queries_stand_in_the_file_or_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let sql = folder.path().join("changes.sql");
    std::fs::write(&sql, "SELECT 2 -- the history\n").unwrap();
    let text = format!(
        "[[source]]\nname = \"erp\"\nurl = \"postgres://u:hunter2@db/erp\"\n\
         query.changes_file = {:?}\nquery.gaps = \"\"\"\n  SELECT 1\"\"\"\n\
         [[source]]\nname = \"crm-2\"\nurl = \"sqlite://crm.db\"\norganization = \"acme\"\n\
         map = \"crm.toml\"\nlead = \"30m\"\nevery = \"none\"\nstatement_timeout = \"5s\"\n\
         max_rows = 10\nstale_after_days = 14\n[source.query]\npeople = \"SELECT 3\"\n",
        sql.display().to_string()
    );
    let settings = with(folder.path(), &text).unwrap();
    let [erp, crm] = settings.sources.as_slice() else { panic!("two sources") };
    assert_eq!((erp.name.as_str(), erp.max_rows, erp.stale_after_days), ("erp", 100_000, 7));
    assert_eq!(
        (erp.lead, erp.every, erp.statement_timeout),
        (LEAD, Some(EVERY), STATEMENT_TIMEOUT)
    );
    let asked: Vec<(&str, &str)> = erp.queries.iter().map(|q| (q.kind, q.sql.as_str())).collect();
    assert_eq!(asked, [("gaps", "SELECT 1"), ("changes", "SELECT 2 -- the history")]);
    assert_eq!(crm.url.expose_secret(), "sqlite://crm.db");
    assert_eq!((crm.every, crm.max_rows, crm.stale_after_days), (None, 10, 14));
    assert_eq!((crm.organization.as_deref(), crm.queries[0].kind), (Some("acme"), "people"));
    assert_eq!(crm.map.as_deref(), Some(Path::new("crm.toml")));
    let shown = format!("{:?} {settings:?}", settings.shown());
    assert!(shown.contains("postgres://u:***@db/erp") && shown.contains("query.gaps"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn the_environment_takes_the_place_of_the_whole_list() {
    let of = |value: &str| {
        let environment = vec![("BRIEF__SOURCE".to_owned(), value.to_owned())];
        load(&Sources { file: None, environment })
    };
    let set =
        of("[{ name = \"erp\", url = \"sqlite://erp.db\", query.gaps = \"SELECT 1\" }]").unwrap();
    assert_eq!(set.sources[0].queries[0].sql, "SELECT 1");
    let text = of("erp").unwrap_err().to_string();
    assert!(text.contains("BRIEF__SOURCE: source: this is not a list in TOML"), "{text}");
    let environment = vec![("BRIEF__NONSENSE".to_owned(), String::new())];
    let text = load(&Sources { file: None, environment }).unwrap_err().to_string();
    assert!(text.contains("the name has no section and key"), "{text}");
}

#[test]
fn what_is_wrong_is_said_with_its_entry_and_never_a_password() {
    let fine = "name = \"erp\"\nurl = \"postgres://u:hunter2@db/erp\"\nquery.gaps = \"SELECT 1\"\n";
    for (entry, told) in [
        (
            fine.replace("\"erp\"", "\"The ERP\""),
            "its name must be small letters, digits and hyphens",
        ),
        (
            fine.replace("postgres://", "oracle://"),
            "its url must read postgres://USER:PASSWORD@HOST/NAME",
        ),
        (fine.replace("name = \"erp\"", ""), "it lacks name; add name = \"...\""),
        (fine.replace("query.gaps = \"SELECT 1\"", ""), "it asks nothing; add query.gaps"),
        (
            fine.replace("query.gaps", "query.gap"),
            "it has a key \"query.gap\"; the keys are name, url",
        ),
        (format!("{fine}query.gaps_file = \"gaps.sql\""), "gaps.sql cannot be read ("),
        (format!("{fine}query.people = \" \""), "its query.people must not be empty"),
        (
            format!("{fine}lead = \"200h\""),
            "its lead must be a time span such as 30s or 2h, up to 168h",
        ),
        (
            format!("{fine}every = \"often\""),
            "its every must be a time span such as 6h, or \"none\"",
        ),
        (format!("{fine}statement_timeout = \"2h\""), "such as 30s or 2h, up to 1h"),
        (format!("{fine}max_rows = 0"), "its max_rows must be a whole number, 1 to 1000000"),
        (
            format!("{fine}stale_after_days = \"7\""),
            "its stale_after_days must be a whole number, 1 to 365",
        ),
        (format!("{fine}[[source]]\n{fine}"), "its name is that of an earlier source"),
    ] {
        let text = wrong(&entry);
        assert!(text.contains("source: entry "), "{text}");
        assert!(text.contains(told) && !text.contains("hunter2"), "{told:?} is not in {text}");
    }
}

#[test]
fn a_query_is_written_in_one_place() {
    let folder = tempfile::tempdir().unwrap();
    let sql = folder.path().join("gaps.sql");
    std::fs::write(&sql, "SELECT 1").unwrap();
    let text = wrong(&format!(
        "name = \"erp\"\nurl = \"sqlite://erp.db\"\nquery.gaps = \"SELECT 1\"\nquery.gaps_file = {:?}",
        sql.display().to_string()
    ));
    assert!(text.contains("it has both query.gaps and query.gaps_file; keep one"), "{text}");
}
