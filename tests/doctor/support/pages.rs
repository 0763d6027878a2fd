//! A web server on loopback that gives the same answer to each method and path.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered: the beginning of the request line, the status with its words and further
/// headers (a line each), and the content.
pub type Answers = &'static [(&'static str, &'static str, &'static str)];

/// A running server; it lasts as long as the test program.
pub struct Pages {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Pages {
    pub fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let request = serve(stream, answers);
                heard.lock().expect("no panic").push(request);
            }
        });
        Self { address, asked }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests, whole.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn serve(mut stream: TcpStream, answers: Answers) -> String {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut request = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        request.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the content");
    request.push_str(&String::from_utf8_lossy(&body));
    if let Some((_, head, body)) = answers.iter().find(|(start, ..)| request.starts_with(start)) {
        let head = head.replace('\n', "\r\n");
        let n = body.len();
        let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {n}\r\n\r\n{body}");
    }
    request
}
