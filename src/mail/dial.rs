//! Makes a connection that is ready for `MAIL FROM`: TCP, TLS, greeting, EHLO, AUTH.

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::answer::{failed, step};
use super::endpoint::{Endpoint, Security};
use super::greeting::{self, late, not_sent};
use super::outcome::{CauseKind, Outcome, Stage};
use super::session::Open;
use super::tls::{self, Trust};
use super::wire::Wire;

/// Asks a silent peer whether it is still there, so that a connection whose other end vanished
/// without a word ends within two minutes, though the wait for an answer may last ten.
const KEEPALIVE: TcpKeepalive = TcpKeepalive::new()
    .with_time(Duration::from_secs(60))
    .with_interval(Duration::from_secs(15))
    .with_retries(4);

/// What was seen of the relay on the way.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Whether the connection is encrypted.
    pub is_encrypted: bool,
    /// How many days the certificates shown will do; none where they do for years.
    pub days_left: Option<u32>,
}

/// Connects, or says how far it came.
pub async fn dial(endpoint: &Endpoint) -> Result<Open, Outcome> {
    dial_and_look(endpoint, None).await.map(|(open, _)| open)
}

/// Connects, and looks at the certificates as they are at an instant, where one is given.
pub async fn dial_and_look(
    endpoint: &Endpoint,
    now: Option<Timestamp>,
) -> Result<(Open, Seen), Outcome> {
    let timeouts = &endpoint.timeouts;
    let (mut tcp, peer) = connect(endpoint).await?;
    match &endpoint.security {
        Security::Plain => {
            let greeting = greeting::read(&mut tcp, timeouts).await?;
            introduce(endpoint, tcp, peer, greeting, None).await
        }
        Security::Implicit(trust) => {
            let mut tls = encrypt(endpoint, trust, tcp).await?;
            let days_left = now.and_then(|now| trust.days_left(&endpoint.host, &tls, now));
            let greeting = greeting::read(&mut tls, timeouts).await?;
            introduce(endpoint, tls, peer, greeting, Some(days_left)).await
        }
        Security::StartTls(wanted, trust) => {
            let greeting = greeting::read(&mut tcp, timeouts).await?;
            if greeting::start_tls(&mut tcp, *wanted, &endpoint.helo, timeouts).await? {
                let tls = encrypt(endpoint, trust, tcp).await?;
                let days_left = now.and_then(|now| trust.days_left(&endpoint.host, &tls, now));
                introduce(endpoint, tls, peer, greeting, Some(days_left)).await
            } else {
                introduce(endpoint, tcp, peer, greeting, None).await
            }
        }
    }
}

async fn connect(endpoint: &Endpoint) -> Result<(TcpStream, SocketAddr), Outcome> {
    let limit = endpoint.timeouts.connect;
    let connected =
        timeout(limit, reach(endpoint)).await.map_err(|_| late(Stage::Connect, limit))?;
    let ready = connected.and_then(|tcp| {
        // Without this each reply waits for a delayed acknowledgement: 44 ms a message.
        tcp.set_nodelay(true)?;
        SockRef::from(&tcp).set_tcp_keepalive(&KEEPALIVE)?;
        let peer = tcp.peer_addr()?;
        Ok((tcp, peer))
    });
    ready.map_err(|error| {
        not_sent(Stage::Connect, CauseKind::Network, format!("{endpoint}: {error}"))
    })
}

/// Asks for the name's addresses at each connection, as they may change, and tries each.
async fn reach(endpoint: &Endpoint) -> io::Result<TcpStream> {
    let place = (endpoint.host.as_str(), endpoint.port);
    let unresolved = |why: &dyn std::fmt::Display| {
        io::Error::other(format!("its name leads to no address ({why}); check the name servers"))
    };
    let addresses: Vec<SocketAddr> =
        lookup_host(place).await.map_err(|error| unresolved(&error))?.collect();
    if addresses.is_empty() {
        return Err(unresolved(&"the answer is empty"));
    }
    TcpStream::connect(addresses.as_slice()).await
}

async fn encrypt(
    endpoint: &Endpoint,
    trust: &Trust,
    tcp: TcpStream,
) -> Result<TlsStream<TcpStream>, Outcome> {
    let limit = endpoint.timeouts.tls;
    if !tls::is_name(&endpoint.host) {
        let text = format!("{} is no name that a certificate can have", endpoint.host);
        return Err(not_sent(Stage::Tls, CauseKind::Setup, text));
    }
    let shaken = timeout(limit, trust.encrypt(&endpoint.host, tcp))
        .await
        .map_err(|_| late(Stage::Tls, limit))?;
    shaken.map_err(|error| {
        // rustls's own errors come wrapped; what else happens to the stream is the network's.
        let is_ours = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
        let kind = if is_ours { CauseKind::Tls } else { CauseKind::Network };
        not_sent(Stage::Tls, kind, format!("{endpoint}: {error}"))
    })
}

/// EHLO and AUTH, by lettre.
async fn introduce<S>(
    endpoint: &Endpoint,
    stream: S,
    peer: SocketAddr,
    greeting: Vec<u8>,
    encryption: Option<Option<u32>>,
) -> Result<(Open, Seen), Outcome>
where
    S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug + 'static,
{
    let seen = Seen { is_encrypted: encryption.is_some(), days_left: encryption.flatten() };
    let limit = endpoint.timeouts.hello;
    let helo = ClientId::Domain(endpoint.helo.clone());
    let (wire, line) = Wire::new(stream, peer, &greeting);
    let hello = AsyncSmtpConnection::connect_with_transport(Box::new(wire), &helo);
    let mut connection = timeout(limit, hello)
        .await
        .map_err(|_| late(Stage::Ehlo, limit))?
        .map_err(|error| failed(Stage::Ehlo, &error))?;
    if let Some(login) = &endpoint.login {
        if !seen.is_encrypted && !endpoint.is_loopback {
            return Err(not_sent(
                Stage::Auth,
                CauseKind::Setup,
                "the relay offers no encryption, and a password is never sent without; use smtps://",
            ));
        }
        let proof = connection.auth(&login.mechanisms, &login.credentials);
        step(Stage::Auth, limit, proof).await?;
    }
    Ok((Open { connection, line, n_sent: 0, n_refused: 0 }, seen))
}
