//! Whether mail that leaves this machine is signed.

use crate::config::Settings;
use crate::mail::dkim::{Algorithm, Signer, Usage};
use crate::mail::relay::Relay;

use super::Check;

pub(super) fn check(settings: &Settings) -> Check {
    let keys = &settings.mail.dkim;
    let signer = Signer::of(keys);
    let n_other = keys.iter().filter(|key| key.usage == Usage::Published).count();
    let other = match n_other {
        0 => String::new(),
        1 => "; one more key is published".to_owned(),
        n => format!("; {n} more keys are published"),
    };
    if signer.keys().is_empty() {
        let found = format!("mail is not signed{other}");
        if settings.relay.ways().all(Relay::is_local) {
            return Check::ok("dkim", found);
        }
        let advice = "make keys with `brief dkim generate` and follow its steps, unless the relay \
                      signs: large providers reject mail without a signature";
        return Check::warn("dkim", found, advice);
    }
    let by = |key: &crate::mail::dkim::Key| {
        format!("{} as {} at {}", key.algorithm(), key.selector, key.domain)
    };
    let signed: Vec<String> = signer.keys().iter().map(by).collect();
    let found = format!("every mail is signed: {}{other}", signed.join(", "));
    if signer.keys().iter().all(|key| key.algorithm() == Algorithm::Ed25519) {
        let advice = "let an RSA key sign too: many receivers do not know Ed25519 yet";
        return Check::warn("dkim", found, advice);
    }
    Check::ok("dkim", found)
}
