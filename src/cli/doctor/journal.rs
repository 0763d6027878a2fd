//! Whether the journal can be written, and the database knows what it knows.

use std::path::Path;

use crate::engine::EngineError;
use crate::engine::journal::Journal;
use crate::store::Db;

use super::super::Context;
use super::Check;
use super::checks::existing;

pub(super) async fn check(ctx: &Context, db: &Db) -> Check {
    let dir = &ctx.settings.journal.dir;
    if let Some(problem) = unwritable(dir) {
        let found = format!("{} cannot be written to: {problem}", dir.display());
        let advice = "make it writable, or name another in journal.dir; nothing is mailed without";
        return Check::fail("journal", found, advice);
    }
    match Journal::of(&ctx.settings.journal).gap(db).await {
        Ok(None) => Check::ok(
            "journal",
            format!("the database knows the mails handed over that {} holds", dir.display()),
        ),
        Ok(Some(gap)) => {
            let advice =
                "say what is true with one of these commands; nothing is mailed until then";
            Check::fail("journal", gap.to_string(), advice)
        }
        Err(error @ EngineError::Journal(_)) => {
            Check::fail("journal", error.to_string(), "nothing is mailed until then")
        }
        Err(error) => Check::fail("journal", error.to_string(), "see the check of the database"),
    }
}

/// What keeps the directory, or the one that it would be made in, from being written to.
fn unwritable(dir: &Path) -> Option<String> {
    let place = existing(dir);
    if !place.is_dir() {
        return Some(format!("{} is not a directory", place.display()));
    }
    rustix::fs::access(&place, rustix::fs::Access::WRITE_OK).err().map(|error| error.to_string())
}
