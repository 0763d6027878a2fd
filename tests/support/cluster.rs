//! A private PostgreSQL server that can be stopped and started again.
//!
//! No server has to be running and no right is needed but to run the binaries; as root the server
//! runs as an ordinary user, since it refuses to be root. It listens on a socket in its own folder
//! only. A shell waits beside it for this process to end, however it ends, stops it and removes the
//! folder.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// What a commit outlasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing: the fastest, for tests in which the server never stops.
    Nothing,
    /// The end of the server, not of the machine.
    Server,
    /// A power cut, as in production: `fsync=on`.
    Power,
}

impl Keeps {
    const fn settings(self) -> &'static str {
        match self {
            Self::Nothing => "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            Self::Server => "-c fsync=off -c synchronous_commit=on -c full_page_writes=off",
            Self::Power => "-c fsync=on -c synchronous_commit=on -c max_wal_size=4GB",
        }
    }
}

/// A running server; it is stopped and removed when dropped.
#[derive(Debug)]
pub struct Cluster {
    /// Where its socket, its data and its logs are.
    pub folder: PathBuf,
    bin: PathBuf,
    shell: Mutex<Shell>,
}

#[derive(Debug)]
struct Shell {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What the shell does: makes a cluster, starts it, obeys, and cleans up at the end of its input.
const SCRIPT: &str = r#"
    trap '' INT TERM
    cd "$1" || exit 1
    begin() {
        "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c max_connections=400 $3 >>server.log 2>&1 &
        server=$!
        for i in $(seq 1 600); do
            "$2/pg_isready" -q -h "$1" -U brief && { echo ready; return; }
            kill -0 $server 2>/dev/null || break
            sleep 0.05
        done
        echo failed
    }
    "$2/initdb" -D data -U brief -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || { echo failed; exit 1; }
    begin "$@"
    while read -r order; do
        case $order in
            stop) kill -QUIT $server; wait $server; echo stopped ;;
            start) begin "$@" ;;
        esac
    done
    kill -INT $server 2>/dev/null; wait $server
    cd / && rm -rf "$1""#;

impl Cluster {
    /// Makes a cluster and starts it; `shared_buffers` as in `64MB`.
    ///
    /// # Errors
    /// What is missing on this machine, or where to read why it did not start.
    pub fn start(keeps: Keeps, shared_buffers: &str) -> Result<Self, String> {
        let bin = binaries().ok_or(
            "no initdb is under /usr/lib/postgresql/*/bin or on PATH (Debian: apt-get install postgresql)",
        )?;
        let user = unprivileged_user()?;
        let folder = tempfile::Builder::new()
            .prefix("brief-pg-")
            .tempdir()
            .map_err(|e| format!("no temporary folder: {e}"))?
            .keep();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).map_err(|e| format!("chown: {e}"))?;
        }
        let settings = format!("{} -c shared_buffers={shared_buffers}", keeps.settings());
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(SCRIPT).arg("brief-postgres").arg(&folder).arg(&bin).arg(settings);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).current_dir("/");
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        let mut child = command.spawn().map_err(|e| format!("/bin/sh: {e}"))?;
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("stdout was piped"));
        let cluster = Self { folder, bin, shell: Mutex::new(Shell { child, orders, answers }) };
        cluster.heard("ready")?;
        Ok(cluster)
    }

    /// Stops the server at once (`pg_ctl stop -m immediate`): sessions are cut off, nothing is
    /// written back, and the next start recovers from the log.
    ///
    /// # Panics
    /// When the server does not obey.
    pub fn stop(&self) {
        self.order("stop");
        self.heard("stopped").expect("the server stops");
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When the server does not start.
    pub fn start_again(&self) {
        self.order("start");
        self.heard("ready").expect("the server starts again");
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://brief@localhost/{database}?host={}", self.folder.display())
    }

    /// Executes a statement in a database and returns what it prints.
    ///
    /// # Panics
    /// When the statement fails.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let out = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "brief", "-d", database])
            .args(["-c", statement, "-h"])
            .arg(&self.folder)
            .output()
            .expect("psql runs");
        assert!(out.status.success(), "{statement}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    /// The process id of the server, while it runs.
    pub fn pid(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn order(&self, word: &str) {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let orders = shell.orders.as_mut().expect("open until the drop");
        writeln!(orders, "{word}").expect("the shell listens");
    }

    fn heard(&self, wanted: &str) -> Result<(), String> {
        let mut answer = String::new();
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        shell.answers.read_line(&mut answer).map_err(|e| e.to_string())?;
        if answer.trim() == wanted {
            return Ok(());
        }
        Err(format!("the cluster in {} is not {wanted}: see its logs", self.folder.display()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        shell.orders = None;
        // The shell removes the folder; there is nobody to tell when it cannot.
        let _ = shell.child.wait();
    }
}

/// The newest server's folder of binaries.
fn binaries() -> Option<PathBuf> {
    let has_initdb = |bin: &Path| bin.join("initdb").is_file();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = installed
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, bin)| has_initdb(bin))
        .collect();
    found.sort();
    found
        .pop()
        .map(|(_, bin)| bin)
        .or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(|bin| has_initdb(bin)))
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
