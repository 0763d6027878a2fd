//! A private PostgreSQL cluster for one run of one test binary, a database of it for each test.
//!
//! No server has to be running and no right is needed but to run the binaries; as root the server
//! runs as an ordinary user, since it refuses to be root. It listens on a socket in its own folder
//! only. A shell waits beside it for this process to end, however it ends, stops it and removes the
//! folder. Without the binaries the tests say so and pass; `BRIEF_TEST_POSTGRES=require` makes
//! their absence a failure.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use back_office_brief::store::Db;

/// The cluster of this process: its socket folder, or why there is none.
static CLUSTER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

const TEMPLATE: &str = "brief_template";

/// The URL of an empty, migrated database of its own, or none (said aloud) without PostgreSQL.
///
/// # Panics
/// When the binaries are there and the cluster does not come up, or when they are absent and
/// `BRIEF_TEST_POSTGRES=require` asks for them.
pub async fn url() -> Option<String> {
    let folder = match CLUSTER.get_or_init(start) {
        Ok(folder) => folder,
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
    sql(folder, "postgres", &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"));
    Some(url_of(folder, &name))
}

/// The same, opened.
///
/// # Panics
/// As [`url`].
pub async fn database() -> Option<Db> {
    let url = url().await?;
    Some(Db::open(&url).await.expect("the test's own database opens"))
}

fn url_of(folder: &Path, database: &str) -> String {
    format!("postgres://brief@localhost/{database}?host={}", folder.display())
}

fn start() -> Result<PathBuf, String> {
    let bin = binaries()
        .ok_or("no initdb is under /usr/lib/postgresql/*/bin or on PATH (Debian: postgresql)")?;
    let user = unprivileged_user()?;
    let folder = tempfile::Builder::new()
        .prefix("brief-pg-")
        .tempdir()
        .map_err(|e| format!("no temporary folder: {e}"))?
        .keep();
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).map_err(|e| format!("chown: {e}"))?;
    }
    let script = r#"
        trap '' INT TERM
        cd "$1" || exit 1
        "$2/initdb" -D data -U brief -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { echo failed; exit 1; }
        "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB >server.log 2>&1 &
        server=$!
        for i in $(seq 1 200); do
            "$2/pg_isready" -q -h "$1" -U brief && { echo ready; break; }
            kill -0 $server 2>/dev/null || { echo failed; break; }
            sleep 0.05
        done
        cat >/dev/null
        kill -INT $server 2>/dev/null; wait $server
        cd / && rm -rf "$1""#;
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(script).arg("brief-postgres").arg(&folder).arg(&bin);
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).current_dir("/");
    if let Some((uid, gid)) = user {
        shell.uid(uid).gid(gid);
    }
    let mut child = shell.spawn().map_err(|e| format!("/bin/sh: {e}"))?;
    let mut answer = String::new();
    let stdout = child.stdout.take().expect("stdout was piped");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut answer)
        .map_err(|e| e.to_string())?;
    // Never closed by us: the shell sees its end when this process is gone.
    std::mem::forget(child.stdin.take());
    assert_eq!(
        answer.trim(),
        "ready",
        "the cluster in {} did not start: see its logs",
        folder.display()
    );
    prepare_template(&folder);
    Ok(folder)
}

/// Migrates one database that all others are copied from.
fn prepare_template(folder: &Path) {
    sql(folder, "postgres", &format!("CREATE DATABASE {TEMPLATE}"));
    let url = url_of(folder, TEMPLATE);
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

fn sql(folder: &Path, database: &str, statement: &str) {
    let psql = binaries().expect("found before").join("psql");
    let out = Command::new(psql)
        .args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "brief",
            "-d",
            database,
            "-c",
            statement,
            "-h",
        ])
        .arg(folder)
        .output()
        .expect("psql runs");
    assert!(out.status.success(), "{statement}: {}", String::from_utf8_lossy(&out.stderr));
}

/// The newest server's folder of binaries.
fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| bin.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).or_else(|| {
        std::env::split_paths(&std::env::var_os("PATH")?).find(|bin| bin.join("initdb").is_file())
    })
}

/// As root: the user to run the server as. Otherwise none: ourselves.
fn unprivileged_user() -> Result<Option<(u32, u32)>, String> {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !root {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut ids = line.split(':').skip(2).map(str::parse);
            Some(Some((ids.next()?.ok()?, ids.next()?.ok()?)))
        })
        .ok_or_else(|| "neither user postgres nor nobody exists to run the server as".to_owned())
}
