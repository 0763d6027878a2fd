//! A disk without space: delivery stops with words, loses nothing, and goes on once there is some.

use back_office_brief::store::Db;
use sqlx::AssertSqlSafe;

use crate::on_both;
use crate::smtp::{Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, number};

/// Lets a file grow to so many pages and no further: each connection has a limit of its own, those
/// that are yet to be made included.
async fn limit(db: &Db, pages: i64) {
    let Db::Sqlite(pool, _) = db else { unreachable!("a file") };
    let options = (*pool.connect_options()).clone();
    pool.set_connect_options(options.pragma("max_page_count", pages.to_string()));
    let mut all = Vec::new();
    for _ in 0..pool.options().get_max_connections() {
        let mut connection = pool.acquire().await.expect("a connection");
        let set = AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(set).execute(&mut *connection).await.expect("a limit");
        all.push(connection);
    }
}

#[tokio::test]
async fn a_database_without_space_stops_delivery_and_loses_nothing() {
    let (db, _folder) = crate::support::sqlite().await;
    let server = SmtpServer::start(Script::new()).await;
    let world = World::with_relay(db, &server);
    world.organization("acme").await;
    world.many_leaders("acme", 400).await;
    world.tick(MONDAY).await;
    let pages = number(&world.db, "SELECT page_count FROM pragma_page_count").await;
    limit(&world.db, pages + 1).await;
    world.clock.set(at(SEVEN));
    let error = world.engine.deliver(at(SEVEN)).await.expect_err("there is no space").to_string();
    assert!(error.contains("disk is full"), "{error}");
    let before = server.n_messages();
    assert!(before < 400, "{before} mails left with nowhere to note them");
    limit(&world.db, i64::from(i32::MAX)).await;
    assert!(world.tick("2026-11-23T13:01:00Z").await.closes());
    let mut to: Vec<String> = server.received().into_iter().map(|mail| mail.to).collect();
    let copies = to.len();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 400, "nobody is lost");
    let most = 2 * world.settings.relay.connections;
    assert!(copies - to.len() <= most, "{} copies beyond the first", copies - to.len());
}

on_both! {
    async fn a_folder_that_takes_no_file_is_left_alone_and_costs_nothing(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 10).await;
        let folder = world.outbox.path().join("out");
        std::fs::write(&folder, "in the way").expect("a file");
        let report = world.tick(SEVEN).await;
        let why = report.deliver.stopped.unwrap();
        assert!(why.contains("a file is in the way; set relay.url to a folder"), "{why}");
        let idle = "SELECT COUNT(*) FROM delivery WHERE state = 'queued' AND attempts = 0 AND lease_token IS NULL";
        assert_eq!(number(&world.db, idle).await, 10);
        std::fs::remove_file(&folder).expect("it was there");
        assert!(world.tick("2026-11-23T13:01:00Z").await.closes());
        assert_eq!(world.files().len(), 10);
    }
}
