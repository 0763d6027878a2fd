//! The real binary, killed in the middle of delivering, then run again (DESIGN 2.5).

use std::collections::{HashMap, HashSet};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use back_office_brief::store::Db;

use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::World;

const READERS: usize = 120;
const CONNECTIONS: usize = 8;

/// Slow enough to be hit half way: a twentieth of a second for each message.
fn slow() -> Script {
    let line = "250 2.1.0 the sender is fine by us, and so is everybody else";
    Script::new().at(At::Mail, "", Act::Slowly(line.to_owned()))
}

struct Process<'a> {
    url: &'a str,
    server: &'a SmtpServer,
    folder: tempfile::TempDir,
}

impl Process<'_> {
    fn start(&self, now: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_brief"))
            .args(["run", "--once", "--now", now])
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BRIEF__DATABASE__URL", self.url)
            .env("BRIEF__RELAY__URL", self.server.url())
            .env("BRIEF__RELAY__CONNECTIONS", CONNECTIONS.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs")
    }

    /// Kills the process once the relay has had so many messages.
    async fn kill_after(&self, now: &str, messages: usize) {
        let mut child = self.start(now);
        for _ in 0..3_000 {
            if self.server.n_messages() >= messages {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(self.server.n_messages() >= messages, "it never came so far");
        child.kill().expect("it was running");
        child.wait().expect("it ended");
    }

    async fn run(&self, now: &str) -> bool {
        let mut child = self.start(now);
        tokio::task::spawn_blocking(move || child.wait().expect("it ended").success())
            .await
            .expect("no panic")
    }
}

/// Kills twice at different moments, then lets it run twice more. The instants are those that the
/// four runs take for now.
async fn killed(url: &str, instants: [&str; 4]) {
    let db = Db::open(url).await.expect("a database");
    db.migrate().await.expect("a schema");
    let world = World::on(db.clone());
    world.organization("acme").await;
    world.many_leaders("acme", READERS).await;
    let server = SmtpServer::start(slow()).await;
    let process = Process { url, server: &server, folder: tempfile::tempdir().expect("a folder") };
    process.kill_after(instants[0], 3).await;
    let before = server.n_messages();
    assert!(before < READERS, "killed too late to show anything");
    process.kill_after(instants[1], before + 30).await;
    assert!(server.n_messages() < READERS);
    server.now_plays(Script::new());
    process.run(instants[2]).await;
    assert!(process.run(instants[3]).await, "the run closes");

    let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
    let mut copies = 0;
    for mail in server.mails() {
        ids.entry(mail.to).or_default().insert(mail.message_id);
        copies += 1;
    }
    assert_eq!(ids.len(), READERS, "nobody is lost");
    assert!(ids.values().all(|ids| ids.len() == 1), "one Message-ID each");
    let more = copies - READERS;
    assert!(more <= 2 * 2 * CONNECTIONS, "{more} copies beyond the first");
    let resends: i64 = world.deliveries().await.iter().map(|d| d.resends).sum();
    let resends = usize::try_from(resends).expect("a count");
    assert!(resends >= more, "{more} copies, {resends} counted");
    assert!(resends <= 2 * 2 * CONNECTIONS, "{resends} are in doubt");
    let run = db.runs("2026-W48", 1).await.expect("runs").remove(0);
    assert!(run.closed_at.is_some());
    assert!(run.counts.contains(&format!("\"resends\":{resends}")), "{}", run.counts);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nobody_on_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("brief.db").display());
    // Whoever holds the lock of the file knows at once that all others are dead.
    killed(&url, ["2026-11-23T13:00:00Z"; 4]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_loses_nobody_on_a_server() {
    if let Some(url) = crate::support::postgres::url().await {
        // On a server that is known when the leases have run out.
        let at = |minutes| format!("2026-11-23T13:{minutes}:00Z");
        let instants = [at("00"), at("10"), at("20"), at("50")];
        killed(&url, instants.each_ref().map(String::as_str)).await;
    }
}
