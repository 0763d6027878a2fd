//! The stream between lettre and the network.
//!
//! What is written is kept until an answer is wanted, so that a message and the dot that ends it
//! leave in one packet train; and the wire knows at any time whether all of it has left.
//!
//! **Invariant:** while [`Unsent::is_empty`] is false, the last octet written has not been handed to
//! the operating system, so the relay cannot have the end of it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much of what the relay says is read at a time.
const READ_MAX: usize = 2048;
/// How much is kept before it has to leave: more than a brief.
const KEEP_MAX: usize = 128 * 1024;

/// Tells, from outside lettre, whether everything written has left.
#[derive(Debug, Clone)]
pub struct Unsent(Arc<AtomicBool>);

impl Unsent {
    /// Whether all that was written was handed to the operating system.
    pub fn is_empty(&self) -> bool {
        !self.0.load(Ordering::SeqCst)
    }
}

/// A connection that writes late, repeats the greeting already read from it, and puts replies into
/// the form that lettre reads.
#[derive(Debug)]
pub struct Wire<S> {
    stream: S,
    peer: SocketAddr,
    said: Vec<u8>,
    said_read: usize,
    column: usize,
    kept: Vec<u8>,
    kept_sent: usize,
    unsent: Arc<AtomicBool>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Wraps `stream`. lettre's connection begins by reading a greeting, which we have read already
    /// (and after STARTTLS the relay says none, RFC 3207 4.2), so it is given this one.
    pub fn new(stream: S, peer: SocketAddr, greeting: &[u8]) -> (Self, Unsent) {
        let unsent = Arc::new(AtomicBool::new(false));
        let mut wire = Self {
            stream,
            peer,
            said: Vec::new(),
            said_read: 0,
            column: 0,
            kept: Vec::with_capacity(32 * 1024),
            kept_sent: 0,
            unsent: Arc::clone(&unsent),
        };
        wire.listen(greeting);
        (wire, Unsent(unsent))
    }

    /// Takes what the relay said. Only the three digits of a reply decide anything, so neither of
    /// two things may turn a message that was taken into one nobody knows about: text that is not
    /// UTF-8, and the bare `250` that RFC 5321 4.2 allows, both of which lettre refuses.
    fn listen(&mut self, octets: &[u8]) {
        self.said.clear();
        self.said_read = 0;
        for &octet in octets {
            if octet == b'\r' && self.column == 3 {
                self.said.push(b' ');
            }
            self.said.push(if octet.is_ascii() { octet } else { b'?' });
            self.column = if octet == b'\n' { 0 } else { self.column + 1 };
        }
    }

    /// Hands everything kept to the operating system; below TLS that includes what rustls holds.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.kept.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while self.kept_sent < self.kept.len() {
            let rest = &self.kept[self.kept_sent..];
            let n = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.kept_sent += n;
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.kept.clear();
        self.kept_sent = 0;
        self.unsent.store(false, Ordering::SeqCst);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.said_read == wire.said.len() {
            ready!(wire.poll_drain(cx))?;
            let mut octets = [0; READ_MAX];
            let mut fresh = ReadBuf::new(&mut octets);
            ready!(Pin::new(&mut wire.stream).poll_read(cx, &mut fresh))?;
            wire.listen(fresh.filled());
        }
        let said = &wire.said[wire.said_read..];
        let n = said.len().min(buf.remaining());
        buf.put_slice(&said[..n]);
        wire.said_read += n;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        if KEEP_MAX <= wire.kept.len() {
            ready!(wire.poll_drain(cx))?;
        }
        let n = buf.len().min(KEEP_MAX);
        wire.kept.extend_from_slice(&buf[..n]);
        wire.unsent.store(true, Ordering::SeqCst);
        Poll::Ready(Ok(n))
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
