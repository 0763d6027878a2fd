//! A hand-made change of a gap: all of it or nothing.

mod fields;
mod place;
mod status;

use jiff::civil::Date;

use crate::domain::codes::EventKind;
use crate::domain::constants::Constants;

use super::ask::GapChange;
use super::closing::apart;
use super::figures::Figures;
use super::known::{Known, KnownOwner};
use super::plan::{NewEvent, Plan};
use super::refusal::Refusals;
use super::values::{OwnerRead, Person};
use super::when;
use super::who::Writer;

/// A change with all that is known around it.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// The gap.
    pub known: &'a Known,
    /// What is asked.
    pub change: &'a GapChange,
    /// Who asks.
    pub writer: &'a Writer,
    /// Today at the organization.
    pub today: Date,
    /// The constants of the model.
    pub constants: &'a Constants,
    /// Whoever has the new owner's address.
    pub person: Option<&'a Person>,
    /// Row id of the implementation, where another one, or none, is asked for and was found.
    pub implementation_id: Option<Option<String>>,
}

/// The rows of a change; none of them where it changes nothing. `refused` is what was refused before.
///
/// # Errors
/// A sentence for each field that cannot be taken.
pub fn change(asking: &Asking<'_>, refused: Refusals) -> Result<Plan, Refusals> {
    let mut draft = Draft::new(asking, refused);
    let base = place::base(asking, &mut draft.refused);
    let owner = draft.owner();
    draft.severity();
    draft.due_on();
    draft.next_step();
    let figures = draft.estimate();
    draft.evidence();
    draft.status(owner.as_ref());
    draft.signature();
    draft.words();
    if let Some(base) = &base {
        draft.apart(base.verifier.as_deref(), owner.as_ref());
    }
    let Draft { on, events, refused, .. } = draft;
    match base {
        Some(base) => refused.or(Plan { base, events, figures, on }),
        None => Err(refused),
    }
}

/// A new owner: nobody, or somebody. None where the owner stays.
type NewOwner = Option<OwnerRead>;

/// A change in the making.
struct Draft<'a> {
    asking: &'a Asking<'a>,
    /// The day from which it is so.
    on: Date,
    events: Vec<NewEvent>,
    refused: Refusals,
}

impl<'a> Draft<'a> {
    fn new(asking: &'a Asking<'a>, mut refused: Refusals) -> Self {
        let day = when::effective(asking.change.effective_on, asking.today);
        let on = refused.keep("effective_on", day).unwrap_or(asking.today);
        let opened_on = asking.known.base.opened_on;
        if on < opened_on {
            let problem =
                format!("{on} is before the gap was opened, on {opened_on}; give a later day");
            refused.add("effective_on", problem);
        }
        Self { asking, on, events: Vec::new(), refused }
    }

    /// Adds an event. One that is dated before the last of its kinds would be told as if it came first.
    fn push(&mut self, what: &str, kinds: &[EventKind], event: NewEvent) {
        let last = self.asking.known.last(kinds).map(|told| told.event.effective_on);
        self.in_order(what, last);
        self.events.push(event);
    }

    fn in_order(&mut self, what: &str, last: Option<Date>) {
        if let Some(last) = last.filter(|last| self.on < *last) {
            let problem =
                format!("the {what} was last changed on {last}; give that day or a later one");
            self.refused.add("effective_on", problem);
        }
    }

    /// The estimate, where it says something new.
    fn estimate(&mut self) -> Option<Figures> {
        let known = self.asking.known;
        let asked = self.asking.change.estimate.as_ref()?;
        let figures = Figures::of(asked, &mut self.refused)?;
        let standing = known.estimate();
        if figures.is(standing) {
            return None;
        }
        self.in_order("estimate", standing.map(|p| p.exposure.effective_on));
        let before = standing.map(|p| super::figures::word(p.exposure.kind, p.exposure.per_week));
        let event = NewEvent::new(EventKind::Exposure, before, Some(figures.word()));
        self.push("estimate", &[EventKind::Exposure], event);
        Some(figures)
    }

    /// Owner and verifier are two people, where one of them is new.
    fn apart(&mut self, verifier: Option<&str>, owner: Option<&NewOwner>) {
        let known = self.asking.known;
        let standing = known.owner().map(|o| o.name);
        let field = match owner {
            Some(_) => "owner",
            None if verifier != known.base.verifier.as_deref() => "verifier",
            None => return,
        };
        let owner = owner.map_or(standing, |new| new.as_ref().map(|o| o.name.as_str()));
        self.refused.keep(field, apart(verifier, owner));
    }

    /// The owner before the change, and the one after it.
    fn owners<'o>(&'o self, new: Option<&'o NewOwner>) -> [Option<KnownOwner<'o>>; 2] {
        let named =
            |o: &'o OwnerRead| KnownOwner { name: &o.name, person_id: o.person_id.as_deref() };
        [self.asking.known.owner(), new.and_then(|new| new.as_ref().map(named))]
    }
}

#[cfg(test)]
mod tests;
