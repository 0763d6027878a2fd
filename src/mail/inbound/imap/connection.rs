//! One connection to a folder.

use std::fmt::{Debug, Display};
use std::future::Future;
use std::time::Duration;

use async_imap::extensions::idle::IdleResponse;
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use secrecy::ExposeSecret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{ImapError, Mailbox};
use crate::mail::inbound::MOST;
use crate::mail::tls::Trust;

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most messages of one look.
const BATCH: usize = 200;

/// What IMAP is spoken over.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send + Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Wire for T {}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// All that matters of it is recorded: it goes.
    Recorded,
    /// Read, and nothing follows from it: it stays, as seen.
    Read,
    /// Nobody understood it: it stays, as seen and flagged for a person.
    ForAPerson,
}

/// A folder that is open.
#[derive(Debug)]
pub struct Connection {
    session: Session<Box<dyn Wire>>,
    can_idle: bool,
    can_expunge: bool,
    place: String,
}

impl Mailbox {
    /// Connects, logs in and opens the folder.
    ///
    /// # Errors
    /// [`ImapError`] with how far it came.
    pub async fn connect(&self) -> Result<Connection, ImapError> {
        let place = self.place();
        let wire = within(&place, self.reach()).await?;
        let mut client = Client::new(wire);
        let greeting = within(&place, client.read_response()).await?;
        if greeting.is_none() {
            return Err(error(&place, "it closed the connection without a greeting"));
        }
        let login = async {
            let password = self.password.expose_secret();
            client.login(&self.user, password).await.map_err(|(error, _)| error)
        };
        let mut session = within(&place, login).await?;
        let abilities = within(&place, session.capabilities()).await?;
        let (can_idle, can_expunge) = (abilities.has_str("IDLE"), abilities.has_str("UIDPLUS"));
        within(&place, session.select(&self.folder)).await?;
        Ok(Connection { session, can_idle, can_expunge, place })
    }

    async fn reach(&self) -> Result<Box<dyn Wire>, String> {
        let said = |error: &dyn Display| error.to_string();
        let tcp =
            TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|e| said(&e))?;
        if !self.tls {
            return Ok(Box::new(tcp));
        }
        let trust = Trust::new(self.ca_file.as_deref())?;
        Ok(Box::new(trust.encrypt(&self.host, tcp).await.map_err(|e| said(&e))?))
    }
}

impl Connection {
    /// What was not seen yet, oldest first; a batch of it.
    ///
    /// # Errors
    /// [`ImapError`]; then the connection is of no more use.
    pub async fn unseen(&mut self) -> Result<Vec<u32>, ImapError> {
        let found = within(&self.place, self.session.uid_search("UNSEEN UNDELETED")).await?;
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        found.truncate(BATCH);
        Ok(found)
    }

    /// The octets of one message, as far as they are looked at; none when it is gone.
    ///
    /// # Errors
    /// As [`unseen`](Self::unseen).
    pub async fn fetch(&mut self, uid: u32) -> Result<Option<Vec<u8>>, ImapError> {
        let what = format!("(UID BODY.PEEK[]<0.{MOST}>)");
        let fetched = async {
            let answers = self.session.uid_fetch(uid.to_string(), what).await?;
            answers.try_collect::<Vec<_>>().await
        };
        let answers = within(&self.place, fetched).await?;
        let own = answers.iter().find(|answer| answer.uid == Some(uid));
        Ok(own.and_then(|answer| answer.body()).map(<[u8]>::to_vec))
    }

    /// Settles one message. What is recorded goes for good where the server can delete one by one;
    /// elsewhere it is marked as deleted.
    ///
    /// # Errors
    /// As [`unseen`](Self::unseen).
    pub async fn settle(&mut self, uid: u32, settled: Settled) -> Result<(), ImapError> {
        let flags = match settled {
            Settled::Recorded => "+FLAGS.SILENT (\\Seen \\Deleted)",
            Settled::Read => "+FLAGS.SILENT (\\Seen)",
            Settled::ForAPerson => "+FLAGS.SILENT (\\Seen \\Flagged)",
        };
        let stored = async {
            let answers = self.session.uid_store(uid.to_string(), flags).await?;
            answers.try_collect::<Vec<_>>().await.map(drop)
        };
        within(&self.place, stored).await?;
        if settled == Settled::Recorded && self.can_expunge {
            let expunged = async {
                let answers = self.session.uid_expunge(uid.to_string()).await?;
                answers.try_collect::<Vec<_>>().await.map(drop)
            };
            within(&self.place, expunged).await?;
        }
        Ok(())
    }

    /// Whether the server says by itself when something comes.
    #[must_use]
    pub const fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// Waits until something comes, or so long at most. Dropping the future gives the connection up.
    ///
    /// # Errors
    /// As [`unseen`](Self::unseen).
    pub async fn idle(self, at_most: Duration) -> Result<Self, ImapError> {
        let Self { session, can_idle, can_expunge, place } = self;
        let mut idle = session.idle();
        within(&place, idle.init()).await?;
        let (waiting, _interrupt) = idle.wait_with_timeout(at_most);
        // The limit counts from the last sign of life, of which a server may give many.
        let waited = timeout(at_most, waiting).await;
        if let Ok(Ok(IdleResponse::ManualInterrupt)) = waited {
            return Err(error(&place, "it closed the connection"));
        }
        if let Ok(Err(problem)) = waited {
            return Err(error(&place, &problem));
        }
        let session = within(&place, idle.done()).await?;
        Ok(Self { session, can_idle, can_expunge, place })
    }

    /// Says goodbye; nothing depends on it.
    pub async fn end(mut self) {
        let _ = timeout(Duration::from_secs(5), self.session.logout()).await;
    }
}

/// One step, with an end to its patience.
async fn within<T, E: Display>(
    place: &str,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, ImapError> {
    match timeout(PATIENCE, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(problem)) => Err(error(place, &problem)),
        Err(_) => Err(error(place, &format!("no answer within {PATIENCE:?}"))),
    }
}

fn error(place: &str, problem: &(impl Display + ?Sized)) -> ImapError {
    let problem = problem.to_string().chars().take(300).collect();
    ImapError { place: place.to_owned(), problem }
}
