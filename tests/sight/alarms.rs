//! The operator is told once a condition and interval, and once when it is over.

use back_office_brief::engine::plan::PlanReport;
use back_office_brief::engine::watch::Watcher;
use back_office_brief::store::Db;

use crate::on_both;
use crate::serving::Serving;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, number};

const OPS: &str = "ops@operator.example";

/// A world of one organization whose operator is told.
async fn world(db: Db, leaders: usize) -> World {
    let world = World::with(db, &[("BRIEF__ALERTS__TO", OPS)]);
    world.organization("acme").await;
    world.many_leaders("acme", leaders).await;
    world
}

/// The subjects of what the operator was told, in a folder.
fn told(world: &World) -> Vec<String> {
    let mut subjects: Vec<_> = world.notices().into_iter().map(|mail| mail.subject).collect();
    subjects.sort();
    subjects
}

/// The subjects of what a relay took for the operator, in order.
fn taken(server: &SmtpServer) -> Vec<String> {
    server.mails_to(OPS).into_iter().map(|mail| mail.subject).collect()
}

on_both! {
    async fn a_run_that_does_not_close_is_told_once_an_interval_and_once_when_it_does(db: Db) {
        let mut world = world(db, 3).await;
        world.tick(MONDAY).await;
        world.by_hand("CREATE TABLE kept AS SELECT * FROM delivery WHERE subscription_id LIKE '%reader.1@%'").await;
        world.by_hand("DELETE FROM delivery WHERE subscription_id LIKE '%reader.1@%'").await;
        assert!(!world.tick(SEVEN).await.closes());
        assert_eq!(told(&world), ["Run 2026-W48 does not close"]);
        world.restart();
        assert!(!world.tick("2026-11-23T18:00:00Z").await.closes());
        assert_eq!(told(&world).len(), 1, "not twice in six hours, whoever looks");
        world.tick("2026-11-23T19:00:00Z").await;
        assert_eq!(told(&world).len(), 2, "it lasts");
        world.by_hand("INSERT INTO delivery SELECT * FROM kept").await;
        assert!(world.tick("2026-11-23T20:00:00Z").await.closes());
        world.tick("2026-11-23T21:00:00Z").await;
        let all = told(&world);
        assert_eq!(all.len(), 3);
        assert_eq!(all[0], "Resolved: run 2026-W48 does not close");
        let mails = world.notices();
        let mail = mails.iter().find(|m| m.subject.starts_with("Run")).unwrap();
        for words in ["3 briefs are expected, and 2 accounted for.", "since 2026-11-23 13:00 UTC",
            "brief runs 2026-W48", "every 6 hours"] {
            assert!(mail.text.contains(words), "{words:?} is not in {}", mail.text);
        }
        for mail in &mails {
            let text = String::from_utf8_lossy(&mail.bytes);
            assert!(!text.contains("many.example") && !text.contains("reader."), "{text}");
        }
    }

    async fn what_is_overdue_is_told_with_its_number_and_age(db: Db) {
        let mut world = world(db, 5).await;
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.tick(SEVEN).await;
        world.tick("2026-11-23T14:30:00Z").await;
        let rows = world.db.alerts().await.unwrap();
        let kinds: Vec<_> = rows.iter().map(|r| (r.kind.as_str(), r.mails)).collect();
        assert_eq!(kinds, [("relay_away", 0), ("run", 0)], "nothing is tried while the relay is away");
        assert!(rows[1].why.starts_with("5 briefs are due and neither sent nor given up, the oldest since 2026-11-23 13:00"));
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        assert!(world.tick("2026-11-23T14:40:00Z").await.closes());
        assert_eq!(taken(&server), ["Resolved: delivery stands still: the relay is away"]);
        assert_eq!(world.db.alerts().await.unwrap(), []);
        let mail = &server.mails_to(OPS)[0];
        assert!(mail.text.contains("from 2026-11-23 13:00 UTC to 2026-11-23 14:40 UTC"), "{}", mail.text);
    }

    async fn a_relay_that_is_restarted_is_no_alarm(db: Db) {
        let mut world = world(db, 5).await;
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.tick(SEVEN).await;
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        world.tick("2026-11-23T13:01:00Z").await;
        assert_eq!(taken(&server), Vec::<String>::new());
        assert_eq!(server.n_messages(), 5);
    }

    async fn a_pause_is_told_and_its_reason_loses_its_addresses(db: Db) {
        let world = world(db, 2).await;
        world.db.pause("anna@client.example asked for it", at(SEVEN)).await.unwrap();
        world.tick(SEVEN).await;
        let mail = world.notices().remove(0);
        assert_eq!(mail.subject, "Delivery is paused");
        assert!(mail.text.contains("Delivery is paused: (address) asked for it."), "{}", mail.text);
        assert!(mail.text.contains("To let delivery go on: brief resume."), "{}", mail.text);
        world.db.resume().await.unwrap();
        world.tick("2026-11-23T13:05:00Z").await;
        assert_eq!(told(&world), ["Delivery is paused", "Resolved: delivery is paused"]);
    }

    async fn a_scope_that_cannot_be_planned_is_told(db: Db) {
        let world = world(db, 2).await;
        world.organization_with("atlantis", |o| o.time_zone = "Atlantic/Atlantis".to_owned()).await;
        world.tick(SEVEN).await;
        assert_eq!(told(&world), ["Planning failed"]);
        assert!(world.notices()[0].text.contains("1 scope could not be planned"));
        world.by_hand("UPDATE organization SET time_zone = 'UTC' WHERE id = 'atlantis'").await;
        world.tick("2026-11-23T13:05:00Z").await;
        assert_eq!(told(&world), ["Planning failed", "Resolved: planning failed"]);
    }

    async fn a_share_that_is_turned_away_is_told_once(db: Db) {
        let busy = Act::reply("451 4.3.0 try later");
        let server = SmtpServer::start(Script::new().at(At::Rcpt, "reader.", busy)).await;
        let mut world = world(db, 4).await;
        world.relay_is(&server);
        world.tick(SEVEN).await;
        assert!(taken(&server).is_empty(), "an hour has not gone by");
        for hour in ["2026-11-23T14:05:00Z", "2026-11-23T21:00:00Z", "2026-11-24T21:00:00Z"] {
            world.tick(hour).await;
        }
        assert_eq!(taken(&server), ["Briefs of run 2026-W48 are late"]);
        server.now_plays(Script::new());
        world.tick("2026-11-25T09:00:00Z").await;
        assert_eq!(taken(&server).last().unwrap(), "Resolved: briefs of run 2026-W48 are late");
    }

    async fn of_two_workers_one_sends_the_mail(db: Db) {
        let world = world(db, 2).await;
        world.tick(MONDAY).await;
        world.db.pause("a drill", at(SEVEN)).await.unwrap();
        world.clock.set(at(SEVEN));
        let engines: Vec<_> = (0..4).map(|_| world.another_engine()).collect();
        let looks: Vec<_> = engines.into_iter().map(|engine| tokio::spawn(async move {
            engine.watch(Watcher::Service, &PlanReport::default(), &[], at(SEVEN)).await
        })).collect();
        for look in looks {
            look.await.unwrap().unwrap();
        }
        assert_eq!(told(&world), ["Delivery is paused"]);
        assert_eq!(number(&world.db, "SELECT mails FROM alert WHERE key = 'paused'").await, 1);
    }

    async fn what_one_worker_sees_another_does_not_call_over(db: Db) {
        let mut world = world(db, 2).await;
        let gone = SmtpServer::start(Script::new()).await.url();
        world.relay_is_at(&gone);
        world.tick(SEVEN).await;
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        let other = world.another_engine();
        let none = PlanReport::default();
        other.watch(Watcher::Service, &none, &[], at("2026-11-23T13:02:00Z")).await.unwrap();
        assert_eq!(world.db.alerts().await.unwrap().len(), 1, "seen two minutes ago");
        other.watch(Watcher::Service, &none, &[], at("2026-11-23T13:03:00Z")).await.unwrap();
        assert_eq!(world.db.alerts().await.unwrap(), []);
    }

    async fn nobody_is_told_where_nobody_is_named_and_the_metrics_show_it(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 2).await;
        let service = Serving::start(&world);
        service.at(&world, MONDAY).await;
        world.db.pause("a drill", at(MONDAY)).await.unwrap();
        service.at(&world, SEVEN).await;
        assert_eq!(service.sample("brief_alerts_active{kind=\"paused\"}").await, 1.0);
        assert_eq!(service.sample("brief_delivery_paused").await, 1.0);
        world.db.resume().await.unwrap();
        service.at(&world, "2026-11-23T13:02:00Z").await;
        assert_eq!(service.sample("brief_alerts_active{kind=\"paused\"}").await, 0.0);
        assert_eq!(told(&world), Vec::<String>::new());
        service.end().await;
    }

    async fn a_service_that_starts_late_has_a_backlog_and_no_alarm(db: Db) {
        let world = world(db, 3).await;
        world.tick(MONDAY).await;
        let service = Serving::start(&world);
        service.at(&world, "2026-11-23T17:00:00Z").await;
        service.at(&world, "2026-11-23T17:06:00Z").await;
        assert_eq!(world.files().len(), 3);
        assert_eq!(told(&world), Vec::<String>::new());
        service.end().await;
    }
}

#[tokio::test]
async fn an_alert_that_the_relay_refuses_is_not_tried_each_minute() {
    let (db, _folder) = crate::support::sqlite().await;
    let refused = Act::reply("550 5.1.1 no such operator");
    let server = SmtpServer::start(Script::new().at(At::Rcpt, OPS, refused)).await;
    let mut world = world(db, 1).await;
    world.relay_is(&server);
    world.db.pause("a drill", at(SEVEN)).await.unwrap();
    for minute in ["2026-11-23T13:00:00Z", "2026-11-23T13:01:00Z", "2026-11-23T13:02:00Z"] {
        world.tick(minute).await;
    }
    let asked = server.commands().iter().filter(|c| c.contains(OPS)).count();
    assert_eq!(asked, 1);
}
