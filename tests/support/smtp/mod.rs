//! A scripted SMTP server: it does as told for each recipient and stage, and remembers what it got.
//!
//! ```ignore
//! let server = SmtpServer::start(Script::new().at(At::Rcpt, "gone@", Act::reply("550 5.1.1 gone"))).await;
//! ```

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

mod talk;

/// A point of the conversation to act at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the final dot.
    Dot,
}

/// What to do there in place of the usual answer.
#[derive(Debug, Clone)]
pub enum Act {
    /// Say exactly this; a missing CRLF is added.
    Reply(Vec<u8>),
    /// Say this one octet at a time.
    Slowly(String),
    /// Say this, one octet each few milliseconds, for as long as the client stays: it has no end.
    Drip(&'static str),
    /// Say nothing for as long as the client stays.
    Hang,
    /// Close the connection without a word.
    Close,
}

impl Act {
    pub fn reply(line: impl AsRef<[u8]>) -> Self {
        let mut octets = line.as_ref().to_vec();
        if !octets.ends_with(b"\n") {
            octets.extend_from_slice(b"\r\n");
        }
        Self::Reply(octets)
    }
}

#[derive(Debug, Clone)]
struct Rule {
    at: At,
    who: String,
    act: Act,
    times: usize,
}

/// What the server does, and what it offers.
#[derive(Debug, Clone)]
pub struct Script {
    rules: Vec<Rule>,
    offers: Vec<String>,
    login: Option<(String, String)>,
    encryption: Encryption,
    has_expired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    None,
    StartTls,
    Implicit,
}

impl Script {
    /// Takes everything.
    pub fn new() -> Self {
        Self {
            rules: Vec::new(),
            offers: vec!["8BITMIME".to_owned(), "ENHANCEDSTATUSCODES".to_owned()],
            login: None,
            encryption: Encryption::None,
            has_expired: false,
        }
    }

    /// Is away: whoever connects finds the connection closed, and whoever is there loses it.
    pub fn gone() -> Self {
        Self::new().at(At::Greeting, "", Act::Close).at(At::Mail, "", Act::Close)
    }

    /// Does `act` at `at`, for recipients (at `Mail`: senders) whose address contains `who`.
    pub fn at(self, at: At, who: &str, act: Act) -> Self {
        self.times(usize::MAX, at, who, act)
    }

    /// The same, but only the first `times` times.
    pub fn times(mut self, times: usize, at: At, who: &str, act: Act) -> Self {
        let who = who.to_owned();
        self.rules.push(Rule { at, who, act, times });
        self
    }

    /// Offers one more EHLO keyword.
    pub fn offering(mut self, keyword: &str) -> Self {
        self.offers.push(keyword.to_owned());
        self
    }

    /// Wants this user and password (PLAIN and LOGIN), or this token (XOAUTH2).
    pub fn with_login(mut self, user: &str, password: &str) -> Self {
        self.login = Some((user.to_owned(), password.to_owned()));
        self.offering("AUTH PLAIN LOGIN XOAUTH2")
    }

    /// Offers STARTTLS with a certificate for `localhost`.
    pub fn with_start_tls(mut self) -> Self {
        self.encryption = Encryption::StartTls;
        self
    }

    /// Shows a certificate whose time is over.
    pub fn with_expired_certificate(mut self) -> Self {
        self.has_expired = true;
        self
    }

    /// Speaks TLS from the first octet.
    pub fn with_implicit_tls(mut self) -> Self {
        self.encryption = Encryption::Implicit;
        self
    }
}

/// One message as it arrived, dot-stuffing undone.
#[derive(Debug, Clone)]
pub struct Received {
    pub from: String,
    pub to: String,
    /// The parameters of `MAIL FROM`, as sent.
    pub parameters: String,
    pub encrypted: bool,
    pub user: Option<String>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, Default)]
struct Log {
    connections: usize,
    commands: Vec<String>,
    received: Vec<Received>,
    /// Transactions to each domain: under way now, and the most there ever were.
    open: HashMap<String, (usize, usize)>,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Script>,
    log: Mutex<Log>,
    acceptor: Option<TlsAcceptorDebug>,
}

struct TlsAcceptorDebug(TlsAcceptor);

impl std::fmt::Debug for TlsAcceptorDebug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsAcceptor")
    }
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct SmtpServer {
    pub address: SocketAddr,
    /// The certificate to trust, in PEM, when the script has TLS.
    pub certificate: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl SmtpServer {
    /// Listens on a free loopback port.
    pub async fn start(script: Script) -> Self {
        let (certificate, acceptor) = match script.encryption {
            Encryption::None => (String::new(), None),
            Encryption::StartTls | Encryption::Implicit => {
                let (pem, acceptor) = self_signed(script.has_expired);
                (pem, Some(TlsAcceptorDebug(acceptor)))
            }
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            log: Mutex::new(Log::default()),
            acceptor,
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, certificate, shared, accepting }
    }

    /// `relay.url` for this server without TLS.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Every message taken or refused after its dot, in order of arrival.
    pub fn received(&self) -> Vec<Received> {
        self.shared.log.lock().expect("no panic").received.clone()
    }

    /// Messages that reached their final dot.
    pub fn n_messages(&self) -> usize {
        self.shared.log.lock().expect("no panic").received.len()
    }

    /// Connections made so far.
    pub fn n_connections(&self) -> usize {
        self.shared.log.lock().expect("no panic").connections
    }

    /// Recipients named so far.
    pub fn n_recipients(&self) -> usize {
        self.commands().iter().filter(|command| command.starts_with("RCPT")).count()
    }

    /// The most transactions to one domain that were under way at once, from the recipient to the
    /// final dot.
    pub fn most_open(&self, domain: &str) -> usize {
        self.shared.log.lock().expect("no panic").open.get(domain).map_or(0, |open| open.1)
    }

    /// Every command line seen, without message data.
    pub fn commands(&self) -> Vec<String> {
        self.shared.log.lock().expect("no panic").commands.clone()
    }

    /// Plays another script from the next command on; what it offers stays.
    pub fn now_plays(&self, script: Script) {
        self.shared.script.lock().expect("no panic").rules = script.rules;
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn self_signed(has_expired: bool) -> (String, TlsAcceptor) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    if has_expired {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let signing_key = KeyPair::generate().expect("a key");
    let cert = params.self_signed(&signing_key).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a key that fits");
    (cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.log.lock().expect("no panic").connections += 1;
        tokio::spawn(talk::serve(stream, Arc::clone(&shared)));
    }
}

impl Script {
    fn take(&mut self, at: At, who: &str) -> Option<Act> {
        let rule = self
            .rules
            .iter_mut()
            .find(|rule| rule.at == at && rule.times != 0 && who.contains(&rule.who))?;
        if rule.times != usize::MAX {
            rule.times -= 1;
        }
        Some(rule.act.clone())
    }
}
