//! The writes of the round: what was typed about a client's gaps, and that nothing else changed.

use std::sync::Arc;

use crate::domain::codes::GapStatus;
use crate::domain::register::ask::GapChange;
use crate::engine::Engine;
use crate::engine::register::{RegisterError, Written};
use crate::engine::today::ClientToday;
use crate::store::audit::Actor;

use crate::web::shell::detached::detached;
use crate::web::shell::problem::Problem;

use super::typed::{Row, Typed};

/// Who writes, and by which engine.
#[derive(Clone)]
pub(super) struct Pen {
    pub(super) engine: Arc<Engine>,
    pub(super) actor: Actor,
}

/// Writes what was typed about a client. What is taken leaves `typed`; what is not stays there with
/// its sentence.
pub(super) async fn rows(
    pen: &Pen,
    client: &ClientToday,
    typed: &mut Typed,
) -> Result<(), Problem> {
    let slug = client.facts.organization.slug.clone();
    for id in typed.gaps(&slug) {
        let key = (slug.clone(), id);
        let Some(row) = typed.rows.get(&key).cloned() else { continue };
        match problem(client, &key.1, &row, typed) {
            Some(words) => say(typed, key, words),
            None => match row_of(pen, client, &key.1, row).await? {
                None => {
                    typed.rows.remove(&key);
                }
                Some(words) => say(typed, key, words),
            },
        }
    }
    Ok(())
}

fn say(typed: &mut Typed, key: (String, String), words: String) {
    if let Some(row) = typed.rows.get_mut(&key) {
        row.problem = Some(words);
    }
}

/// Why a row is not even asked of the register.
fn problem(client: &ClientToday, id: &str, row: &Row, typed: &Typed) -> Option<String> {
    if row.is_same && !row.to.is_empty() {
        return Some("It moved, or nothing changed: choose one.".to_owned());
    }
    let told = client.told_at.get(id);
    let is_newer = told.zip(typed.seen).is_some_and(|(told, seen)| *told > seen);
    is_newer.then(|| {
        "Somebody wrote about this gap meanwhile; how it stands now is said beside it. Send this once more if it still holds."
            .to_owned()
    })
}

/// Writes one row; the sentence where it cannot be taken.
async fn row_of(
    pen: &Pen,
    client: &ClientToday,
    id: &str,
    row: Row,
) -> Result<Option<String>, Problem> {
    let status: Option<GapStatus> = match row.to.as_str() {
        "" => None,
        word => Some(word.parse().map_err(|_| Problem::Form)?),
    };
    let Pen { engine, actor } = pen.clone();
    let (organization, id) = (client.organization.clone(), id.to_owned());
    let note = Some(row.note).filter(|note| !note.is_empty());
    let written = detached(async move {
        let organization = organization.as_str();
        Ok(match (status, note) {
            (Some(_), note) => {
                let change = GapChange { status, note, ..GapChange::default() };
                engine.change_gap(organization, &id, &change, &actor).await
            }
            (None, Some(note)) if !row.is_same => {
                engine.note_gap(organization, &id, &note, &actor).await
            }
            (None, note) => engine.confirm_gap(organization, &id, note.as_deref(), &actor).await,
        })
    });
    said(written.await?)
}

/// The sentence of what was not taken.
fn said(written: Result<Written, RegisterError>) -> Result<Option<String>, Problem> {
    match written {
        Ok(_) => Ok(None),
        Err(RegisterError::Refused(refusals)) => {
            let words: Vec<&str> = refusals.0.iter().map(|own| own.problem.as_str()).collect();
            Ok(Some(words.join("; ")))
        }
        Err(RegisterError::Conflict(words)) => Ok(Some(words)),
        Err(RegisterError::NotFound { .. }) => Err(Problem::NotFound),
        Err(error) => Err(error.into()),
    }
}

/// Confirms every open gap of a client about which nothing was said since the page was made.
pub(super) async fn all(pen: &Pen, client: &ClientToday, typed: &Typed) -> Result<(), Problem> {
    let slug = &client.facts.organization.slug;
    let kept = typed.gaps(slug);
    let is_old = |id: &str| {
        let told = client.told_at.get(id);
        told.zip(typed.seen).is_none_or(|(told, seen)| *told <= seen)
    };
    let open = client.facts.gaps.iter().filter(|gap| gap.status.is_leaking());
    let ids: Vec<String> = open
        .map(|gap| gap.external_id.clone())
        .filter(|id| is_old(id) && !kept.contains(id))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let Pen { engine, actor } = pen.clone();
    let organization = client.organization.clone();
    let written =
        detached(async move { Ok(engine.confirm_gaps(&organization, &ids, &actor).await) });
    match said(written.await?)? {
        None => Ok(()),
        // A gap went away between the page and the button.
        Some(_) => Err(Problem::Form),
    }
}
