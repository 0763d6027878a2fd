//! An empty folder with a database, its recipients, and the real binary run in it.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::cluster::Cluster;

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Between two runs of which the second must take the first for dead: longer than any lease.
const LEASES: SignedDuration = SignedDuration::from_mins(40);
/// Longest wait for a process to end.
const PATIENCE: Duration = Duration::from_secs(900);

/// Where the product lives in a test.
#[derive(Debug)]
pub struct House {
    folder: tempfile::TempDir,
    /// `database.url`.
    pub url: String,
    relay: String,
    connections: u64,
    /// The cut-off, and when every brief is due: the last full hour.
    pub due: Timestamp,
    /// The ISO week of the run.
    pub week: String,
    started: AtomicU32,
}

impl House {
    /// One organization with so many leaders, all due at once, on a file or on a server.
    ///
    /// # Panics
    /// When the binary cannot import them.
    pub fn new(cluster: Option<&Cluster>, recipients: u64, relay: &str, connections: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match cluster {
            None => format!("sqlite://{}", folder.path().join("brief.db").display()),
            Some(cluster) => {
                let name = format!("chaos_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
                cluster.sql("postgres", &format!("CREATE DATABASE {name}"));
                cluster.url(&name)
            }
        };
        let hour = 3_600;
        let now = Timestamp::now().as_second();
        let due = Timestamp::from_second(now - now % hour).expect("a time of today");
        let week = due.to_zoned_datetime(TimeZone::UTC).date().iso_week_date();
        let week = format!("{}-W{:02}", week.year(), week.week());
        let relay = relay.to_owned();
        let started = AtomicU32::new(0);
        let house = Self { folder, url, relay, connections, due, week, started };
        house.furnish(recipients);
        house
    }

    /// A file or folder in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Imports an organization with two gaps and its leaders.
    fn furnish(&self, recipients: u64) {
        let local = self.due.to_zoned_datetime(TimeZone::UTC);
        let day = |days: i64| (local.date() - jiff::Span::new().days(days)).to_string();
        let slot = format!("{},{}", local.weekday().to_monday_one_offset(), local.hour());
        fs::create_dir(self.path("in")).expect("a folder");
        let head = "external_id,name,currency,time_zone,cut_off_weekday,cut_off_hour";
        let acme = format!("acme,Acme,USD,UTC,{slot}");
        self.write("organizations.csv", [head.to_owned(), acme].into_iter());
        let head = "external_id,organization,area,category,severity,title,opened_on,exposure_kind,exposure_inputs";
        let gap = |id, area, what| {
            let from = day(50);
            format!(
                "{id},acme,{area},undocumented,3,{what},{from},direct,amount_minor=90000;period_days=28"
            )
        };
        let gaps = [
            head.to_owned(),
            gap("g1", "billing", "Credit notes are written by hand"),
            gap("g2", "payables", "Two people know the month end"),
        ];
        self.write("gaps.csv", gaps.into_iter());
        let numbers = 1..=recipients;
        let people = numbers.clone().map(|n| format!("r{n}@client.example,Reader {n},UTC"));
        self.write("people.csv", ["email,name,time_zone".to_owned()].into_iter().chain(people));
        let head = "email,organization,role,weekday,hour,quiet,confirmed_at";
        let since = format!("{}T08:00:00Z", day(40));
        let readers =
            numbers.map(|n| format!("r{n}@client.example,acme,leader,{slot},full,{since}"));
        self.write("subscriptions.csv", [head.to_owned()].into_iter().chain(readers));
        let at = format!("{}T08:00:00Z", day(42));
        self.brief(&["import", "in", "--quiet", "--recorded-at", &at]);
    }

    fn write(&self, name: &str, mut lines: impl Iterator<Item = String>) {
        let file = File::create(self.path("in").join(name)).expect("a file");
        let mut file = std::io::BufWriter::new(file);
        lines.try_for_each(|line| writeln!(file, "{line}")).expect("it can be written");
        file.flush().expect("it can be written");
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("BRIEF__DATABASE__URL", &self.url)
            .env("BRIEF__RELAY__URL", &self.relay)
            .env("BRIEF__RELAY__CONNECTIONS", self.connections.to_string())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end and returns what it printed.
    ///
    /// # Panics
    /// When it fails.
    pub fn brief(&self, args: &[&str]) -> String {
        let out = self.command(args).output().expect("the binary runs");
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "brief {}: {said}", args.join(" "));
        String::from_utf8(out.stdout).expect("UTF-8")
    }

    /// Starts a process that logs to a file of its own.
    pub fn start(&self, args: &[&str]) -> Worker {
        self.start_with(args, &[])
    }

    /// The same with something added to its environment.
    pub fn start_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Worker {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let log = self.path(&format!("{number}.log"));
        let mut command = self.command(args);
        command.envs(environment.iter().copied());
        let file = File::create(&log).expect("a file");
        command.stdout(file.try_clone().expect("the same file")).stderr(file);
        Worker { child: command.spawn().expect("the binary runs"), log }
    }

    /// Starts `brief run --once` at the due instant, or so many leases later.
    pub fn once(&self, later: u64) -> Worker {
        let later = i32::try_from(later).expect("a small number");
        let now = (self.due + LEASES * later).to_string();
        self.start(&["run", "--once", "--now", &now])
    }

    /// Starts the service, which follows the machine's clock: everything is due. Returns once it
    /// can be asked to end.
    ///
    /// # Panics
    /// When it ends by itself.
    pub fn serve(&self) -> Worker {
        self.serve_with(&["--no-web"], &[])
    }

    /// The same with further options and something added to its environment.
    ///
    /// # Panics
    /// When it ends by itself.
    pub fn serve_with(&self, options: &[&str], environment: &[(&str, &str)]) -> Worker {
        let mut service = self.start_with(&[&["serve"], options].concat(), environment);
        while !service.said().contains("Serving:") {
            assert!(!service.has_ended(), "it does not serve: {}", service.said());
            std::thread::sleep(Duration::from_millis(1));
        }
        service
    }

    /// The run as `brief runs` prints it; null before there is one.
    pub fn run(&self) -> Value {
        let rows = self.brief(&["runs", "--json"]);
        let rows: Vec<Value> = serde_json::from_str(&rows).expect("JSON");
        rows.into_iter().find(|row| row["id"] == self.week.as_str()).unwrap_or_default()
    }

    /// How many deliveries there are in a state.
    ///
    /// # Panics
    /// When the listing is no JSON.
    pub fn count(&self, state: &str) -> usize {
        let rows = self.brief(&["deliveries", "--state", state, "--json"]);
        serde_json::from_str::<Vec<Value>>(&rows).expect("JSON").len()
    }

    /// Whether `brief runs` says that the run is closed.
    pub fn is_closed(&self) -> bool {
        self.run()["state"] == "closed"
    }
}

/// A process of the product; it is killed when dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    log: PathBuf,
}

impl Worker {
    /// `kill -9`.
    pub fn kill(mut self) {
        // It may have ended by itself a moment ago.
        let _ = self.child.kill();
        self.child.wait().expect("a child of ours");
    }

    /// Asks it to end, as a supervisor does.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn terminate(&mut self) {
        let ask = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &ask]).status().expect("a shell");
        assert!(asked.success() || self.has_ended(), "it cannot be asked to end");
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child of ours").is_some()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not come.
    pub fn wait(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child of ours") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it never ended: {}", self.said());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What it logged.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
