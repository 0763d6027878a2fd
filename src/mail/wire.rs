//! The stream between lettre and the network.
//!
//! What is written is kept until an answer is wanted, so that a group of commands, or a message and
//! the dot that ends it, leave in one packet train; and [`Line`] knows at any time whether all of it
//! has left.
//!
//! **Invariants:** while [`Line::has_unsent`], the last octet written has not been handed to the
//! operating system, so the relay cannot have the end of it. And what the relay said before it was
//! asked is never read as the answer to what is asked next.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::dots;
use super::offers::Offers;

/// How much of what the relay says is read at a time.
const READ_MAX: usize = 2048;
/// How much of one line of a reply is kept.
const LINE_MAX: usize = 512;
/// How much room for writing a connection holds between two messages: more than a brief.
const KEEP_MAX: usize = 128 * 1024;

/// The session's end of a [`Wire`], which lettre owns.
#[derive(Debug, Clone)]
pub struct Line(Arc<Mutex<State>>);

/// What both ends know.
struct State {
    said: Vec<u8>,
    said_read: usize,
    column: usize,
    /// The answer to EHLO so far; `None` before the greeting is read, and once it is complete.
    introduction: Option<Vec<u8>>,
    offers: Offers,
    kept: Vec<u8>,
    kept_sent: usize,
}

impl Line {
    /// Whether any of what was written has not been handed to the operating system.
    pub fn has_unsent(&self) -> bool {
        !self.state().kept.is_empty()
    }

    /// How many octets of what was written have not been handed to the operating system.
    pub fn n_unsent(&self) -> usize {
        let state = self.state();
        state.kept.len() - state.kept_sent
    }

    /// What the relay offered when it answered EHLO.
    pub fn offers(&self) -> Offers {
        self.state().offers
    }

    /// Writes a whole message and the dot that ends it. It leaves when the answer is read. lettre
    /// would go over it octet by octet and copy it twice, which took most of a send's time.
    pub fn write_message(&self, message: &[u8]) {
        dots::stuff(message, &mut self.state().kept);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that writes late, repeats the greeting already read from it, and puts replies into
/// the form that lettre reads.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    peer: SocketAddr,
    line: Line,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Wraps `stream`. lettre's connection begins by reading a greeting, which we have read already
    /// (and after STARTTLS the relay says none, RFC 3207 4.2), so it is given this one.
    pub fn new(stream: S, peer: SocketAddr, greeting: &[u8]) -> (Self, Line) {
        let mut state = State {
            said: Vec::new(),
            said_read: 0,
            column: 0,
            introduction: None,
            offers: Offers::default(),
            kept: Vec::with_capacity(32 * 1024),
            kept_sent: 0,
        };
        state.listen(greeting);
        state.introduction = Some(Vec::new());
        let line = Line(Arc::new(Mutex::new(state)));
        (Self { stream, peer, line: line.clone() }, line)
    }

    /// Reads whatever the relay has to say now.
    fn poll_hear(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut octets = [0; READ_MAX];
        let mut fresh = ReadBuf::new(&mut octets);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut fresh))?;
        self.line.state().listen(fresh.filled());
        Poll::Ready(Ok(fresh.filled().len()))
    }

    /// Hands everything kept to the operating system; below TLS that includes what rustls holds.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = &mut *self.line.state();
        if state.kept.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while state.kept_sent < state.kept.len() {
            let rest = &state.kept[state.kept_sent..];
            let n = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            state.kept_sent += n;
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        state.kept.clear();
        state.kept.shrink_to(KEEP_MAX);
        state.kept_sent = 0;
        Poll::Ready(Ok(()))
    }
}

impl State {
    /// Takes what the relay said. Only the three digits of a reply decide anything, so none of four
    /// things may turn a message that was taken into one nobody knows about: text that is not
    /// UTF-8, the bare `250` that RFC 5321 4.2 allows, a line of more than its 512 octets, and a
    /// line that ends without CR; lettre refuses, or waits for ever for the rest of, each of them.
    fn listen(&mut self, octets: &[u8]) {
        if self.said_read == self.said.len() {
            self.said.clear();
            self.said_read = 0;
        }
        for &octet in octets {
            if octet == b'\n' {
                if self.column == 3 {
                    self.said.push(b' ');
                }
                self.said.extend_from_slice(b"\r\n");
                self.column = 0;
            } else if octet != b'\r' {
                if self.column < LINE_MAX {
                    self.said.push(if octet.is_ascii() { octet } else { b'?' });
                }
                self.column += 1;
            }
        }
        if let Some(introduction) = &mut self.introduction {
            introduction.extend_from_slice(octets);
            if let Some(answer) = introduction.strip_suffix(b"\n")
                && answer.rsplit(|&octet| octet == b'\n').next().is_some_and(is_last_line)
            {
                self.offers = Offers::read(answer);
                self.introduction = None;
            }
        }
    }

    /// The next line of what was said, which lettre has not read: never more, so that it cannot
    /// keep the beginning of another reply where nobody sees it.
    fn next_line(&self) -> &[u8] {
        let rest = &self.said[self.said_read..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        &rest[..length]
    }

    fn has_unread(&self) -> bool {
        self.said_read < self.said.len()
    }
}

/// Without what was written: it may be a password or somebody's mail.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "State({} octets to send)", self.kept.len() - self.kept_sent)
    }
}

/// The last line of a reply has no hyphen after its code (RFC 5321 4.2.1).
fn is_last_line(line: &[u8]) -> bool {
    line.get(3) != Some(&b'-')
}

fn out_of_turn(said: &[u8]) -> io::Error {
    let said = String::from_utf8_lossy(said);
    let text = format!("the relay spoke out of turn: {}", said.trim_end());
    io::Error::new(io::ErrorKind::InvalidData, text)
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let is_about_to_ask = {
            let state = wire.line.state();
            !state.kept.is_empty() && state.kept_sent == 0
        };
        if is_about_to_ask {
            // Costs no system call when nothing is there: the socket is known not to be readable.
            if !wire.line.state().has_unread()
                && let Poll::Ready(0) = wire.poll_hear(cx)?
            {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
            let state = wire.line.state();
            if state.has_unread() {
                return Poll::Ready(Err(out_of_turn(state.next_line())));
            }
        }
        ready!(wire.poll_drain(cx))?;
        if !wire.line.state().has_unread() {
            ready!(wire.poll_hear(cx))?;
        }
        let state = &mut *wire.line.state();
        let line = state.next_line();
        let n = line.len().min(buf.remaining());
        buf.put_slice(&line[..n]);
        state.said_read += n;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.line.state().kept.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    /// Nothing to do: what is kept leaves when an answer is read.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        ready!(wire.poll_drain(cx))?;
        Pin::new(&mut wire.stream).poll_shutdown(cx)
    }
}

impl<S> AsyncTokioStream for Wire<S>
where
    S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug,
{
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}
