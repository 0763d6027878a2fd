//! What delivery leaves alone for a while, one line each.

use crate::cli::show;
use crate::store::Db;
use crate::store::breakers::BreakerRow;

use super::Check;

/// Each open breaker: since when, until when and why.
pub(super) async fn open(db: &Db) -> Vec<Check> {
    match db.breakers().await {
        Ok(rows) => rows.iter().map(line).collect(),
        Err(error) => {
            vec![Check::fail("breakers", error.to_string(), "see the check of the database")]
        }
    }
}

fn line(row: &BreakerRow) -> Check {
    let BreakerRow { kind, name, why, .. } = row;
    let (since, until) = (show::instant(row.opened_at), show::instant(row.open_until));
    let what = if kind == "relay" { name.clone() } else { format!("{kind} {name}") };
    let found = format!("{what} is left alone since {since} until {until}: {why}");
    let advice = "it is tried again by itself with the next mail after that; `brief resume` makes \
                  the next tick try it";
    Check::warn("breaker", found, advice)
}
