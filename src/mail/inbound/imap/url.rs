//! Reads `bounce.imap_url`. Every error says which part is wrong and how it is written.

use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::Mailbox;
use crate::mail::relay_url::percent_decode;

/// How one is written.
const WRITTEN: &str = "write imaps://USER:PASSWORD@HOST/FOLDER";

pub(super) fn parse(text: &str) -> Result<Mailbox, String> {
    let url = Url::parse(text.trim()).map_err(|_| format!("it is no URL; {WRITTEN}"))?;
    let (tls, port) = match url.scheme() {
        "imaps" => (true, 993),
        "imap" => (false, 143),
        _ => return Err(format!("it must begin with imaps://; {WRITTEN}")),
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    if host.is_empty() {
        return Err(format!("it names no host; {WRITTEN}"));
    }
    if !tls && !is_loopback(&host) {
        let why = "the password would leave this machine without TLS";
        return Err(format!("{why}; write imaps://, or imap:// to loopback only"));
    }
    let decoded = |part: &str| {
        percent_decode(part)
            .ok()
            .filter(|part| !part.chars().any(char::is_control))
            .ok_or_else(|| format!("a % in it stands for no character; {WRITTEN}"))
    };
    let (user, password) = (decoded(url.username())?, decoded(url.password().unwrap_or_default())?);
    if user.is_empty() || password.is_empty() {
        return Err(format!("it has no user or no password; {WRITTEN}"));
    }
    let folder = match decoded(url.path().trim_matches('/'))? {
        folder if folder.is_empty() => "INBOX".to_owned(),
        folder => folder,
    };
    let mut ca_file = None;
    for (name, value) in url.query_pairs() {
        match (&*name, &*value) {
            ("ca_file", path) if tls && !path.is_empty() => ca_file = Some(PathBuf::from(path)),
            (other, _) => {
                let known = "the only option is ca_file=PATH, with imaps://";
                return Err(format!("it has the option {other:?}; {known}"));
            }
        }
    }
    let port = url.port().unwrap_or(port);
    let password = SecretString::from(password);
    Ok(Mailbox { host, port, tls, user, password, folder, ca_file })
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_url_names_a_mailbox_and_shows_no_password() {
        let mailbox = parse("imaps://b%40brief.example:hun%3Ater2@mail.brief.example/Bounces");
        let mailbox = mailbox.expect("a mailbox");
        assert_eq!(mailbox.place(), "imaps://mail.brief.example:993/Bounces");
        assert_eq!(mailbox.user, "b@brief.example");
        assert_eq!(mailbox.password.expose_secret(), "hun:ter2");
        assert!(!format!("{mailbox:?}").contains("ter2"));
        let local = parse("imap://u:p@127.0.0.1:1143").expect("a mailbox");
        assert_eq!(local.place(), "imap://127.0.0.1:1143/INBOX");
        let own = parse("imaps://u:p@[::1]/?ca_file=/etc/ca.pem").expect("a mailbox");
        assert_eq!(own.ca_file, Some(PathBuf::from("/etc/ca.pem")));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (text, says) in [
            ("", "no URL"),
            ("mail.brief.example", "no URL"),
            ("https://u:hunter2@h/", "must begin with imaps://"),
            ("imaps://u:hunter2@/", "no URL"),
            ("imap://u:hunter2@mail.brief.example/", "without TLS"),
            ("imaps://mail.brief.example/", "no user"),
            ("imaps://u@mail.brief.example/", "no password"),
            ("imaps://u:hunter2%@mail.brief.example/", "%"),
            ("imaps://u:hunter2%0d@mail.brief.example/", "%"),
            ("imaps://u:hunter2@h/?tls=none", "ca_file"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(says) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
