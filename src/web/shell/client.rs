//! Who asks: the peer, or whom a trusted proxy names.
//!
//! `X-Forwarded-For` is a list to which every proxy adds whom it talked to. Anybody can begin it with
//! whatever they like, so it is read from its end, as long as those who wrote are trusted.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::config::Networks;

use super::state::Site;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of whoever asks, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub(in crate::web) Option<IpAddr>);

impl Client {
    /// As it is recorded.
    pub(in crate::web) fn text(self) -> Option<String> {
        self.0.map(|ip| ip.to_string())
    }
}

impl FromRequestParts<Site> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|peer| peer.0.ip().to_canonical());
        let trusted = &site.engine.settings.web.trusted_proxies;
        Ok(Self(peer.map(|peer| client(peer, &parts.headers, trusted))))
    }
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    let mut client = peer;
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let all: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    for named in all.into_iter().rev() {
        if !trusted.contain(client) {
            break;
        }
        let Some(next) = address(named.trim()) else { break };
        client = next;
    }
    client
}

/// An address, with a port perhaps, as some proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let found = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip()));
    found.map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, lines: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let environment = vec![("BRIEF__WEB__TRUSTED_PROXIES".to_owned(), trusted.to_owned())];
        let settings = crate::config::load(&crate::config::Sources { file: None, environment });
        let trusted = settings.unwrap().web.trusted_proxies;
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies = "127.0.0.1, 10.0.0.0/8";
        for (peer, lines, found) in [
            ("192.0.2.9", &["203.0.113.7"][..], "192.0.2.9"),
            ("127.0.0.1", &["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", &[], "127.0.0.1"),
            // What stands before was written by the client itself.
            ("127.0.0.1", &["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1, 203.0.113.7, 10.1.2.3"], "203.0.113.7"),
            ("127.0.0.1", &["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", &["10.1.2.3"], "10.1.2.3"),
            ("127.0.0.1", &["nonsense"], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.7:4711"], "203.0.113.7"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
        ] {
            assert_eq!(of(peer, lines, proxies), found, "{peer} {lines:?}");
        }
        assert_eq!(of("127.0.0.1", &["203.0.113.7"], ""), "127.0.0.1");
    }
}
