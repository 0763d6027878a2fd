//! A database with the crowd in it, and fresh copies of it, one for each run.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use back_office_brief::each_engine;
use back_office_brief::store::Db;
use tokio::runtime::Runtime;

use crate::cluster::{Cluster, Keeps};
use crate::crowd;
use crate::options::{Engine, Options};

/// The database that the others are copied from.
const CROWD: &str = "crowd";

/// Where the data of one engine are.
#[derive(Debug)]
pub struct House {
    folder: tempfile::TempDir,
    cluster: Option<Cluster>,
    runtime: Runtime,
}

impl House {
    /// Seeds the crowd. Says why where the engine is not on this machine.
    pub fn new(engine: Engine, options: &Options) -> Result<Self, String> {
        let cluster = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Cluster::start(Keeps::Power, "256MB")?),
        };
        // Beside the build and not in /tmp, which is memory on many machines.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let runtime = Runtime::new().expect("a runtime");
        let house = Self { folder, cluster, runtime };
        if let Some(cluster) = &house.cluster {
            cluster.sql("postgres", &format!("CREATE DATABASE {CROWD}"));
        }
        house.runtime.block_on(async {
            let db = Db::open(&house.url(CROWD)).await.expect("it opens");
            db.migrate().await.expect("it migrates");
            crowd::write(&db, options).await;
            db.close().await;
        });
        Ok(house)
    }

    /// `database.url` of one of its databases.
    fn url(&self, name: &str) -> String {
        match &self.cluster {
            None => format!("sqlite://{}", self.file(name).display()),
            Some(cluster) => cluster.url(name),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.db"))
    }

    /// An empty folder for the product to run in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A copy of the crowd, written through to the disk; its `database.url`.
    pub fn copy(&self) -> String {
        const COPY: &str = "copy";
        // The journal of the run before knows of mails that the copy has not sent.
        let _ = std::fs::remove_dir_all(self.folder().join("var/journal"));
        match &self.cluster {
            None => {
                for ending in ["", "-wal", "-shm", ".deliver.lock"] {
                    // Most of them are there after a run only.
                    let _ = std::fs::remove_file(format!("{}{ending}", self.file(COPY).display()));
                }
                std::fs::copy(self.file(CROWD), self.file(COPY)).expect("there is room for a copy");
                let copy = std::fs::File::open(self.file(COPY)).expect("it is there");
                copy.sync_all().expect("it can be written through");
            }
            Some(cluster) => {
                cluster.sql("postgres", &format!("DROP DATABASE IF EXISTS {COPY}"));
                cluster.sql("postgres", &format!("CREATE DATABASE {COPY} TEMPLATE {CROWD}"));
                cluster.sql("postgres", "CHECKPOINT");
            }
        }
        self.url(COPY)
    }

    /// Octets of the average message in the copy, without the recipient's own lines.
    pub fn octets(&self, url: &str) -> i64 {
        const OCTETS: &str = "SELECT CAST(AVG(length(mould)) AS BIGINT) FROM edition";
        self.runtime.block_on(async {
            let db = Db::open(url).await.expect("it opens");
            let octets: i64 = each_engine!(&db, pool => {
                sqlx::query_scalar(OCTETS).fetch_one(pool).await.expect("editions are there")
            });
            db.close().await;
            octets
        })
    }

    /// How long the disk that the data are on takes to make a page durable, the median.
    pub fn disk(&self) -> Duration {
        use std::io::{Seek, Write};
        let folder = self.cluster.as_ref().map_or(self.folder.path(), |c| c.folder.as_path());
        let mut file = tempfile::tempfile_in(folder).expect("a file");
        file.write_all(&[1; 8_192]).and_then(|()| file.sync_all()).expect("it can be written");
        let mut times: Vec<Duration> = (0..100)
            .map(|_| {
                file.rewind()
                    .and_then(|()| file.write_all(&[2; 8_192]))
                    .expect("it can be written");
                let begun = Instant::now();
                file.sync_data().expect("it can be written through");
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[times.len() / 2]
    }
}
