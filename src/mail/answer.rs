//! What one answer of the relay means, or the want of one.

use std::error::Error;
use std::future::Future;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::greeting::{late, not_sent};
use super::outcome::{Cause, CauseKind, Outcome, Reply, Stage};

/// Waits for one reply. Before the message has left every failure means that it was not sent.
pub async fn step(
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
pub fn failed(stage: Stage, error: &SmtpError) -> Outcome {
    match negative(error) {
        Some(reply) => refused(stage, reply),
        None => Outcome::NotSent { stage, cause: cause_of(error) },
    }
}

/// 2yz only: lettre counts 3yz as positive, too.
pub fn completed(response: Response, stage: Stage) -> Result<Response, Outcome> {
    if u16::from(response.code()) / 100 == 2 {
        return Ok(response);
    }
    Err(out_of_order(&response, stage))
}

/// A positive answer that does not belong to what was asked.
pub fn out_of_order(response: &Response, stage: Stage) -> Outcome {
    let text = format!("the relay answered {} out of order", Reply::of(response));
    not_sent(stage, CauseKind::Protocol, text)
}

/// A negative answer.
pub fn refused(stage: Stage, reply: Reply) -> Outcome {
    Outcome::Refused { stage, permanent: reply.is_permanent(), reply }
}

/// The 4yz or 5yz reply in a lettre error.
pub fn negative(error: &SmtpError) -> Option<Reply> {
    let code = u16::from(error.status()?);
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    Some(Reply::new(code, [text.as_str()]))
}

/// What was in the way, when it was no reply.
pub fn cause_of(error: &SmtpError) -> Cause {
    const CLOSED: &str = "the relay closed the connection";
    let io_kind = error.source().and_then(|source| source.downcast_ref()).map(io::Error::kind);
    if io_kind == Some(io::ErrorKind::UnexpectedEof) {
        return Cause::new(CauseKind::Network, CLOSED);
    }
    if io_kind == Some(io::ErrorKind::InvalidData) {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        return Cause::new(CauseKind::Protocol, text);
    }
    if error.is_response() {
        return if error.to_string().contains("incomplete response") {
            Cause::new(CauseKind::Network, CLOSED)
        } else {
            Cause::new(CauseKind::Protocol, error)
        };
    }
    let kind = if error.is_timeout() {
        CauseKind::Timeout
    } else if error.is_client() {
        CauseKind::Setup
    } else {
        CauseKind::Network
    };
    Cause::new(kind, error)
}
