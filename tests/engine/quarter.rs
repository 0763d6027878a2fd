//! The service, left alone for a quarter whose time runs fast: fourteen weeks with both clock
//! changes in them, a relay that is away for a night, a new process, a stop over a weekend.

use std::collections::BTreeMap;
use std::sync::Arc;

use back_office_brief::engine::service::{ByHand, Options, Service};
use back_office_brief::store::Db;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{World, at};

/// The Monday of week 40, to the Sunday of week 53: the clocks go back on 25 October in Europe and
/// on 1 November in America, and forward on 4 October in Lord Howe.
const FROM: &str = "2026-09-28T00:00:00Z";
const UNTIL: &str = "2027-01-03T12:00:00Z";
/// How far the clock goes between two looks.
const STEP: SignedDuration = SignedDuration::from_hours(6);
const WEEKS: usize = 14;

/// Where the organizations are, and when each one's reader is due.
const ZONES: [(&str, &str, i64, i64); 6] = [
    ("kiritimati", "Pacific/Kiritimati", 1, 7),
    ("lordhowe", "Australia/Lord_Howe", 1, 7),
    ("kathmandu", "Asia/Kathmandu", 2, 9),
    ("london", "Europe/London", 1, 7),
    ("chicago", "America/Chicago", 3, 18),
    ("pagopago", "Pacific/Pago_Pago", 1, 6),
];

/// A process of the service.
struct Process {
    wake: Arc<ByHand>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Process {
    fn start(world: &World) -> Self {
        let engine = Arc::new(world.another_engine());
        let (stop, wake) = (engine.stop.clone(), Arc::new(ByHand::default()));
        let service = Service::new(engine, Options::default());
        Self { wake: Arc::clone(&wake), stop, task: tokio::spawn(service.run(wake)) }
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("it ends by itself");
    }
}

async fn furnish(world: &World) {
    let since = "2026-09-26T15:00:00Z";
    for (slug, zone, weekday, hour) in ZONES {
        world.organization_like(slug, 2, since, |o| o.time_zone = zone.to_owned()).await;
        world
            .subscriber(slug, &format!("anna@{slug}.example"), |_, subscription| {
                (subscription.weekday, subscription.hour) = (Some(weekday), Some(hour));
                subscription.confirmed_at = Some(at(since).as_millisecond());
            })
            .await;
    }
}

/// What an operator and the world do meanwhile.
async fn happens(world: &World, server: &SmtpServer, now: Timestamp) {
    let is = |text: &str| now == at(text);
    if is("2026-10-12T00:00:00Z") {
        server.now_plays(Script::new().at(At::Mail, "", Act::reply("421 4.3.2 closed tonight")));
    } else if is("2026-10-12T12:00:00Z") {
        server.now_plays(Script::new());
    } else if is("2026-11-20T00:00:00Z") {
        world.db.pause("moving house", now).await.expect("a stop");
    } else if is("2026-11-23T18:00:00Z") {
        world.db.resume().await.expect("its end");
    } else if is("2026-12-07T00:00:00Z") {
        let busy = Act::reply("450 4.2.1 mailbox busy");
        server.now_plays(Script::new().times(1, At::Rcpt, "anna@london.example", busy));
    }
}

on_both! {
    async fn a_quarter_left_alone_closes_every_run_and_reaches_each_reader_once_a_week(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = World::with_relay(db, &server);
        furnish(&world).await;
        let mut process = Process::start(&world);
        let mut now = at(FROM);
        while now <= at(UNTIL) {
            world.clock.set(now);
            happens(&world, &server, now).await;
            if now == at("2026-11-02T06:00:00Z") {
                process.end().await;
                process = Process::start(&world);
            }
            process.wake.step().await;
            now += STEP;
        }
        process.end().await;

        let mut got: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in world.deliveries().await {
            assert_eq!(row.state, "sent", "{row:?}");
            *got.entry((row.email.unwrap(), row.iso_week)).or_default() += 1;
        }
        assert_eq!(got.len(), WEEKS * ZONES.len(), "{got:?}");
        assert!(got.values().all(|times| *times == 1), "{got:?}");
        assert_eq!(server.n_messages(), WEEKS * ZONES.len(), "the relay saw each once");
        let runs = world.db.runs("", 100).await.unwrap();
        assert_eq!(runs.len(), WEEKS, "{runs:?}");
        assert!(runs.iter().all(|run| run.closed_at.is_some()), "{runs:?}");
        assert!(world.notices().is_empty(), "nobody asked to be told");
    }
}
