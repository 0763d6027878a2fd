//! One private PostgreSQL cluster for one run of one test binary, a database of it for each test.
//!
//! Without the binaries the tests say so and pass; `BRIEF_TEST_POSTGRES=require` makes their
//! absence a failure.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use back_office_brief::store::Db;
use cluster::{Cluster, Keeps};

#[path = "cluster.rs"]
#[expect(dead_code, reason = "tests that stop the server use the rest")]
mod cluster;

/// The cluster of this process, or why there is none. It is gone when the process is.
static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

const TEMPLATE: &str = "brief_template";

/// The URL of an empty, migrated database of its own, or none (said aloud) without PostgreSQL.
///
/// # Panics
/// When the binaries are there and the cluster does not come up, or when they are absent and
/// `BRIEF_TEST_POSTGRES=require` asks for them.
pub async fn url() -> Option<String> {
    let cluster = match CLUSTER.get_or_init(start) {
        Ok(cluster) => cluster,
        Err(why) => {
            assert!(
                std::env::var("BRIEF_TEST_POSTGRES").as_deref() != Ok("require"),
                "PostgreSQL is required here, and {why}"
            );
            eprintln!("SKIPPED on PostgreSQL: {why}");
            return None;
        }
    };
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    cluster.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
    Some(cluster.url(&name))
}

/// The same, opened.
///
/// # Panics
/// As [`url`].
pub async fn database() -> Option<Db> {
    let url = url().await?;
    Some(Db::open(&url).await.expect("the test's own database opens"))
}

fn start() -> Result<Cluster, String> {
    let cluster = Cluster::start(Keeps::Nothing, "64MB")?;
    prepare_template(&cluster);
    Ok(cluster)
}

/// Migrates one database that all others are copied from.
fn prepare_template(cluster: &Cluster) {
    cluster.sql("postgres", &format!("CREATE DATABASE {TEMPLATE}"));
    let url = cluster.url(TEMPLATE);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let db = Db::open(&url).await.expect("the template opens");
            db.migrate().await.expect("the template migrates");
            db.close().await;
        });
    })
    .join()
    .expect("the template is migrated");
}
