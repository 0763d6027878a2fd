//! One conversation of the scripted server.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Act, At, Encryption, Received, Shared};

/// A transaction under way.
struct Open {
    domain: String,
    shared: Arc<Shared>,
}

impl Open {
    fn to(address: &str, shared: &Arc<Shared>) -> Self {
        let domain = address.rsplit('@').next().unwrap_or_default().to_owned();
        let mut log = shared.log.lock().expect("no panic");
        let (now, most) = log.open.entry(domain.clone()).or_default();
        *now += 1;
        *most = (*most).max(*now);
        drop(log);
        Self { domain, shared: Arc::clone(shared) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut log = self.shared.log.lock().expect("no panic");
        log.open.entry(self.domain.clone()).or_default().0 -= 1;
    }
}

/// `None` ends the conversation; the client sees the connection close.
pub(super) async fn serve(tcp: TcpStream, shared: Arc<Shared>) -> Option<()> {
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
    has_sender: bool,
    has_recipient: bool,
    open: Option<Open>,
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
            has_sender: false,
            has_recipient: false,
            open: None,
        }
    }

    /// Answers commands until QUIT; `true` when the client may now begin TLS.
    async fn run(&mut self, may_start_tls: bool) -> Option<bool> {
        loop {
            let line = self.read_line().await?;
            self.shared.log.lock().expect("no panic").commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
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
                    self.has_sender =
                        self.say(At::Mail, &from, "250 2.1.0 sender ok").await? == b'2';
                    self.has_recipient = false;
                }
                "RCPT" => {
                    self.to = line.split_once('<')?.1.split('>').next()?.to_owned();
                    self.open = None;
                    self.open = Some(Open::to(&self.to, &self.shared));
                    let to = self.to.clone();
                    let usual = if self.has_sender {
                        "250 2.1.5 recipient ok"
                    } else {
                        "503 5.5.1 from whom?"
                    };
                    self.has_recipient = self.say(At::Rcpt, &to, usual).await? == b'2';
                }
                "DATA" => self.data().await?,
                "QUIT" => {
                    self.write(b"221 2.0.0 bye\r\n").await?;
                    return None;
                }
                "RSET" => {
                    (self.has_sender, self.has_recipient) = (false, false);
                    self.open = None;
                    self.write(b"250 2.0.0 forgotten\r\n").await?;
                }
                "NOOP" => self.write(b"250 2.0.0 ok\r\n").await?,
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
        let usual = if self.has_recipient { "354 go ahead" } else { "554 5.5.1 to whom?" };
        if self.say(At::Data, &to, usual).await? != b'3' {
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
        // Over before it is answered: the client may begin the next as soon as it reads that.
        self.open = None;
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
            Act::Drip(text) => {
                for octet in text.bytes().cycle() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    self.write(&[octet]).await?;
                }
                None
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
