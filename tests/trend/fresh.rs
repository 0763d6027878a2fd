//! What was written is seen at once, and what has not changed is not computed again.

use std::sync::Arc;

use back_office_brief::clock::new_id;
use back_office_brief::store::Db;
use back_office_brief::store::import::void_batch;
use back_office_brief::store::organizations::{self, OrganizationChange};
use back_office_brief::store::records::{Audit, ImportBatch};

use crate::browser::Browser;
use crate::cases::{event, gap, price};
use crate::on_both;
use crate::world::{World, at, ms, run};

/// A gap's whole beginning, recorded at an instant.
async fn opened(world: &World, id: &str, at: &str, batch: Option<&str>) {
    let mut own = gap("northfield", id, "billing", "no_source", "2026-11-23");
    own.short_name = Some(format!("Found {id}"));
    own.batch_id = batch.map(str::to_owned);
    let mut told = event(id, "opened", Some("open"), "2026-11-23");
    (told.recorded_at, told.batch_id) = (ms(at), batch.map(str::to_owned));
    let mut estimate = price(id, "rework", [100, 200, 300], "2026-11-23");
    (estimate.recorded_at, estimate.batch_id) = (ms(at), batch.map(str::to_owned));
    world.put(&[own]).await;
    world.put(&[told]).await;
    world.put(&[estimate]).await;
}

/// The page at seven, which is kept from then on.
async fn kept(world: &World) -> (Browser, String) {
    world.northfield().await;
    let (browser, link) = world.follow("northfield", "2026-11-23").await;
    browser.get(&link).await.is(200);
    (browser, link)
}

on_both! {
    async fn whatever_is_written_is_seen_by_the_next_request(db: Db) {
        let world = World::on(db);
        let (browser, link) = kept(&world).await;
        let page = |path: &str| format!("{link}{path}");
        opened(&world, "X-1", "2026-11-23T07:00:00Z", None).await;
        browser.get(&page("/gaps")).await.says("Found X-1").says("6 open, 3 closed");
        let mut estimate = price("X-1", "rework", [900_000, 1_000_000, 1_100_000], "2026-11-23");
        estimate.recorded_at = ms("2026-11-23T07:00:00Z");
        world.put(&[estimate]).await;
        browser.get(&page("")).await.says("<strong>$17,800</strong> a week");
        world.looked("northfield", "payroll", "2026-11-23").await;
        browser.get(&page("")).await.says("nothing open, looked at today");
        let change = OrganizationChange { name: Some("Northfield Two".to_owned()), ..Default::default() };
        organizations::change(&world.db, "northfield", change, at("2026-11-23T07:00:00Z")).await.unwrap();
        browser.get(&page("")).await.says("Northfield Two");
        run(&world.db, "UPDATE implementation SET target_milli = 70000, name = 'ERP again'").await;
        browser.get(&page("")).await.says("<h1>ERP again</h1>").says("Target 70 by 1 February.");
        run(&world.db, "UPDATE implementation_area SET weight = 1 WHERE area = 'billing'").await;
        browser.get(&page("")).await.says("Billing <span class=\"soft\">×1</span>");
        // Whoever changes a gap in place says so in the log.
        run(&world.db, "UPDATE gap SET title = 'Another title' WHERE id = 'N-1'").await;
        world.put(&[Audit {
            id: new_id(), recorded_at: ms("2026-11-23T07:00:00Z"), actor: "A. Mendel".to_owned(), way: "desk".to_owned(),
            organization_id: Some("northfield".to_owned()), action: "gap.title".to_owned(), subject: "N-1".to_owned(), ..Default::default()
        }]).await;
        browser.get(&page("/gaps")).await.says("Another title");
    }

    async fn an_import_that_is_taken_back_is_gone_from_the_page(db: Db) {
        let world = World::on(db);
        let (browser, link) = kept(&world).await;
        let id = new_id();
        world.put(&[ImportBatch {
            id: id.clone(), started_at: ms("2026-11-23T06:30:00Z"), finished_at: Some(ms("2026-11-23T06:30:01Z")),
            path: "wrong.csv".to_owned(), kind: "gaps".to_owned(), sha256: "0".repeat(64), ..Default::default()
        }]).await;
        opened(&world, "X-2", "2026-11-23T06:30:00Z", Some(&id)).await;
        let mut closing = event("N-1", "status", Some("closed"), "2026-11-23");
        (closing.recorded_at, closing.batch_id) = (ms("2026-11-23T06:30:00Z"), Some(id.clone()));
        world.put(&[closing]).await;
        browser.get(&format!("{link}/gaps")).await.says("Found X-2").says("5 open, 4 closed");
        void_batch(&world.db, &id, None, at("2026-11-23T07:00:00Z")).await.unwrap();
        let page = browser.get(&format!("{link}/gaps")).await;
        page.says("5 open, 3 closed");
        assert!(!page.text.contains("Found X-2"), "{}", page.text);
    }

    async fn what_is_recorded_ahead_is_seen_when_its_time_comes(db: Db) {
        let world = World::on(db);
        let (browser, link) = kept(&world).await;
        opened(&world, "X-3", "2026-11-23T09:00:00Z", None).await;
        assert!(!browser.get(&format!("{link}/gaps")).await.text.contains("Found X-3"));
        world.clock.set(at("2026-11-23T09:00:00Z"));
        browser.get(&format!("{link}/gaps")).await.says("Found X-3");
        // A day later everything is a day older.
        world.clock.set(at("2026-11-24T00:00:00Z"));
        browser.get(&link).await.says("figures of 24 November 2026").says("<time datetime=\"2026-11-24\">");
        world.clock.set(at("2026-11-30T05:59:00Z"));
        browser.get(&link).await.says("weeks after 23 November 2026");
        world.clock.set(at("2026-11-30T06:00:00Z"));
        let page = browser.get(&link).await;
        assert!(!page.text.contains("after 23 November 2026"), "the weeks are counted from the new cut-off");
    }

    async fn a_page_that_has_not_changed_costs_three_questions(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (_, link) = world.follow("northfield", "2026-11-23").await;
        let engine = Arc::new(world.another_engine());
        let pages = Browser::on(Arc::clone(&engine));
        let asked = |before: u64| engine.db.queries() - before;
        let before = engine.db.queries();
        pages.get(&link).await.is(200);
        let first = asked(before);
        assert!(first > 10, "the first one reads everything: {first}");
        for path in ["", "/gaps", "/weeks", "/what-if?close=N-1", "/trend.csv", "/gaps.csv"] {
            let before = engine.db.queries();
            pages.get(&format!("{link}{path}")).await.is(200);
            assert_eq!(asked(before), 3, "{path}: whose it is, in whose name, and whether anything has changed");
        }
    }

    async fn however_many_ask_at_once_one_computes(db: Db) {
        let world = World::on(db);
        world.northfield().await;
        let (_, link) = world.follow("northfield", "2026-11-23").await;
        let engine = Arc::new(world.another_engine());
        let pages = Arc::new(Browser::on(Arc::clone(&engine)));
        let before = engine.db.queries();
        pages.get(&link).await.is(200);
        let alone = engine.db.queries() - before;
        opened(&world, "X-4", "2026-11-23T07:00:00Z", None).await;
        let before = engine.db.queries();
        let asking: Vec<_> = (0..12)
            .map(|_| {
                let (pages, link) = (Arc::clone(&pages), link.clone());
                tokio::spawn(async move { pages.get(&format!("{link}/gaps")).await.says("Found X-4").is(200).status })
            })
            .collect();
        for asked in asking {
            asked.await.unwrap();
        }
        let together = engine.db.queries() - before;
        assert!(together <= alone + 11 * 3, "{together} questions for twelve, {alone} for one");
    }
}
