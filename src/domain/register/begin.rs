//! How a gap begins that somebody adds by hand.

use jiff::civil::Date;

use crate::domain::codes::{EventKind, GapStatus};

use super::ask::NewGap;
use super::closing::apart;
use super::figures::Figures;
use super::known::Base;
use super::plan::{NewEvent, Plan};
use super::refusal::Refusals;
use super::values::{self, OwnerRead, Person};
use super::when;
use super::words::{NAME, SHORT_NAME, TEXT, TITLE, long, needed, short};

/// What is known around a new gap.
#[derive(Debug, Clone)]
pub struct Around<'a> {
    /// Today at the organization.
    pub today: Date,
    /// Whoever has the owner's address.
    pub person: Option<&'a Person>,
    /// Row id of its implementation, where one was named and found.
    pub implementation_id: Option<String>,
}

/// The rows of a new gap, open from the day it is opened. `refused` is what was refused before.
///
/// # Errors
/// A sentence for each field that cannot be taken.
pub fn begin(new: &NewGap, around: &Around<'_>, mut refused: Refusals) -> Result<Plan, Refusals> {
    let on = refused.keep("opened_on", when::effective(new.opened_on, around.today));
    let on = on.unwrap_or(around.today);
    let owner = new.owner.as_ref().map(|owner| values::owner(owner, around.person, &mut refused));
    let owner: Option<OwnerRead> = owner.flatten();
    let base = base(new, around, on, &mut refused);
    let verifier = base.as_ref().and_then(|b| b.verifier.as_deref());
    refused.keep("verifier", apart(verifier, owner.as_ref().map(|o| o.name.as_str())));
    let events = events(new, owner, on, &mut refused);
    let figures = new.estimate.as_ref().and_then(|estimate| Figures::of(estimate, &mut refused));
    let figures = figures.filter(|figures| !figures.is(None));
    match base {
        Some(base) => refused.or(Plan { base, events, figures, on }),
        None => Err(refused),
    }
}

/// What of it has no history.
fn base(new: &NewGap, around: &Around<'_>, on: Date, refused: &mut Refusals) -> Option<Base> {
    let line =
        |text: &Option<String>, most| text.as_deref().map_or(Ok(None), |text| short(text, most));
    let title = refused.keep("title", needed(&new.title, TITLE));
    let short_name = refused.keep("short_name", line(&new.short_name, SHORT_NAME));
    let description = refused.keep("description", long(&new.description, TEXT));
    let exposure_group = refused.keep("exposure_group", line(&new.exposure_group, NAME));
    let verifier = refused.keep("verifier", values::verifier(new.verifier.as_deref()));
    let since = new.existed_since.map(|day| when::existence(day, on)).transpose();
    let existed_since = refused.keep("existed_since", since);
    Some(Base {
        title: title?,
        short_name: short_name?,
        description: description?.unwrap_or_default(),
        area: new.area,
        category: new.category,
        leak_zone: new.leak_zone.unwrap_or_else(|| new.area.leak_zone()),
        implementation_id: around.implementation_id.clone(),
        exposure_group: exposure_group?,
        existed_since: existed_since?,
        opened_on: on,
        verifier: verifier?,
    })
}

/// Its first events: everything it is opened with applies from that day.
fn events(
    new: &NewGap,
    owner: Option<OwnerRead>,
    on: Date,
    refused: &mut Refusals,
) -> Vec<NewEvent> {
    let open = Some(GapStatus::Open.to_string());
    let mut events = vec![NewEvent::new(EventKind::Opened, None, open)];
    if let Some(severity) = refused.keep("severity", values::severity(new.severity)) {
        let number = Some(severity.number().to_string());
        events.push(NewEvent::new(EventKind::Severity, None, number));
    }
    if let Some(OwnerRead { name, person_id }) = owner {
        let event = NewEvent::new(EventKind::Owner, None, Some(name));
        events.push(NewEvent { person_id, ..event });
    }
    let due_on = new.due_on.and_then(|day| refused.keep("due_on", when::ahead(day, on)));
    if let Some(day) = due_on {
        events.push(NewEvent::new(EventKind::DueOn, None, Some(day.to_string())));
    }
    let step = new.next_step.as_ref().and_then(|step| values::step(step, on, refused));
    if let Some(step) = step {
        let event = NewEvent::new(EventKind::NextStep, None, Some(step.text));
        events.push(event.with_note(step.on.map(|day| day.to_string())));
    }
    events
}
