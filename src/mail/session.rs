//! One SMTP conversation after another with one relay (RFC 5321), over lettre's connection.
//!
//! **Invariant:** a connection is taken out of the session while it is used and put back only after
//! an accepted message. So whatever goes wrong, a dropped future included, it is gone, and a reply
//! that was still on its way cannot be taken for the answer to a later command.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::dial;
use super::endpoint::Endpoint;
use super::endpoint::Timeouts;
use super::envelope::Envelope;
use super::greeting::{late, not_sent};
use super::message::lettre_address;
use super::outcome::{Cause, CauseKind, EnhancedCode, Outcome, Reply, Stage};
use super::wire::Unsent;

/// A connection that is ready for `MAIL FROM`.
pub(super) struct Open {
    pub connection: AsyncSmtpConnection,
    pub unsent: Unsent,
    pub n_sent: u32,
}

/// One worker's conversation with the relay.
pub struct Session {
    endpoint: Arc<Endpoint>,
    open: Option<Open>,
}

impl Session {
    /// A session that has not connected yet.
    #[must_use]
    pub fn new(endpoint: Arc<Endpoint>) -> Self {
        Self { endpoint, open: None }
    }

    /// Hands over one message; connects first where needed.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Outcome {
        if let Some(open) = self.open.take() {
            let (outcome, open) = self.converse(open, envelope, message).await;
            if !went_stale(&outcome) {
                self.open = open;
                return outcome;
            }
        }
        match dial::dial(&self.endpoint).await {
            Ok(open) => {
                let (outcome, open) = self.converse(open, envelope, message).await;
                self.open = open;
                outcome
            }
            Err(outcome) => outcome,
        }
    }

    /// Ends the conversation with QUIT, without waiting long for the answer.
    pub async fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.quit(open).await;
        }
    }

    async fn converse(
        &self,
        mut open: Open,
        envelope: &Envelope,
        message: &[u8],
    ) -> (Outcome, Option<Open>) {
        let outcome = transact(&mut open, &self.endpoint.timeouts, envelope, message).await;
        match &outcome {
            Outcome::Accepted { .. } => {
                open.n_sent += 1;
                if open.n_sent < self.endpoint.messages_per_connection {
                    return (outcome, Some(open));
                }
                self.quit(open).await;
            }
            // A whole reply was read, so the relay still listens; 421 says that it does not.
            Outcome::Refused { reply, .. } if reply.code != 421 => self.quit(open).await,
            _ => {}
        }
        (outcome, None)
    }

    async fn quit(&self, mut open: Open) {
        // Whatever comes of it, the connection is dropped and no message depends on it.
        let _ = timeout(self.endpoint.timeouts.quit, open.connection.quit()).await;
    }
}

/// A relay may close an idle connection at any time; then the next message begins on a new one.
fn went_stale(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::NotSent { stage: Stage::Mail, cause } => cause.kind != CauseKind::Timeout,
        Outcome::Refused { stage: Stage::Mail, reply, .. } => reply.code == 421,
        _ => false,
    }
}

async fn transact(
    open: &mut Open,
    timeouts: &Timeouts,
    envelope: &Envelope,
    message: &[u8],
) -> Outcome {
    match try_transact(open, timeouts, envelope, message).await {
        Ok(reply) => Outcome::Accepted { reply },
        Err(outcome) => outcome,
    }
}

async fn try_transact(
    open: &mut Open,
    timeouts: &Timeouts,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Reply, Outcome> {
    let parameters = mail_parameters(&open.connection, envelope, message)?;
    let connection = &mut open.connection;
    let mail = Mail::new(Some(lettre_address(&envelope.from)), parameters);
    let rcpt = Rcpt::new(lettre_address(&envelope.to), envelope.rcpt_parameters.clone());
    completed(step(Stage::Mail, timeouts.mail, connection.command(mail)).await?, Stage::Mail)?;
    completed(step(Stage::Rcpt, timeouts.rcpt, connection.command(rcpt)).await?, Stage::Rcpt)?;
    let go = step(Stage::Data, timeouts.data, connection.command(Data)).await?;
    if !go.has_code(354) {
        return Err(out_of_order(&go, Stage::Data));
    }
    hand_over(open, timeouts.block + timeouts.dot, message).await
}

/// The message and the reply to its last dot: the only part after which one may not know.
async fn hand_over(open: &mut Open, limit: Duration, message: &[u8]) -> Result<Reply, Outcome> {
    // lettre adds the CRLF before the dot in any case.
    let message = message.strip_suffix(b"\r\n").unwrap_or(message);
    let cause = match timeout(limit, open.connection.message(message)).await {
        Ok(Ok(response)) if completed(response.clone(), Stage::Message).is_ok() => {
            return Ok(Reply::of(&response));
        }
        Ok(Ok(response)) => Cause::new(
            CauseKind::Protocol,
            format!("the relay answered {} to the end of the message", Reply::of(&response)),
        ),
        Ok(Err(error)) => match answer(&error) {
            Some(reply) => return Err(refused(Stage::Message, reply)),
            None => cause_of(&error),
        },
        Err(_) => {
            let text =
                format!("no answer to the end of the message within {} s", limit.as_secs_f32());
            Cause::new(CauseKind::Timeout, text)
        }
    };
    if open.unsent.is_empty() {
        return Err(Outcome::Unknown { cause });
    }
    Err(Outcome::NotSent { stage: Stage::Message, cause })
}

/// `SMTPUTF8` and `BODY=8BITMIME` where needed (RFC 6531 3.4, RFC 6152), and the caller's own.
fn mail_parameters(
    connection: &AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
) -> Result<Vec<MailParameter>, Outcome> {
    let offers = |extension| connection.server_info().supports_feature(extension);
    let mut parameters = envelope.mail_parameters.clone();
    if envelope.needs_smtputf8() {
        if !offers(Extension::SmtpUtfEight) {
            return Err(cannot_carry(553, 5, 1, 6, "the address needs SMTPUTF8"));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !offers(Extension::EightBitMime) {
            return Err(cannot_carry(554, 5, 6, 1, "the message needs 8BITMIME"));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

/// Said by us in the relay's place, with the code a relay would use (RFC 6531 3.5, RFC 3463 3.7).
fn cannot_carry(code: u16, class: u8, subject: u16, detail: u16, needs: &str) -> Outcome {
    let reply = Reply {
        code,
        enhanced: Some(EnhancedCode { class, subject, detail }),
        text: format!("{needs}, which the relay does not offer"),
    };
    refused(Stage::Rcpt, reply)
}

/// Waits for one reply. Before the message has left every failure means that it was not sent.
pub(super) async fn step(
    stage: Stage,
    limit: Duration,
    command: impl Future<Output = Result<Response, SmtpError>>,
) -> Result<Response, Outcome> {
    match timeout(limit, command).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(failed(stage, &error)),
        Err(_) => Err(late(stage, limit)),
    }
}

/// What an error means at a stage before the message itself.
pub(super) fn failed(stage: Stage, error: &SmtpError) -> Outcome {
    match answer(error) {
        Some(reply) => refused(stage, reply),
        None => Outcome::NotSent { stage, cause: cause_of(error) },
    }
}

/// 2yz only: lettre counts 3yz as positive, too.
fn completed(response: Response, stage: Stage) -> Result<Response, Outcome> {
    if u16::from(response.code()) / 100 == 2 {
        return Ok(response);
    }
    Err(out_of_order(&response, stage))
}

fn out_of_order(response: &Response, stage: Stage) -> Outcome {
    let text = format!("the relay answered {} out of order", Reply::of(response));
    not_sent(stage, CauseKind::Protocol, text)
}

fn refused(stage: Stage, reply: Reply) -> Outcome {
    Outcome::Refused { stage, permanent: reply.is_permanent(), reply }
}

/// The 4yz or 5yz reply in a lettre error.
fn answer(error: &SmtpError) -> Option<Reply> {
    let code = u16::from(error.status()?);
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Some(Reply::new(code, [text.as_str()]))
}

fn cause_of(error: &SmtpError) -> Cause {
    let is_protocol = error.is_response();
    let kind = if error.is_timeout() {
        CauseKind::Timeout
    } else if error.is_client() {
        CauseKind::Setup
    } else if is_protocol && !error.to_string().contains("incomplete response") {
        CauseKind::Protocol
    } else {
        CauseKind::Network
    };
    let text = if is_protocol && kind == CauseKind::Network {
        "the relay closed the connection".to_owned()
    } else {
        error.to_string()
    };
    Cause::new(kind, text)
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, open: {})", self.endpoint, self.open.is_some())
    }
}
