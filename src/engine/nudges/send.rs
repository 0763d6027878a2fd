//! Sending: each approved nudge in the office hours of its reader, once every limit has been looked at
//! again. The intent is durable before the data leaves, and the journal has it before it is recorded.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::domain::nudge::NudgeState;
use crate::domain::nudge::limits::{DAYS, Verdict, decide};
use crate::engine::deliver::verdict::{HandOver, judge};
use crate::engine::inbound::{Limits, refusals};
use crate::engine::journal::{self, Journal};
use crate::engine::notice::{Notice, NoticeKind, Passed};
use crate::engine::{Engine, EngineError};
use crate::mail::message_id::MessageId;
use crate::store::Tx;
use crate::store::nudges::{DueNudge, Settled};

use super::case::Letter;
use super::mail;

/// Approved nudges read at once.
const PAGE: i64 = 100;
/// How long after a relay took nothing one is tried again.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// How long after a refusal that may pass (RFC 5321 4.5.4.1).
const LATER: SignedDuration = SignedDuration::from_mins(30);
/// How long after something spoke against one it is looked at again: that takes a dozen reads.
const LOOK: SignedDuration = SignedDuration::from_mins(15);

/// What became of one.
enum Went {
    /// It is settled, or waits.
    On,
    /// No relay takes anything for now, or one did not say what it took: the next would fare alike.
    NoWay,
}

impl Engine {
    /// Sends the nudges that may go. What goes wrong keeps nobody from their brief and is tried again.
    pub(in crate::engine) async fn mail_nudges(&self) {
        if let Err(error) = self.send_nudges().await {
            tracing::warn!(%error, "nudges wait; they are tried again later");
        }
    }

    /// Each by the clock as it is when its turn comes: a round of briefs may take hours, and so may this.
    async fn send_nudges(&self) -> Result<(), EngineError> {
        let mut after = (i64::MIN, String::new());
        loop {
            let from = (after.0, after.1.as_str());
            let due = self.db.nudges_due(self.clock.now(), from, PAGE).await?;
            let Some(last) = due.last() else { return Ok(()) };
            after = (last.expires_at, last.id.clone());
            for nudge in &due {
                if self.stop.is_cancelled() {
                    return Ok(());
                }
                let now = self.clock.now();
                if !self.is_office_hour(nudge, now)? {
                    continue;
                }
                if matches!(self.send_nudge(nudge, now).await?, Went::NoWay) {
                    return Ok(());
                }
            }
        }
    }

    /// Whether it is an office hour where the recipient is.
    fn is_office_hour(&self, nudge: &DueNudge, now: Timestamp) -> Result<bool, EngineError> {
        let own = nudge.recipient_zone.as_deref().and_then(|name| self.zones.get(name).ok());
        let zone = own.map_or_else(|| self.zones.get(&nudge.organization_zone), Ok)?;
        Ok(self.nudge_hours().are_open(now, &zone))
    }

    async fn send_nudge(&self, nudge: &DueNudge, now: Timestamp) -> Result<Went, EngineError> {
        let (case, letter) = self.nudge_case(nudge, now).await?;
        match (decide(&case), letter) {
            (Verdict::Wait(why), _) => {
                self.db.nudge_waits(&nudge.id, &why, now + LOOK).await?;
                Ok(Went::On)
            }
            (Verdict::Over(why), _) => self.end_nudge(nudge, NudgeState::Approved, &why).await,
            (Verdict::Send, Some(letter)) => self.hand_nudge_over(nudge, &letter, now).await,
            (Verdict::Send, None) => {
                self.end_nudge(nudge, NudgeState::Approved, "nobody can be written to").await
            }
        }
    }

    async fn hand_nudge_over(
        &self,
        nudge: &DueNudge,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<Went, EngineError> {
        let id = MessageId::of_delivery(&nudge.id, &self.settings.mail.domain)?;
        // What cannot be journaled does not leave.
        let journal = Journal::of(&self.settings.journal).writer(&self.unwritten, now)?;
        let last = now - SignedDuration::from_hours(DAYS * 24);
        if !self.db.intend_nudge(nudge, &id.to_string(), last, now).await? {
            return Ok(Went::On);
        }
        let notice = Notice {
            kind: NoticeKind::Nudge,
            identity: &nudge.id,
            scope: &nudge.slug,
            note: &mail::words(nudge, letter),
            email: letter.to.email.as_str(),
            name: &letter.to.name,
            subscription: None,
            of: Some(&letter.of),
        };
        match self.pass_notice(&notice, now).await {
            Ok(Passed::Tried(outcome)) => {
                let of = HandOver {
                    delivery_id: &nudge.id,
                    attempts: 0,
                    started_at: now,
                    relay: Arc::from("notice"),
                };
                let ended = self.clock.now();
                let Some(record) = judge(of, ended, &outcome).record else {
                    return self.nudge_again(nudge, "no relay took it", AGAIN).await;
                };
                let written = journal.append(journal::HandOver::of(&record).into_iter());
                let synced = Arc::new(journal).sync_apart().await;
                let went = self.record_nudge(nudge, &record, ended).await?;
                // What left has left, and is recorded all the same; nothing more leaves.
                written.and(synced)?;
                Ok(went)
            }
            Ok(Passed::NoWay) => self.nudge_again(nudge, "no relay is open", AGAIN).await,
            Ok(Passed::Unwanted) => {
                self.end_nudge(nudge, NudgeState::HandingOver, "wants no nudges").await
            }
            Err(error) => {
                tracing::error!(nudge = nudge.id, %error, "a nudge was not sent");
                self.nudge_again(nudge, "no mail could be made of it", LATER).await?;
                Ok(Went::On)
            }
        }
    }

    /// Records what the relay said of one; a refusal is a bounce like any other.
    async fn record_nudge(
        &self,
        nudge: &DueNudge,
        record: &crate::store::deliveries::Record,
        ended: Timestamp,
    ) -> Result<Went, EngineError> {
        let at = ended.as_millisecond();
        let (state, sent_at) = match record.state {
            "sent" => (NudgeState::Sent, Some(at)),
            "uncertain" => (NudgeState::Uncertain, Some(at)),
            "failed" => (NudgeState::Refused, None),
            _ => (NudgeState::Approved, None),
        };
        let again = (state == NudgeState::Approved).then(|| (ended + LATER).as_millisecond());
        let mut tx = self.db.begin().await?;
        let settled = Settled {
            id: &nudge.id,
            from: NudgeState::HandingOver.as_str(),
            state: state.as_str(),
            why: record.reason.as_deref(),
            sent_at,
            again_at: again,
        };
        settle(&mut tx, &settled).await?;
        let limits = Limits::of(&self.settings.bounce);
        refusals::feed(&mut tx, limits, std::slice::from_ref(record)).await?;
        tx.commit().await?;
        let outcome = if state == NudgeState::Approved { "deferred" } else { state.as_str() };
        self.metrics.nudges.handed_over(outcome);
        tracing::info!(nudge = nudge.id, outcome, "a nudge was handed over");
        // A relay that went silent would leave one after another in doubt.
        Ok(if state == NudgeState::Uncertain { Went::NoWay } else { Went::On })
    }

    /// It certainly did not leave, and is tried again.
    async fn nudge_again(
        &self,
        nudge: &DueNudge,
        why: &str,
        wait: SignedDuration,
    ) -> Result<Went, EngineError> {
        let mut tx = self.db.begin().await?;
        let settled = Settled {
            id: &nudge.id,
            from: NudgeState::HandingOver.as_str(),
            state: NudgeState::Approved.as_str(),
            why: Some(why),
            sent_at: None,
            again_at: Some((self.clock.now() + wait).as_millisecond()),
        };
        settle(&mut tx, &settled).await?;
        tx.commit().await?;
        Ok(Went::NoWay)
    }

    /// It never goes.
    async fn end_nudge(
        &self,
        nudge: &DueNudge,
        from: NudgeState,
        why: &str,
    ) -> Result<Went, EngineError> {
        let mut tx = self.db.begin().await?;
        let settled = Settled {
            id: &nudge.id,
            from: from.as_str(),
            state: NudgeState::Expired.as_str(),
            why: Some(why),
            sent_at: None,
            again_at: None,
        };
        settle(&mut tx, &settled).await?;
        tx.commit().await?;
        Ok(Went::On)
    }
}

/// Records what became of one. A row that stands elsewhere by now was changed by somebody who should
/// not have: an operator hears of it, since what the relay said is written nowhere else.
async fn settle(tx: &mut Tx, settled: &Settled<'_>) -> Result<(), EngineError> {
    if !tx.settle_nudge(settled).await? {
        let Settled { id, from, state, .. } = settled;
        tracing::error!(nudge = id, from, state, "a nudge was changed while it was handed over");
    }
    Ok(())
}
