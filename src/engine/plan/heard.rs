//! What was decided and noted while a plan was made.
//!
//! A plan is computed before it is written. Whoever decides about a draft in between was told that it is
//! written down, so what was made without it is not written but made anew at the next tick.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use crate::domain::snapshot::Note;
use crate::engine::{Engine, EngineError};
use crate::store::Tx;
use crate::store::editions::Decision;
use crate::store::snapshot::notes_of;

use super::desk::Desk;

/// Up to when what is said about a week counts that is planned: no clock is as far ahead. Whoever said
/// it was told that it stands.
pub(in crate::engine) const EVER: Timestamp = Timestamp::MAX;

/// The last decision and note about a week, as far as they change what is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::engine) struct Heard {
    decided: Option<(i64, String)>,
    note: Option<Note>,
}

impl Heard {
    pub fn of(decision: Option<&Decision>, note: Option<&Note>) -> Self {
        let decided = decision.map(|own| (own.decided_at, own.decision.clone()));
        Self { decided, note: note.cloned() }
    }
}

impl Engine {
    /// Leaves out what was made without a decision or a note that stands by now. From here on nobody
    /// decides about the rest until they are written: whoever is late is told so.
    pub(super) async fn leave_unheard(
        &self,
        tx: &mut Tx,
        desks: &mut BTreeMap<String, Desk<'_>>,
    ) -> Result<(), EngineError> {
        let may_change = |desk: &Desk<'_>| {
            desk.cut.organization.review != "none" || desk.heard != Heard::default()
        };
        let weeks: BTreeMap<String, String> = desks
            .iter()
            .filter(|(_, desk)| may_change(desk))
            .map(|(id, desk)| (id.clone(), desk.cut.week.clone()))
            .collect();
        // In the order of their ids, as everybody who waits for several does.
        for id in weeks.keys() {
            tx.take_turn(id).await?;
        }
        let said = said(tx, &weeks).await?;
        for id in weeks.keys() {
            let heard = Heard::of(said.decisions.get(id), said.notes.get(id));
            if desks.get(id).is_some_and(|desk| desk.heard != heard) {
                tracing::info!(organization = %id, "somebody decided meanwhile; it is planned anew");
                desks.remove(id);
            }
        }
        Ok(())
    }
}

/// What was said last about each organization's week, by the organization's row id.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub decisions: HashMap<String, Decision>,
    /// Written after the cut-off they count as well: whoever wrote one was told that it stands.
    pub notes: HashMap<String, Note>,
}

/// What was said about each organization's week, both by the organization's row id; whenever it says that
/// it was said, since the clock of another host may be ahead.
pub(super) async fn said(
    tx: &mut Tx,
    weeks: &BTreeMap<String, String>,
) -> Result<Said, EngineError> {
    let mut by_week: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, week) in weeks {
        by_week.entry(week).or_default().push(id.clone());
    }
    let mut said = Said::default();
    for (week, ids) in by_week {
        let some = tx.decisions("organization", week, &ids, EVER.as_millisecond()).await?;
        said.decisions.extend(some.into_iter().map(|own| (own.scope_id.clone(), own)));
        said.notes.extend(notes_of(tx, "organization", &ids, week, EVER).await?);
    }
    Ok(said)
}
