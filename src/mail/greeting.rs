//! The beginning of a conversation, up to where lettre takes over: greeting and STARTTLS.
//!
//! lettre could do STARTTLS, but it would go on with what the relay (or someone in between) had
//! sent in clear together with its answer, as if it had come encrypted. So it is done here, where
//! such octets end the conversation.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::endpoint::{StartTls, Timeouts};
use super::outcome::{Cause, CauseKind, Outcome, Reply, Stage};

/// Longest reply read here.
const REPLY_MAX: usize = 16 * 1024;

/// Reads the greeting, which must be a 220 (RFC 5321 3.1); returns it as it came.
pub async fn read<S: AsyncRead + Unpin>(
    stream: &mut S,
    timeouts: &Timeouts,
) -> Result<Vec<u8>, Outcome> {
    let (reply, raw) = read_reply(stream, Stage::Greeting, timeouts.greeting).await?;
    expect(&reply, 220, Stage::Greeting)?;
    Ok(raw)
}

/// Asks for TLS; `true` when the handshake is to begin, `false` when there is to be none.
pub async fn start_tls<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    wanted: StartTls,
    helo: &str,
    timeouts: &Timeouts,
) -> Result<bool, Outcome> {
    say(stream, &format!("EHLO {helo}\r\n"), Stage::Ehlo, timeouts).await?;
    let (reply, raw) = read_reply(stream, Stage::Ehlo, timeouts.hello).await?;
    expect(&reply, 250, Stage::Ehlo)?;
    if !offers_start_tls(&raw) {
        return match wanted {
            StartTls::IfOffered | StartTls::Never => Ok(false),
            StartTls::Required => Err(not_sent(
                Stage::StartTls,
                CauseKind::Setup,
                "the relay offers no STARTTLS; use smtps://, or allow plain text with ?tls=none",
            )),
        };
    }
    say(stream, "STARTTLS\r\n", Stage::StartTls, timeouts).await?;
    let (reply, _) = read_reply(stream, Stage::StartTls, timeouts.hello).await?;
    expect(&reply, 220, Stage::StartTls)?;
    Ok(true)
}

fn offers_start_tls(raw: &[u8]) -> bool {
    raw.split(|&b| b == b'\n').skip(1).any(|line| {
        line.get(4..).is_some_and(|word| word.trim_ascii().eq_ignore_ascii_case(b"STARTTLS"))
    })
}

async fn say<S: AsyncWrite + Unpin>(
    stream: &mut S,
    line: &str,
    stage: Stage,
    timeouts: &Timeouts,
) -> Result<(), Outcome> {
    let written = timeout(timeouts.hello, async {
        stream.write_all(line.as_bytes()).await?;
        stream.flush().await
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(not_sent(stage, CauseKind::Network, error)),
        Err(_) => Err(late(stage, timeouts.hello)),
    }
}

/// Reads exactly one reply, and returns it as it came, too. More than one is a fault: before TLS it
/// may be somebody in between, and otherwise replies would be out of step with commands.
async fn read_reply<S: AsyncRead + Unpin>(
    stream: &mut S,
    stage: Stage,
    limit: Duration,
) -> Result<(Reply, Vec<u8>), Outcome> {
    let reading = async {
        let mut raw = Vec::with_capacity(512);
        while raw.len() < REPLY_MAX {
            match parse(&raw)? {
                Some((reply, length)) if length == raw.len() => return Ok((reply, raw)),
                Some(_) => return Err(protocol("the relay spoke out of turn")),
                None => {}
            }
            let n = stream
                .read_buf(&mut raw)
                .await
                .map_err(|error| Cause::new(CauseKind::Network, error))?;
            if n == 0 {
                return Err(Cause::new(CauseKind::Network, "the relay closed the connection"));
            }
        }
        Err(protocol("the reply has no end"))
    };
    match timeout(limit, reading).await {
        Ok(read) => read.map_err(|cause| Outcome::NotSent { stage, cause }),
        Err(_) => Err(late(stage, limit)),
    }
}

/// The first reply in `raw` and its length (RFC 5321 4.2.1), or `None` when it is not complete yet.
fn parse(raw: &[u8]) -> Result<Option<(Reply, usize)>, Cause> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for line in raw.split_inclusive(|&b| b == b'\n') {
        length += line.len();
        let Some(line) = line.strip_suffix(b"\n") else {
            return Ok(None);
        };
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches('\r');
        let code = line
            .get(..3)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse::<u16>().ok())
            .filter(|code| (200..600).contains(code))
            .ok_or_else(|| protocol("the reply is no SMTP"))?;
        lines.push(line.get(4..).unwrap_or_default().to_owned());
        match line.as_bytes().get(3) {
            None | Some(b' ') => {
                let reply = Reply::new(code, lines.iter().map(String::as_str));
                return Ok(Some((reply, length)));
            }
            Some(b'-') => {}
            Some(_) => return Err(protocol("the reply is no SMTP")),
        }
    }
    Ok(None)
}

fn protocol(text: &str) -> Cause {
    Cause::new(CauseKind::Protocol, text)
}

fn expect(reply: &Reply, code: u16, stage: Stage) -> Result<(), Outcome> {
    if reply.code == code {
        return Ok(());
    }
    if reply.code < 400 {
        let text = format!("the relay answered {reply} where {code} was due");
        return Err(not_sent(stage, CauseKind::Protocol, text));
    }
    Err(Outcome::Refused { stage, permanent: reply.is_permanent(), reply: reply.clone() })
}

/// Nothing of the message has left.
pub fn not_sent(stage: Stage, kind: CauseKind, text: impl std::fmt::Display) -> Outcome {
    Outcome::NotSent { stage, cause: Cause::new(kind, text) }
}

/// No answer in time, and nothing of the message has left.
pub fn late(stage: Stage, limit: Duration) -> Outcome {
    let text = format!("no answer within {} s", limit.as_secs_f32());
    not_sent(stage, CauseKind::Timeout, text)
}
