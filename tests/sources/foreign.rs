//! Somebody else's database: a register of issues that was never made for us, on three engines.

use back_office_brief::config::hide_password;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection};

use crate::mariadb;
use crate::support::postgres;

/// Their tables, with what they hold on 10 November. Amounts are in euros, words are theirs.
const REGISTER: &str = "
    CREATE TABLE site (code VARCHAR(20) PRIMARY KEY, label VARCHAR(60) NOT NULL, zone VARCHAR(40) NOT NULL);
    CREATE TABLE issue (no INTEGER PRIMARY KEY, site VARCHAR(20) NOT NULL, place VARCHAR(20) NOT NULL,
        label VARCHAR(60) NOT NULL, short VARCHAR(32), weight INTEGER NOT NULL, holder VARCHAR(60),
        found DATE NOT NULL, stage VARCHAR(20) NOT NULL, loss DECIMAL(12,2));
    CREATE TABLE issue_log (id INTEGER PRIMARY KEY, issue INTEGER NOT NULL, what VARCHAR(20) NOT NULL,
        was VARCHAR(60), became VARCHAR(60), logged TIMESTAMP NOT NULL, who VARCHAR(60));
    INSERT INTO site VALUES ('north', 'Northfield Supply', 'America/Chicago');
    INSERT INTO issue VALUES
        (1, 'north', 'billing', 'Two price lists in use', 'Price lists', 3, 'D. Ruiz', '2026-10-05', 'open', 3800.00),
        (2, 'north', 'payables', 'Nobody owns exceptions', 'Invoice exceptions', 2, NULL, '2026-10-12', 'open', 500.50),
        (3, 'north', 'close', 'Close pack by hand', 'Close pack', 2, 'P. Osei', '2026-10-12', 'open', NULL);
    INSERT INTO issue_log VALUES
        (10, 1, 'opened', NULL, NULL, '2026-10-05 15:00:00', 'A. Mendel'),
        (11, 2, 'opened', NULL, NULL, '2026-10-12 15:00:00', 'A. Mendel'),
        (12, 3, 'opened', NULL, NULL, '2026-10-12 15:00:00', 'A. Mendel');
";

/// What happened there between two Mondays.
const A_WEEK_LATER: &str = "
    UPDATE issue SET stage = 'closed' WHERE no = 1;
    UPDATE issue SET weight = 3 WHERE no = 2;
    INSERT INTO issue VALUES
        (4, 'north', 'payroll', 'Leave is kept in a notebook', 'Leave notebook', 2, 'J. Park', '2026-11-19', 'open', 240);
    INSERT INTO issue_log VALUES
        (13, 1, 'status', 'open', 'closed', '2026-11-18 16:00:00', 'D. Ruiz'),
        (14, 2, 'severity', '2', '3', '2026-11-19 09:00:00', 'A. Mendel'),
        (15, 4, 'opened', NULL, NULL, '2026-11-19 15:00:00', 'A. Mendel');
";

/// A database that the product does not own.
pub struct Foreign {
    /// How we are told to reach it.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Foreign {
    /// A file.
    pub async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("erp.db");
        std::fs::write(&path, "").expect("a file");
        let url = format!("sqlite://{}", path.display());
        Some(Self { url, _folder: Some(folder) }.with_register().await)
    }

    /// A PostgreSQL server, where there is one.
    pub async fn postgres() -> Option<Self> {
        let url = postgres::url().await?;
        let own = Self { url, _folder: None };
        // Nothing of ours is in it.
        own.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        Some(own.with_register().await)
    }

    /// A MariaDB server, where there is one.
    pub async fn mariadb() -> Option<Self> {
        let url = mariadb::url()?;
        Some(Self { url, _folder: None }.with_register().await)
    }

    async fn with_register(self) -> Self {
        self.exec(REGISTER).await;
        self
    }

    /// Lets a week go by over there.
    pub async fn a_week_later(&self) {
        self.exec(A_WEEK_LATER).await;
    }

    /// Their own people run statements.
    pub async fn exec(&self, sql: &str) {
        let sql = || sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match self.engine() {
            "postgres" => {
                let mut own = PgConnection::connect(&self.url).await.expect("their database");
                sql().execute(&mut own).await.map(drop)
            }
            "mariadb" => {
                let url = self.url.replacen("mariadb", "mysql", 1);
                let mut own = MySqlConnection::connect(&url).await.expect("their database");
                sql().execute(&mut own).await.map(drop)
            }
            _ => {
                let mut own = SqliteConnection::connect(&self.url).await.expect("their database");
                sql().execute(&mut own).await.map(drop)
            }
        };
        done.unwrap_or_else(|error| panic!("{}: {error}", hide_password(&self.url)));
    }

    /// The scheme of its URL.
    fn engine(&self) -> &str {
        self.url.split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// The statements that an operator would write for it.
    pub fn queries(&self) -> Vec<(&'static str, String)> {
        let is_maria = self.engine() == "mariadb";
        let text = |number: &str| {
            let kind = if is_maria { "CHAR" } else { "TEXT" };
            format!("CAST({number} AS {kind})")
        };
        // Instants over there are in UTC; only one engine says so by their type.
        let logged = match self.engine() {
            "postgres" => "logged AT TIME ZONE 'UTC'",
            "mariadb" => "logged",
            _ => "REPLACE(logged, ' ', 'T') || 'Z'",
        };
        let sites = "SELECT code AS external_id, label AS name, 'EUR' AS currency, zone AS time_zone FROM site";
        let gaps = format!(
            "SELECT {} AS external_id, site AS organization, place AS area, 'no_source' AS category, \
             weight AS severity, label AS title, short AS short_name, holder AS owner, found AS opened_on, \
             stage AS status, CASE WHEN loss IS NOT NULL THEN 'direct' END AS exposure_kind, \
             loss * 100 AS \"exposure_inputs.amount_minor\", \
             CASE WHEN loss IS NOT NULL THEN 7 END AS \"exposure_inputs.period_days\" \
             FROM issue ORDER BY no",
            text("no")
        );
        let changes = format!(
            "SELECT {} AS external_id, {} AS gap, what AS kind, was AS \"from\", became AS \"to\", \
             {logged} AS effective_at, {logged} AS recorded_at, who AS actor FROM issue_log ORDER BY id",
            text("id"),
            text("issue")
        );
        // MariaDB writes the names of columns in its own quotation marks.
        let own = |sql: String| if is_maria { sql.replace('"', "`") } else { sql };
        vec![
            ("organizations", own(sites.to_owned())),
            ("gaps", own(gaps)),
            ("changes", own(changes)),
        ]
    }

    /// One query that takes longer than any test waits.
    pub fn slow(&self) -> String {
        let sleep = match self.engine() {
            "postgres" => "(SELECT CAST(pg_sleep(60) AS TEXT))",
            "mariadb" => "SLEEP(60)",
            _ => {
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) \
                 SELECT COUNT(*) FROM n)"
            }
        };
        format!("SELECT code AS external_id, {sleep} AS name, 'EUR' AS currency FROM site")
    }
}
