//! One small document over HTTPS, for the one provider that has us ask: no redirect, no proxy, no
//! memory.
//!
//! Whoever calls this has checked the host ([`super::ses`]); the certificate of the host is checked
//! here, against the system's authorities.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::mail::tls::Trust;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Most octets of an answer.
const MOST: u64 = 64 * 1024;

/// It could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("https://{host}: {problem}")]
pub struct FetchError {
    host: String,
    problem: String,
}

/// The body of the answer to a GET.
///
/// # Errors
/// [`FetchError`] without a connection, without trust, after 15 seconds, for a longer body than 64 kB,
/// and for any status but 200.
pub async fn fetch(url: &Url) -> Result<Vec<u8>, FetchError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let wrong = |problem: String| FetchError { host: host.clone(), problem };
    if url.scheme() != "https" || host.is_empty() {
        return Err(wrong("it is no address of a document over HTTPS".to_owned()));
    }
    let answer = timeout(PATIENCE, ask(url, &host)).await;
    let answer = answer.unwrap_or_else(|_| Err(format!("no answer within {PATIENCE:?}")));
    answer.and_then(|answer| body(&answer)).map_err(wrong)
}

async fn ask(url: &Url, host: &str) -> Result<Vec<u8>, String> {
    let port = url.port_or_known_default().unwrap_or(443);
    let tcp = TcpStream::connect((host, port)).await.map_err(|e| e.to_string())?;
    let mut tls = Trust::new(None)?.encrypt(host, tcp).await.map_err(|e| e.to_string())?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let request = format!(
        "GET {}{query} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        url.path()
    );
    tls.write_all(request.as_bytes()).await.map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    let read = tls.take(MOST + 1).read_to_end(&mut answer).await;
    if answer.len() as u64 > MOST {
        return Err("the answer is too long".to_owned());
    }
    match read {
        // Some close the connection without saying so within TLS; what came is whole or is refused.
        Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Err(error.to_string()),
        _ => Ok(answer),
    }
}

/// What stands behind the header of an answer that went well, as long as the header says.
fn body(answer: &[u8]) -> Result<Vec<u8>, String> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.ok_or("the answer has no header")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") || !status.starts_with("http/1.") {
        return Err(format!("it answered {:?}", status.chars().take(60).collect::<String>()));
    }
    let body = &answer[end + 4..];
    let length = lines.find_map(|line| line.strip_prefix("content-length:"));
    let length: Option<usize> = length.and_then(|length| length.trim().parse().ok());
    match length {
        Some(length) if length != body.len() => Err("the answer was cut off".to_owned()),
        _ => Ok(body.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_that_went_well_has_a_body() {
        let of = |answer: &str| body(answer.as_bytes()).ok();
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), Some(b"ab".to_vec()));
        assert_eq!(of("HTTP/1.0 200 OK\r\n\r\nab"), Some(b"ab".to_vec()));
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), None);
        assert_eq!(of("HTTP/1.1 302 Found\r\nLocation: http://a/\r\n\r\n"), None);
        assert_eq!(of("HTTP/1.1 200 OK"), None);
        assert_eq!(of(""), None);
    }
}
