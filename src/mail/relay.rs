//! Where the mail goes: `relay.url`, read and checked once at start.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use secrecy::ExposeSecret;

use super::courier::Courier;
use super::outbox::Outbox;
use super::relay_url::{self, SmtpUrl};
use super::session::{Endpoint, Login, Security, Session, StartTls};
use super::tls;

/// Messages over one connection before it is closed and made anew.
const MESSAGES_PER_CONNECTION: u32 = 100;

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
    /// Getting the message out; the RFC gives it to each block, we to the whole.
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
}

/// What is set beside the URL.
#[derive(Debug, Clone)]
pub struct RelayOptions {
    /// The name given in EHLO: our mail domain, never this machine's own name.
    pub helo: String,
    /// How long to wait.
    pub timeouts: Timeouts,
}

/// What is wrong with `relay.url`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The URL itself.
    #[error("relay.url {what}; {remedy}")]
    Url {
        /// What is wrong.
        what: &'static str,
        /// How it should be.
        remedy: &'static str,
    },
    /// One of the options behind its question mark.
    #[error("relay.url: the option {name:?} {remedy}")]
    Option {
        /// Its name.
        name: String,
        /// How it should be.
        remedy: String,
    },
    /// The certificates to trust.
    #[error("relay.url: {0}")]
    Tls(String),
}

impl RelayError {
    pub(super) fn url(what: &'static str, remedy: &'static str) -> Self {
        Self::Url { what, remedy }
    }

    pub(super) fn option(name: &str, remedy: impl Into<String>) -> Self {
        Self::Option {
            name: name.to_owned(),
            remedy: remedy.into(),
        }
    }
}

/// A checked place to send mail to; hands out one [`Courier`] to each worker.
#[derive(Debug, Clone)]
pub enum Relay {
    /// A folder of `.eml` files.
    File(PathBuf),
    /// An SMTP relay.
    Smtp(Arc<Endpoint>),
}

impl Relay {
    /// Reads `relay.url`: `file://FOLDER`, `smtp://[USER:PASSWORD@]HOST[:PORT]` or `smtps://`.
    ///
    /// Options: `tls=required|opportunistic|none` (for `smtp://`; off loopback `required` is the
    /// default, on loopback `none`), `ca_file=PATH` (trust these certificates only),
    /// `auth=plain|login|xoauth2` (with `xoauth2` the password is the token), `per_connection=N`.
    ///
    /// # Errors
    /// [`RelayError`] says what to write; it never repeats the password.
    pub fn open(url: &str, options: &RelayOptions) -> Result<Self, RelayError> {
        match url.split_once("://") {
            Some(("file", rest)) => Ok(Self::File(relay_url::file_path(rest)?)),
            Some((scheme @ ("smtp" | "smtps"), rest)) => {
                let url = relay_url::smtp(scheme == "smtps", rest)?;
                Ok(Self::Smtp(Arc::new(endpoint(url, options)?)))
            }
            _ => Err(RelayError::url(
                "has no scheme we know",
                "write file://FOLDER, smtp://HOST:PORT or smtps://HOST:PORT",
            )),
        }
    }

    /// A way out for one worker; makes no connection yet.
    #[must_use]
    pub fn courier(&self) -> Courier {
        match self {
            Self::File(folder) => Courier::File(Outbox::new(folder.clone())),
            Self::Smtp(endpoint) => Courier::Smtp(Box::new(Session::new(Arc::clone(endpoint)))),
        }
    }
}

impl Relay {
    /// Whether mail handed over here stays on this machine: a folder, or a relay on loopback.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Smtp(endpoint) => endpoint.is_loopback,
        }
    }

    /// Whether no message is handed over in plain text: a folder, or a relay that must use TLS.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Smtp(endpoint) => matches!(
                endpoint.security,
                Security::Implicit(_) | Security::StartTls(StartTls::Required, _)
            ),
        }
    }
}

/// For people and logs: without the password.
impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(folder) => write!(f, "file://{}", folder.display()),
            Self::Smtp(endpoint) => endpoint.fmt(f),
        }
    }
}

fn endpoint(url: SmtpUrl, options: &RelayOptions) -> Result<Endpoint, RelayError> {
    let is_loopback = url.is_loopback();
    let mut start_tls = None;
    let mut ca_file = None;
    let mut auth = None;
    let mut per_connection = MESSAGES_PER_CONNECTION;
    for (name, value) in &url.options {
        match name.as_str() {
            "tls" => start_tls = Some(tls_option(value)?),
            "ca_file" => ca_file = Some(PathBuf::from(value)),
            "auth" => auth = Some(auth_option(value)?),
            "per_connection" => {
                per_connection = value.parse().ok().filter(|&n| n != 0).ok_or_else(|| {
                    RelayError::option(name, "wants a number of messages, 1 or more")
                })?;
            }
            _ => {
                return Err(RelayError::option(
                    name,
                    "is not known; tls, ca_file, auth and per_connection are",
                ));
            }
        }
    }
    let start_tls = match (url.implicit_tls, start_tls) {
        (true, Some(_)) => {
            return Err(RelayError::option(
                "tls",
                "is for smtp://; smtps:// always has TLS",
            ));
        }
        (_, Some(asked)) => asked,
        (_, None) if is_loopback => StartTls::Never,
        (_, None) => StartTls::Required,
    };
    let is_plain = !url.implicit_tls && start_tls == StartTls::Never;
    if is_plain && url.login.is_some() && !is_loopback {
        return Err(RelayError::option(
            "tls",
            "is none, and the password would leave this machine unencrypted; remove tls=none",
        ));
    }
    if auth.is_some() && url.login.is_none() {
        return Err(RelayError::option(
            "auth",
            "needs a user and a password in the URL",
        ));
    }
    let config = if is_plain {
        None
    } else {
        Some(tls::client_config(ca_file.as_deref())?)
    };
    let security = match config {
        None => Security::Plain,
        Some(config) if url.implicit_tls => Security::Implicit(config),
        Some(config) => Security::StartTls(start_tls, config),
    };
    let mechanisms = auth.map_or_else(|| vec![Mechanism::Plain, Mechanism::Login], |one| vec![one]);
    Ok(Endpoint {
        host: url.host,
        port: url.port,
        is_loopback,
        security,
        login: url.login.map(|(user, password)| Login {
            credentials: Credentials::new(user, password.expose_secret().to_owned()),
            mechanisms,
        }),
        helo: options.helo.clone(),
        timeouts: options.timeouts,
        messages_per_connection: per_connection,
    })
}

fn tls_option(value: &str) -> Result<StartTls, RelayError> {
    match value {
        "required" => Ok(StartTls::Required),
        "opportunistic" => Ok(StartTls::IfOffered),
        "none" => Ok(StartTls::Never),
        _ => Err(RelayError::option(
            "tls",
            "is one of required, opportunistic, none",
        )),
    }
}

fn auth_option(value: &str) -> Result<Mechanism, RelayError> {
    match value {
        "plain" => Ok(Mechanism::Plain),
        "login" => Ok(Mechanism::Login),
        "xoauth2" => Ok(Mechanism::Xoauth2),
        _ => Err(RelayError::option(
            "auth",
            "is one of plain, login, xoauth2",
        )),
    }
}
