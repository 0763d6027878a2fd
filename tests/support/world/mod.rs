//! A small world for tests of the engine: organizations with gaps, people who read about them, a
//! relay or a folder, and a clock that is moved by hand. Its verbs read like sentences.

pub mod mail;
mod organization;
mod people;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use back_office_brief::clock::ManualClock;
use back_office_brief::config::{self, Settings, Sources};
use back_office_brief::content;
use back_office_brief::engine::Engine;
use back_office_brief::engine::tick::TickReport;
use back_office_brief::mail::endpoint::Timeouts;
use back_office_brief::mail::relay::{Relay, RelayOptions};
use back_office_brief::store::audit::{Actor, Way};
use back_office_brief::store::deliveries::{DeliveryRow, Group};
use back_office_brief::store::editions::EditionRow;
use back_office_brief::store::records::Record;
use back_office_brief::store::{Db, bulk};
use jiff::Timestamp;

use crate::smtp::SmtpServer;

/// The Monday of week 48: its cut-off in Chicago is 12:00 UTC, the default slot 13:00 UTC.
pub const MONDAY: &str = "2026-11-23T12:00:00Z";
/// An hour later, when everybody in Chicago is due who chose no other slot.
pub const SEVEN: &str = "2026-11-23T13:00:00Z";
/// When everything the builders write was recorded, unless they are told otherwise.
pub const RECORDED: &str = "2026-09-30T15:00:00Z";

/// An instant from RFC 3339.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The same in milliseconds.
pub fn ms(text: &str) -> i64 {
    at(text).as_millisecond()
}

/// Somebody who writes by command, under a name.
pub fn by(name: &str) -> Actor {
    Actor { person_id: None, name: name.to_owned(), way: Way::Command }
}

/// Writes intents at seven, as a worker does that holds the rows under `token`; those that it may go
/// ahead with.
pub async fn intend(db: &Db, ids: &[String], token: &str, lease_until: i64) -> Vec<String> {
    let now = ms(SEVEN);
    let is_again = false;
    let group = Group { records: &[], intents: ids, token, now, lease_until, is_again };
    db.write_group(&group).await.expect("it is written").granted
}

/// Everything a test of the engine works with.
pub struct World {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub settings: Settings,
    /// The engine most verbs go through.
    pub engine: Engine,
    pub outbox: tempfile::TempDir,
    ids: AtomicU32,
}

impl World {
    /// Mail goes to files.
    pub fn on(db: Db) -> Self {
        Self::with(db, &[])
    }

    /// Mail goes to a scripted relay.
    pub fn with_relay(db: Db, server: &SmtpServer) -> Self {
        let mut world = Self::on(db);
        world.relay_is(server);
        world
    }

    /// The same with settings as the environment gives them.
    pub fn with(db: Db, overrides: &[(&str, &str)]) -> Self {
        let outbox = tempfile::tempdir().expect("a folder");
        let empty = outbox.path().join("none.toml");
        std::fs::write(&empty, "").expect("a file");
        let mut environment = vec![
            ("BRIEF__DATABASE__URL".to_owned(), url_of(&db)),
            ("BRIEF__RELAY__URL".to_owned(), format!("file://{}/out", outbox.path().display())),
            ("BRIEF__JOURNAL__DIR".to_owned(), format!("{}/journal", outbox.path().display())),
            ("BRIEF__SECRETS__DIR".to_owned(), format!("{}/secrets", outbox.path().display())),
        ];
        environment.retain(|(name, _)| overrides.iter().all(|(own, _)| own != name));
        environment.extend(overrides.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let sources = Sources { file: Some(empty), environment };
        let settings = config::load(&sources).expect("settings");
        let clock = Arc::new(ManualClock::at(at(RECORDED)));
        let engine = engine(&db, &settings, &clock);
        Self { db, clock, settings, engine, outbox, ids: AtomicU32::new(0) }
    }

    /// From now on mail goes to this relay, with little patience.
    pub fn relay_is(&mut self, server: &SmtpServer) {
        self.relay_is_at(&server.url());
    }

    /// The same by URL.
    pub fn relay_is_at(&mut self, url: &str) {
        let options = RelayOptions {
            helo: Some(self.settings.mail.domain.clone()),
            timeouts: Timeouts::all(Duration::from_secs(20)),
        };
        self.settings.relay.way = Relay::open(url, &options).expect("a relay");
        self.restart();
    }

    /// The same for several relays, in order.
    pub fn relays_are_at(&mut self, urls: &[&str]) {
        self.relays_with(urls, Duration::from_secs(20));
    }

    /// The same with so much patience at each stage.
    pub fn relays_with(&mut self, urls: &[&str], patience: Duration) {
        let helo = Some(self.settings.mail.domain.clone());
        let options = RelayOptions { helo, timeouts: Timeouts::all(patience) };
        let mut ways = urls.iter().map(|url| Relay::open(url, &options).expect("a relay"));
        self.settings.relay.way = ways.next().expect("one relay at least");
        self.settings.relay.fallback = ways.collect();
        self.restart();
    }

    /// Another process on the same database and clock.
    pub fn another_engine(&self) -> Engine {
        engine(&self.db, &self.settings, &self.clock)
    }

    /// The process ends and a new one begins, with the settings as they are now.
    pub fn restart(&mut self) {
        self.engine = self.another_engine();
    }

    /// A tick at an instant.
    pub async fn tick(&self, now: &str) -> TickReport {
        self.clock.set(at(now));
        self.engine.tick().await.expect("a tick")
    }

    /// Every delivery, in the order of their slots.
    pub async fn deliveries(&self) -> Vec<DeliveryRow> {
        self.db.deliveries("", "", 100_000).await.expect("a list")
    }

    /// The delivery to an address in a week.
    pub async fn delivery(&self, email: &str, week: &str) -> DeliveryRow {
        let rows = self.deliveries().await;
        let mut of =
            rows.into_iter().filter(|d| d.email.as_deref() == Some(email) && d.iso_week == week);
        let first = of.next();
        first.unwrap_or_else(|| panic!("no delivery to {email} in {week}"))
    }

    /// State and reason of the delivery to an address in a week.
    pub async fn fate(&self, email: &str, week: &str) -> (String, String) {
        let row = self.delivery(email, week).await;
        (row.state, row.reason.unwrap_or_default())
    }

    /// Editions of a week.
    pub async fn editions(&self, week: &str) -> Vec<EditionRow> {
        self.db.editions(week, "", "", 1_000).await.expect("a list")
    }

    /// Kind and state of each edition of a week.
    pub async fn edition_states(&self, week: &str) -> Vec<(String, String)> {
        let editions = self.editions(week).await.into_iter();
        editions.map(|e| (e.kind, e.state)).collect()
    }

    /// Writes rows as the program writes them.
    pub async fn put<T: Record>(&self, rows: &[T]) {
        let mut tx = self.db.begin().await.expect("a transaction");
        let written = bulk::insert(&mut tx, rows).await.expect("rows that fit");
        assert_eq!(written, rows.len() as u64);
        tx.commit().await.expect("a commit");
    }

    /// Runs one statement by hand; what it broke is the test's business.
    pub async fn by_hand(&self, sql: &'static str) -> u64 {
        run(&self.db, sql).await
    }

    /// A new id in the order of asking.
    pub fn id(&self, what: &str) -> String {
        format!("{what}-{:06}", self.ids.fetch_add(1, Ordering::Relaxed))
    }
}

/// Runs one statement by hand.
pub async fn run(db: &Db, sql: &'static str) -> u64 {
    match db {
        Db::Sqlite(pool, _) => sqlx::query(sql).execute(pool).await.expect(sql).rows_affected(),
        Db::Postgres(pool, _) => sqlx::query(sql).execute(pool).await.expect(sql).rows_affected(),
    }
}

/// Asks for one number by hand.
pub async fn number(db: &Db, sql: &'static str) -> i64 {
    match db {
        Db::Sqlite(pool, _) => sqlx::query_scalar(sql).fetch_one(pool).await.expect(sql),
        Db::Postgres(pool, _) => sqlx::query_scalar(sql).fetch_one(pool).await.expect(sql),
    }
}

fn engine(db: &Db, settings: &Settings, clock: &Arc<ManualClock>) -> Engine {
    let content = content::shipped(jiff::tz::TimeZone::UTC.to_datetime(at(MONDAY)).date());
    let content = content.expect("shipped content");
    let clock = Arc::clone(clock);
    Engine::new(db.clone(), settings.clone(), clock, content)
}

fn url_of(db: &Db) -> String {
    match db {
        Db::Sqlite(pool, _) => {
            let options = pool.connect_options();
            format!("sqlite://{}", options.get_filename().display())
        }
        Db::Postgres(..) => "postgres://localhost/brief".to_owned(),
    }
}
