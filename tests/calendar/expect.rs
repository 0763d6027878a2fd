//! What the table expects of one organization with one reader, week by week.

use std::collections::BTreeSet;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::table::{Zone, naive, zone};
use crate::world::World;

/// An organization in a zone, with a cut-off; its one reader's zone and slot.
pub struct Case {
    pub slug: String,
    pub zone: Zone,
    pub cut_off: (i8, i8),
    pub own_zone: Option<Zone>,
    pub slot: (i8, i8),
}

/// One week of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    pub name: String,
    pub cut_off: Timestamp,
    pub send_at: Timestamp,
}

impl Case {
    /// A reader in the organization's own zone.
    pub fn at_home(zone_name: &str, cut_off: (i8, i8), slot: (i8, i8)) -> Self {
        let slug = format!("{}-{}{}", short(zone_name), cut_off.0, cut_off.1);
        Self { slug, zone: zone(zone_name), cut_off, own_zone: None, slot }
    }

    /// A reader elsewhere.
    pub fn abroad(zone_name: &str, cut_off: (i8, i8), own: &str, slot: (i8, i8)) -> Self {
        let home = Self::at_home(zone_name, cut_off, slot);
        let slug = format!("{}-{}", home.slug, short(own));
        Self { slug, own_zone: Some(zone(own)), ..home }
    }

    pub fn email(&self) -> String {
        format!("anna@{}.example", self.slug)
    }

    /// The weeks whose cut-off lies from an instant to another, both included.
    pub fn weeks(&self, from: Timestamp, until: Timestamp) -> Vec<Week> {
        let weeks = mondays(from, until).into_iter().map(|monday| {
            let week = monday.iso_week_date();
            let cut_off =
                self.zone.first(naive((week.year(), week.week()), self.cut_off.0, self.cut_off.1));
            let own = self.own_zone.as_ref().unwrap_or(&self.zone);
            let slots = (-1..=2).map(|ahead| {
                let week = (monday + (7 * ahead).days()).iso_week_date();
                own.first(naive((week.year(), week.week()), self.slot.0, self.slot.1))
            });
            let send_at = slots.filter(|at| *at >= cut_off).min().expect("one of four weeks");
            Week { name: name(week), cut_off, send_at }
        });
        weeks.filter(|w| (from..=until).contains(&w.cut_off)).collect()
    }

    /// Puts it into a world, known since an instant.
    pub async fn put(&self, world: &World, since: Timestamp) {
        let since_text = since.to_string();
        world
            .organization_like(&self.slug, 1, &since_text, |o| {
                o.time_zone.clone_from(&self.zone.name);
                o.cut_off_weekday = self.cut_off.0.into();
                o.cut_off_hour = self.cut_off.1.into();
            })
            .await;
        world
            .subscriber(&self.slug, &self.email(), |person, subscription| {
                person.time_zone = self.own_zone.as_ref().map(|z| z.name.clone());
                let (day, hour) = self.slot;
                (subscription.weekday, subscription.hour) = (Some(day.into()), Some(hour.into()));
                subscription.confirmed_at = Some(since.as_millisecond());
            })
            .await;
    }
}

/// The last part of a zone's name, as part of a domain.
fn short(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).to_lowercase().replace('_', "-")
}

fn name(week: ISOWeekDate) -> String {
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// Mondays of every week that touches a stretch of time anywhere on earth.
fn mondays(from: Timestamp, until: Timestamp) -> Vec<Date> {
    let date = |at: Timestamp| jiff::tz::TimeZone::UTC.to_datetime(at).date();
    let mut monday = date(from - SignedDuration::from_hours(9 * 24));
    while monday.weekday() != Weekday::Monday {
        monday = monday.tomorrow().expect("not the last day");
    }
    let last = date(until + SignedDuration::from_hours(9 * 24));
    let mut all = Vec::new();
    while monday <= last {
        all.push(monday);
        monday += 7.days();
    }
    all
}

/// Ticks at every instant at which something is expected of the cases, and a millisecond before
/// each; after every tick exactly what was expected by then has happened.
pub async fn walk(world: &World, cases: &[Case], from: Timestamp, until: Timestamp) {
    let mut all: Vec<(&Case, Vec<Week>)> = Vec::new();
    for case in cases {
        case.put(world, from).await;
        all.push((case, case.weeks(from, until)));
    }
    let weeks = || all.iter().flat_map(|(_, weeks)| weeks);
    let instants: BTreeSet<Timestamp> = weeks().flat_map(|w| [w.cut_off, w.send_at]).collect();
    let before = instants.iter().map(|at| *at - SignedDuration::from_millis(1));
    let ticks: BTreeSet<Timestamp> = before.chain(instants.iter().copied()).collect();
    for now in ticks.into_iter().filter(|now| *now <= until) {
        world.clock.set(now);
        let report = world.engine.tick().await.expect("a tick");
        assert!(report.closes(), "{now}: {report:?}");
        let planned = weeks().filter(|w| w.cut_off <= now).count();
        let sent = weeks().filter(|w| w.send_at <= now).count();
        assert_eq!(world.deliveries().await.len(), planned, "planned at {now}");
        assert_eq!(world.files().len(), sent, "sent at {now}");
    }
    check(world, &all, until).await;
}

/// One delivery a week for each case, at the hour expected.
async fn check(world: &World, all: &[(&Case, Vec<Week>)], until: Timestamp) {
    let rows = world.deliveries().await;
    for (case, weeks) in all {
        let mut got: Vec<(String, i64, String)> = rows
            .iter()
            .filter(|d| d.email.as_deref() == Some(&*case.email()))
            .map(|d| (d.iso_week.clone(), d.send_at, d.state.clone()))
            .collect();
        got.sort();
        let state = |at| if at <= until { "sent" } else { "queued" };
        let expected: Vec<(String, i64, String)> = weeks
            .iter()
            .map(|w| (w.name.clone(), w.send_at.as_millisecond(), state(w.send_at).to_owned()))
            .collect();
        assert_eq!(got, expected, "{}", case.slug);
        let sent = weeks.iter().filter(|w| w.send_at <= until).count();
        assert_eq!(world.mails_to(&case.email()).len(), sent, "{}", case.slug);
    }
}
