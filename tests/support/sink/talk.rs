//! One conversation with the counting relay (RFC 5321, with PIPELINING of RFC 2920).

use std::sync::atomic::Ordering;
use std::time::Duration;

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Shared;

const ROOM: usize = 64 * 1024;
const END: &[u8] = b"\r\n.\r\n";

/// What comes after a command or a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// There may be another one.
    More,
    /// Nothing whole is left: more must be read.
    Read,
    /// The client has taken its leave.
    Quit,
}

/// What was said and is not understood yet, and what is to be answered.
#[derive(Debug, Default)]
struct Talk {
    heard: Vec<u8>,
    /// Octets of `heard` in which no end of a message was found.
    searched: usize,
    answer: Vec<u8>,
    recipient: Option<String>,
    is_message: bool,
}

/// `None` when the client is gone without a word.
pub(super) async fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    stream.write_all(b"220 sink ESMTP\r\n").await.ok()?;
    let mut talk = Talk::default();
    talk.heard.reserve(ROOM);
    loop {
        if stream.read_buf(&mut talk.heard).await.ok()? == 0 {
            return None;
        }
        loop {
            let wait = shared.wait_micros.load(Ordering::Relaxed);
            let was_message = talk.is_message;
            let next = if was_message { talk.message(shared) } else { talk.command(shared) };
            match next {
                Next::More => {}
                Next::Read => break,
                Next::Quit => return stream.write_all(&talk.answer).await.ok(),
            }
            if was_message && wait > 0 {
                tokio::time::sleep(Duration::from_micros(wait)).await;
            }
        }
        if !talk.answer.is_empty() {
            stream.write_all(&talk.answer).await.ok()?;
            talk.answer.clear();
        }
        if talk.heard.is_empty() {
            talk.heard.reserve(ROOM);
        }
    }
}

impl Talk {
    /// Answers one command.
    fn command(&mut self, shared: &Shared) -> Next {
        let Some(end) = memchr::memchr(b'\n', &self.heard) else {
            return Next::Read;
        };
        let line: Vec<u8> = self.heard.drain(..=end).collect();
        let line = String::from_utf8_lossy(&line);
        let verb = line.get(..4).unwrap_or("").to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
            "HELO" | "NOOP" => b"250 2.0.0 ok\r\n",
            "MAIL" | "RSET" => {
                self.recipient = None;
                b"250 2.1.0 ok\r\n"
            }
            "RCPT" if shared.defers() => b"451 4.3.0 not now\r\n",
            "RCPT" => {
                let path = line.split_once('<').and_then(|(_, path)| path.split_once('>'));
                self.recipient = path.map(|(path, _)| path.to_owned());
                b"250 2.1.5 ok\r\n"
            }
            "DATA" if self.recipient.is_some() => {
                (self.is_message, self.searched) = (true, 0);
                b"354 go ahead\r\n"
            }
            "DATA" => b"554 5.5.1 to whom?\r\n",
            "QUIT" => b"221 2.0.0 bye\r\n",
            _ => b"502 5.5.2 what?\r\n",
        };
        self.answer.extend_from_slice(answer);
        if verb == "QUIT" { Next::Quit } else { Next::More }
    }

    /// Takes a message in, if all of it has come.
    fn message(&mut self, shared: &Shared) -> Next {
        let from = self.searched.saturating_sub(END.len());
        let Some(end) = memmem::find(&self.heard[from..], END).map(|at| from + at) else {
            self.searched = self.heard.len();
            return Next::Read;
        };
        let id = message_id(&self.heard[..end]).unwrap_or_default();
        shared.take(&self.recipient.take().unwrap_or_default(), &id);
        self.heard.drain(..end + END.len());
        self.is_message = false;
        self.answer.extend_from_slice(b"250 2.0.0 taken\r\n");
        Next::More
    }
}

fn message_id(message: &[u8]) -> Option<String> {
    let field = b"\r\nMessage-ID:";
    let at = memmem::find(message, field)? + field.len();
    let rest = &message[at..];
    let end = memchr::memchr(b'\r', rest).unwrap_or(rest.len());
    Some(String::from_utf8_lossy(&rest[..end]).trim().to_owned())
}
