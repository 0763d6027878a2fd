//! `subscriptions.csv`. Nothing is sent before `confirmed_at`, and nothing here infers it: without
//! the column a subscription waits for its confirmation mail. An import never takes an unsubscribe
//! back, and never brings an ended subscription to life.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::clock::new_id;
use crate::domain::codes::{QuietChoice, Role};
use crate::import::context::{Context, Outcome, Place, address, known, people, places};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::times::shown;
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, PersonRow, SubscriptionRow, WithdrawalRow};
use crate::store::row::millis;

use super::organizations::weekday;

/// Person, organization and role.
type Key = (String, Option<String>, String);

/// Writes subscriptions; the slot and the quiet choice of a known one change in place.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let places = places(context, tx, rows).await?;
    let people = people(tx, rows, "email").await?;
    let ids: Vec<&str> = people.values().map(|p| p.id.as_str()).collect();
    let mut subscriptions: HashMap<Key, SubscriptionRow> = HashMap::new();
    for found in store::subscriptions(tx, &ids).await? {
        let key = (found.person_id.clone(), found.organization_id.clone(), found.role.clone());
        let entry = subscriptions.entry(key).or_insert_with(|| found.clone());
        if entry.ended_at.is_some() {
            *entry = found;
        }
    }
    let left = Left::of(store::withdrawals(tx, &ids).await?);
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        let read = who(row, &places, &people).and_then(|(key, zone)| {
            let before = subscriptions.get(&key);
            if before.is_none() {
                left.check(row, &key, &places)?;
            }
            read(context, row, &key, &zone, before)
        });
        let Some((before, after)) = out.take(row.number, read) else {
            continue;
        };
        out.count(before.as_ref() != Some(&after));
        if before.as_ref() != Some(&after) {
            out.tell(|| {
                let name = row.text("email").unwrap_or_default();
                RowChange::of(name, &after.role, before.is_none()).base(before.as_ref(), &after)
            });
        }
        match before {
            None => new.push((after, context.recorded_at)),
            Some(before) if before != after => changed.push((before, after)),
            Some(_) => {}
        }
    }
    store::insert_base(tx, &context.batch, &new).await?;
    store::update_base(tx, &context.batch, &changed).await?;
    store::follow_slots(tx, &changed, context.now).await?;
    Ok(())
}

/// When people left lists that they did not come back to: by person, organization as files call it, and
/// role.
struct Left(HashMap<Key, i64>);

impl Left {
    fn of(rows: Vec<WithdrawalRow>) -> Self {
        let key =
            |row: WithdrawalRow| ((row.person_id, row.organization, row.list), row.withdrawn_at);
        Self(rows.into_iter().map(key).collect())
    }

    /// Refuses to begin a list anew that was left. The subscription of that time may be gone with its
    /// import; the wish is not.
    fn check(
        &self,
        row: &Row,
        (person, organization, role): &Key,
        places: &HashMap<String, Place>,
    ) -> Result<(), Fault> {
        let place = organization.as_ref().and(row.text("organization"));
        let place = place.and_then(|name| places.get(name)).map(|place| &place.row);
        let called = place.map(|own| own.external_id.clone().unwrap_or_else(|| own.id.clone()));
        let Some(at) = self.0.get(&(person.clone(), called, role.clone())) else {
            return Ok(());
        };
        Err(Fault::at(
            "email",
            format!(
                "this list was left at {}; only the person or an operator can begin it again",
                instant(*at)
            ),
        ))
    }
}

/// Milliseconds as a person reads them.
fn instant(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |t| t.to_string())
}

/// Who subscribes to what, and the zone of the dates in the row.
fn who(
    row: &Row,
    places: &HashMap<String, Place>,
    people: &HashMap<String, PersonRow>,
) -> Result<(Key, TimeZone), Fault> {
    let role: Role = row.need_word("role")?;
    let Some(person) = address(row, "email")?.and_then(|a| people.get(&a.lookup_key())) else {
        let text = shown(row.text("email").unwrap_or_default());
        return Err(Fault::at(
            "email",
            format!("nobody is known under {text:?}; import people.csv first"),
        ));
    };
    let role_text = role.as_str().to_owned();
    if matches!(role, Role::Consultant | Role::Public) {
        if row.text("organization").is_some() {
            return Err(Fault::at(
                "organization",
                format!("a subscription as {role} is not about one organization; leave it empty"),
            ));
        }
        let zone = person.time_zone.as_deref().and_then(|z| TimeZone::get(z).ok());
        return Ok(((person.id.clone(), None, role_text), zone.unwrap_or(TimeZone::UTC)));
    }
    let place = known(places, row, "organization")?;
    let key = (person.id.clone(), Some(place.row.id.clone()), role_text);
    Ok((key, place.zone.clone()))
}

/// One row over what is known.
fn read(
    context: &Context<'_>,
    row: &Row,
    (person, organization, role): &Key,
    zone: &TimeZone,
    before: Option<&SubscriptionRow>,
) -> Result<(Option<SubscriptionRow>, SubscriptionRow), Fault> {
    if let Some(ended) = before.and_then(|b| b.ended_at) {
        return Err(Fault::at(
            "email",
            format!(
                "this subscription was ended at {}; only the person or an operator can begin it again",
                instant(ended)
            ),
        ));
    }
    let (weekday, hour) = slot(row, role, before)?;
    let quiet: Option<QuietChoice> = row.word("quiet")?;
    let confirmed = row.instant("confirmed_at", context.times, zone)?;
    if confirmed.is_some_and(|at| at > context.now.max(context.recorded_at)) {
        return Err(Fault::at("confirmed_at", "a confirmation cannot lie in the future"));
    }
    let kept_quiet =
        || before.map_or_else(|| QuietChoice::Full.as_str().to_owned(), |b| b.quiet.clone());
    let after = SubscriptionRow {
        id: before.map_or_else(new_id, |b| b.id.clone()),
        person_id: person.clone(),
        organization_id: organization.clone(),
        role: role.clone(),
        weekday,
        hour,
        quiet: quiet.map_or_else(kept_quiet, |q| q.as_str().to_owned()),
        confirmed_at: before.and_then(|b| b.confirmed_at).or(confirmed.map(millis)),
        unsubscribed_at: before.and_then(|b| b.unsubscribed_at),
        ended_at: None,
    };
    Ok((before.cloned(), after))
}

/// Weekday and hour: both or neither; Monday 07:00 where nothing is said, except for a consultant,
/// who gets the portfolio a day before the clients.
fn slot(
    row: &Row,
    role: &str,
    before: Option<&SubscriptionRow>,
) -> Result<(Option<i64>, Option<i64>), Fault> {
    let day = weekday(row, "weekday")?;
    let hour = row.whole("hour", 0..=23)?;
    match (day, hour, before) {
        (None, None, Some(before)) => Ok((before.weekday, before.hour)),
        (None, None, None) if role == Role::Consultant.as_str() => Ok((None, None)),
        (day, hour, before) => Ok((
            day.or_else(|| before.and_then(|b| b.weekday)).or(Some(1)),
            hour.or_else(|| before.and_then(|b| b.hour)).or(Some(7)),
        )),
    }
}
