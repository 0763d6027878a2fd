//! A scripted SMTP server: it does as told for each recipient and stage, and remembers what it got.
//!
//! ```ignore
//! let server = SmtpServer::start(Script::new().at(At::Rcpt, "gone@", Act::reply("550 5.1.1 gone"))).await;
//! ```

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

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
        }
    }

    /// Does `act` at `at`, for recipients (at `Mail`: senders) whose address contains `who`.
    pub fn at(self, at: At, who: &str, act: Act) -> Self {
        self.times(usize::MAX, at, who, act)
    }

    /// The same, but only the first `times` times.
    pub fn times(mut self, times: usize, at: At, who: &str, act: Act) -> Self {
        let who = who.to_owned();
        self.rules.push(Rule {
            at,
            who,
            act,
            times,
        });
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
                let (pem, acceptor) = self_signed();
                (pem, Some(TlsAcceptorDebug(acceptor)))
            }
        };
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            log: Mutex::new(Log::default()),
            acceptor,
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self {
            address,
            certificate,
            shared,
            accepting,
        }
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

fn self_signed() -> (String, TlsAcceptor) {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a key that fits");
    (made.cert.pem(), TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.log.lock().expect("no panic").connections += 1;
        tokio::spawn(serve(stream, Arc::clone(&shared)));
    }
}

/// `None` ends the conversation; the client sees the connection close.
async fn serve(tcp: TcpStream, shared: Arc<Shared>) -> Option<()> {
    tcp.set_nodelay(true).ok()?;
    let encryption = shared.script.lock().expect("no panic").encryption;
    let acceptor = shared.acceptor.as_ref().map(|acceptor| acceptor.0.clone());
    if encryption == Encryption::Implicit {
        let tls = acceptor?.accept(tcp).await.ok()?;
        let mut talk = Talk::new(tls, shared, true);
        talk.say(At::Greeting, "", "220 scripted ESMTP").await?;
        return talk.run(false).await.map(drop);
    }
    let mut talk = Talk::new(tcp, Arc::clone(&shared), false);
    talk.say(At::Greeting, "", "220 scripted ESMTP").await?;
    if talk.run(encryption == Encryption::StartTls).await? {
        let tcp = talk.stream.into_inner();
        let tls = acceptor?.accept(tcp).await.ok()?;
        Talk::new(tls, shared, true).run(false).await?;
    }
    Some(())
}

struct Talk<S> {
    stream: BufReader<S>,
    shared: Arc<Shared>,
    encrypted: bool,
    user: Option<String>,
    from: String,
    parameters: String,
    to: String,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn new(stream: S, shared: Arc<Shared>, encrypted: bool) -> Self {
        Self {
            stream: BufReader::new(stream),
            shared,
            encrypted,
            user: None,
            from: String::new(),
            parameters: String::new(),
            to: String::new(),
        }
    }

    /// Answers commands until QUIT; `true` when the client may now begin TLS.
    async fn run(&mut self, may_start_tls: bool) -> Option<bool> {
        loop {
            let line = self.read_line().await?;
            self.shared
                .log
                .lock()
                .expect("no panic")
                .commands
                .push(line.clone());
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or("")
                .to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => self.ehlo(may_start_tls).await?,
                "STARTTLS" if may_start_tls => {
                    self.say(At::StartTls, "", "220 2.0.0 go ahead").await?;
                    return Some(true);
                }
                "AUTH" => self.auth(&line).await?,
                "MAIL" => {
                    let (from, parameters) = line.split_once('>')?;
                    self.from = from.split_once('<')?.1.to_owned();
                    self.parameters = parameters.trim().to_owned();
                    let from = self.from.clone();
                    self.say(At::Mail, &from, "250 2.1.0 sender ok").await?;
                }
                "RCPT" => {
                    self.to = line.split_once('<')?.1.split('>').next()?.to_owned();
                    let to = self.to.clone();
                    self.say(At::Rcpt, &to, "250 2.1.5 recipient ok").await?;
                }
                "DATA" => self.data().await?,
                "QUIT" => {
                    self.write(b"221 2.0.0 bye\r\n").await?;
                    return None;
                }
                "RSET" | "NOOP" => self.write(b"250 2.0.0 ok\r\n").await?,
                _ => self.write(b"502 5.5.2 what?\r\n").await?,
            }
        }
    }

    async fn ehlo(&mut self, may_start_tls: bool) -> Option<()> {
        let mut offers = self.shared.script.lock().expect("no panic").offers.clone();
        if may_start_tls {
            offers.push("STARTTLS".to_owned());
        }
        let mut lines = vec!["scripted greets you".to_owned()];
        lines.extend(offers);
        let last = lines.len() - 1;
        let reply: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(i, line)| format!("250{}{line}", if i == last { ' ' } else { '-' }))
            .collect();
        self.say(At::Ehlo, "", &reply.join("\r\n")).await.map(drop)
    }

    async fn auth(&mut self, line: &str) -> Option<()> {
        let Some((user, password)) = self.shared.script.lock().expect("no panic").login.clone()
        else {
            return self.write(b"503 5.5.1 no AUTH here\r\n").await;
        };
        let mut words = line.split(' ').skip(1);
        let said = match (words.next()?, words.next()) {
            ("PLAIN", Some(token)) => {
                base64(token)? == format!("\0{user}\0{password}").into_bytes()
            }
            ("XOAUTH2", Some(token)) => {
                let wanted = format!("user={user}\x01auth=Bearer {password}\x01\x01");
                base64(token)? == wanted.into_bytes()
            }
            ("LOGIN", None) => {
                self.write(b"334 VXNlcm5hbWU6\r\n").await?;
                let named = base64(&self.read_line().await?)?;
                self.write(b"334 UGFzc3dvcmQ6\r\n").await?;
                let proven = base64(&self.read_line().await?)?;
                named == user.as_bytes() && proven == password.as_bytes()
            }
            _ => false,
        };
        if said {
            self.user = Some(user);
            self.say(At::Auth, "", "235 2.7.0 welcome").await.map(drop)
        } else {
            let no = "535 5.7.8 wrong user or password";
            self.say(At::Auth, "", no).await.map(drop)
        }
    }

    async fn data(&mut self) -> Option<()> {
        let to = self.to.clone();
        if self.say(At::Data, &to, "354 go ahead").await? != b'3' {
            return Some(());
        }
        let mut bytes = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                break;
            }
            bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let received = Received {
            from: self.from.clone(),
            to: to.clone(),
            parameters: self.parameters.clone(),
            encrypted: self.encrypted,
            user: self.user.clone(),
            bytes,
        };
        let number = {
            let mut log = self.shared.log.lock().expect("no panic");
            log.received.push(received);
            log.received.len()
        };
        let taken = format!("250 2.0.0 queued as {number}");
        self.say(At::Dot, &to, &taken).await.map(drop)
    }

    /// Says what the script has for this point, or else the usual; returns the first octet said.
    async fn say(&mut self, at: At, who: &str, usual: &str) -> Option<u8> {
        let act = self.shared.script.lock().expect("no panic").take(at, who);
        match act.unwrap_or_else(|| Act::reply(usual)) {
            Act::Reply(octets) => {
                self.write(&octets).await?;
                octets.first().copied()
            }
            Act::Slowly(line) => {
                for octet in format!("{line}\r\n").bytes() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    self.write(&[octet]).await?;
                }
                line.bytes().next()
            }
            Act::Hang => {
                // Ends when the client has gone; what it says meanwhile is not read as commands.
                let mut ignored = Vec::new();
                while self.stream.read_until(b'\n', &mut ignored).await.ok()? != 0 {
                    ignored.clear();
                }
                None
            }
            Act::Close => None,
        }
    }

    async fn write(&mut self, octets: &[u8]) -> Option<()> {
        self.stream.write_all(octets).await.ok()?;
        self.stream.flush().await.ok()
    }

    async fn read_line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(n) if n != 0 => Some(line.trim_end().to_owned()),
            _ => None,
        }
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

fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits: VecDeque<bool> = VecDeque::new();
    for c in text.trim_end_matches('=').chars() {
        let value = ALPHABET.find(c)?;
        bits.extend((0..6).rev().map(|bit| value >> bit & 1 == 1));
    }
    let octets = bits.len() / 8;
    let octet =
        |bits: &mut VecDeque<bool>| bits.drain(..8).fold(0, |n, bit| n << 1 | u8::from(bit));
    Some((0..octets).map(|_| octet(&mut bits)).collect())
}
