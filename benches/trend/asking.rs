//! Requests at a fixed rate over connections that stay open.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Connections that requests are spread over.
const CONNECTIONS: usize = 32;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Requests a second.
    pub rate: u32,
    /// For how long.
    pub seconds: u32,
    /// What follows the path, and how often in ten requests.
    pub pages: &'a [(&'a str, usize)],
}

/// One answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// From when it was due to its last octet.
    pub time: Duration,
    /// Octets of its body.
    pub octets: usize,
}

/// All answers of a run.
#[derive(Debug)]
pub struct Answers(Vec<Answer>);

impl Answers {
    /// What remains of a row: answered, p50, p99, largest, octets of the largest page.
    pub fn row(mut self) -> String {
        self.0.sort_by_key(|answer| answer.time);
        let millis = |per_mille: usize| {
            let at = (self.0.len() - 1) * per_mille / 1_000;
            self.0[at].time.as_secs_f64() * 1e3
        };
        let octets = self.0.iter().map(|answer| answer.octets).max().unwrap_or(0);
        format!(
            "{} | {:.1} | {:.1} | {:.1} | {octets} |",
            self.0.len(),
            millis(500),
            millis(990),
            millis(1_000)
        )
    }
}

type Line = SendRequest<Empty<Bytes>>;

async fn connect(address: SocketAddr) -> Line {
    let stream = TcpStream::connect(address).await.expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    let (line, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP");
    tokio::spawn(connection);
    line
}

async fn ask(line: &mut Line, path: &str, due: Instant) -> Answer {
    let request = Request::get(path).header("host", "127.0.0.1").body(Empty::new());
    let response = line.send_request(request.expect("a request")).await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200, "{path}");
    let body = response.into_body().collect().await.expect("a whole body").to_bytes();
    Answer { time: due.elapsed(), octets: body.len() }
}

/// One request on a connection of its own.
pub async fn ask_once(address: SocketAddr, path: &str) -> Answer {
    let mut line = connect(address).await;
    ask(&mut line, path, Instant::now()).await
}

impl Asking<'_> {
    /// Asks, each request at its time, on whichever connection is free; `GAP` in a page is a gap's id.
    pub async fn run(&self, address: SocketAddr, path: &str, gap: &str) -> Answers {
        let (free, lines) = async_channel::unbounded();
        for _ in 0..CONNECTIONS {
            free.send(connect(address).await).await.expect("it is open");
        }
        let mut paths: Vec<String> = Vec::new();
        for (page, times) in self.pages {
            let page = page.replace("GAP", gap);
            paths.extend(std::iter::repeat_n(format!("{path}{page}"), *times));
        }
        let begun = Instant::now();
        let mut asked = Vec::new();
        for number in 0..self.rate * self.seconds {
            let due = begun + Duration::from_secs(1) * number / self.rate;
            tokio::time::sleep_until(due.into()).await;
            let (free, lines) = (free.clone(), lines.clone());
            let path = paths[number as usize * 7 % paths.len()].clone();
            asked.push(tokio::spawn(async move {
                let mut line: Line = lines.recv().await.expect("it is open");
                let answer = ask(&mut line, &path, due).await;
                free.send(line).await.expect("it is open");
                answer
            }));
        }
        let mut answers = Vec::with_capacity(asked.len());
        for answer in asked {
            answers.push(answer.await.expect("it is answered"));
        }
        Answers(answers)
    }
}
