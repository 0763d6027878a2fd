//! Moves of the status, and the second signature under a withdrawal.

use jiff::civil::Date;

use crate::domain::codes::{EventKind, GapStatus};
use crate::domain::history::GapState;

use super::super::closing::{may_close, without_evidence};
use super::super::plan::NewEvent;
use super::super::status::{
    acceptance_note, accepted_until, event_kind, may_become, problem, word,
};
use super::super::who::one_person;
use super::super::words::{TEXT, long};
use super::{Draft, NewOwner};

/// Events that set the status.
const MOVES: [EventKind; 3] = [EventKind::Opened, EventKind::Status, EventKind::Reopened];

impl Draft<'_> {
    /// The move that is asked for, if it is one. `owner` is the new owner, if there is one.
    pub(super) fn status(&mut self, owner: Option<&NewOwner>) {
        let (known, change) = (self.asking.known, self.asking.change);
        let state = &known.state;
        let Some(to) = change.status.filter(|to| !self.stays(state, *to)) else {
            let is_accepting = change.accepted_by.is_some() || change.accepted_until.is_some();
            if change.status.is_none() && is_accepting {
                self.refused.add(
                    "status",
                    "who accepts a risk, and until when, goes with the status accepted",
                );
            }
            return;
        };
        if !may_become(state.status, to) {
            self.refused.add("status", problem(state.status, to));
            return;
        }
        let why = change.reason.as_deref().map_or(Ok(None), |text| long(text, TEXT));
        let why = self.refused.keep("reason", why).flatten();
        let (note, until) = match to {
            GapStatus::Accepted => self.acceptance(why.as_deref()),
            _ => (why, None),
        };
        match to {
            GapStatus::Withdrawn if note.is_none() && !self.refused.is_about("reason") => {
                self.refused
                    .add("reason", "is missing; say why this is no gap, or not one any more");
            }
            GapStatus::Closed => self.closing(owner),
            _ => {}
        }
        let words = (word(state.status, state.accepted_until), word(to, until));
        let event = NewEvent::new(event_kind(state.status, to), Some(words.0), Some(words.1));
        self.push("status", &MOVES, event.with_note(note));
    }

    /// Whether the status is what is asked for. An acceptance stays where its end and its name do.
    fn stays(&self, state: &GapState, to: GapStatus) -> bool {
        let change = self.asking.change;
        if to != GapStatus::Accepted || state.status != GapStatus::Accepted {
            return to == state.status;
        }
        let is_over = state.effective_status(self.asking.today) != GapStatus::Accepted;
        let is_until = change.accepted_until.is_none_or(|day| Some(day) == state.accepted_until);
        let note = self.asking.known.last(&MOVES).and_then(|told| told.note.as_deref());
        let is_by = |who: &String| {
            note.is_some_and(|note| note.starts_with(&acceptance_note(who.trim(), None)))
        };
        !is_over && is_until && change.accepted_by.as_ref().is_none_or(is_by)
    }

    /// Who accepts the risk, with the reason, and until when.
    fn acceptance(&mut self, why: Option<&str>) -> (Option<String>, Option<Date>) {
        let asking = self.asking;
        let who = match asking.change.accepted_by.as_deref() {
            Some(who) => one_person(who),
            None => Err("is missing; name the person who takes the risk".to_owned()),
        };
        let who = self.refused.keep("accepted_by", who);
        let until = asking.change.accepted_until;
        let until = accepted_until(until, self.on, asking.today, asking.constants);
        let until = self.refused.keep("accepted_until", until);
        (who.map(|who| acceptance_note(&who, why)), until)
    }

    /// Evidence, and somebody else than the owner.
    fn closing(&mut self, owner: Option<&NewOwner>) {
        let known = self.asking.known;
        let is_shown = self.events.iter().any(|e| e.kind == EventKind::Evidence);
        if !is_shown && known.evidence().is_none() && !self.refused.is_about("evidence") {
            self.refused.add("evidence", without_evidence(known.base.category));
        }
        let asked = self.asking.change.verifier.as_ref().and_then(|v| v.as_deref());
        let verifier = known.base.verifier.as_deref().or(asked);
        let may = may_close(self.asking.writer, &self.owners(owner), verifier);
        self.refused.keep("status", may);
    }

    /// The second signature: by somebody else than whoever withdrew it.
    pub(super) fn signature(&mut self) {
        let (known, change) = (self.asking.known, self.asking.change);
        let stays = change.status.is_none_or(|to| to == GapStatus::Withdrawn);
        if !change.is_withdrawal_confirmed || (known.is_void && stays) {
            return;
        }
        let standing = known.withdrawal().filter(|_| stays);
        let Some(withdrawal) = standing else {
            let problem = "only a gap that somebody withdrew before can be signed out; set its status to withdrawn first";
            self.refused.add("is_withdrawal_confirmed", problem);
            return;
        };
        let writer = self.asking.writer;
        let by = withdrawal.event.actor.as_deref();
        // The fold tells people by their names alone, so a namesake of whoever withdrew does not do.
        let is_own = by.is_some_and(|name| {
            writer.is(name, withdrawal.actor_id.as_deref()) || writer.is_called(name)
        });
        if is_own {
            let problem =
                "whoever withdrew a gap cannot sign it out as well; have somebody else look at it";
            self.refused.add("is_withdrawal_confirmed", problem);
            return;
        }
        let event = NewEvent::new(EventKind::WithdrawConfirmed, None, None);
        self.push("status", &MOVES, event);
    }
}
