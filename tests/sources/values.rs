//! What each engine's values are in a cell.

use back_office_brief::import::kind::FileKind;
use back_office_brief::import::map::Map;
use back_office_brief::import::read::Rows;
use back_office_brief::source;
use back_office_brief::store::Db;

use crate::foreign::Foreign;
use crate::house::{entry, world};

/// The cells of the rows that a query answers, under the columns of a promise.
async fn cells(db: &Db, foreign: &Foreign, sql: &str) -> Vec<Vec<String>> {
    let entry = entry("erp", &foreign.url, "", &[("promises", sql.to_owned())]);
    let world = world(db.clone(), &[entry]);
    let fetched = source::fetch(&world.settings.sources[0], None).await.expect("it can be read");
    assert_eq!(fetched.tables[0].kind, FileKind::Promises);
    let mut rows = Rows::of(&fetched.tables[0], &Map::default()).expect("rows");
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().expect("a row") {
        found.push(row.values);
    }
    found
}

async fn one(db: &Db, foreign: &Foreign, values: [&str; 5]) -> Vec<String> {
    let names = ["session", "text", "owner", "due", "done"];
    let columns: Vec<String> =
        values.iter().zip(names).map(|(value, name)| format!("{value} AS {name}")).collect();
    let mut rows = cells(db, foreign, &format!("SELECT {}", columns.join(", "))).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[tokio::test]
async fn a_file_knows_types_by_value() {
    let (db, _folder) = crate::support::sqlite().await;
    let foreign = Foreign::sqlite().await.expect("a file");
    let row =
        one(&db, &foreign, ["'Zoë, \"Z\"'", "12.0", "NULL", "DATE('2026-11-16')", "1 = 1"]).await;
    assert_eq!(row, ["Zoë, \"Z\"", "12", "", "2026-11-16", "1"]);
    let row =
        one(&db, &foreign, ["9007199254740993", "0.1", "''", "'2026-11-16 09:00:00'", "x'6869'"])
            .await;
    assert_eq!(row, ["9007199254740993", "0.1", "", "2026-11-16 09:00:00", "hi"]);
}

#[tokio::test]
async fn a_postgres_has_the_forms_of_a_file() {
    let (db, _folder) = crate::support::sqlite().await;
    let Some(foreign) = Foreign::postgres().await else {
        return;
    };
    foreign.exec("CREATE TYPE mood AS ENUM ('so', 'la'); CREATE DOMAIN tag AS VARCHAR(9)").await;
    let row = one(
        &db,
        &foreign,
        ["'Zoë, \"Z\"'", "12.00::numeric", "NULL::text", "DATE '2026-11-16'", "true"],
    )
    .await;
    assert_eq!(row, ["Zoë, \"Z\"", "12", "", "2026-11-16", "true"]);
    let row = one(
        &db,
        &foreign,
        [
            "'so'::mood",
            "'x'::tag",
            "'{\"a\": [1, 2]}'::jsonb",
            "TIMESTAMPTZ '2026-11-16 09:00:00+01'",
            "false",
        ],
    )
    .await;
    assert_eq!(row, ["so", "x", "{\"a\": [1, 2]}", "2026-11-16T08:00:00Z", "false"]);
    let row = one(
        &db,
        &foreign,
        [
            "TIMESTAMP '2026-11-16 09:00:00.5'",
            "1.5::float8",
            "9007199254740993::bigint",
            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
            "12.50::numeric",
        ],
    )
    .await;
    assert_eq!(
        row,
        [
            "2026-11-16T09:00:00.5",
            "1.5",
            "9007199254740993",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "12.50"
        ]
    );
    let said = unreadable(&db, &foreign, "'{1,2}'::int[]").await;
    assert!(
        said.contains("query promises, column text: its type is INT4[], which is no text"),
        "{said}"
    );
    assert!(said.ends_with("; cast it in the query, or leave it out"), "{said}");
}

#[tokio::test]
async fn a_mariadb_has_the_forms_of_a_file() {
    let (db, _folder) = crate::support::sqlite().await;
    let Some(foreign) = Foreign::mariadb().await else {
        return;
    };
    foreign
        .exec("CREATE TABLE t (d DATE, z DATE, dt DATETIME(3), ts TIMESTAMP NULL, e ENUM('so', 'la'), \
            b TINYINT(1), n DECIMAL(12,2), u BIGINT UNSIGNED, j JSON, x TEXT COLLATE utf8mb4_bin); \
            SET sql_mode = ''; SET time_zone = '+01:00'; INSERT INTO t VALUES ('2026-11-16', '0000-00-00', \
            '2026-11-16 09:00:00', '2026-11-16 09:00:00', 'la', 1, 12.00, 18446744073709551615, '[1]', 'Zoë')")
        .await;
    let row = cells(
        &db,
        &foreign,
        "SELECT d AS session, z AS text, dt AS owner, ts AS due, e AS done FROM t",
    )
    .await;
    assert_eq!(row[0], ["2026-11-16", "", "2026-11-16T09:00:00", "2026-11-16T08:00:00Z", "la"]);
    let row = cells(
        &db,
        &foreign,
        "SELECT b AS session, n AS text, u AS owner, j AS due, x AS done FROM t",
    )
    .await;
    assert_eq!(row[0], ["1", "12", "18446744073709551615", "[1]", "Zoë"]);
    let said = unreadable(&db, &foreign, "POINT(1, 2)").await;
    assert!(said.contains("column text: its type is GEOMETRY"), "{said}");
    let said = unreadable(&db, &foreign, "UNHEX('FF')").await;
    assert!(said.contains("column text: one of its values is not text in UTF-8"), "{said}");
}

async fn unreadable(db: &Db, foreign: &Foreign, value: &str) -> String {
    let sql = format!("SELECT 's' AS session, {value} AS text");
    let entry = entry("erp", &foreign.url, "", &[("promises", sql)]);
    let world = world(db.clone(), &[entry]);
    source::fetch(&world.settings.sources[0], None)
        .await
        .expect_err("it cannot be read")
        .to_string()
}
