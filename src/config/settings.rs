//! The settings, one struct a section, named as the sections and keys of `config/default.toml`.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::domain::address::{Domain, EmailAddress};
use crate::domain::constants::Constants;
use crate::domain::nudge::hours::Hours;
use crate::domain::time::Slot;
use crate::mail::dkim::Key;
use crate::mail::{self, header::Party};

use super::layer::Layers;
use super::networks::Networks;
use super::source::Source;

/// Everything that is configured. Made by [`super::load`]; valid as a whole.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where gaps and histories are read from.
    pub sources: Vec<Source>,
    /// Where everything is kept.
    pub database: Database,
    /// How mail is handed over.
    pub relay: Relay,
    /// Who mail is from.
    pub mail: Mail,
    /// What comes back.
    pub bounce: Bounce,
    /// The web pages.
    pub web: Web,
    /// How somebody comes to be on a list.
    pub consent: Consent,
    /// Who signs in, and for how long.
    pub desk: Desk,
    /// When nudges go.
    pub nudge: Nudge,
    /// What programs may.
    pub api: Api,
    /// How the service ends.
    pub service: Service,
    /// Who is told when something is wrong.
    pub alerts: Alerts,
    /// When things are due.
    pub schedule: Schedule,
    /// How long what was sent is kept.
    pub retention: Retention,
    /// The constants of the model.
    pub model: Constants,
    /// The operator's own texts.
    pub content: Content,
    /// What was handed over, outside the database.
    pub journal: Journal,
    /// Keys the program makes for itself.
    pub secrets: Secrets,
    /// What is logged.
    pub log: Log,
    pub(super) layers: Layers,
}

/// `[database]`
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`; may hold a password.
    pub url: SecretString,
}

/// `[relay]`
#[derive(Debug, Clone)]
pub struct Relay {
    /// Where mail is handed over: `relay.url`, read and checked, with its timeouts.
    pub way: mail::relay::Relay,
    /// Where it is handed over while that one is away or refuses us, in this order.
    pub fallback: Vec<mail::relay::Relay>,
    /// Connections open at once, 1 to 256.
    pub connections: usize,
    /// Most messages a second, of all processes on one database together.
    pub rate_per_second: Option<u32>,
    /// Most messages a second to one recipient domain, likewise.
    pub per_domain: Option<u32>,
    /// Most hand-overs at once to one recipient domain, of this process.
    pub per_domain_connections: Option<u32>,
    /// What happens to a hand-over that was cut off.
    pub on_uncertain: OnUncertain,
    /// How long a resend waits after the cut-off hand-over.
    pub resend_after: Duration,
}

impl Relay {
    /// Every relay in the order of preference; the first is always there.
    pub fn ways(&self) -> impl Iterator<Item = &mail::relay::Relay> {
        std::iter::once(&self.way).chain(&self.fallback)
    }
}

/// What to do when nobody knows whether a message was accepted (DESIGN 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnUncertain {
    /// Send it again under the same Message-ID, and count it.
    Resend,
    /// Leave it to a person.
    Hold,
}

/// `[mail]`
#[derive(Debug, Clone)]
pub struct Mail {
    /// Author of every brief.
    pub from: Party,
    /// Where replies go.
    pub reply_to: Party,
    /// Printed at the end of every brief.
    pub postal_address: String,
    /// Domain of Message-IDs, list and bounce address.
    pub domain: Domain,
    /// Who is named as the sender on the envelope.
    pub envelope: EnvelopeSender,
    /// What the product calls itself.
    pub product_name: String,
    /// The keys of its signatures, read and checked; those in use and those that are only published.
    pub dkim: Vec<Key>,
}

/// Whom bounces go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvelopeSender {
    /// An address for each mail at `mail.domain`, which names the mail.
    Verp,
    /// The address of `mail.from`.
    From,
}

/// `[bounce]`
#[derive(Debug, Clone)]
pub struct Bounce {
    /// Weeks in a row in which all mail to an address fails for a reason that may pass, 1 to 52.
    pub soft_limit: u32,
    /// How many weeks an address is then suppressed; none is for good.
    pub soft_weeks: Option<u32>,
    /// A Maildir that reports and complaints are delivered to.
    pub maildir: Option<PathBuf>,
    /// A mailbox that they are fetched from.
    pub imap: Option<mail::inbound::imap::Mailbox>,
    /// How often both are looked at.
    pub poll: Duration,
    /// Where is kept what came through a pipe and nobody understands.
    pub unclear_dir: Option<PathBuf>,
    /// What providers call us with.
    pub hooks: mail::inbound::webhook::Secrets,
}

/// `[web]`
#[derive(Debug, Clone)]
pub struct Web {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// What every link starts with: scheme, host, perhaps a path; no slash at the end.
    pub public_url: String,
    /// Who may read the metrics.
    pub metrics: MetricsFor,
    /// Whose word about who asks is taken.
    pub trusted_proxies: Networks,
    /// Weeks that the link to a mail's web copy works.
    pub copy_weeks: u32,
}

/// `[consent]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// Whether anybody may ask for the public brief on the web.
    pub is_form_open: bool,
    /// How long the link to confirm a request works.
    pub confirm_within: Duration,
    /// How long the link of an invitation works.
    pub invite_within: Duration,
    /// Most mails that requests may send to one address in a day.
    pub per_address: u32,
    /// Most requests of one client in an hour.
    pub per_client: u32,
}

/// `[desk]`
#[derive(Debug, Clone)]
pub struct Desk {
    /// Addresses of those who run the service, in their lookup form.
    pub operators: HashSet<String>,
    /// How long a link to sign in works.
    pub sign_in_within: Duration,
    /// How long somebody stays signed in at most.
    pub session_for: Duration,
    /// How long without looking at a page.
    pub session_idle: Duration,
    /// How many weeks after its week an answer link works.
    pub answer_weeks: u32,
    /// Most that one upload may hold, MiB.
    pub upload_limit: u32,
}

impl Desk {
    /// Most bytes of the files of one upload.
    #[must_use]
    pub const fn upload_bytes(&self) -> usize {
        self.upload_limit as usize * 1024 * 1024
    }
}

/// `[nudge]`
#[derive(Debug, Clone, Copy)]
pub struct Nudge {
    /// Office hours, where the recipient is.
    pub hours: Hours,
}

/// `[api]`
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// How often one token may ask in a minute.
    pub per_minute: u32,
}

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsFor {
    /// This machine, not through a proxy.
    Loopback,
    /// Whoever reaches the web pages.
    All,
    /// Nobody.
    Off,
}

/// `[service]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// How long what is on the wire may take once the service is asked to end.
    pub drain_within: Duration,
}

/// `[alerts]`
#[derive(Debug, Clone)]
pub struct Alerts {
    /// Who is told; may be empty.
    pub to: Vec<EmailAddress>,
    /// How long after a mail another one about the same is sent.
    pub repeat: Duration,
    /// How late a brief may be before it is called late.
    pub late_after: Duration,
}

impl Alerts {
    /// What should have been settled before this instant is late at `now`, milliseconds.
    #[must_use]
    pub fn late_before(&self, now: Timestamp) -> i64 {
        let late_after = i64::try_from(self.late_after.as_millis()).unwrap_or(i64::MAX);
        now.as_millisecond().saturating_sub(late_after)
    }
}

/// `[retention]`: weeks; none is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How long the message of an edition is kept.
    pub message_weeks: Option<u32>,
    /// How long the text and the HTML of an edition are kept.
    pub body_weeks: Option<u32>,
    /// How long a relay's words are kept.
    pub reply_weeks: Option<u32>,
}

/// A weekday with an hour, local time, as it is stored and as it is reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekHour {
    /// The day, 1 Monday to 7 Sunday.
    pub weekday: i64,
    /// The hour, 0 to 23.
    pub hour: i64,
    /// The same as a slot.
    pub slot: Slot,
}

impl WeekHour {
    /// None outside the ranges.
    #[must_use]
    pub fn new(weekday: i64, hour: i64) -> Option<Self> {
        Slot::new(weekday, hour).map(|slot| Self { weekday, hour, slot })
    }
}

/// `[schedule]`
#[derive(Debug, Clone)]
pub struct Schedule {
    /// How late a missed cut-off may still be planned.
    pub grace: Duration,
    /// An organization's cut-off where it names none.
    pub cut_off: WeekHour,
    /// A subscriber's slot where the subscription names none.
    pub send: WeekHour,
    /// Hours between a portfolio's cut-off and its clients'.
    pub portfolio_lead_hours: u32,
    /// Zone of the public edition, IANA name.
    pub zone: String,
    /// Cut-off of the public edition, in `zone`.
    pub public: WeekHour,
}

/// `[content]`
#[derive(Debug, Clone)]
pub struct Content {
    /// The operator's folder of insights and public issues.
    pub dir: Option<PathBuf>,
}

/// `[journal]`
#[derive(Debug, Clone)]
pub struct Journal {
    /// Directory of its files.
    pub dir: PathBuf,
    /// Files kept, one a week, 2 to 520.
    pub weeks: usize,
}

/// `[secrets]`
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Directory of generated keys.
    pub dir: PathBuf,
}

/// `[log]`
#[derive(Debug, Clone)]
pub struct Log {
    /// Least level written, as a tracing directive.
    pub level: tracing::level_filters::LevelFilter,
    /// How a line is written.
    pub format: LogFormat,
}

/// How a log line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}
