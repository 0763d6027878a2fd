//! A private MariaDB server, as a customer's: with a database for each test and a password.
//!
//! As with PostgreSQL no server has to be running; without the binaries tests say so and pass, and
//! `BRIEF_TEST_MARIADB=require` makes their absence a failure. A shell waits beside the server for this
//! process to end, however it ends, stops it and removes its folder.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The server of this process, or why there is none.
static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A running server; the shell ends it with this process, whose end of the pipe it reads.
struct Server {
    folder: PathBuf,
    _shell: Child,
    _orders: ChildStdin,
}

/// What the shell does: makes a data folder, starts the server, waits, and cleans up.
const SCRIPT: &str = r#"
    trap '' INT TERM
    cd "$1" || exit 1
    mariadb-install-db --no-defaults --datadir="$1/data" --auth-root-authentication-method=normal \
        --skip-test-db >install.log 2>&1 || { echo failed; exit 1; }
    "$2" --no-defaults --datadir="$1/data" --socket="$1/s" --pid-file="$1/pid" --skip-networking \
        --innodb-flush-log-at-trx-commit=0 --skip-log-bin >>server.log 2>&1 &
    server=$!
    answer=failed
    for i in $(seq 1 600); do
        mariadb --no-defaults --socket="$1/s" -uroot -e 'SELECT 1' >/dev/null 2>&1 && { answer=ready; break; }
        kill -0 $server 2>/dev/null || break
        sleep 0.05
    done
    echo $answer
    cat >/dev/null
    kill -TERM $server 2>/dev/null; wait $server
    cd / && rm -rf "$1""#;

/// The URL of an empty database of its own, with a user who may do everything in it, or none (said
/// aloud) without MariaDB.
///
/// # Panics
/// When the binaries are there and the server does not come up, or when they are absent and
/// `BRIEF_TEST_MARIADB=require` asks for them.
pub fn url() -> Option<String> {
    let server = match SERVER.get_or_init(start) {
        Ok(server) => server,
        Err(why) => {
            assert!(
                std::env::var("BRIEF_TEST_MARIADB").as_deref() != Ok("require"),
                "MariaDB is required here, and {why}"
            );
            eprintln!("SKIPPED on MariaDB: {why}");
            return None;
        }
    };
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    server.sql(&format!(
        "CREATE DATABASE {name}; CREATE USER {name}@localhost IDENTIFIED BY 'hunter2'; \
         GRANT ALL ON {name}.* TO {name}@localhost"
    ));
    let socket = server.folder.join("s");
    Some(format!("mariadb://{name}:hunter2@localhost/{name}?socket={}", socket.display()))
}

impl Server {
    fn sql(&self, statement: &str) {
        let out = Command::new("mariadb")
            .args(["--no-defaults", "-uroot", "-e", statement, "--socket"])
            .arg(self.folder.join("s"))
            .output()
            .expect("mariadb runs");
        assert!(out.status.success(), "{statement}: {}", String::from_utf8_lossy(&out.stderr));
    }
}

fn start() -> Result<Server, String> {
    let found = |name: &str| {
        let mut path = std::env::split_paths(&std::env::var_os("PATH")?).collect::<Vec<_>>();
        path.push(PathBuf::from("/usr/sbin"));
        path.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
    };
    let missing = "it is not installed (Debian: apt-get install mariadb-server)";
    let daemon = found("mariadbd").or_else(|| found("mysqld")).ok_or(missing)?;
    found("mariadb-install-db").and(found("mariadb")).ok_or(missing)?;
    let folder = tempfile::Builder::new()
        .prefix("brief-maria-")
        .tempdir()
        .map_err(|e| format!("no temporary folder: {e}"))?
        .keep();
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(SCRIPT).arg("brief-mariadb").arg(&folder).arg(daemon);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0).current_dir("/");
    if let Some((uid, gid)) = unprivileged_user()? {
        chown(&folder, Some(uid), Some(gid)).map_err(|e| format!("chown: {e}"))?;
        command.uid(uid).gid(gid);
    }
    let mut shell = command.spawn().map_err(|e| format!("/bin/sh: {e}"))?;
    let orders = shell.stdin.take().expect("stdin was piped");
    let mut answer = String::new();
    let stdout = shell.stdout.take().expect("stdout was piped");
    BufReader::new(stdout).read_line(&mut answer).map_err(|e| e.to_string())?;
    assert_eq!(
        answer.trim(),
        "ready",
        "the server in {} is not up: see its logs",
        folder.display()
    );
    Ok(Server { folder, _shell: shell, _orders: orders })
}

/// As root: the user to run the server as. Otherwise none: ourselves.
fn unprivileged_user() -> Result<Option<(u32, u32)>, String> {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !root {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let of = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    let user = ["mysql", "nobody"].into_iter().find_map(of);
    user.map(Some).ok_or_else(|| "neither user mysql nor nobody exists to run it as".to_owned())
}
