//! A receiver: verifies as mail-auth does, with records that are given instead of a name server.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::time::Instant;

use back_office_brief::mail::dkim::Record;
use mail_auth::common::crypto::Algorithm;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{
    AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt,
};

/// What is published.
#[derive(Default)]
pub struct Zone(Mutex<HashMap<Box<str>, Txt>>);

impl Zone {
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let zone = Self::default();
        for record in records {
            zone.publish(&record.name, &record.value);
        }
        zone
    }

    /// Publishes a value that must be a DKIM record.
    pub fn publish(&self, name: &str, value: &str) {
        let key = DomainKey::parse(value.as_bytes()).expect("a DKIM record");
        let name = format!("{name}.").into_boxed_str();
        self.0.lock().unwrap().insert(name, Txt::DomainKey(key.into()));
    }
}

impl ResolverCache<Box<str>, Txt> for &Zone {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.lock().unwrap().get(name).cloned()
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// One signature as the receiver sees it.
#[derive(Debug)]
pub struct Judged {
    pub algorithm: &'static str,
    pub selector: String,
    pub domain: String,
    /// `h=`.
    pub names: Vec<String>,
    pub time: u64,
    pub has_length: bool,
    pub passes: bool,
}

/// Judges every signature of a message, from the top.
pub fn judge(message: &[u8], zone: &Zone) -> Vec<Judged> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let receiver =
            MessageAuthenticator::new(ResolverConfig::default(), ResolverOpts::default());
        let receiver = receiver.expect("a resolver without name servers");
        let message = AuthenticatedMessage::parse(message).expect("a message");
        let found = receiver.verify_dkim(Parameters::new(&message).with_txt_cache(&zone)).await;
        let judged = found.iter().map(|output| {
            let signature = output.signature().expect("a signature that can be read");
            Judged {
                algorithm: match signature.a {
                    Algorithm::RsaSha256 => "rsa-sha256",
                    Algorithm::Ed25519Sha256 => "ed25519-sha256",
                    Algorithm::RsaSha1 => "rsa-sha1",
                },
                selector: signature.s.clone(),
                domain: signature.d.clone(),
                names: signature.h.clone(),
                time: signature.t,
                has_length: signature.l != 0,
                passes: output.result() == &DkimResult::Pass,
            }
        });
        judged.collect()
    })
}

/// Whether each signature passes, from the top.
pub fn passes(message: &[u8], zone: &Zone) -> Vec<bool> {
    judge(message, zone).iter().map(|judged| judged.passes).collect()
}
