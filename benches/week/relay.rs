//! Postfix's `smtp-sink`, which takes the mail, and `smtp-source`, which shows how fast it can.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Most connections that wait to be taken.
const BACKLOG: &str = "1000";

/// A running `smtp-sink`; it ends when dropped.
#[derive(Debug)]
pub struct Relay {
    /// Where it listens.
    pub address: SocketAddr,
    source: PathBuf,
    sink: Child,
}

impl Relay {
    /// Starts one on a free port. Says what is missing on this machine.
    pub fn start() -> Result<Self, String> {
        let missing = "smtp-sink and smtp-source are not here (Debian: apt-get install postfix)";
        let (sink, source) =
            tool("smtp-sink").zip(tool("smtp-source")).ok_or_else(|| missing.to_owned())?;
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = free.local_addr().expect("it is bound");
        drop(free);
        let mut command = Command::new(sink);
        if is_root() {
            // It refuses to be root.
            command.args(["-u", "nobody"]);
        }
        let sink = command
            .args(["-c", &address.to_string(), BACKLOG])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|e| format!("smtp-sink: {e}"))?;
        let relay = Self { address, source, sink };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(10), "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(relay)
    }

    /// Mails a second of `smtp-source`: so many, of so many octets, over so many connections to
    /// `address`, which leads here.
    pub fn limit(&self, address: SocketAddr, mails: u32, octets: u32, connections: u16) -> f64 {
        let begun = Instant::now();
        let done = Command::new(&self.source)
            .args(["-d", "-f", "a@brief.example", "-t", "b@client.example"])
            .args(["-s", &connections.to_string(), "-m", &mails.to_string()])
            .args(["-l", &octets.to_string(), &address.to_string()])
            .stdin(Stdio::null())
            .status()
            .expect("smtp-source runs");
        assert!(done.success(), "smtp-source: {done}");
        f64::from(mails) / begun.elapsed().as_secs_f64()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.sink.kill();
        let _ = self.sink.wait();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
}

/// A program of Postfix, which lie where only root has its path.
fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join(name)).find(|file: &PathBuf| Path::is_file(file))
}
