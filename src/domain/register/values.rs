//! Values that a new gap and a change of one are given alike.

use jiff::civil::Date;

use crate::domain::address::EmailAddress;
use crate::domain::codes::Severity;

use super::ask::{NextStep, Owner};
use super::refusal::Refusals;
use super::when::ahead;
use super::who::one_person;
use super::words::{LINE, needed};

/// Somebody whose address is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Row id.
    pub id: String,
    /// Their name; may be empty.
    pub name: String,
}

/// An owner, read: the name, and the person where an address was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRead {
    /// As it stands in the brief.
    pub name: String,
    /// Row id.
    pub person_id: Option<String>,
}

/// The severity of a number.
///
/// # Errors
/// What the numbers mean.
pub fn severity(number: i64) -> Result<Severity, String> {
    Severity::try_from(number).map_err(|_| {
        format!(
            "{number} is no severity; use 1 (note), 2 (deficiency), 3 (significant) or 4 (material)"
        )
    })
}

/// The address of an owner; none where there is none.
///
/// # Errors
/// It is no address.
pub fn owner_address(owner: &Owner) -> Result<Option<EmailAddress>, String> {
    let text = owner.email.as_deref().map(str::trim).filter(|text| !text.is_empty());
    text.map(EmailAddress::parse).transpose().map_err(|error| error.to_string())
}

/// An owner from what was typed; `person` is whoever has the address. None with a sentence for each
/// field that cannot be taken.
#[must_use]
pub fn owner(owner: &Owner, person: Option<&Person>, refused: &mut Refusals) -> Option<OwnerRead> {
    let address = refused.keep("owner_email", owner_address(owner));
    let person = person.filter(|_| matches!(address, Some(Some(_))));
    let known = person.map(|p| p.name.as_str()).filter(|name| !name.is_empty());
    let name = match (owner.name.trim().is_empty(), known) {
        (true, Some(known)) => Ok(known.to_owned()),
        (true, None) => Err("is missing; name one person".to_owned()),
        (false, _) => one_person(&owner.name),
    };
    let name = refused.keep("owner", name);
    address?;
    Some(OwnerRead { name: name?, person_id: person.map(|p| p.id.clone()) })
}

/// Who may close a gap: one person, or nobody in particular.
///
/// # Errors
/// It is no person's name.
pub fn verifier(text: Option<&str>) -> Result<Option<String>, String> {
    text.filter(|text| !text.trim().is_empty()).map(one_person).transpose()
}

/// A next step with its day, which is not before `from`. None with a sentence for each field that cannot
/// be taken.
#[must_use]
pub fn step(step: &NextStep, from: Date, refused: &mut Refusals) -> Option<NextStep> {
    let text = refused.keep("next_step", needed(&step.text, LINE));
    let on = step.on.map(|day| ahead(day, from)).transpose();
    let on = refused.keep("next_step_on", on);
    Some(NextStep { text: text?, on: on? })
}
