//! The real binary, run on a database and watched from outside.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::crowd;
use crate::options::Options;

/// How often a process is looked at while it runs.
const LOOK: Duration = Duration::from_millis(4);
/// Ticks of the processor time in `/proc`, a second: the same on every Linux.
const TICKS: f64 = 100.0;

/// Where the product is run.
#[derive(Debug)]
pub struct Product<'a> {
    /// `database.url`.
    pub url: &'a str,
    /// `relay.url`.
    pub relay: &'a str,
    /// The folder it starts in.
    pub folder: &'a Path,
    /// Connections, and under what it runs.
    pub options: &'a Options,
}

/// What one run took.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// From the start of the first process to the end of the last.
    pub seconds: f64,
    /// Largest resident memory of a process (`VmHWM`), in MB of a million octets.
    pub peak: f64,
    /// Processor seconds of all processes, the database server's not among them.
    pub processor: f64,
    /// What each said with `--json`.
    pub said: Vec<Value>,
}

impl Product<'_> {
    /// Runs `brief run --once` in so many processes at once.
    pub fn run(&self, processes: u32) -> Run {
        let begun = Instant::now();
        let mut running: Vec<Watched> = (0..processes)
            .map(|_| Watched::new(self.command(&["run", "--once", "--json"])))
            .collect();
        while running.iter_mut().any(Watched::look) {
            std::thread::sleep(LOOK);
        }
        let mut run = Run { seconds: begun.elapsed().as_secs_f64(), ..Run::default() };
        for watched in running {
            run.peak = run.peak.max(watched.peak);
            run.processor += watched.processor;
            run.said.push(watched.said());
        }
        run
    }

    /// Runs another command, such as `pause`.
    pub fn tell(&self, command: &str) {
        let done = self.command(&[command]).stdout(Stdio::null()).status();
        assert!(done.expect("the binary runs").success(), "brief {command} failed");
    }

    fn command(&self, args: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_brief");
        let under = self.options.under.as_deref().filter(|_| args.len() > 1);
        let mut words = under.unwrap_or_default().split_whitespace().chain([binary]);
        let mut command = Command::new(words.next().unwrap_or(binary));
        command
            .args(words)
            .args(args)
            .args(["--now", crowd::NOW])
            .current_dir(self.folder)
            .env_clear()
            .env("HOME", self.folder)
            .env("BRIEF__DATABASE__URL", self.url)
            .env("BRIEF__RELAY__URL", self.relay)
            .env("BRIEF__RELAY__CONNECTIONS", self.options.connections.to_string())
            // That a run stays open while delivery is paused is meant.
            .env("BRIEF__LOG__LEVEL", "error")
            .stdin(Stdio::null());
        command
    }
}

/// A process and what was seen of it.
#[derive(Debug)]
struct Watched {
    child: Child,
    peak: f64,
    processor: f64,
    is_over: bool,
}

impl Watched {
    fn new(mut command: Command) -> Self {
        let child = command.stdout(Stdio::piped()).spawn().expect("the binary runs");
        Self { child, peak: 0.0, processor: 0.0, is_over: false }
    }

    /// Looks once; whether it still runs.
    fn look(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        let id = self.child.id();
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        self.peak = peak(&status).unwrap_or(self.peak);
        self.processor = processor(&stat).unwrap_or(self.processor);
        self.is_over = self.child.try_wait().expect("a child of ours").is_some();
        !self.is_over
    }

    /// What it printed, which is less than a pipe holds.
    fn said(self) -> Value {
        let out = self.child.wait_with_output().expect("a child of ours");
        serde_json::from_slice(&out.stdout).expect("JSON")
    }
}

/// `VmHWM` of `/proc/PID/status`, in MB.
fn peak(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024.0 / 1e6)
}

/// User and system time of `/proc/PID/stat`, in seconds.
fn processor(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<f64>);
    Some((times.next()?.ok()? + times.next()?.ok()?) / TICKS)
}
