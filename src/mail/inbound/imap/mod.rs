//! A mailbox that is fetched from over IMAP (RFC 9051).
//!
//! Whoever polls connects, fetches what was not seen, settles each message, and waits: by IDLE (RFC
//! 2177) where the server can, else for a while. One connection, one folder, nothing else is touched.
//!
//! **Invariant:** a message is deleted only when the caller says that all of it is kept elsewhere; any
//! other stays, marked as seen.

mod connection;
mod url;

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;

pub use connection::{Connection, Settled};

/// Which mailbox, and how it is reached.
#[derive(Clone)]
pub struct Mailbox {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: bool,
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) folder: String,
    pub(super) ca_file: Option<PathBuf>,
}

impl Mailbox {
    /// Reads `imaps://USER:PASSWORD@HOST[:PORT][/FOLDER]`, or `imap://…` on this machine.
    ///
    /// # Errors
    /// A sentence with what is wrong and what would be right; never the password.
    pub fn parse(text: &str) -> Result<Self, String> {
        url::parse(text)
    }

    /// Where it is, for a log: without user and password.
    #[must_use]
    pub fn place(&self) -> String {
        let scheme = if self.tls { "imaps" } else { "imap" };
        format!("{scheme}://{}:{}/{}", self.host, self.port, self.folder)
    }
}

/// Its place.
impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

/// The mailbox cannot be read now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct ImapError {
    /// Where.
    pub place: String,
    /// What was in the way.
    pub problem: String,
}
