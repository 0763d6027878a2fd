//! A small IMAP server for tests: one mailbox, one folder, as much of RFC 9051 as a poller uses.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A message in the folder.
#[derive(Debug, Clone)]
struct Held {
    octets: Vec<u8>,
    seen: bool,
    flagged: bool,
}

#[derive(Default)]
struct Folder {
    messages: Mutex<BTreeMap<u32, Held>>,
    commands: Mutex<Vec<String>>,
    came: Notify,
}

/// A server that runs.
pub struct ImapServer {
    folder: Arc<Folder>,
    port: u16,
}

impl ImapServer {
    /// Starts one that knows the user `b` with the password `secret`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let folder = Arc::<Folder>::default();
        let shared = Arc::clone(&folder);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { folder, port }
    }

    pub fn url(&self) -> String {
        format!("imap://b:secret@127.0.0.1:{}/Bounces", self.port)
    }

    /// Puts a message into the folder and tells whoever waits.
    pub fn deliver(&self, uid: u32, message: &str) {
        let octets = message.replace('\n', "\r\n").into_bytes();
        let held = Held { octets, seen: false, flagged: false };
        self.folder.messages.lock().expect("no panic").insert(uid, held);
        self.folder.came.notify_waiters();
    }

    /// Number, seen and flagged of every message that is left.
    pub fn left(&self) -> Vec<(u32, bool, bool)> {
        let messages = self.folder.messages.lock().expect("no panic");
        messages.iter().map(|(uid, held)| (*uid, held.seen, held.flagged)).collect()
    }

    /// The commands that came, without their tags.
    pub fn commands(&self) -> Vec<String> {
        self.folder.commands.lock().expect("no panic").clone()
    }
}

async fn talk(stream: TcpStream, folder: Arc<Folder>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"* OK ready\r\n").await.ok()?;
    while let Ok(Some(line)) = lines.next_line().await {
        let (tag, command) = line.split_once(' ')?;
        folder.commands.lock().expect("no panic").push(command.to_owned());
        if command == "IDLE" {
            let came = folder.came.notified();
            writer.write_all(b"+ idling\r\n").await.ok()?;
            let is_done = tokio::select! {
                () = came => false,
                _ = lines.next_line() => true,
            };
            if !is_done {
                writer.write_all(b"* 1 EXISTS\r\n").await.ok()?;
                lines.next_line().await.ok()?;
            }
            writer.write_all(format!("{tag} OK done\r\n").as_bytes()).await.ok()?;
            continue;
        }
        let is_refused = command.starts_with("LOGIN") && !command.contains("secret");
        writer.write_all(&answer(command, &folder)).await.ok()?;
        let end = if is_refused { "NO wrong password" } else { "OK done" };
        writer.write_all(format!("{tag} {end}\r\n").as_bytes()).await.ok()?;
        if command == "LOGOUT" {
            return None;
        }
    }
    None
}

/// The untagged lines of an answer.
fn answer(command: &str, folder: &Folder) -> Vec<u8> {
    let mut messages = folder.messages.lock().expect("no panic");
    let words: Vec<&str> = command.split(' ').collect();
    let uid = words.get(2).and_then(|uid| uid.parse::<u32>().ok()).unwrap_or(0);
    match (words[0], words.get(1).copied().unwrap_or_default()) {
        ("CAPABILITY", _) => b"* CAPABILITY IMAP4rev1 IDLE UIDPLUS\r\n".to_vec(),
        ("SELECT", _) => {
            format!("* {} EXISTS\r\n* FLAGS (\\Seen)\r\n", messages.len()).into_bytes()
        }
        ("UID", "SEARCH") => {
            let unseen = messages.iter().filter(|(_, held)| !held.seen);
            let uids: Vec<String> = unseen.map(|(uid, _)| uid.to_string()).collect();
            format!("* SEARCH {}\r\n", uids.join(" ")).into_bytes()
        }
        ("UID", "FETCH") => match messages.get(&uid) {
            None => Vec::new(),
            Some(held) => {
                let head = format!("* 1 FETCH (UID {uid} BODY[]<0> {{{}}}\r\n", held.octets.len());
                [head.as_bytes(), &held.octets, b")\r\n"].concat()
            }
        },
        ("UID", "STORE") => {
            if let Some(held) = messages.get_mut(&uid) {
                held.seen |= command.contains("\\Seen");
                held.flagged |= command.contains("\\Flagged");
            }
            Vec::new()
        }
        ("UID", "EXPUNGE") => {
            messages.remove(&uid);
            b"* 1 EXPUNGE\r\n".to_vec()
        }
        ("LOGOUT", _) => b"* BYE\r\n".to_vec(),
        _ => Vec::new(),
    }
}
