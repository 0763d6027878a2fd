//! Which domains and addresses are looked at.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::config::{EnvelopeSender, Origin as SetBy, Settings};
use crate::mail::authentication::dkim::Expected;
use crate::mail::authentication::reverse::Origin;
use crate::mail::dkim::Key;

use super::super::Check;
use super::DomainArgs;

/// What is looked at.
#[derive(Debug)]
pub(super) struct Subject {
    /// The domain of the From.
    pub(super) from: String,
    /// Each domain that mail comes back to, with what comes back.
    pub(super) returns: Vec<(String, String)>,
    /// The domain of the bounce address, which SPF is about.
    pub(super) bounce: String,
    /// The keys that should be published.
    pub(super) keys: Vec<Expected>,
    /// Where mail reaches the world from.
    pub(super) origins: Vec<Origin>,
}

impl Subject {
    /// What is configured; or, of a domain that is not that of `mail.from`, this one for everything.
    pub(super) fn new(settings: &Settings, args: &DomainArgs) -> Result<Self, Check> {
        let mail = &settings.mail;
        let configured = mail.from.address.domain();
        let asked = args.domain.as_ref().and_then(Option::as_ref);
        if asked.is_none() && is_placeholder(settings) {
            let words = format!("mail.from is not set, and {configured} is a placeholder");
            let advice = "set mail.from, or name a domain: brief doctor --domain example.org";
            return Err(Check::fail("configuration", words, advice));
        }
        let from = asked.map_or(configured, |asked| asked.as_str()).to_owned();
        let is_ours = from == configured;
        let (bounce, reply) = if is_ours {
            (bounce_domain(settings), mail.reply_to.address.domain().to_owned())
        } else {
            (from.clone(), from.clone())
        };
        let named = args.selectors.iter().map(|own| Expected {
            selector: own.name.clone(),
            domain: own.domain.as_ref().map_or_else(|| from.clone(), ToString::to_string),
            public_key: None,
        });
        let mut keys: Vec<Expected> = if is_ours { own_keys(settings) } else { Vec::new() };
        keys.extend(named);
        let returns = returns([
            (&reply, "answers"),
            (&bounce, "bounces"),
            (&from, "mail to the From address"),
        ]);
        Ok(Self { returns, bounce, keys, origins: origins(settings, args), from })
    }
}

/// The domain of `MAIL FROM`.
fn bounce_domain(settings: &Settings) -> String {
    match settings.mail.envelope {
        EnvelopeSender::Verp => settings.mail.domain.to_string(),
        EnvelopeSender::From => settings.mail.from.address.domain().to_owned(),
    }
}

/// The configured keys, those that are only published included: they are about to sign, or did.
fn own_keys(settings: &Settings) -> Vec<Expected> {
    let expected = |key: &Key| Expected {
        selector: key.selector.as_str().to_owned(),
        domain: key.domain.to_string(),
        public_key: Some(STANDARD.encode(key.public())),
    };
    settings.mail.dkim.iter().map(expected).collect()
}

fn is_placeholder(settings: &Settings) -> bool {
    let shown = settings.shown();
    shown.iter().any(|shown| shown.key == "mail.from" && shown.origin == SetBy::Default)
}

/// Each domain once, with all that goes there.
fn returns(roles: [(&String, &str); 3]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (domain, what) in roles {
        match found.iter_mut().find(|(known, _)| known == domain) {
            Some((_, all)) => *all = format!("{all}, {what}"),
            None => found.push((domain.clone(), what.to_owned())),
        }
    }
    found
}

fn origins(settings: &Settings, args: &DomainArgs) -> Vec<Origin> {
    if !args.sends_from.is_empty() {
        return vec![Origin::Declared(args.sends_from.clone())];
    }
    let mut found: Vec<Origin> = Vec::new();
    for way in settings.relay.ways() {
        let origin = match way.host() {
            None => Origin::Hidden("mail goes to a folder and not to a relay"),
            Some(_) if way.is_local() => Origin::Hidden(
                "the relay is on this machine, and by which address the world sees it is not \
                 known here",
            ),
            Some(host) => Origin::Relay(host.to_owned()),
        };
        if !found.contains(&origin) {
            found.push(origin);
        }
    }
    found
}
