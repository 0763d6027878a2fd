//! Whether what comes back of our mail would be read.

use std::path::Path;

use rustix::fs::{Access, access};

use crate::config::{Bounce, Settings};
use crate::mail::inbound::imap::Mailbox;
use crate::mail::inbound::maildir::new_files;
use crate::mail::relay::Relay;

use super::Check;

const CHECK: &str = "bounces";

/// Looks into each mailbox that is set, and reads nothing of it.
pub(super) async fn checks(settings: &Settings) -> Vec<Check> {
    let bounce = &settings.bounce;
    let mut found = Vec::new();
    found.extend(bounce.maildir.as_deref().map(maildir));
    if let Some(mailbox) = &bounce.imap {
        found.push(imap(mailbox).await);
    }
    if found.is_empty() && !is_called(bounce) && !settings.relay.ways().all(Relay::is_local) {
        let advice = "set bounce.maildir, bounce.imap_url or a provider's hook, unless reports are \
                      piped into `brief bounce`";
        found.push(Check::unknown(CHECK, "no mailbox is set that reports come back to", advice));
    }
    found
}

/// Whether a provider calls us.
fn is_called(bounce: &Bounce) -> bool {
    let hooks = &bounce.hooks;
    hooks.ses_topic.is_some()
        || hooks.postmark.is_some()
        || hooks.sendgrid.is_some()
        || hooks.mailgun.is_some()
}

fn maildir(dir: &Path) -> Check {
    let shown = dir.display();
    if let Err(error) = new_files(dir, 1) {
        let advice = "make it a Maildir (with new, cur and tmp) that this user may read";
        return Check::fail(CHECK, format!("{shown}/new cannot be listed ({error})"), advice);
    }
    match access(dir.join("new"), Access::WRITE_OK).and_then(|()| access(dir, Access::WRITE_OK)) {
        Ok(()) => Check::ok(CHECK, format!("{shown} is read")),
        Err(error) => {
            let found = format!("{shown} cannot be written to ({error})");
            Check::fail(CHECK, found, "let this user remove what was read from it")
        }
    }
}

async fn imap(mailbox: &Mailbox) -> Check {
    match mailbox.connect().await {
        Ok(connection) => {
            connection.end().await;
            Check::ok(CHECK, format!("{} lets us in", mailbox.place()))
        }
        Err(error) => {
            let advice = "check bounce.imap_url: its password, its certificate, its folder";
            Check::fail(CHECK, error.to_string(), advice)
        }
    }
}
