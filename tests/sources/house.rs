//! The product beside a database that is not its own.

use back_office_brief::engine::sources::{ByHand, Pulled};
use back_office_brief::store::Db;
use back_office_brief::store::import::{Batch, list_batches};

use crate::foreign::Foreign;
use crate::world::{World, at};

/// One source as it stands in the settings: its own lines, then its queries.
pub fn entry(name: &str, url: &str, more: &str, queries: &[(&str, String)]) -> String {
    let mut parts = vec![format!("name = {name:?}"), format!("url = {url:?}")];
    parts.extend(Some(more.to_owned()).filter(|more| !more.is_empty()));
    parts.extend(queries.iter().map(|(kind, sql)| format!("query.{kind} = {sql:?}")));
    format!("{{ {} }}", parts.join(", "))
}

/// A world whose settings name these sources.
pub fn world(db: Db, entries: &[String]) -> World {
    World::with(db, &[("BRIEF__SOURCE", &format!("[{}]", entries.join(", ")))])
}

/// A world that reads all of one register.
pub fn beside(db: Db, foreign: &Foreign) -> World {
    world(db, &[entry("erp", &foreign.url, "", &foreign.queries())])
}

/// Reads a source by hand at an instant.
pub async fn pull(world: &World, name: &str, now: &str) -> Pulled {
    world.clock.set(at(now));
    let source = world.settings.sources.iter().find(|source| source.name == name);
    let source = source.expect("a source of the settings");
    world.engine.pull(source, &ByHand::default()).await.expect("our own database works")
}

/// What was imported, the latest first.
pub async fn batches(db: &Db) -> Vec<Batch> {
    list_batches(db).await.expect("a list")
}
