//! Reads `relay.url`. Every error says which part is wrong and how it is written.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use super::relay::RelayError;

/// The parts of an `smtp://` or `smtps://` URL.
#[derive(Debug)]
pub struct SmtpUrl {
    pub implicit_tls: bool,
    pub host: String,
    pub port: u16,
    pub login: Option<(String, SecretString)>,
    pub options: Vec<(String, String)>,
}

impl SmtpUrl {
    /// Whether the relay is on this machine, by what the URL says and not by what a name server
    /// answers.
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// `file://` and a path, absolute or from the working directory.
pub fn file_path(rest: &str) -> Result<PathBuf, RelayError> {
    if rest.is_empty() || rest.contains('\0') {
        return Err(RelayError::url("names no folder", "write file://var/outbox"));
    }
    Ok(PathBuf::from(rest))
}

/// `[user:password@]host[:port][?name=value&...]`.
pub fn smtp(implicit_tls: bool, rest: &str) -> Result<SmtpUrl, RelayError> {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (login, place) = match place.rsplit_once('@') {
        Some((login, place)) => (Some(login), place),
        None => (None, place),
    };
    let place = place.strip_suffix('/').unwrap_or(place);
    let (host, port) = host_and_port(place, if implicit_tls { 465 } else { 587 })?;
    Ok(SmtpUrl {
        implicit_tls,
        host,
        port,
        login: login.map(user_and_password).transpose()?,
        options: options(query)?,
    })
}

fn host_and_port(place: &str, default_port: u16) -> Result<(String, u16), RelayError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (ip, port) = rest
                .split_once(']')
                .ok_or_else(|| RelayError::url("has a [ without ]", "write smtp://[::1]:2525"))?;
            (ip, port.strip_prefix(':'))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let host_fits = !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'_'));
    if !host_fits {
        return Err(RelayError::url(
            "names no host",
            "write smtp://relay.example.com:587; percent-encode @ : / ? and % in a password",
        ));
    }
    let port = match port {
        None => default_port,
        Some(digits) => digits.parse().ok().filter(|&port| port != 0).ok_or_else(|| {
            RelayError::url(
                "has a port that is no number from 1 to 65535",
                "write smtp://relay.example.com:587",
            )
        })?,
    };
    Ok((host.to_owned(), port))
}

fn user_and_password(login: &str) -> Result<(String, SecretString), RelayError> {
    let (user, password) = login.split_once(':').ok_or_else(|| {
        RelayError::url("has a user without a password", "write smtp://user:password@host")
    })?;
    let user = percent_decode(user)?;
    let password = percent_decode(password)?;
    if user.is_empty() || password.is_empty() || user.contains('\0') || password.contains('\0') {
        return Err(RelayError::url(
            "has an empty user or password",
            "write smtp://user:password@host, or leave both out",
        ));
    }
    Ok((user, SecretString::from(password)))
}

fn options(query: &str) -> Result<Vec<(String, String)>, RelayError> {
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if options.iter().any(|(earlier, _)| earlier == name) {
            return Err(RelayError::option(name, "stands twice; keep one"));
        }
        options.push((name.to_owned(), percent_decode(value)?));
    }
    Ok(options)
}

/// RFC 3986 2.1. A `+` is a plus: this is no web form.
pub fn percent_decode(text: &str) -> Result<String, RelayError> {
    let bad = || {
        RelayError::url(
            "has a % that is not followed by two hexadecimal digits, or decodes to no UTF-8",
            "write %25 for a percent sign",
        )
    };
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            octets.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else {
            return Err(bad());
        };
        octets.push(hex(*high).ok_or_else(bad)? * 16 + hex(*low).ok_or_else(bad)?);
        rest = tail;
    }
    String::from_utf8(octets).map_err(|_| bad())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
