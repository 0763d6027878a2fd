//! One message over an open connection: MAIL, RCPT, DATA, the message, its dot (RFC 5321 3.3).
//!
//! Where the relay offers PIPELINING the three commands leave together (RFC 2920), which makes two
//! round trips of four. Each of their replies is read and checked all the same, in order.
//!
//! **Invariant:** the message is written only after a 354 to DATA, with MAIL and RCPT accepted, and
//! with nothing else heard. So before that moment nothing was sent, whatever the relay says.

use std::fmt::Display;
use std::time::Duration;

use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use tokio::time::timeout;

use super::answer::{cause_of, completed, negative, out_of_order, refused, step};
use super::endpoint::Timeouts;
use super::envelope::Envelope;
use super::greeting::late;
use super::message::lettre_address;
use super::offers::Offers;
use super::outcome::{Cause, CauseKind, Outcome, Reply, Stage};
use super::parameters;
use super::session::Open;

/// How many times `timeouts.block` a whole message may take: one that is taken an octet at a time
/// would otherwise keep its worker for longer than it holds the delivery.
const BLOCKS: u32 = 5;

/// Hands over one message, which begins within `haste`, and says whether the connection is in step afterwards: every reply that
/// was asked for has been read, and the relay is not in the middle of a message.
pub async fn transact(
    open: &mut Open,
    (timeouts, haste): (&Timeouts, Duration),
    envelope: &Envelope,
    message: &[u8],
) -> (Outcome, bool) {
    let offers = open.line.offers();
    let commands = match Commands::new(offers, envelope, message) {
        Ok(commands) => commands,
        // Nothing was asked.
        Err(outcome) => return (outcome, true),
    };
    let asking = async {
        if offers.pipelining {
            commands.ask_together(open, timeouts).await
        } else {
            commands.ask_in_turn(open, timeouts).await
        }
    };
    match timeout(haste, asking).await {
        Ok(Ok(())) => {}
        Ok(Err(no)) => return no,
        Err(_) => return (late(Stage::Data, haste), false),
    }
    match hand_over(open, timeouts, message).await {
        Ok(reply) => (Outcome::Accepted { reply }, true),
        Err(outcome) => {
            let is_in_step = is_whole_answer(&outcome);
            (outcome, is_in_step)
        }
    }
}

/// A refusal is a whole reply to the one thing asked; 421 announces the end (RFC 5321 3.8).
fn is_whole_answer(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused { reply, .. } if reply.code != 421)
}

struct Commands {
    mail: Mail,
    rcpt: Rcpt,
}

impl Commands {
    fn new(offers: Offers, envelope: &Envelope, message: &[u8]) -> Result<Self, Outcome> {
        let of_mail = parameters::for_mail(offers, envelope, message)?;
        let of_rcpt = parameters::for_rcpt(offers, envelope);
        Ok(Self {
            mail: Mail::new(Some(lettre_address(&envelope.from)), of_mail),
            rcpt: Rcpt::new(lettre_address(&envelope.to), of_rcpt),
        })
    }

    /// Each command after the answer to the one before.
    async fn ask_in_turn(
        self,
        open: &mut Open,
        timeouts: &Timeouts,
    ) -> Result<(), (Outcome, bool)> {
        ask(open, Stage::Mail, timeouts.mail, Some(self.mail)).await.map_err(alone)?;
        ask(open, Stage::Rcpt, timeouts.rcpt, Some(self.rcpt)).await.map_err(alone)?;
        ask(open, Stage::Data, timeouts.data, Some(Data)).await.map_err(alone)
    }

    /// All three at once. The first refusal is the verdict: the later ones only follow from it. They
    /// are read for a moment, so that the connection can be left in step; and if DATA was taken in
    /// spite of it, the connection goes without a dot, because even an empty message is one.
    async fn ask_together(
        self,
        open: &mut Open,
        timeouts: &Timeouts,
    ) -> Result<(), (Outcome, bool)> {
        let group = format!("{}{}{Data}", self.mail, self.rcpt);
        let nothing = None::<Data>;
        if let Err(verdict) = ask(open, Stage::Mail, timeouts.mail, Some(group)).await {
            let is_in_step = is_whole_answer(&verdict)
                && is_refusal(ask(open, Stage::Rcpt, timeouts.quit, nothing).await, true)
                && is_refusal(ask(open, Stage::Data, timeouts.quit, nothing).await, false);
            return Err((verdict, is_in_step));
        }
        if let Err(verdict) = ask(open, Stage::Rcpt, timeouts.rcpt, nothing).await {
            let is_in_step = is_whole_answer(&verdict)
                && is_refusal(ask(open, Stage::Data, timeouts.quit, nothing).await, false);
            return Err((verdict, is_in_step));
        }
        ask(open, Stage::Data, timeouts.data, nothing).await.map_err(alone)
    }
}

fn alone(outcome: Outcome) -> (Outcome, bool) {
    let is_in_step = is_whole_answer(&outcome);
    (outcome, is_in_step)
}

/// Whether an answer that no longer matters leaves the connection in step.
fn is_refusal(answer: Result<(), Outcome>, or_acceptance: bool) -> bool {
    match answer {
        Ok(()) => or_acceptance,
        Err(outcome) => is_whole_answer(&outcome),
    }
}

/// Sends `command`, if there is one, and waits for the next answer, which is to be the one for
/// `stage`: 354 to DATA, and 2yz to the others.
async fn ask(
    open: &mut Open,
    stage: Stage,
    limit: Duration,
    command: Option<impl Display>,
) -> Result<(), Outcome> {
    let connection = &mut open.connection;
    let response = match command {
        Some(command) => step(stage, limit, connection.command(command)).await?,
        None => step(stage, limit, connection.read_response()).await?,
    };
    match stage {
        Stage::Data if response.has_code(354) => Ok(()),
        Stage::Data => Err(out_of_order(&response, stage)),
        _ => completed(response, stage).map(drop),
    }
}

/// The message and the reply to its last dot: the only part after which one may not know.
///
/// A relay that takes some of the message within each `timeouts.block` is slow and not away (RFC 5321
/// 4.5.3.2.5); the whole may last [`BLOCKS`] of them. Once all of it has left the relay may take
/// `timeouts.dot` to answer: a sender that gives up earlier makes duplicates (RFC 1047).
async fn hand_over(open: &mut Open, timeouts: &Timeouts, message: &[u8]) -> Result<Reply, Outcome> {
    open.line.write_message(message);
    let mut answer = std::pin::pin!(open.connection.read_response());
    let mut unsent = open.line.n_unsent();
    let mut answered = timeout(timeouts.block, &mut answer).await;
    for _ in 1..BLOCKS {
        let before = std::mem::replace(&mut unsent, open.line.n_unsent());
        if answered.is_ok() || !open.line.has_unsent() || unsent == before {
            break;
        }
        answered = timeout(timeouts.block, &mut answer).await;
    }
    if answered.is_err() && !open.line.has_unsent() {
        answered = timeout(timeouts.dot, &mut answer).await;
    }
    let cause = match answered {
        Ok(Ok(response)) if completed(response.clone(), Stage::Message).is_ok() => {
            return Ok(Reply::of(&response));
        }
        Ok(Ok(response)) => {
            let reply = Reply::of(&response);
            let text = format!("the relay answered {reply} to the end of the message");
            Cause::new(CauseKind::Protocol, text)
        }
        Ok(Err(error)) => match negative(&error) {
            Some(reply) => return Err(refused(Stage::Message, reply)),
            None => cause_of(&error),
        },
        Err(_) if open.line.has_unsent() => {
            let limit = timeouts.block.as_secs_f32();
            let text = format!("the relay took no more of the message within {limit} s");
            Cause::new(CauseKind::Timeout, text)
        }
        Err(_) => {
            let limit = timeouts.dot.as_secs_f32();
            let text = format!("no answer to the end of the message within {limit} s");
            Cause::new(CauseKind::Timeout, text)
        }
    };
    if open.line.has_unsent() {
        return Err(Outcome::NotSent { stage: Stage::Message, cause });
    }
    Err(Outcome::Unknown { cause })
}
