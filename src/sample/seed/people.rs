//! The confirmed leaders of an organization.

use super::Maker;
use super::words::{FAMILY, GIVEN, ZONES};
use crate::sample::rows::Rows;
use crate::store::records::{Person, Subscription};

/// Adds the leaders: a distinct address and a Monday slot each, zone after zone.
pub fn make(maker: &mut Maker, organization_id: &str, rows: &mut Rows) {
    let created_at = maker.recorded(maker.days()) - 3_600_000;
    for recipient in 0..maker.plan.recipients {
        let name = format!("{} {}", maker.chance.pick(&GIVEN), maker.chance.pick(&FAMILY));
        // The seed is part of the address, so that two seeds can share a database.
        let email = format!("leader-{recipient}@o{}.s{:x}.example", maker.number, maker.plan.seed);
        let zone = ZONES[(maker.number as usize + recipient as usize) % ZONES.len()];
        let person_id = maker.ids.next_id();
        rows.people.push(Person {
            id: person_id.clone(),
            email: Some(email.clone()),
            email_canonical: Some(email),
            name,
            time_zone: Some(zone.to_owned()),
            locale: "en".to_owned(),
            created_at,
            forgotten_at: None,
        });
        rows.subscriptions.push(Subscription {
            id: maker.ids.next_id(),
            person_id,
            organization_id: Some(organization_id.to_owned()),
            role: "leader".to_owned(),
            weekday: Some(1),
            hour: Some(6 + i64::from(recipient % 4)),
            quiet: "full".to_owned(),
            confirmed_at: Some(created_at),
            created_at,
            ..Subscription::default()
        });
    }
}
