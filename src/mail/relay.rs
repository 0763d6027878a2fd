//! Where the mail goes: `relay.url`, read and checked once at start.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use secrecy::ExposeSecret;

use super::courier::Courier;
pub use super::endpoint::Timeouts;
use super::endpoint::{Endpoint, Login, Security, StartTls};
use super::outbox::Outbox;
use super::relay_url::{self, SmtpUrl};
use super::session::Session;
use super::tls::Trust;
use crate::domain::address::Domain;

/// Messages over one connection before it is closed and made anew.
const MESSAGES_PER_CONNECTION: u32 = 100;

/// What is set beside the URL.
#[derive(Debug, Clone)]
pub struct RelayOptions {
    /// The name given in EHLO: our mail domain, never this machine's own name. Without one, the
    /// literal for loopback (RFC 5321 4.1.3).
    pub helo: Option<Domain>,
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
        Self::Option { name: name.to_owned(), remedy: remedy.into() }
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

    /// The same for who has other things to do: connecting takes `haste` at most, and what is said
    /// before the message as long again.
    #[must_use]
    pub fn hasty_courier(&self, haste: Duration) -> Courier {
        match self {
            Self::File(_) => self.courier(),
            Self::Smtp(endpoint) => {
                Courier::Smtp(Box::new(Session::hasty(Arc::clone(endpoint), haste)))
            }
        }
    }
}

impl Relay {
    /// Where it is, for the ledger and the log: never a name or a password.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::File(folder) => format!("file://{}", folder.display()),
            Self::Smtp(endpoint) => format!("smtp://{}:{}", endpoint.host, endpoint.port),
        }
    }

    /// The host of an SMTP relay: a name or an address.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Smtp(endpoint) => Some(&endpoint.host),
        }
    }

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
    let asked = Asked::read(&url)?;
    let start_tls =
        asked.start_tls.unwrap_or(if is_loopback { StartTls::Never } else { StartTls::Required });
    let is_plain = !url.implicit_tls && start_tls == StartTls::Never;
    if is_plain && url.login.is_some() && !is_loopback {
        return Err(RelayError::option(
            "tls",
            "is none, and the password would leave this machine unencrypted; remove tls=none",
        ));
    }
    let security = if is_plain {
        Security::Plain
    } else {
        let trust = Trust::new(asked.ca_file.as_deref()).map_err(RelayError::Tls)?;
        if url.implicit_tls {
            Security::Implicit(trust)
        } else {
            Security::StartTls(start_tls, trust)
        }
    };
    let mechanisms = match asked.auth {
        Some(one) => vec![one],
        None => vec![Mechanism::Plain, Mechanism::Login],
    };
    Ok(Endpoint {
        host: url.host,
        port: url.port,
        is_loopback,
        security,
        login: url.login.map(|(user, password)| Login {
            credentials: Credentials::new(user, password.expose_secret().to_owned()),
            mechanisms,
        }),
        helo: options.helo.as_ref().map_or_else(|| "[127.0.0.1]".to_owned(), Domain::to_string),
        timeouts: options.timeouts,
        messages_per_connection: asked.per_connection,
    })
}

/// The options behind the question mark.
struct Asked {
    start_tls: Option<StartTls>,
    ca_file: Option<PathBuf>,
    auth: Option<Mechanism>,
    per_connection: u32,
}

impl Asked {
    fn read(url: &SmtpUrl) -> Result<Self, RelayError> {
        let mut asked = Self {
            start_tls: None,
            ca_file: None,
            auth: None,
            per_connection: MESSAGES_PER_CONNECTION,
        };
        for (name, value) in &url.options {
            match name.as_str() {
                "tls" if url.implicit_tls => {
                    let remedy = "is for smtp://; smtps:// always has TLS";
                    return Err(RelayError::option(name, remedy));
                }
                "tls" => asked.start_tls = Some(tls_option(value)?),
                "ca_file" => asked.ca_file = Some(PathBuf::from(value)),
                "auth" if url.login.is_none() => {
                    let remedy = "needs a user and a password in the URL";
                    return Err(RelayError::option(name, remedy));
                }
                "auth" => asked.auth = Some(auth_option(value)?),
                "per_connection" => asked.per_connection = count(name, value)?,
                _ => {
                    let remedy = "is not known; tls, ca_file, auth and per_connection are";
                    return Err(RelayError::option(name, remedy));
                }
            }
        }
        Ok(asked)
    }
}

fn count(name: &str, value: &str) -> Result<u32, RelayError> {
    let number = value.parse().ok().filter(|&number| number != 0);
    number.ok_or_else(|| RelayError::option(name, "wants a number of messages, 1 or more"))
}

fn tls_option(value: &str) -> Result<StartTls, RelayError> {
    match value {
        "required" => Ok(StartTls::Required),
        "opportunistic" => Ok(StartTls::IfOffered),
        "none" => Ok(StartTls::Never),
        _ => Err(RelayError::option("tls", "is one of required, opportunistic, none")),
    }
}

fn auth_option(value: &str) -> Result<Mechanism, RelayError> {
    match value {
        "plain" => Ok(Mechanism::Plain),
        "login" => Ok(Mechanism::Login),
        "xoauth2" => Ok(Mechanism::Xoauth2),
        _ => Err(RelayError::option("auth", "is one of plain, login, xoauth2")),
    }
}
