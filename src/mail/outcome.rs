//! What became of one hand-over: a value with the stage it was reached at.

use std::fmt;

use lettre::transport::smtp::response::Response;

pub use crate::domain::status::EnhancedCode;

/// Longest reply text kept, in characters.
const TEXT_MAX: usize = 400;

/// The point of the conversation that something happened at, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Reaching the host.
    Connect,
    /// The TLS handshake.
    Tls,
    /// The relay's first line.
    Greeting,
    /// Our name and its abilities.
    Ehlo,
    /// Asking for TLS (RFC 3207).
    StartTls,
    /// Saying who we are (RFC 4954).
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, before any of the message has left.
    Data,
    /// The message and the dot that ends it.
    Message,
    /// Writing a file, for the transport that does.
    File,
}

impl Stage {
    /// A stable word for storage and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Greeting => "greeting",
            Self::Ehlo => "ehlo",
            Self::StartTls => "starttls",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Message => "message",
            Self::File => "file",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A relay's answer (RFC 5321 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// The enhanced code, when the text began with one that fits the code (RFC 2034 section 4).
    pub enhanced: Option<EnhancedCode>,
    /// The lines joined, without enhanced codes: printable ASCII, at most 400 characters.
    pub text: String,
}

impl Reply {
    /// Joins the lines of a reply.
    pub fn new<'a>(code: u16, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut enhanced = None;
        let mut text = String::new();
        for line in lines {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let found = EnhancedCode::parse(word).filter(|e| u16::from(e.class) == code / 100);
            let kept = if found.is_some() { rest } else { line };
            enhanced = enhanced.or(found);
            if !text.is_empty() && !kept.is_empty() {
                text.push(' ');
            }
            text.extend(kept.trim_end().chars().map(printable));
        }
        text.truncate(TEXT_MAX);
        Self { code, enhanced, text }
    }

    pub(super) fn of(response: &Response) -> Self {
        Self::new(u16::from(response.code()), response.message())
    }

    /// Whether the first digit says that trying again is of no use (RFC 5321 4.2.1).
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }
}

/// Keeps stored replies free of control characters; one char in, one octet out.
fn printable(c: char) -> char {
    if matches!(c, ' '..='~') { c } else { '?' }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        if !self.text.is_empty() {
            write!(f, " {}", self.text)?;
        }
        Ok(())
    }
}

/// The kind of trouble that was no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CauseKind {
    /// No answer within the time for the stage.
    Timeout,
    /// The connection could not be made, or broke.
    Network,
    /// The relay's certificate or protocol version was not accepted.
    Tls,
    /// The relay said something that is no SMTP.
    Protocol,
    /// Our settings and the relay's abilities do not fit.
    Setup,
    /// A file could not be written.
    File,
}

/// Why something did not happen, when no reply says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What kind of trouble.
    pub kind: CauseKind,
    /// One line for the operator.
    pub text: String,
}

impl Cause {
    pub(super) fn new(kind: CauseKind, text: impl fmt::Display) -> Self {
        let text = text.to_string().chars().take(TEXT_MAX).collect();
        Self { kind, text }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What became of one message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The relay took it and answers for it from now on.
    Accepted {
        /// The reply after the final dot; relays name their queue id in it.
        reply: Reply,
    },
    /// The relay said no.
    Refused {
        /// To what.
        stage: Stage,
        /// Whether trying again is of no use.
        permanent: bool,
        /// In which words.
        reply: Reply,
    },
    /// It is certain that the relay does not have it: trying again cannot make a second copy.
    NotSent {
        /// How far it came.
        stage: Stage,
        /// What was in the way.
        cause: Cause,
    },
    /// The whole message left and no answer came: the relay may have it.
    Unknown {
        /// What came in place of an answer.
        cause: Cause,
    },
}

/// Who has to act on an outcome (DESIGN 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nobody: it was accepted.
    None,
    /// This recipient or this message; the others are not touched.
    Recipient,
    /// The relay is away or busy: costs no attempt, opens its breaker.
    Relay,
    /// Our settings (password, certificate, sender): every message would fail; stop and alarm.
    Setup,
    /// Nobody can tell whether it was sent.
    Uncertain,
}

impl Outcome {
    /// The outcome of a hand-over that we gave up ourselves, at whatever point it was.
    pub fn given_up(why: &str) -> Self {
        Self::Unknown { cause: Cause::new(CauseKind::Timeout, why) }
    }

    /// Whose fault it was.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Accepted { .. } => Fault::None,
            Self::Unknown { .. } => Fault::Uncertain,
            Self::NotSent { stage, cause } => match cause.kind {
                CauseKind::Tls | CauseKind::Setup => Fault::Setup,
                CauseKind::Protocol if matches!(stage, Stage::StartTls | Stage::Auth) => {
                    Fault::Setup
                }
                _ => Fault::Relay,
            },
            Self::Refused { stage, permanent, reply } => refused(*stage, *permanent, reply.code),
        }
    }
}

fn refused(stage: Stage, permanent: bool, code: u16) -> Fault {
    match (stage, code) {
        (_, 421) => Fault::Relay,
        // RFC 4954 section 6: authentication required, too weak, wrong, or without encryption.
        (_, 530 | 534 | 535 | 538) => Fault::Setup,
        (Stage::Rcpt | Stage::Data | Stage::Message, _) => Fault::Recipient,
        // RFC 1870 6.1: this message is too large; others may not be.
        (Stage::Mail, 552) => Fault::Recipient,
        // Before any recipient was named none can be to blame: it is the sender or the relay.
        (Stage::Mail | Stage::Auth | Stage::StartTls, _) if permanent => Fault::Setup,
        _ => Fault::Relay,
    }
}
