//! The service: two loops that plan and deliver by themselves (DESIGN 2.1), woken by hand here.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use back_office_brief::engine::service::{AfterProof, ByHand, Options, Part, Service, Status};
use back_office_brief::store::Db;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, run};

/// A service under way.
struct Serving {
    wake: Arc<ByHand>,
    status: Arc<Status>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Serving {
    fn start(world: &World, options: Options) -> Self {
        let engine = world.another_engine();
        let stop = engine.stop.clone();
        let service = Service::new(Arc::new(engine), options);
        let (status, wake) = (service.status(), Arc::new(ByHand::default()));
        let task = tokio::spawn(service.run(wake.clone()));
        Self { wake, status, stop, task }
    }

    /// Both loops look at an instant.
    async fn at(&self, world: &World, now: &str) {
        world.clock.set(at(now));
        self.wake.step().await;
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("it ends by itself");
    }
}

/// Waits until something is so, and says what it was when it never is.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

on_both! {
    async fn a_service_left_alone_plans_delivers_proves_and_ends_when_asked(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 12).await;
        let service = Serving::start(&world, Options::default());
        service.at(&world, MONDAY).await;
        assert_eq!((world.deliveries().await.len(), world.files().len()), (12, 0), "planned, not due");
        service.at(&world, SEVEN).await;
        assert_eq!((world.files().len(), service.status.sent()), (12, 12));
        let run = world.db.runs("2026-W48", 1).await.unwrap().remove(0);
        assert!(run.closed_at.is_some() && run.expected == 12, "{run:?}");
        service.at(&world, "2026-11-30T13:00:00Z").await;
        assert_eq!(world.files().len(), 24);
        service.end().await;
    }

    async fn a_long_delivery_does_not_hold_up_planning(db: Db) {
        let server = SmtpServer::start(Script::new().at(At::Dot, "", Act::Hang)).await;
        let mut world = World::on(db);
        world.settings.relay.connections = 1;
        world.relay_is(&server);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.organization_with("late", |o| o.cut_off_hour = 9).await;
        world.leader("late", "zoe@client.example").await;
        let service = Serving::start(&world, Options::default());
        world.clock.set(at(SEVEN));
        service.wake.turn(Part::Schedule).await;
        until("the relay hangs on a message", || server.n_messages() == 1).await;
        world.clock.set(at("2026-11-23T15:00:00Z"));
        service.wake.turn(Part::Schedule).await;
        assert!(service.status.part(Part::Delivery).is_working, "the first is still on the wire");
        assert_eq!(world.fate("zoe@client.example", "2026-W48").await.0, "queued");
        service.task.abort();
    }

    async fn each_half_does_its_own_and_nothing_else(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        let planner = Serving::start(&world, Options { deliver: false, ..Options::default() });
        world.clock.set(at(SEVEN));
        planner.wake.turn(Part::Schedule).await;
        assert_eq!((world.deliveries().await.len(), world.files().len()), (3, 0));
        let deliverer = Serving::start(&world, Options { schedule: false, ..Options::default() });
        deliverer.wake.turn(Part::Delivery).await;
        assert_eq!(world.files().len(), 3);
        world.clock.set(at("2026-11-30T13:00:00Z"));
        deliverer.wake.turn(Part::Delivery).await;
        assert_eq!((world.deliveries().await.len(), world.files().len()), (3, 3), "nothing new is planned");
        planner.end().await;
        deliverer.end().await;
    }

    async fn a_database_that_fails_ends_nothing_and_is_told_until_it_works_again(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 3).await;
        let service = Serving::start(&world, Options::default());
        service.wake.step().await;
        run(&world.db, "ALTER TABLE setting RENAME TO setting_away").await;
        for _ in 0..3 {
            service.at(&world, SEVEN).await;
        }
        let trouble = service.status.part(Part::Delivery).trouble.expect("it is known");
        assert!(trouble.contains("setting"), "{trouble}");
        assert_eq!(world.files().len(), 0);
        run(&world.db, "ALTER TABLE setting_away RENAME TO setting").await;
        service.at(&world, SEVEN).await;
        assert_eq!((world.files().len(), service.status.part(Part::Delivery).trouble), (3, None));
        service.end().await;
    }

    async fn a_loop_that_panics_is_started_anew(db: Db) {
        let world = World::on(db);
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let hook: AfterProof = Arc::new(move |_, _| {
            let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
            Box::pin(async move {
                assert!(!first, "the first call goes wrong on purpose");
                Ok(())
            })
        });
        let service = Serving::start(&world, Options { after_proof: Some(hook), ..Options::default() });
        service.at(&world, MONDAY).await;
        let schedule = service.status.part(Part::Schedule);
        assert_eq!((schedule.panics, schedule.trouble), (1, None));
        assert!(calls.load(Ordering::SeqCst) > 1);
        service.end().await;
    }
}

#[tokio::test]
async fn a_second_deliverer_of_a_file_waits_and_takes_over() {
    let (db, folder) = crate::support::sqlite().await;
    let world = World::on(db);
    world.organization("acme").await;
    world.many_leaders("acme", 3).await;
    let other = File::create(folder.path().join("brief.db.deliver.lock")).unwrap();
    other.lock().unwrap();
    let service = Serving::start(&world, Options::default());
    service.at(&world, SEVEN).await;
    let trouble = service.status.part(Part::Delivery).trouble.expect("it is known");
    assert!(trouble.contains("another process is delivering"), "{trouble}");
    assert_eq!((world.deliveries().await.len(), world.files().len()), (3, 0), "planning goes on");
    other.unlock().unwrap();
    service.at(&world, SEVEN).await;
    assert_eq!(world.files().len(), 3);
    service.end().await;
}
