//! Keeps what holds, and tells the operator once a condition and interval.

use jiff::{SignedDuration, Timestamp};

use super::Watcher;
use super::conditions::{Condition, Kind};
use super::words::{About, raised, resolved};
use crate::engine::notice::{Handed, Notice, NoticeKind};
use crate::engine::{Engine, EngineError};
use crate::render::Note;
use crate::store::alerts::AlertRow;

/// How long ago a condition that only one process sees must have been seen last before another
/// process calls it over: a process that lives looks every minute.
const UNSEEN: SignedDuration = SignedDuration::from_mins(3);

impl Engine {
    /// Keeps what holds, tells what is to be told, and ends what is over. Runs that were not
    /// `proved` are left as they are.
    pub(super) async fn keep(
        &self,
        watcher: Watcher,
        found: &[Condition],
        proved: &[&str],
        is_relay_broken: bool,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let before = self.db.alerts().await?;
        for condition in found {
            self.note(condition, &before, now).await?;
        }
        if found.is_empty() && before.is_empty() {
            return Ok(());
        }
        for row in self.db.alerts().await? {
            let holds = found.iter().any(|condition| condition.key() == row.key);
            let Some(own) = Row::of(&row) else { continue };
            if holds {
                if !is_relay_broken && self.is_due(&own, watcher, now) {
                    self.tell(&own, now).await?;
                }
            } else if own.week.is_empty() || proved.contains(&own.week) {
                self.end(&own, watcher, is_relay_broken, now).await?;
            }
        }
        Ok(())
    }

    /// Writes that a condition holds; its first time is logged.
    async fn note(
        &self,
        condition: &Condition,
        before: &[AlertRow],
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let (key, kind) = (condition.key(), condition.kind.as_str());
        let (since, at) = (condition.since.as_millisecond(), now.as_millisecond());
        self.db.raise_alert(&key, kind, &condition.why, since, at).await?;
        if !before.iter().any(|row| row.key == key) {
            let (run, why) = (&condition.week, &condition.why);
            tracing::warn!(kind, run, why, "something is wrong");
        }
        Ok(())
    }

    fn is_due(&self, own: &Row<'_>, watcher: Watcher, now: Timestamp) -> bool {
        if self.settings.alerts.to.is_empty() {
            return false;
        }
        let patience = own.kind.patience(watcher == Watcher::Service);
        let repeat = SignedDuration::try_from(self.settings.alerts.repeat);
        let repeat = repeat.unwrap_or(SignedDuration::MAX);
        match own.row.mailed_at.and_then(|at| Timestamp::from_millisecond(at).ok()) {
            None => now.duration_since(own.noticed_at) >= patience,
            // A clock that was set back must not silence anything.
            Some(last) => own.kind.repeats() && now.duration_since(last).abs() >= repeat,
        }
    }

    /// Claims the mail about a condition and sends it.
    async fn tell(&self, own: &Row<'_>, now: Timestamp) -> Result<(), EngineError> {
        let (key, before, at) = (&own.row.key, own.row.mailed_at, now.as_millisecond());
        if !self.db.claim_alert(key, before, at).await? {
            return Ok(());
        }
        let note = raised(&own.about(), self.settings.alerts.repeat);
        if !self.send_alert(key, &note, now).await {
            self.db.unclaim_alert(key, before, at).await?;
        }
        Ok(())
    }

    /// Ends a condition that no longer holds, and tells it where it was told that it held, or could
    /// not be told because the relay was what was broken.
    async fn end(
        &self,
        own: &Row<'_>,
        watcher: Watcher,
        is_relay_broken: bool,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let in_service = watcher == Watcher::Service;
        let at = now.as_millisecond();
        let quiet = if own.kind.is_local() && in_service { UNSEEN } else { SignedDuration::ZERO };
        let is_told = own.row.mails > 0
            || own.kind.is_relay()
                && now.duration_since(own.noticed_at) >= own.kind.patience(in_service);
        let is_told = is_told && !self.settings.alerts.to.is_empty();
        if is_told && is_relay_broken {
            return Ok(());
        }
        let seen_before = (now - quiet).as_millisecond();
        if !self.db.resolve_alert(&own.row.key, at, seen_before).await? {
            return Ok(());
        }
        tracing::info!(kind = own.kind.as_str(), run = own.week, "it is over");
        if is_told && !self.send_alert(&own.row.key, &resolved(&own.about(), now), now).await {
            self.db.unresolve_alert(&own.row.key, at).await?;
        }
        Ok(())
    }

    /// Sends a note to everybody in `alerts.to`; false when it certainly left to nobody and is worth
    /// another try.
    async fn send_alert(&self, key: &str, note: &Note, now: Timestamp) -> bool {
        let mut is_over = false;
        for to in &self.settings.alerts.to {
            let email = to.as_str();
            let identity = format!("alert/{key}/{}/{email}/{now}", note.subject);
            let notice = Notice {
                kind: NoticeKind::Alert,
                identity: &identity,
                scope: "an alert",
                note,
                email,
                name: "",
                subscription: None,
                of: None,
            };
            match self.send_notice(&notice, now).await {
                Ok(Handed::Over | Handed::Unwanted) => is_over = true,
                Ok(Handed::NotLeft) => {
                    tracing::warn!(key, "an alert did not leave; it is tried again");
                    return is_over;
                }
                Ok(Handed::Refused) => {
                    is_over = true;
                    tracing::error!(key, "the relay refused an alert; check alerts.to");
                }
                Err(error) => {
                    is_over = true;
                    tracing::error!(key, %error, "an alert cannot be sent");
                }
            }
        }
        is_over
    }
}

/// A row whose parts are understood.
struct Row<'a> {
    row: &'a AlertRow,
    kind: Kind,
    week: &'a str,
    since: Timestamp,
    noticed_at: Timestamp,
}

impl<'a> Row<'a> {
    /// None for a kind that a newer program wrote.
    fn of(row: &'a AlertRow) -> Option<Self> {
        let kind = Kind::parse(&row.kind)?;
        let week = row.key.split_once('.').map_or("", |(_, week)| week);
        let since = Timestamp::from_millisecond(row.since).ok()?;
        let noticed_at = Timestamp::from_millisecond(row.noticed_at).ok()?;
        Some(Self { row, kind, week, since, noticed_at })
    }

    fn about(&self) -> About<'a> {
        About { kind: self.kind, week: self.week, why: &self.row.why, since: self.since }
    }
}
