//! Asking name servers.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
    ServerOrderingStrategy,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::{Resolver, TokioResolver};
use tokio::time::timeout;

use super::reply;
use crate::mail::authentication::answers::{
    Answer, Found, Kind, Known, Missing, Nothing, Question,
};

/// How long one try may take.
const TRY: Duration = Duration::from_secs(2);
/// How often a question is tried again.
const TRIES_MORE: usize = 1;
/// How long a question may take, however many servers there are and whatever they do.
const QUESTION: Duration = Duration::from_secs(8);
/// Questions of one check, which all end long before: a check that would not is cut off.
const QUESTIONS_MAX: usize = 600;

/// Name servers that can be asked.
#[derive(Clone)]
pub struct NameServers(TokioResolver);

impl NameServers {
    /// The given ones, or where none are given those of the system.
    ///
    /// # Errors
    /// A sentence that says why there are none.
    pub fn new(servers: &[SocketAddr]) -> Result<Self, String> {
        let mut builder = if servers.is_empty() {
            TokioResolver::builder_tokio().map_err(|error| {
                format!("the system names no name servers that can be used: {error}")
            })?
        } else {
            let config = ResolverConfig::from_name_servers(servers.iter().map(server).collect());
            Resolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        set(builder.options_mut());
        let resolver = builder.build();
        resolver.map(Self).map_err(|error| format!("the name servers cannot be used: {error}"))
    }

    /// Puts one question, over UDP, and over TCP when the answer is too long for that.
    pub async fn ask(&self, question: &Question) -> Answer {
        match timeout(QUESTION, self.ask_all(question)).await {
            Ok(answer) => answer,
            Err(_) => Err(Nothing::Failed(format!("no answer within {} s", QUESTION.as_secs()))),
        }
    }

    async fn ask_all(&self, question: &Question) -> Answer {
        match question.kind {
            Kind::Txt => self.ask_one(&question.name, RecordType::TXT).await,
            Kind::Mx => self.ask_one(&question.name, RecordType::MX).await,
            Kind::Pointer => self.ask_one(&question.name, RecordType::PTR).await,
            Kind::Address => {
                let (v4, v6) = tokio::join!(
                    self.ask_one(&question.name, RecordType::A),
                    self.ask_one(&question.name, RecordType::AAAA)
                );
                both(v4, v6)
            }
        }
    }

    async fn ask_one(&self, name: &str, kind: RecordType) -> Answer {
        // With the dot of the root no search domain is tried behind the name.
        let name = Name::from_ascii(format!("{name}."))
            .map_err(|error| Nothing::Failed(format!("it is no name ({error})")))?;
        match self.0.lookup(name.clone(), kind).await {
            Ok(lookup) => reply::found(&lookup, &name, kind),
            Err(error) => Err(reply::nothing(&error)),
        }
    }

    /// Runs a check to its end: asks for each answer that it misses.
    pub async fn settle<T>(&self, check: impl Fn(&Known) -> Result<T, Missing>) -> Option<T> {
        let mut known = Known::default();
        for _ in 0..QUESTIONS_MAX {
            match check(&known) {
                Ok(done) => return Some(done),
                Err(Missing(question)) => {
                    let answer = self.ask(&question).await;
                    known.add(question, answer);
                }
            }
        }
        None
    }
}

fn server(address: &SocketAddr) -> NameServerConfig {
    let with_port = |mut connection: ConnectionConfig| {
        connection.port = address.port();
        connection
    };
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(with_port);
    NameServerConfig::new(address.ip(), true, connections.into())
}

fn set(options: &mut ResolverOpts) {
    options.timeout = TRY;
    options.attempts = TRIES_MORE;
    options.edns0 = true;
    // The world does not read this machine's file of hosts.
    options.use_hosts_file = ResolveHosts::Never;
    options.server_ordering_strategy = ServerOrderingStrategy::UserProvidedOrder;
}

/// The answers for both families in one.
fn both(v4: Answer, v6: Answer) -> Answer {
    match (v4, v6) {
        (Ok(a), Ok(b)) => {
            let records = a.records.into_iter().chain(b.records).collect();
            Ok(Found { records, alias: a.alias.or(b.alias) })
        }
        // A server that knows the one and fails at the other is not rare, and mail gets through.
        (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
        (Err(Nothing::Failed(why)), _) | (_, Err(Nothing::Failed(why))) => {
            Err(Nothing::Failed(why))
        }
        (Err(Nothing::NoName), _) | (_, Err(Nothing::NoName)) => Err(Nothing::NoName),
        (Err(Nothing::NoData), Err(Nothing::NoData)) => Err(Nothing::NoData),
    }
}

impl std::fmt::Debug for NameServers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameServers")
    }
}
