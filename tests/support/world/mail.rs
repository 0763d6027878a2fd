//! What arrived, read back as a mail program reads it.

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
        let folder = self.outbox.path().join("out");
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries
            .map(|e| e.expect("an entry"))
            .map(|e| {
                let name = e.file_name().to_string_lossy().into_owned();
                (name, std::fs::read(e.path()).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }

    /// Every mail of the outbox.
    pub fn mails(&self) -> Vec<Mail> {
        let read = |(_, bytes): (String, Vec<u8>)| {
            let message = MessageParser::default().parse(&bytes).expect("a message");
            let to = message.to().and_then(|to| to.first());
            let to = to
                .and_then(|a| a.address())
                .expect("a recipient")
                .to_owned();
            Mail::read(&to, &bytes)
        };
        self.files().into_iter().map(read).collect()
    }

    /// The mails of the outbox to one address.
    pub fn mails_to(&self, email: &str) -> Vec<Mail> {
        let mut mails = self.mails();
        mails.retain(|m| m.to == email);
        mails
    }
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
