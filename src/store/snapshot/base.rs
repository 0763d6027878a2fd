//! The organizations themselves.

use std::collections::HashMap;

use crate::domain::snapshot::{Organization, Snapshot};
use crate::store::{StoreError, Tx};
use crate::{in_tx, statements};

use super::{Loaded, Request};

statements! {
    /// The organizations of a list that are not voided.
    ORGANIZATIONS = "SELECT id, slug, name, currency, time_zone, billed_per_week, money_in_subject
        FROM organization
        WHERE id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    name: String,
    currency: String,
    time_zone: String,
    billed_per_week: Option<i64>,
    money_in_subject: bool,
}

pub(super) async fn load<T: AsRef<str>>(
    tx: &mut Tx,
    request: &Request,
    order: &[T],
    found: &mut Loaded,
) -> Result<(), StoreError> {
    let sql = ORGANIZATIONS.within(tx);
    let rows: Vec<Row> = in_tx!(tx, conn => {
        sqlx::query_as(sql).bind(&request.ids).fetch_all(conn).await?
    });
    let mut rows: HashMap<String, Row> = rows.into_iter().map(|r| (r.id.clone(), r)).collect();
    for id in order {
        if let Some(row) = rows.remove(id.as_ref()) {
            found.by_id.insert(row.id.clone(), found.snapshots.len());
            found.snapshots.push(empty(row));
        }
    }
    Ok(())
}

fn empty(row: Row) -> Snapshot {
    Snapshot {
        organization: Organization {
            id: row.id,
            slug: row.slug,
            name: row.name,
            currency: row.currency,
            time_zone: row.time_zone,
            billed_per_week: row.billed_per_week,
            money_in_subject: row.money_in_subject,
        },
        implementations: Vec::new(),
        gaps: Vec::new(),
        looks: Vec::new(),
        reported: Default::default(),
        insights_sent: Default::default(),
        previous_sent_at: None,
        previous_cut_off: None,
        note: None,
        consultant: None,
        feeds: Vec::new(),
    }
}
