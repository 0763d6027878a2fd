//! A relay's place and the terms on which we speak to it.

use std::fmt;
use std::time::Duration;

use super::tls::Trust;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};

/// Where a session connects to, and how.
pub struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) is_loopback: bool,
    pub(super) security: Security,
    pub(super) login: Option<Login>,
    pub(super) helo: String,
    pub(super) timeouts: Timeouts,
    pub(super) messages_per_connection: u32,
}

/// How the connection is protected.
pub(super) enum Security {
    Plain,
    StartTls(StartTls, Trust),
    Implicit(Trust),
}

/// What to do about STARTTLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartTls {
    /// No TLS, no message.
    Required,
    /// TLS when the relay offers it; its certificate is checked all the same.
    IfOffered,
    /// Plain text.
    Never,
}

/// Who we say we are.
pub(super) struct Login {
    pub(super) credentials: Credentials,
    pub(super) mechanisms: Vec<Mechanism>,
}

/// How long to wait at each stage (RFC 5321 4.5.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Reaching the host; not in the RFC.
    pub connect: Duration,
    /// A TLS handshake; not in the RFC.
    pub tls: Duration,
    /// The relay's first line.
    pub greeting: Duration,
    /// The answers to EHLO, STARTTLS and AUTH.
    pub hello: Duration,
    /// The answer to `MAIL FROM`.
    pub mail: Duration,
    /// The answer to `RCPT TO`.
    pub rcpt: Duration,
    /// The answer to `DATA`.
    pub data: Duration,
    /// Getting a further part of the message out; the whole of it may take five times as long.
    pub block: Duration,
    /// The answer to the final dot. A short one makes duplicates (RFC 1047).
    pub dot: Duration,
    /// The answer to QUIT, which nothing depends on.
    pub quit: Duration,
}

impl Timeouts {
    /// The RFC's minimums.
    pub const RFC_5321: Self = Self {
        connect: Duration::from_secs(30),
        tls: Duration::from_secs(60),
        greeting: Duration::from_secs(300),
        hello: Duration::from_secs(300),
        mail: Duration::from_secs(300),
        rcpt: Duration::from_secs(300),
        data: Duration::from_secs(120),
        block: Duration::from_secs(180),
        dot: Duration::from_secs(600),
        quit: Duration::from_secs(2),
    };

    /// The same for every stage.
    #[must_use]
    pub const fn all(limit: Duration) -> Self {
        Self {
            connect: limit,
            tls: limit,
            greeting: limit,
            hello: limit,
            mail: limit,
            rcpt: limit,
            data: limit,
            block: limit,
            dot: limit,
            quit: limit,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if matches!(self.security, Security::Implicit(_)) { "smtps" } else { "smtp" };
        if self.host.contains(':') {
            return write!(f, "{scheme}://[{}]:{}", self.host, self.port);
        }
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

/// Without the login.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}
