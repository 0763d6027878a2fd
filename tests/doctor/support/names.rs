//! A name server on loopback, over UDP and TCP, that answers from a few lines of text.
//!
//! `NAME TYPE VALUE` is a record. `NAME !servfail` and `NAME !refused` answer so, `NAME !silent`
//! does not answer, and `NAME !long` answers over TCP only, as an answer too long for UDP does.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, PTR, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// Longest answer over UDP, octets: what resolvers ask for (DNS flag day 2020).
const UDP_MAX: usize = 1232;

/// The records of a zone, by lower-case name without the last dot.
#[derive(Debug, Default)]
struct Zone {
    records: HashMap<String, Vec<RData>>,
    odd: HashMap<String, String>,
}

/// A running server; it lasts as long as the test program.
pub struct Server {
    address: SocketAddr,
    n_tcp: Arc<AtomicUsize>,
}

impl Server {
    pub fn start(text: &str) -> Self {
        let zone = Arc::new(Zone::read(text));
        // A free TCP port is nearly always free for UDP as well; if not, the next one is tried.
        let (tcp, udp) = std::iter::repeat_with(|| {
            let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
            let udp = UdpSocket::bind(tcp.local_addr().expect("an address"));
            udp.map(|udp| (tcp, udp))
        })
        .take(20)
        .find_map(Result::ok)
        .expect("a port for both");
        let address = udp.local_addr().expect("an address");
        let n_tcp = Arc::new(AtomicUsize::new(0));
        let (own, counted) = (Arc::clone(&zone), Arc::clone(&n_tcp));
        std::thread::spawn(move || {
            for stream in tcp.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let zone = Arc::clone(&own);
                std::thread::spawn(move || serve_tcp(&zone, stream));
            }
        });
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok((n, from)) = udp.recv_from(&mut buffer) {
                if let Some(answer) = zone.answer(&buffer[..n], true) {
                    let _ = udp.send_to(&answer, from);
                }
            }
        });
        Self { address, n_tcp }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections came over TCP.
    pub fn n_tcp(&self) -> usize {
        self.n_tcp.load(Ordering::SeqCst)
    }
}

fn serve_tcp(zone: &Zone, mut stream: TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let mut length = [0; 2];
    while stream.read_exact(&mut length).is_ok() {
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        if stream.read_exact(&mut question).is_err() {
            return;
        }
        let Some(answer) = zone.answer(&question, false) else { continue };
        let length = u16::try_from(answer.len()).expect("a short answer").to_be_bytes();
        if stream.write_all(&[&length[..], &answer].concat()).is_err() {
            return;
        }
    }
}

impl Zone {
    fn read(text: &str) -> Self {
        let mut zone = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (name, rest) = line.split_once(' ').expect(line);
            let name = name.to_ascii_lowercase();
            if let Some(odd) = rest.strip_prefix('!') {
                zone.odd.insert(name, odd.to_owned());
                continue;
            }
            let (kind, value) = rest.split_once(' ').expect(line);
            zone.records.entry(name).or_default().push(data(kind, value));
        }
        zone
    }

    fn answer(&self, question: &[u8], is_udp: bool) -> Option<Vec<u8>> {
        let question = Message::from_vec(question).ok()?;
        let query = question.queries.first()?.clone();
        let mut name =
            query.name().to_ascii().to_ascii_lowercase().trim_end_matches('.').to_owned();
        let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
        answer.metadata.recursion_desired = true;
        answer.metadata.recursion_available = true;
        answer.add_query(query.clone());
        match self.odd.get(&name).map(String::as_str) {
            Some("silent") => return None,
            Some("servfail") => answer.metadata.response_code = ResponseCode::ServFail,
            Some("refused") => answer.metadata.response_code = ResponseCode::Refused,
            Some("long") if is_udp => answer.metadata.truncation = true,
            _ => {
                // Aliases are followed, as a resolver does.
                for _ in 0..8 {
                    let own = self.records.get(&name).map(Vec::as_slice).unwrap_or_default();
                    let at = Name::from_str(&format!("{name}.")).expect("a name");
                    let wanted = own.iter().filter(|data| data.record_type() == query.query_type());
                    answer.add_answers(
                        wanted.map(|data| Record::from_rdata(at.clone(), 60, data.clone())),
                    );
                    let Some(RData::CNAME(alias)) = own.first() else { break };
                    answer.add_answer(Record::from_rdata(at, 60, own[0].clone()));
                    name = alias.0.to_ascii().trim_end_matches('.').to_owned();
                }
                if answer.answers.is_empty() && !self.exists(&name) {
                    answer.metadata.response_code = ResponseCode::NXDomain;
                }
            }
        }
        let octets = answer.to_vec().ok()?;
        if is_udp && octets.len() > UDP_MAX {
            answer.answers.clear();
            answer.metadata.truncation = true;
            return answer.to_vec().ok();
        }
        Some(octets)
    }

    /// A name exists when it has a record, or one below it does (RFC 8020).
    fn exists(&self, name: &str) -> bool {
        let below = format!(".{name}");
        self.records.keys().any(|own| own == name || own.ends_with(&below))
    }
}

fn data(kind: &str, value: &str) -> RData {
    let name =
        |text: &str| Name::from_str(&format!("{}.", text.trim_end_matches('.'))).expect(text);
    match RecordType::from_str(kind).expect(kind) {
        RecordType::TXT => {
            // A string of a TXT record holds 255 octets at most.
            let parts =
                value.as_bytes().chunks(255).map(|part| String::from_utf8_lossy(part).into());
            RData::TXT(TXT::new(parts.collect()))
        }
        RecordType::A => RData::A(A(value.parse().expect(value))),
        RecordType::AAAA => RData::AAAA(AAAA(value.parse().expect(value))),
        RecordType::PTR => RData::PTR(PTR(name(value))),
        RecordType::CNAME => RData::CNAME(CNAME(name(value))),
        RecordType::MX => {
            let (preference, host) = value.split_once(' ').expect(value);
            RData::MX(MX::new(preference.parse().expect(value), name(host)))
        }
        other => panic!("{other} is not served here"),
    }
}
