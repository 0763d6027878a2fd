//! The state that a row gives a gap: everything that has a history.

use jiff::civil::Date;

use crate::domain::codes::{GapStatus, Severity};
use crate::domain::register::status::within_limit;
use crate::import::context::{Context, Place, address};
use crate::import::kinds::estimate::Estimate;
use crate::import::kinds::people::NewPeople;
use crate::import::map::{Fault, Row};

use super::Found;

/// A value that a row may give: none where the file has no such column.
pub(super) type Given<T> = Option<Option<T>>;

/// One person's name, and the person where an address was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    /// As it stands in the brief.
    pub name: String,
    /// The person's row.
    pub person: Option<String>,
}

/// A status, and the last day of an acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import::kinds) struct Status {
    /// The word.
    pub status: GapStatus,
    /// After `accepted:`.
    pub until: Option<Date>,
}

impl Status {
    /// `open`, or `accepted:2027-01-31`.
    ///
    /// # Errors
    /// The word is unknown, or the day is none.
    pub(in crate::import::kinds) fn parse(text: &str) -> Result<Self, String> {
        let (word, until) = text.split_once(':').map_or((text, None), |(w, u)| (w, Some(u)));
        let status: GapStatus = word.parse().map_err(|e| format!("{e}"))?;
        let until = until.map(|day| {
            let parsed = day.parse::<Date>().ok().filter(|_| status == GapStatus::Accepted);
            parsed.ok_or_else(|| format!("{text:?}: only accepted may be followed by its last day, as in accepted:2027-01-31"))
        });
        Ok(Self { status, until: until.transpose()? })
    }

    /// As it is stored.
    pub(in crate::import::kinds) fn word(self) -> String {
        match self.until {
            Some(until) => format!("{}:{until}", self.status),
            None => self.status.to_string(),
        }
    }
}

/// The state that a row gives.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// None where the cell is empty: what is known stays, and a new gap is open.
    pub status: Option<Status>,
    /// The day of a closing, where the row knows it.
    pub closed_on: Option<Date>,
    /// 1 to 4.
    pub severity: Severity,
    /// Nobody, or one person.
    pub owner: Given<Owner>,
    /// Due date.
    pub due_on: Given<Date>,
    /// Text and day.
    pub next_step: Given<(String, Given<String>)>,
    /// None where the cells say nothing.
    pub estimate: Option<Estimate>,
}

impl Wanted {
    /// Reads the cells.
    ///
    /// # Errors
    /// One of them means nothing, or two contradict each other.
    pub(super) fn read(
        context: &Context<'_>,
        row: &Row,
        place: &Place,
        found: &Found,
        new_people: &mut NewPeople,
    ) -> Result<Self, Fault> {
        let status = row.text("status").map(Status::parse).transpose();
        let status = status.map_err(|reason| Fault::at("status", reason))?;
        if let Some(until) = status.and_then(|s| s.until) {
            let on = context.recorded_on(&place.zone);
            let fits = within_limit(until, on, context.constants);
            fits.map_err(|reason| Fault::at("status", reason))?;
        }
        let closed_on = closed_on(context, row, place, status)?;
        let given = |column: &str| row.has(column);
        let next_step = row.short("next_step", 500)?.map(|text| -> Result<_, Fault> {
            let day = row.date("next_step_on", context.times)?;
            let day = given("next_step_on").then(|| day.map(|d| d.to_string()));
            Ok((text.to_owned(), day))
        });
        Ok(Self {
            status,
            closed_on,
            severity: row.need_word("severity")?,
            owner: owner(context, row, found, new_people)?,
            due_on: given("due_on").then(|| row.date("due_on", context.times)).transpose()?,
            next_step: given("next_step").then(|| next_step.transpose()).transpose()?,
            estimate: Estimate::of(row)?,
        })
    }
}

/// The day of a closing: only a closed gap has one, and not before it was opened.
fn closed_on(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
    status: Option<Status>,
) -> Result<Option<Date>, Fault> {
    let Some(day) = row.date("closed_on", context.times)? else {
        return Ok(None);
    };
    if status.is_none_or(|s| s.status != GapStatus::Closed) {
        let word = status.map_or_else(|| "empty".to_owned(), Status::word);
        return Err(Fault::at(
            "closed_on",
            format!("there is a closing day and the status is {word}; it should be closed"),
        ));
    }
    if row.date("opened_on", context.times)?.is_some_and(|opened| day < opened) {
        return Err(Fault::at("closed_on", format!("{day} is before the gap was opened")));
    }
    // A current state beside its history is from today, whenever the history was recorded.
    let has_history = row.text("external_id").is_some_and(|id| context.first.of(id).is_some());
    if !has_history {
        context.not_ahead("closed_on", day, &place.zone)?;
    }
    Ok(Some(day))
}

/// The owner: a name, an address, or both. An address that is not known becomes a person.
fn owner(
    context: &Context<'_>,
    row: &Row,
    found: &Found,
    new_people: &mut NewPeople,
) -> Result<Given<Owner>, Fault> {
    if !row.has("owner") && !row.has("owner_email") {
        return Ok(None);
    }
    let name = row.short("owner", 200)?;
    let Some(address) = address(row, "owner_email")? else {
        let owner = name.map(|name| Owner { name: name.to_owned(), person: None });
        return Ok(Some(owner));
    };
    let known = found.people.get(&address.lookup_key()).map(|p| p.name.as_str());
    // Whoever imports for one organization is not told who is behind an address.
    let known = known.filter(|n| !n.is_empty() && context.only.is_none());
    let Some(name) = name.or(known) else {
        return Err(Fault::at(
            "owner",
            "an address without a name; fill in the owner, or name the person in people.csv",
        ));
    };
    let person = new_people.find(&found.people, &address, name);
    Ok(Some(Some(Owner { name: name.to_owned(), person: Some(person.id) })))
}
