//! What the desk shows of nudges: what waits, what was sent, what was held back, and whether it helps.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::domain::nudge::NudgeState;
use crate::domain::nudge::limits::{DAYS, UNANSWERED};
use crate::domain::nudge::measure::{self, Count, Finding, Tally};
use crate::engine::{Engine, EngineError};
use crate::store::nudges::{BoardRow, Order, Silent, Wanted};

/// Most nudges of each kind on one page.
const MOST: i64 = 100;
/// How long what was sent is shown.
const SENT: SignedDuration = SignedDuration::from_hours(28 * 24);
/// How long what was held back or did not go is shown.
const HELD: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Nudges as they stand.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Drafts that wait for somebody, those first whose time is over first.
    pub drafted: Vec<BoardRow>,
    /// How many more of them there are.
    pub drafted_more: i64,
    /// Approved, and not sent yet.
    pub approved: Vec<BoardRow>,
    /// Sent lately, refused or in doubt, and whatever the silent left unanswered, each with whether its gap has moved; none where its days are not
    /// over and it has not yet.
    pub sent: Vec<(BoardRow, Option<bool>)>,
    /// Held back lately.
    pub held: Vec<BoardRow>,
    /// Skipped and expired lately.
    pub ended: Vec<BoardRow>,
    /// Who left the last ones unanswered: they are called instead.
    pub silent: Vec<Silent>,
}

/// Whether texts help.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Each text that was sent, with what can be said of it.
    pub texts: Vec<(Tally, Finding)>,
    /// What became of those that were held back.
    pub held: Count,
}

impl Engine {
    /// The nudges of some clients by their row ids, or of all. The number of statements does not depend
    /// on how many there are.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudge_board(
        &self,
        clients: Option<&[String]>,
        now: Timestamp,
    ) -> Result<Board, EngineError> {
        use NudgeState as S;
        let drafted = self.drafts_in(clients, now - SENT).await?;
        let mut board = Board { drafted, ..Board::default() };
        let at = now.as_millisecond();
        let alive = board.drafted.iter().filter(|row| row.expires_at.is_some_and(|end| end > at));
        let shown = i64::try_from(alive.count()).unwrap_or(i64::MAX);
        board.drafted_more = (self.db.nudges_waiting(clients, now).await? - shown).max(0);
        let approved = [S::Approved, S::HandingOver];
        board.approved = self.nudges_in(clients, &approved, now - SENT).await?;
        let unanswered = i64::try_from(UNANSWERED).unwrap_or(i64::MAX);
        board.silent = self.db.silent_people(clients, unanswered).await?;
        let sent = [S::Sent, S::Answered, S::Uncertain, S::Refused];
        let mut sent = self.nudges_in(clients, &sent, now - SENT).await?;
        let shown: HashSet<String> = sent.iter().map(|row| row.id.clone()).collect();
        // Nothing is sent to the silent until one is answered: so each stays with its button.
        let silent: Vec<&str> = board.silent.iter().map(|own| own.id.as_str()).collect();
        let old = self.db.nudges_unanswered(clients, &silent, MOST).await?;
        sent.extend(old.into_iter().filter(|row| !shown.contains(&row.id)));
        board.sent = self.with_moves(sent, now).await?;
        let over = [S::HeldBack, S::Expired, S::Skipped];
        for row in self.nudges_in(clients, &over, now - HELD).await? {
            match row.state.parse() {
                Ok(S::HeldBack) => board.held.push(row),
                _ => board.ended.push(row),
            }
        }
        Ok(board)
    }

    /// Whether texts help, over all clients.
    ///
    /// # Errors
    /// As any read.
    pub async fn nudges_measured(&self) -> Result<Measured, EngineError> {
        let (tallies, held) = self.db.nudge_tallies().await?;
        let judged = |tally: Tally| {
            let finding = measure::judge(&tally, &held);
            (tally, finding)
        };
        Ok(Measured { texts: tallies.into_iter().map(judged).collect(), held })
    }

    async fn drafts_in(
        &self,
        clients: Option<&[String]>,
        since: Timestamp,
    ) -> Result<Vec<BoardRow>, EngineError> {
        let states = [NudgeState::Drafted.as_str()];
        let (organizations, order) = (clients, Order::SoonestOver);
        let wanted = Wanted { organizations, states: &states, since, order, limit: MOST };
        Ok(self.db.nudge_board(&wanted).await?)
    }

    async fn nudges_in(
        &self,
        clients: Option<&[String]>,
        states: &[NudgeState],
        since: Timestamp,
    ) -> Result<Vec<BoardRow>, EngineError> {
        let states: Vec<&str> = states.iter().map(|own| own.as_str()).collect();
        let (organizations, order) = (clients, Order::Newest);
        let wanted = Wanted { organizations, states: &states, since, order, limit: MOST };
        Ok(self.db.nudge_board(&wanted).await?)
    }

    /// Each with whether its gap has moved since, looked at now where nobody has yet.
    async fn with_moves(
        &self,
        rows: Vec<BoardRow>,
        now: Timestamp,
    ) -> Result<Vec<(BoardRow, Option<bool>)>, EngineError> {
        let asked = rows.iter().filter(|row| row.outcome.is_none());
        let asked = asked.filter_map(|row| Some((row.gap_id.as_deref()?, &*row.organization_zone)));
        let known = self.gaps_nudged(asked).await?;
        let moved = |row: &BoardRow| {
            let said = row.outcome.as_deref().map(|outcome| outcome == "moved");
            said.or_else(|| {
                let since = Timestamp::from_millisecond(row.sent_at?).ok()?;
                let until = now.min(since + SignedDuration::from_hours(DAYS * 24));
                let (gap, zone) = known.get(row.gap_id.as_ref()?)?;
                let model = &self.settings.model;
                measure::moved(&gap.gap, (since, until), zone, model).then_some(true)
            })
        };
        Ok(rows
            .into_iter()
            .map(|row| {
                let has_moved = moved(&row);
                (row, has_moved)
            })
            .collect())
    }
}
