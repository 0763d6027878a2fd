//! What arrived, read back as a mail program reads it.

use std::path::Path;

use mail_parser::MessageParser;

use super::World;
use crate::smtp::SmtpServer;

/// One mail.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Mail {
    /// Reads a message.
    pub fn read(to: &str, bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse(bytes).expect("a message");
        let text = message.body_text(0).expect("a text part").into_owned();
        Self {
            to: to.to_owned(),
            subject: message.subject().expect("a subject").to_owned(),
            message_id: message.message_id().expect("a Message-ID").to_owned(),
            // Lines are wrapped for terminals; sentences are what tests look for.
            text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            bytes: bytes.to_vec(),
        }
    }
}

impl World {
    /// Every file of the outbox, by name.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        files_of(&self.outbox.path().join("out"))
    }

    /// Every mail of the outbox that is no delivery.
    pub fn notices(&self) -> Vec<Mail> {
        let notices = self.outbox.path().join("out-notices");
        files_of(&notices).iter().map(|(_, bytes)| read(bytes)).collect()
    }

    /// Every mail of the outbox.
    pub fn mails(&self) -> Vec<Mail> {
        self.files().iter().map(|(_, bytes)| read(bytes)).collect()
    }

    /// The mails of the outbox to one address.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = self.mails();
        mails.retain(|m| m.to == email);
        mails
    }
}

fn files_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let entries = entries.map(|e| e.expect("an entry"));
    // What has another name is being written.
    let files = entries.filter(|e| e.path().extension().is_some_and(|kind| kind == "eml"));
    let mut files: Vec<_> = files
        .map(|e| {
            let name = e.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(e.path()).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

fn read(bytes: &[u8]) -> Mail {
    let message = MessageParser::default().parse(bytes).expect("a message");
    let to = message.to().and_then(|to| to.first());
    let to = to.and_then(|a| a.address()).expect("a recipient");
    Mail::read(to, bytes)
}

impl SmtpServer {
    /// What this relay accepted or at least read to the dot.
    pub fn mails(&self) -> Vec<Mail> {
        let received = self.received().into_iter();
        received.map(|r| Mail::read(&r.to, &r.bytes)).collect()
    }

    /// The same for one address.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = self.mails();
        mails.retain(|m| m.to == email);
        mails
    }
}
