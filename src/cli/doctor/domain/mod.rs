//! `brief doctor --domain`: what receivers see of the sender, and whether answers find the way back.

mod dns;
mod pages;
mod relay;
mod subject;

use std::net::{IpAddr, SocketAddr};

use crate::domain::address::Domain;
use crate::probe::dns::NameServers;

use super::super::Context;
use super::Check;
use subject::Subject;

/// Arguments of `brief doctor` about the domain.
#[derive(Debug, clap::Args)]
pub struct DomainArgs {
    /// Look at what receivers see of this domain and no further; without D, the one of mail.from.
    #[arg(long, value_name = "D", num_args = 0..=1, value_parser = domain)]
    domain: Option<Option<Domain>>,
    /// A selector that mail is signed with, where D is not the domain of the key as S@DOMAIN; may be
    /// given several times.
    #[arg(long = "selector", value_name = "S", requires = "domain", value_parser = selector)]
    selectors: Vec<Selector>,
    /// An address that mail reaches the world from; may be given several times.
    #[arg(long, value_name = "ADDRESS", requires = "domain", value_parser = address)]
    sends_from: Vec<IpAddr>,
    /// Ask this name server and not the system's; may be given several times.
    #[arg(long = "name-server", value_name = "ADDR:PORT", requires = "domain", value_parser = server)]
    name_servers: Vec<SocketAddr>,
}

impl DomainArgs {
    pub(super) fn is_asked(&self) -> bool {
        self.domain.is_some()
    }
}

/// `S` or `S@DOMAIN`.
#[derive(Debug, Clone)]
struct Selector {
    name: String,
    domain: Option<Domain>,
}

fn domain(text: &str) -> Result<Domain, String> {
    Domain::parse(text.trim())
        .map_err(|_| "it must be a full domain name such as example.org".to_owned())
}

fn selector(text: &str) -> Result<Selector, String> {
    let (name, at) = match text.trim().split_once('@') {
        Some((name, at)) => (name, Some(domain(at)?)),
        None => (text.trim(), None),
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if name.len() > 120 || !name.split('.').all(is_label) {
        return Err("it must be the s= of a DKIM-Signature, such as brief2026".to_owned());
    }
    Ok(Selector { name: name.to_ascii_lowercase(), domain: at })
}

fn address(text: &str) -> Result<IpAddr, String> {
    text.trim().parse().map_err(|_| "it must be an IP address such as 192.0.2.1".to_owned())
}

fn server(text: &str) -> Result<SocketAddr, String> {
    let text = text.trim();
    let alone = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse().or_else(|_| alone()).map_err(|_| {
        "it must be the address of a name server, with its port where that is not 53: 192.0.2.53 \
         or [2001:db8::53]:5353"
            .to_owned()
    })
}

/// All checks of the domain; those that wait for somebody wait at the same time.
pub(super) async fn checks(ctx: &Context, args: &DomainArgs) -> Vec<Check> {
    let subject = match Subject::new(&ctx.settings, args) {
        Ok(subject) => subject,
        Err(check) => return vec![check],
    };
    let names = async {
        match NameServers::new(&args.name_servers) {
            Ok(servers) => dns::checks(&servers, &subject).await,
            Err(why) => {
                let advice = "write one into /etc/resolv.conf, or name it with --name-server";
                vec![Check::fail("name servers", why, advice)]
            }
        }
    };
    let (mut found, relays, pages) = tokio::join!(names, relay::checks(ctx), pages::checks(ctx));
    found.extend(relays);
    found.extend(pages);
    found
}
