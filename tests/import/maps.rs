//! Map files: someone else's columns and words become ours.

use std::path::Path;

use back_office_brief::import::map::Map;
use back_office_brief::store::Db;

use crate::desk::{Desk, EVENTS, ORGANIZATIONS};
use crate::on_both;

/// A scorecard: other columns, other words, times without a zone, titles that are too long.
const MAP: &str = r#"
time_zone = "America/New_York"
timestamp_formats = ["%m/%d/%Y %H:%M"]
date_formats = ["%m/%d/%Y"]
ignore_files = ["measures.csv"]

[gaps]
files = ["goals.csv"]
rename = { goal = "external_id", agency = "organization", amount = "exposure_inputs.amount_minor", days = "exposure_inputs.period_days", opened = "opened_on" }
drop = ["mapping"]
defaults = { category = "undocumented", severity = 2, exposure_kind = "direct" }
cut = { title = 60 }
skip = [{ column = "mapping", values = ["draft"] }]
[gaps.translate.area.values]
payments = "payables"
[gaps.translate.status]
values = { Done = "closed" }
default = "in_progress"

[changes]
files = ["log.csv"]
rename = { id = "external_id", goal = "gap", told = "recorded_at", "true" = "effective_at" }
skip = [{ column = "kind", values = ["accomplishment"] }]
translate.kind.values = { due_moved_later = "due_on" }
constants = { actor = "scorecard" }
"#;

const GOALS: &str = "goal,agency,area,title,mapping,amount,days,opened,status\n\
    g1,north,payments,\"Check every electronic return against the income that employers have reported for it, before paying\",good,3100065000000,365,10/05/2026,On-Track\n\
    g2,north,billing,Short,draft,,,10/05/2026,On-Track\n";
const LOG: &str = "id,goal,kind,from,to,true,told\n\
    1,g1,opened,,in_progress,10/05/2026 13:07,10/05/2026 13:07\n\
    2,g1,due_moved_later,2026-11-01,2026-12-01,10/31/2026 23:30,2026-11-03T10:00:00\n\
    3,,accomplishment,,P-1,2026-11-20,2026-11-20\n";

on_both! {
    async fn a_map_makes_a_scorecard_ours(db: Db) {
        let desk = Desk::new(&db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("goals.csv", GOALS);
        desk.file("log.csv", LOG);
        desk.file("measures.csv", "x\n1\n");
        desk.file("map.toml", MAP);
        let mut options = desk.options(&[""]);
        options.map = Some(desk.path("map.toml"));
        let report = desk.run(&options).await.unwrap();
        assert!(report.is_complete() && report.ignored.is_empty(), "{report}");
        let counts: Vec<_> = report.files.iter().map(|f| (f.kind, f.read, f.written, f.skipped, f.rejected)).collect();
        assert_eq!(counts, [("organizations", 2, 2, 0, 0), ("gaps", 2, 1, 1, 0), ("changes", 3, 2, 1, 0)], "{report}");
        assert_eq!(
            desk.values(EVENTS).await,
            [
                "severity ->2 2026-10-05",
                "due_on ->2026-11-01 2026-10-05",
                "opened ->in_progress 2026-10-05",
                // 23:30 in New York is 22:30 the same day in Chicago.
                "due_on 2026-11-01>2026-12-01 2026-10-31",
            ]
        );
        assert_eq!(
            desk.value("SELECT title || ' / ' || area || ' / ' || category FROM gap").await,
            "Check every electronic return against the income that / payables / undocumented"
        );
        // 3,100,065,000,000 x 7 / 365, half up.
        assert_eq!(desk.value("SELECT CAST(likely AS TEXT) FROM exposure").await, "59453301370");
        assert_eq!(desk.value("SELECT DISTINCT actor FROM gap_event WHERE external_id IS NOT NULL").await, "scorecard");
    }

    async fn an_encoding_is_read_as_the_map_says(db: Db) {
        let desk = Desk::new(&db);
        desk.file("map.toml", "encoding = \"latin-1\"\n");
        desk.file("organizations.csv", b"external_id,name,currency\na,Caf\xe9 \x80uro,EUR\n");
        let mut options = desk.options(&["organizations.csv"]);
        options.map = Some(desk.path("map.toml"));
        desk.run(&options).await.unwrap();
        assert_eq!(desk.value("SELECT name FROM organization").await, "Café €uro");
    }
}

on_both! {
    async fn two_names_of_an_object_do_not_fill_one_column(db: Db) {
        let desk = Desk::new(&db);
        desk.file("map.toml", "[organizations]\nrename = { label = \"name\" }\n");
        desk.file("organizations.json", "[{\"external_id\": \"a\", \"label\": \"A\", \"currency\": \"EUR\"},\n\
            {\"external_id\": \"b\", \"label\": \"B\", \"currency\": \"EUR\", \"name\": \"C\"}]");
        let mut options = desk.options(&["organizations.json"]);
        options.map = Some(desk.path("map.toml"));
        let report = desk.run(&options).await.unwrap();
        assert_eq!((report.files[0].written, report.files[0].rejected), (1, 1), "{report}");
        let why = &report.files[0].reject_examples[0];
        assert!(why.starts_with("line 2, column name: \"name\" fills the same column of organizations as \"label\""), "{why}");
    }

    async fn bytes_that_the_named_encoding_does_not_have_refuse_the_file(db: Db) {
        let desk = Desk::new(&db);
        let before = desk.totals().await;
        for (encoding, bytes, place) in [
            ("utf-8", &b"Caf\xe9"[..], "line 2, column \"name\": character 4 is not UTF-8, the encoding that the map file names"),
            ("shift_jis", b"\x83\x4a\x82", "line 2, column \"name\": character 2 is not Shift_JIS"),
        ] {
            desk.file("map.toml", format!("encoding = \"{encoding}\"\n"));
            desk.file("organizations.csv", [b"external_id,name,currency\na,", bytes, b",EUR\n"].concat());
            let mut options = desk.options(&["organizations.csv"]);
            options.map = Some(desk.path("map.toml"));
            let report = desk.run(&options).await.unwrap();
            let why = report.files[0].refused.as_deref().unwrap_or_default();
            assert!(why.contains(place), "{encoding}: {why}");
        }
        assert_eq!(desk.totals().await, before);
    }
}

#[test]
fn what_a_map_may_not_say_is_named_with_its_line() {
    for (text, line, reason) in [
        ("colour = 1\n", 1, "unknown field `colour`"),
        ("\n[gaps]\nrenames = {}\n", 3, "unknown field `renames`"),
        (
            "[gaps]\n\nrename = { a = \"colour\" }\n",
            3,
            "\"colour\" is not a column of gaps; the columns are: external_id",
        ),
        ("[gaps]\n[gaps.translate.color.values]\na = \"b\"\n", 2, "\"color\" is not a column"),
        ("[gaps]\ndefaults = { area = [\"billing\"] }\n", 2, "must be text, a number or a date"),
        ("[gaps]\ncut = { title = 0 }\n", 2, "cut to nothing"),
        ("encoding = \"utf-16\"\n", 1, "iconv -f utf-16 -t UTF-8"),
        ("encoding = \"klingon; rm -rf /\"\n", 1, "iconv -f klingonrm-rf -t"),
        ("\ntime_zone = \"Mars\"\n", 2, "is not a time zone"),
        (
            "[organizations]\nrename = { a = \"exposure_inputs.b\" }\n",
            2,
            "is not a column of organizations",
        ),
        ("[gaps\n", 1, ""),
    ] {
        let error = Map::parse(text, Path::new("ours.toml")).expect_err(text).to_string();
        assert!(
            error.starts_with(&format!("ours.toml, line {line}: ")) && error.contains(reason),
            "{text}: {error}"
        );
    }
}

#[test]
fn the_maps_that_are_shipped_are_understood() {
    for name in ["helpdesk-2017.toml", "improper-payments.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/import").join(name);
        let map = Map::read(&path).unwrap();
        assert!(!map.kinds.is_empty(), "{name}");
    }
}

/// The organizations that a companion folder speaks of, under the header of their source.
fn organizations_of(folder: &Path) -> String {
    let mut names: Vec<String> = Vec::new();
    for file in ["implementations.csv", "consultants.csv"] {
        let mut rows = csv::Reader::from_path(folder.join(file)).unwrap();
        let at = rows.headers().unwrap().iter().position(|h| h == "organization").unwrap();
        names.extend(rows.records().map(|r| r.unwrap()[at].to_owned()));
    }
    names.sort();
    names.dedup();
    let rows: Vec<String> = names.iter().map(|n| format!("{n},{n},USD,kind,\n")).collect();
    format!("org_ext_id,name,currency,kind,region\n{}", rows.concat())
}

on_both! {
    async fn the_companion_files_that_are_shipped_load_without_a_reject(db: Db) {
        let desk = Desk::new(&db);
        for (name, told) in [
            ("helpdesk-2017", "2012-07-09T03:00:00Z"),
            ("improper-payments", "2023-10-09T09:00:00Z"),
        ] {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/import");
            desk.file("organizations.csv", organizations_of(&root.join(name)));
            let mut options = desk.options(&["organizations.csv"]);
            options.map = Some(root.join(format!("{name}.toml")));
            assert!(desk.run(&options).await.unwrap().is_complete());
            options.paths = vec![root.join(name)];
            options.map = None;
            options.recorded_at = Some(told.parse().unwrap());
            let report = desk.run(&options).await.unwrap();
            assert!(report.is_complete() && report.ignored.is_empty(), "{report}");
            assert_eq!(report.files.iter().map(|f| f.rejected).sum::<u64>(), 0, "{report}");
        }
        assert_eq!(
            desk.value("SELECT CAST(COUNT(*) AS TEXT) FROM person WHERE email NOT LIKE '%.example'").await,
            "0"
        );
    }
}
