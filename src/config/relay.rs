//! What a relay URL says: `file://DIR`, `smtp://[USER:PASSWORD@]HOST[:PORT]`, `smtps://…`.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::SecretString;

/// Port of plain SMTP (RFC 5321 4.5.4.2).
const SMTP_PORT: u16 = 25;
/// Port of submission with implicit TLS (RFC 8314 3.3).
const SUBMISSIONS_PORT: u16 = 465;

/// Where mail is handed over.
#[derive(Debug, Clone)]
pub enum RelayTarget {
    /// Each message becomes a file in this directory.
    Files(PathBuf),
    /// A relay that speaks SMTP.
    Smtp(SmtpTarget),
}

/// A relay's address and login.
#[derive(Debug, Clone)]
pub struct SmtpTarget {
    /// Host name, or an address without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// TLS from the first byte (`smtps://`, RFC 8314 3.3).
    pub implicit_tls: bool,
    /// Who to log in as; none means no login.
    pub user: Option<String>,
    /// The password from the URL.
    pub password: Option<SecretString>,
}

impl SmtpTarget {
    /// Whether the relay is on this machine: `localhost`, 127.0.0.0/8 or ::1.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl RelayTarget {
    /// Whether mail stays on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self {
            Self::Files(_) => true,
            Self::Smtp(smtp) => smtp.is_loopback(),
        }
    }
}

/// Whether a host name or address means this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Reads a relay URL.
///
/// # Errors
/// A sentence that says what is allowed and never repeats the URL, which may hold a password.
pub fn parse(text: &str) -> Result<RelayTarget, String> {
    let text = text.trim();
    if let Some(directory) = text.strip_prefix("file://") {
        return match directory {
            "" => Err("file:// must name a directory, as in file://var/outbox".to_owned()),
            directory => Ok(RelayTarget::Files(PathBuf::from(directory))),
        };
    }
    let (scheme, _) = text.split_once("://").ok_or_else(unknown)?;
    let implicit_tls = match scheme {
        "smtp" => false,
        "smtps" => true,
        _ => return Err(unknown()),
    };
    smtp(text, implicit_tls).map(RelayTarget::Smtp)
}

fn unknown() -> String {
    "it must begin with file://, smtp:// or smtps://".to_owned()
}

fn smtp(text: &str, implicit_tls: bool) -> Result<SmtpTarget, String> {
    let url = url::Url::parse(text).map_err(|error| {
        format!(
            "it must read smtp://USER:PASSWORD@HOST:PORT ({error}); write @ : / in a user or \
             password as %40 %3A %2F"
        )
    })?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err("nothing may follow the port of a relay URL".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("it must name a host, as in smtp://relay.example.org:587".to_owned());
    }
    let user = decoded(url.username())?;
    let password = url.password().map(decoded).transpose()?;
    if user.is_empty() && password.is_some() {
        return Err("a password needs a user before it".to_owned());
    }
    Ok(SmtpTarget {
        host: host.to_owned(),
        port: url.port().unwrap_or(if implicit_tls {
            SUBMISSIONS_PORT
        } else {
            SMTP_PORT
        }),
        implicit_tls,
        user: (!user.is_empty()).then_some(user),
        password: password.map(SecretString::from),
    })
}

/// Undoes percent encoding; line breaks have no place in a login.
fn decoded(part: &str) -> Result<String, String> {
    let text = percent_encoding::percent_decode_str(part)
        .decode_utf8()
        .map_err(|_| "user and password must be UTF-8".to_owned())?;
    if text.chars().any(char::is_control) {
        return Err("user and password must not hold control characters".to_owned());
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn smtp_of(text: &str) -> SmtpTarget {
        match parse(text) {
            Ok(RelayTarget::Smtp(smtp)) => smtp,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_login_with_special_characters_is_read_back() {
        let smtp = smtp_of("smtps://brief%40client.example:p%3Aa%2F%40ss@relay.example");
        assert_eq!(smtp.user.as_deref(), Some("brief@client.example"));
        assert_eq!(smtp.password.unwrap().expose_secret(), "p:a/@ss");
        assert_eq!((smtp.port, smtp.implicit_tls), (465, true));
    }

    #[test]
    fn loopback_is_known_in_every_writing() {
        for host in [
            "localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(
                smtp_of(&format!("smtp://{host}:2525")).is_loopback(),
                "{host}"
            );
        }
        for host in [
            "relay.example",
            "10.0.0.1",
            "localhost.example",
            "[2001:db8::1]",
        ] {
            assert!(!smtp_of(&format!("smtp://{host}")).is_loopback(), "{host}");
        }
    }

    #[test]
    fn what_is_not_a_relay_is_refused_without_repeating_a_password() {
        for text in [
            "",
            "relay.example",
            "http://u:hunter2@x",
            "file://",
            "smtp://",
            "smtp://u:hunter2@",
            "smtp://:hunter2@host",
            "smtp://u:hunter2@host:99999",
            "smtp://u:hunter2@host/inbox",
            "smtp://u:hun%0Ater2@host",
        ] {
            let error = parse(text).expect_err(text);
            assert!(!error.contains("hun"), "{error}");
        }
    }
}
