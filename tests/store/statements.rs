//! Every statement of the program fits the schema of both engines.

use back_office_brief::store::{self, Db, records};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

use crate::on_both;

async fn prepare(db: &Db, text: String) -> Result<(), sqlx::Error> {
    let text = AssertSqlSafe(text).into_sql_str();
    match db {
        Db::Sqlite(pool, _) => pool.prepare(text).await.map(drop),
        Db::Postgres(pool, _) => pool.prepare(text).await.map(drop),
    }
}

on_both! {
    async fn every_statement_prepares(db: Db) {
        assert!(prepare(&db, "SELECT nope FROM organization".to_owned()).await.is_err());
        let statements = store::statements();
        assert!(statements.len() > 60, "{} statements are listed", statements.len());
        for (name, sql) in statements {
            let text = sql.on(&db).to_owned();
            prepare(&db, text).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }

    async fn every_record_has_the_columns_of_its_table(db: Db) {
        for (table, columns) in records::ALL {
            let marks: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
            let text = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), marks.join(", "));
            prepare(&db, text).await.unwrap_or_else(|e| panic!("{table}: {e}"));
        }
    }
}

/// A statement outside the table would be one that no test ever prepares.
#[test]
fn no_statement_is_written_where_it_is_used() {
    let mut files: Vec<_> = vec![std::path::PathBuf::from("src/store")];
    let mut found = Vec::new();
    let mut modules = 0;
    while let Some(path) = files.pop() {
        if path.ends_with("sql.rs") {
            continue;
        }
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        modules += usize::from(source.contains("\nstatements! {"));
        for (number, line) in source.lines().enumerate() {
            let literal =
                ["query(\"", "query_as(\"", "query_scalar(\"", "Sql::both(", "Sql::each("]
                    .iter()
                    .any(|q| line.contains(q));
            // Connection upkeep that both engines understand word for word, or only one knows.
            let upkeep =
                ["ANALYZE", "VACUUM INTO", "current_setting"].iter().any(|u| line.contains(u));
            if literal && !upkeep {
                found.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "declare these with statements!: {found:?}");
    let listed: std::collections::BTreeSet<String> = store::statements()
        .into_iter()
        .filter_map(|(name, _)| name.split_once("::").map(|(module, _)| module.to_owned()))
        .collect();
    assert_eq!(
        listed.len(),
        modules,
        "every module with statements! is listed in store::statements()"
    );
}
