//! What the form of one list says, and the form that takes it back.

use jiff::civil::Date;

use crate::domain::codes::QuietChoice;
use crate::domain::time::Slot;
use crate::store::readers::List;
use crate::store::subscriptions::SubscriptionChange;

use crate::web::shell::fields::Fields;

/// Reads the form of a list.
///
/// # Errors
/// A sentence for the reader about the first thing that is wrong.
pub(super) fn change(list: &List, fields: &Fields) -> Result<SubscriptionChange, String> {
    let slot = slot(list, fields)?;
    let quiet = match fields.get("quiet") {
        "" => None,
        word => Some(word.parse::<QuietChoice>().map_err(|_| {
            "Choose from the list what you want in a week without news.".to_owned()
        })?),
    };
    let pause = pause(fields)?;
    Ok(SubscriptionChange { slot, quiet, pause: Some(pause) })
}

/// The day and the hour; nothing changes where both are left as they are, or stand at a portfolio's
/// own default.
fn slot(list: &List, fields: &Fields) -> Result<Option<(i64, i64)>, String> {
    let (day, hour) = (fields.get("weekday"), fields.get("hour"));
    if day.is_empty() && list.weekday.is_none() {
        return Ok(None);
    }
    let both = day.parse().ok().zip(hour.parse().ok());
    let both: (i64, i64) = both.ok_or("Choose a day and an hour.")?;
    Slot::new(both.0, both.1).ok_or("Choose a day and an hour from the lists.")?;
    Ok(Some(both).filter(|both| Some(both.0) != list.weekday || Some(both.1) != list.hour))
}

fn pause(fields: &Fields) -> Result<Option<(Date, Date)>, String> {
    let (from, until) = (fields.get("pause_from"), fields.get("pause_until"));
    if from.is_empty() && until.is_empty() {
        return Ok(None);
    }
    let read = |text: &str| {
        text.parse::<Date>().map_err(|_| {
            "A pause needs both days, as in 2026-12-21; leave both empty for none.".to_owned()
        })
    };
    let (from, until) = (read(from)?, read(until)?);
    if until <= from {
        return Err("A pause ends after the day it begins.".to_owned());
    }
    Ok(Some((from, until)))
}

/// The list as the form says it, whether that makes sense or not.
pub(super) fn typed(list: List, fields: &Fields) -> List {
    let text = |name: &str| Some(fields.get(name).to_owned()).filter(|text| !text.is_empty());
    List {
        weekday: fields.get("weekday").parse().ok().or(list.weekday),
        hour: fields.get("hour").parse().ok().or(list.hour),
        quiet: text("quiet").unwrap_or(list.quiet),
        pause_from: text("pause_from"),
        pause_until: text("pause_until"),
        ..list
    }
}

/// The fields that bring a list back to what it is now.
pub(super) fn undo(list: &List) -> Vec<(&'static str, String)> {
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    vec![
        ("weekday", number(list.weekday)),
        ("hour", number(list.hour)),
        ("quiet", list.quiet.clone()),
        ("pause_from", list.pause_from.clone().unwrap_or_default()),
        ("pause_until", list.pause_until.clone().unwrap_or_default()),
    ]
}
