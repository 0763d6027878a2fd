//! A folder of files, a clock and a database to import them into.

use std::path::PathBuf;

use back_office_brief::clock::ManualClock;
use back_office_brief::each_engine;
use back_office_brief::import::{FileReport, ImportError, ImportOptions, ImportReport, run};
use back_office_brief::store::Db;
use jiff::Timestamp;
use tempfile::TempDir;

/// Two organizations, an implementation and two gaps.
pub const ORGANIZATIONS: &str = "external_id,name,currency,time_zone\n\
    north,Northfield Supply,USD,America/Chicago\n\
    tarn,Tarn & Reyes,EUR,Europe/Berlin\n";
pub const IMPLEMENTATIONS: &str = "external_id,organization,name,kind,go_live_on\n\
    erp,north,ERP cutover,erp,2027-02-01\n";
pub const GAPS: &str = "external_id,organization,implementation,area,category,severity,title,owner,opened_on,due_on,status,closed_on\n\
    g1,north,erp,billing,no_source,3,Price lists differ,A. Ito,2026-10-05,2026-12-01,open,\n\
    g2,north,,payables,undocumented,2,Invoice exceptions unwritten,,2026-10-06,,in_progress,\n";

/// A folder, a clock at noon UTC on 23 November 2026, a database.
pub struct Desk {
    pub db: Db,
    pub clock: ManualClock,
    pub folder: TempDir,
}

impl Desk {
    pub fn new(db: &Db) -> Self {
        Self {
            db: db.clone(),
            clock: ManualClock::at(instant("2026-11-23T12:00:00Z")),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A desk on which the parents of everything are imported.
    pub async fn with_parents(db: &Db) -> Self {
        let desk = Self::new(db);
        desk.file("organizations.csv", ORGANIZATIONS);
        desk.file("implementations.csv", IMPLEMENTATIONS);
        desk.file("gaps.csv", GAPS);
        let report = desk.import(&["organizations.csv", "implementations.csv", "gaps.csv"]).await;
        assert!(report.is_complete(), "{report}");
        assert_eq!(report.files.iter().map(|f| f.rejected).sum::<u64>(), 0, "{report}");
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// The options of a plain `brief import` of these files.
    pub fn options(&self, names: &[&str]) -> ImportOptions {
        ImportOptions {
            paths: names.iter().map(|name| self.path(name)).collect(),
            rejects: Some(self.folder.path().to_owned()),
            ..ImportOptions::default()
        }
    }

    pub async fn run(&self, options: &ImportOptions) -> Result<ImportReport, ImportError> {
        run(&self.db, &self.clock, options, &mut |_| {}).await
    }

    pub async fn import(&self, names: &[&str]) -> ImportReport {
        self.run(&self.options(names)).await.unwrap()
    }

    /// One file written and imported.
    pub async fn take(&self, name: &str, text: &str) -> FileReport {
        self.file(name, text);
        self.import(&[name]).await.files.remove(0)
    }

    /// One file that is refused, before or while it is read: why.
    pub async fn refused(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        self.file(name, bytes);
        match self.run(&self.options(&[name])).await {
            Err(error) => error.to_string(),
            Ok(mut report) => report.files.remove(0).refused.expect("a refusal"),
        }
    }

    /// The one value of a query, as text.
    pub async fn value(&self, sql: &'static str) -> String {
        self.values(sql).await.join("|")
    }

    /// The values of a query's only column, as text.
    pub async fn values(&self, sql: &'static str) -> Vec<String> {
        each_engine!(&self.db, pool => sqlx::query_scalar::<_, Option<String>>(sql)
            .fetch_all(pool).await.unwrap())
        .into_iter()
        .map(|v| v.unwrap_or_else(|| "-".to_owned()))
        .collect()
    }

    /// Rows of everything that an import can write.
    pub async fn totals(&self) -> String {
        self.value(
            "SELECT CAST((SELECT COUNT(*) FROM import_batch) AS TEXT) || ' ' || \
             CAST((SELECT COUNT(*) FROM organization) AS TEXT) || ' ' || \
             CAST((SELECT COUNT(*) FROM gap) AS TEXT) || ' ' || \
             CAST((SELECT COUNT(*) FROM gap_event) AS TEXT) || ' ' || \
             CAST((SELECT COUNT(*) FROM exposure) AS TEXT) || ' ' || \
             CAST((SELECT COUNT(*) FROM person) AS TEXT)",
        )
        .await
    }
}

pub fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The events of a gap in the order of their making, those of a changes file by their days, as `kind from>to on`.
pub const EVENTS: &str = "SELECT e.kind || ' ' || COALESCE(e.from_value, '-') || '>' || COALESCE(e.to_value, '-') || ' ' \
    || e.effective_on FROM gap_event e JOIN gap g ON g.id = e.gap_id \
    WHERE g.external_id = 'g1' AND g.voided_at IS NULL AND (e.batch_id IS NULL OR e.batch_id NOT IN \
    (SELECT id FROM import_batch WHERE voided_at IS NOT NULL)) \
    ORDER BY CASE WHEN e.external_id IS NULL THEN '' ELSE e.effective_on END, e.id";
