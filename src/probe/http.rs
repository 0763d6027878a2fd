//! One request to a web server, on a connection of its own.
//!
//! hyper speaks HTTP and [`Trust`] speaks TLS, as to a relay; there is no pool and no store of
//! cookies, and what the server answers is all that comes back, a redirect as a redirect.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, DATE, HOST, LOCATION, USER_AGENT};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::mail::tls::{Trust, is_name};

/// How long a whole request may take.
const REQUEST: Duration = Duration::from_secs(15);
/// How much of an answer is read, octets.
const BODY_MAX: usize = 64 * 1024;

/// What to ask for.
#[derive(Debug, Clone, Copy)]
pub enum Ask {
    /// GET
    Get,
    /// POST of a form with this content.
    Post(&'static str),
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `Location`, where there is one.
    pub location: Option<String>,
    /// `Date`, where there is one.
    pub date: Option<Timestamp>,
    /// The beginning of the content.
    pub body: String,
    /// How many days the certificates shown will do; none without TLS, or where they do for years.
    pub days_left: Option<u32>,
}

/// Puts one request.
///
/// # Errors
/// A clause that says what kept an answer from coming.
pub async fn request(url: &Url, ask: Ask, now: Timestamp) -> Result<Reply, String> {
    match timeout(REQUEST, put(url, ask, now)).await {
        Ok(reply) => reply,
        Err(_) => Err(format!("no answer within {} s", REQUEST.as_secs())),
    }
}

async fn put(url: &Url, ask: Ask, now: Timestamp) -> Result<Reply, String> {
    let host = url.host_str().ok_or("it names no host")?;
    let port = url.port_or_known_default().ok_or("it names no port")?;
    // A literal IPv6 address stands in brackets in a URL and without them everywhere else.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let tcp = TcpStream::connect((host, port))
        .await
        .map_err(|error| format!("no connection to {host} port {port} ({error})"))?;
    if url.scheme() != "https" {
        return exchange(tcp, url, ask).await;
    }
    if !is_name(host) {
        return Err(format!("{host} is no name that a certificate can have"));
    }
    let trust = Trust::new(None).map_err(
        |_| "this system has no certificate authorities to check it with; install ca-certificates",
    )?;
    let tls = trust.encrypt(host, tcp).await.map_err(|error| format!("no TLS ({error})"))?;
    let days_left = trust.days_left(host, &tls, now);
    exchange(tls, url, ask).await.map(|reply| Reply { days_left, ..reply })
}

async fn exchange<S>(stream: S, url: &Url, ask: Ask) -> Result<Reply, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let no_http = |error: &dyn std::fmt::Display| format!("no HTTP answer ({error})");
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| no_http(&error))?;
    let request = message(url, ask).map_err(|error| no_http(&error))?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(|error| no_http(&error))?;
        Ok(read(response).await)
    };
    // The connection has to be driven while the answer is waited for, and ends with it.
    tokio::pin!(answer);
    tokio::pin!(connection);
    tokio::select! {
        biased;
        reply = &mut answer => reply,
        ended = &mut connection => match ended {
            Ok(()) => answer.await,
            Err(error) => Err(no_http(&error)),
        },
    }
}

fn message(url: &Url, ask: Ask) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let (method, body) = match ask {
        Ask::Get => (Method::GET, ""),
        Ask::Post(form) => (Method::POST, form),
    };
    let mut builder = Request::builder()
        .method(method)
        .uri(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, host)
        .header(USER_AGENT, concat!("brief/", env!("CARGO_PKG_VERSION"), " doctor"));
    if matches!(ask, Ask::Post(_)) {
        builder = builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    builder.body(Full::new(Bytes::from_static(body.as_bytes())))
}

async fn read(response: Response<hyper::body::Incoming>) -> Reply {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let location = header(LOCATION).map(str::to_owned);
    let date = header(DATE).and_then(|date| rfc2822::parse(date).ok()).map(|at| at.timestamp());
    let status = response.status().as_u16();
    // Only the status counts; a content that is too long or breaks off is left out.
    let body = Limited::new(response.into_body(), BODY_MAX).collect().await;
    let body = body.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
    let body = String::from_utf8_lossy(&body).into_owned();
    Reply { status, location, date, body, days_left: None }
}
