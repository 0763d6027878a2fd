//! The forms of a session: a day and a time at the client, notes, and a row for each promise.

use jiff::civil::{DateTime, Time};

use crate::domain::register::ask::{Begins, NewSession, PromiseChange, SessionChange};
use crate::engine::register::{PromiseView, SessionView};

use crate::web::desk::form::Form;
use crate::web::desk::workplace::Workplace;

/// Rows for promises that are not there yet.
const BLANK: usize = 3;
/// Most promises that a form is read for.
const MOST: usize = 60;

/// The names of the fields of one promise.
#[derive(Debug, Clone)]
pub(super) struct PromiseFields {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) text: String,
    pub(super) owner: String,
    pub(super) due_on: String,
    pub(super) done: String,
    pub(super) gone: String,
    /// Whether it is there already.
    pub(super) is_known: bool,
}

/// Rows for what was promised, and some blank ones.
pub(super) fn promise_fields(known: &[PromiseView]) -> Vec<PromiseFields> {
    let row = |n: usize| PromiseFields {
        number: n + 1,
        id: name("id", n),
        text: name("text", n),
        owner: name("owner", n),
        due_on: name("due_on", n),
        done: name("done", n),
        gone: name("gone", n),
        is_known: n < known.len(),
    };
    (0..known.len() + BLANK).map(row).collect()
}

fn name(field: &str, n: usize) -> String {
    format!("{field}-{n}")
}

/// A session as it stands.
pub(super) fn standing(session: &SessionView, place: &Workplace) -> Form {
    let local = place.zone.to_datetime(session.starts_at);
    let mut form = Form::holding(
        "session",
        [
            ("day", local.date().to_string()),
            ("time", format!("{:02}:{:02}", local.hour(), local.minute())),
            ("notes", session.notes.clone()),
            ("version", session.version.clone()),
        ],
    );
    for (n, promise) in session.promises.iter().enumerate() {
        form.set(&name("id", n), promise.id.as_str());
        form.set(&name("text", n), promise.text.as_str());
        form.set(&name("owner", n), promise.owner.as_str());
        form.set(&name("due_on", n), promise.due_on.map_or(String::new(), |day| day.to_string()));
        form.set(&name("done", n), if promise.is_done { "yes" } else { "" });
    }
    form
}

/// A session to be added, and the rows that its promises stand in.
pub(super) fn new_session(form: &mut Form) -> (Option<NewSession>, Vec<usize>) {
    let begins = begins(form);
    let (promises, places) = promises(form);
    let notes = form.value("notes").to_owned();
    let consultant = form.text("consultant");
    let new = begins.map(|begins| NewSession { consultant, begins, notes, promises });
    (new, places)
}

/// A change of a session, and the rows that its promises stand in.
pub(super) fn change(form: &mut Form) -> (SessionChange, Vec<usize>) {
    let begins = begins(form);
    let (promises, places) = promises(form);
    let notes = Some(form.value("notes").to_owned());
    let expected = Some(form.value("version").to_owned());
    (SessionChange { begins, notes, promises, expected }, places)
}

fn begins(form: &mut Form) -> Option<Begins> {
    if form.value("day").is_empty() {
        form.refuse("day", "is missing; write it like 2026-11-26");
    }
    let day = form.date("day");
    let time = match form.value("time").parse::<Time>() {
        Ok(time) => Some(time),
        Err(_) => {
            form.refuse("time", "is not a time of day; write it like 10:00");
            None
        }
    };
    Some(Begins::Local(DateTime::from_parts(day?, time?)))
}

/// The rows in which something stands.
fn promises(form: &mut Form) -> (Vec<PromiseChange>, Vec<usize>) {
    let (mut promises, mut places) = (Vec::new(), Vec::new());
    for n in 0..MOST {
        let id = form.text(name("id", n));
        let text = form.value(name("text", n)).to_owned();
        let owner = form.value(name("owner", n)).to_owned();
        let due_on = form.date(&name("due_on", n));
        if id.is_none() && text.is_empty() && owner.is_empty() && due_on.is_none() {
            continue;
        }
        let is_removed = id.is_some() && (form.is(name("gone", n), "yes") || text.is_empty());
        promises.push(PromiseChange {
            id,
            text: Some(text).filter(|_| !is_removed),
            owner: Some(owner),
            due_on: Some(due_on),
            is_done: Some(form.is(name("done", n), "yes")),
            is_removed,
        });
        places.push(n);
    }
    (promises, places)
}
