//! The data: what `brief seed` makes, with every reader in the organization's own zone.
//!
//! `brief seed` spreads the readers of each organization over 24 zones. A reader east of the
//! organization has no Monday morning left after its cut-off and is due in the week after, so no
//! instant would have all of them due in one week. Here the organizations are spread over the 24
//! zones and each reader lives where the organization does: all cut-offs lie between Sunday 17:00 UTC
//! and Monday 16:00 UTC, all slots within three hours after them.

use back_office_brief::sample::rows::Rows;
use back_office_brief::sample::seed::{Plan, organization};
use back_office_brief::store::Db;
use jiff::civil::{Date, date};

use crate::options::Options;

/// The last day of the history, a Sunday.
const UNTIL: Date = date(2026, 11, 22);
/// Every slot is past and no cut-off was longer ago than `schedule.grace`.
pub const NOW: &str = "2026-11-24T12:00:00Z";
/// Rows that one transaction aims at: memory does not grow with the crowd.
const ROWS_A_TRANSACTION: u64 = 60_000;

/// Writes everybody into an empty, migrated database.
pub async fn write(db: &Db, options: &Options) {
    let plan = Plan {
        organizations: options.organizations(),
        recipients: options.per_organization,
        weeks: options.weeks,
        seed: 1,
        until: UNTIL,
    };
    let mut rows = Rows::default();
    let mut left = options.recipients;
    for number in 0..plan.organizations {
        let recipients = plan.recipients.min(left);
        left -= recipients;
        add(&Plan { recipients, ..plan }, number, &mut rows);
        if ROWS_A_TRANSACTION <= rows.len() || number + 1 == plan.organizations {
            let mut tx = db.begin().await.expect("a transaction");
            rows.write(&mut tx).await.expect("the rows keep the rules");
            tx.commit().await.expect("they are durable");
            rows = Rows::default();
        }
    }
    db.analyze().await.expect("it can be analyzed");
}

fn add(plan: &Plan, number: u32, rows: &mut Rows) {
    let first = rows.people.len();
    organization(plan, number, rows);
    let zone = rows.organizations.last().map(|own| own.time_zone.clone());
    for person in &mut rows.people[first..] {
        person.time_zone.clone_from(&zone);
    }
}
