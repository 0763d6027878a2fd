//! Both engines have the same tables, columns and nullability.

use back_office_brief::store::Db;
use sqlx::Row;

use crate::on_both;
use crate::support;

/// Table, column, kind of value, whether NULL is allowed, whether it is part of the primary key.
type Column = (String, String, &'static str, bool, bool);

async fn sqlite_columns(db: &Db) -> Vec<Column> {
    let Db::Sqlite(pool, _) = db else { unreachable!("asked of SQLite") };
    let sql = "SELECT m.name AS tab, c.name AS col, c.type AS typ, c.\"notnull\" AS required, c.pk AS pk
               FROM sqlite_master m JOIN pragma_table_info(m.name) c
               WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations'
               ORDER BY 1, 2";
    let rows = sqlx::query(sql).fetch_all(pool).await.unwrap();
    let kind = |typ: String| match typ.as_str() {
        "INTEGER" => "number",
        "TEXT" => "text",
        "BLOB" => "bytes",
        _ => "unknown",
    };
    rows.iter()
        .map(|r| {
            let required: i64 = r.get("required");
            let pk: i64 = r.get("pk");
            (r.get("tab"), r.get("col"), kind(r.get("typ")), required == 0, pk > 0)
        })
        .collect()
}

async fn postgres_columns(db: &Db) -> Vec<Column> {
    let Db::Postgres(pool, _) = db else { unreachable!("asked of PostgreSQL") };
    let sql = "SELECT c.table_name::text AS tab, c.column_name::text AS col, c.data_type::text AS typ,
                      c.is_nullable::text AS nullable, EXISTS (
                          SELECT 1 FROM information_schema.key_column_usage k
                          JOIN information_schema.table_constraints t USING (constraint_name, table_name)
                          WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name
                            AND k.column_name = c.column_name) AS pk
               FROM information_schema.columns c
               WHERE c.table_schema = 'public' AND c.table_name <> '_sqlx_migrations'
               ORDER BY c.table_name COLLATE \"C\", c.column_name COLLATE \"C\"";
    let rows = sqlx::query(sql).fetch_all(pool).await.unwrap();
    let kind = |typ: String| match typ.as_str() {
        "bigint" | "boolean" => "number",
        "text" => "text",
        "bytea" => "bytes",
        _ => "unknown",
    };
    rows.iter()
        .map(|r| {
            let nullable: String = r.get("nullable");
            (r.get("tab"), r.get("col"), kind(r.get("typ")), nullable == "YES", r.get("pk"))
        })
        .collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_nullability() {
    let (sqlite, _folder) = support::sqlite().await;
    let left = sqlite_columns(&sqlite).await;
    let tables: std::collections::BTreeSet<&str> = left.iter().map(|c| c.0.as_str()).collect();
    for named in [
        "organization",
        "implementation",
        "gap",
        "gap_event",
        "exposure",
        "assessment",
        "person",
        "subscription",
        "edition",
        "delivery",
        "delivery_attempt",
        "run",
    ] {
        assert!(tables.contains(named), "the table people read is missing: {named}");
    }
    assert!(left.iter().all(|c| c.2 != "unknown"), "{left:?}");
    let Some(postgres) = support::postgres::database().await else {
        return;
    };
    assert_eq!(left, postgres_columns(&postgres).await);
}

on_both! {
    async fn migrating_twice_changes_nothing(db: Db) {
        db.migrate().await.unwrap();
        db.migrate().await.unwrap();
    }
}
