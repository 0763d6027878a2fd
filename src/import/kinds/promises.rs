//! `promises.csv`. A session has no id of its own in a source, so the column names it by its
//! organization and beginning: `northfield@2026-11-26T10:00:00-06:00`.

use std::collections::HashMap;

use crate::clock::new_id;
use crate::import::context::{Context, Outcome, Place, kept, places_called};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, PromiseRow, SessionRow};
use crate::store::row::millis;

/// Writes promises; a known one (same session, same words) changes in place.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let names: Vec<&str> =
        rows.iter().filter_map(|r| split(r).ok()).map(|(name, _)| name).collect();
    let places = places_called(context, tx, &names).await?;
    let ids: Vec<&str> = places.values().map(|p| p.row.id.as_str()).collect();
    let sessions = store::sessions(tx, &ids).await?;
    let ids: Vec<&str> = sessions.iter().map(|s| s.id.as_str()).collect();
    let known: HashMap<(String, String), PromiseRow> = store::promises(tx, &ids)
        .await?
        .into_iter()
        .map(|p| ((p.session_id.clone(), p.text.clone()), p))
        .collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        let read =
            session(context, row, &places, &sessions).and_then(|s| read(context, row, s, &known));
        let Some((before, after)) = out.take(row.number, read) else {
            continue;
        };
        out.count(before.as_ref() != Some(&after));
        if before.as_ref() != Some(&after) {
            out.tell(|| {
                let name = row.text("session").unwrap_or_default();
                RowChange::of(name, &after.text, before.is_none()).base(before.as_ref(), &after)
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
    Ok(())
}

/// Organization and beginning.
fn split(row: &Row) -> Result<(&str, &str), Fault> {
    let text = row.need("session")?;
    text.rsplit_once('@').ok_or_else(|| {
        Fault::at(
            "session",
            "a session is named by organization@beginning, as in northfield@2026-11-26T10:00:00Z",
        )
    })
}

/// The session that a row names.
fn session<'s>(
    context: &Context<'_>,
    row: &Row,
    places: &HashMap<String, Place>,
    sessions: &'s [SessionRow],
) -> Result<&'s SessionRow, Fault> {
    let (name, at) = split(row)?;
    let place = places.get(name).ok_or_else(|| {
        Fault::at(
            "session",
            format!("organization {name:?} is not known; import it first (organizations.csv)"),
        )
    })?;
    let at = context.times.instant(at, &place.zone).map_err(|r| Fault::at("session", r))?;
    let mut found =
        sessions.iter().filter(|s| s.organization_id == place.row.id && s.starts_at == millis(at));
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Fault::at(
            "session",
            format!("{name:?} has no session at {at}; import it first (sessions.csv)"),
        )),
        (Some(_), Some(_)) => Err(Fault::at(
            "session",
            format!(
                "{name:?} has sessions of several consultants at {at}; write it down at the desk, with its session"
            ),
        )),
    }
}

/// One row over what is known.
fn read(
    context: &Context<'_>,
    row: &Row,
    session: &SessionRow,
    known: &HashMap<(String, String), PromiseRow>,
) -> Result<(Option<PromiseRow>, PromiseRow), Fault> {
    let text = row.need("text")?.to_owned();
    let before = known.get(&(session.id.clone(), text.clone())).cloned();
    let old = before.as_ref();
    let done = match row.text("done").map(str::to_lowercase).as_deref() {
        Some("true" | "yes" | "1" | "done") => true,
        Some("false" | "no" | "0") => false,
        Some(_) => return Err(Fault::at("done", "use yes or no")),
        None => !row.has("done") && old.is_some_and(|b| b.done),
    };
    let due_on = if row.has("due") {
        row.date("due", context.times)?.map(|d| d.to_string())
    } else {
        old.and_then(|b| b.due_on.clone())
    };
    let after = PromiseRow {
        id: old.map_or_else(new_id, |b| b.id.clone()),
        session_id: session.id.clone(),
        text,
        owner: kept(row, "owner", old.map(|b| &b.owner)).unwrap_or_default(),
        due_on,
        done,
    };
    Ok((before, after))
}
