//! Many readers, many engines: every recipient exactly one copy; and what it costs the database.

use std::collections::HashMap;

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Script, SmtpServer};
use crate::world::{MONDAY, RECORDED, SEVEN, World, at};

async fn delivered_by(db: Db, engines: usize, recipients: usize) {
    let server = SmtpServer::start(Script::new()).await;
    let world = World::with_relay(db, &server);
    world.organization("acme").await;
    world.many_leaders("acme", recipients).await;
    world.tick(MONDAY).await;
    world.clock.set(at(SEVEN));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..engines {
        let engine = world.another_engine();
        running.spawn(async move { engine.tick().await });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap().unwrap();
    }
    let report = world.tick(SEVEN).await;
    assert!(report.closes(), "{report:?}");
    let mut copies: HashMap<String, usize> = HashMap::new();
    for received in server.received() {
        *copies.entry(received.to).or_default() += 1;
    }
    assert_eq!(copies.len(), recipients);
    let twice: Vec<_> = copies.iter().filter(|(_, n)| **n != 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

on_both! {
    async fn two_engines_send_each_reader_one_copy(db: Db) {
        delivered_by(db, 2, 80).await;
    }

    async fn four_engines_send_each_of_200_readers_one_copy(db: Db) {
        delivered_by(db, 4, 200).await;
    }

    async fn more_public_readers_than_one_page_all_get_the_issue(db: Db) {
        let world = World::on(db);
        world.many_public(5_003).await;
        world.clock.set(at("2026-11-24T09:00:00Z"));
        let planned = world.engine.plan(at("2026-11-24T09:00:00Z")).await.unwrap();
        assert_eq!(planned.deliveries, 5_003);
    }

    async fn more_leaders_than_one_page_all_get_the_brief(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 4_003).await;
        world.clock.set(at(MONDAY));
        let planned = world.engine.plan(at(MONDAY)).await.unwrap();
        assert_eq!((planned.deliveries, planned.frozen), (4_003, 1));
    }

    async fn a_tick_asks_as_much_for_500_gaps_as_for_5(db: Db) {
        let world = World::on(db);
        world.organization_like("few", 5, RECORDED, |_| {}).await;
        world.organization_like("many", 500, RECORDED, |o| o.cut_off_hour = 7).await;
        world.leader("few", "anna@few.example").await;
        world.leader("many", "anna@many.example").await;
        // The first tick of all fills caches of the database.
        world.tick("2026-11-17T12:00:00Z").await;
        let asked = async |now: &str| {
            let before = world.db.queries();
            let report = world.tick(now).await;
            assert_eq!(report.plan.frozen, 1, "{report:?}");
            world.db.queries() - before
        };
        let few = asked("2026-11-23T12:30:00Z").await;
        let many = asked("2026-11-23T13:00:00Z").await;
        // Both have mail due at seven, of which the second tick sends two.
        assert!(many <= few + 10, "{few} statements for 5 gaps, {many} for 500");
    }

    async fn a_tick_for_200_organizations_asks_by_batches(db: Db) {
        let world = World::on(db);
        for n in 0..200 {
            let slug = format!("org{n:03}");
            world.organization_like(&slug, 1, RECORDED, |_| {}).await;
            world.leader(&slug, &format!("anna@{slug}.example")).await;
        }
        world.clock.set(at(MONDAY));
        let before = world.db.queries();
        let planned = world.engine.plan(at(MONDAY)).await.unwrap();
        let asked = world.db.queries() - before;
        assert_eq!(planned.deliveries, 200);
        assert!(asked < 200, "{asked} statements for 200 organizations");
    }
}
