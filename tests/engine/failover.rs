//! A server that takes another's place without its last commits: noticed before more leaves
//! (DESIGN 2.8).

use std::collections::BTreeSet;
use std::time::Duration;

use back_office_brief::engine::deliver::DeliverReport;
use back_office_brief::store::Db;
use back_office_brief::store::deliveries::Group;
use tokio::task::JoinHandle;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, ms, number};

/// As the rows stand where nothing of the round is known.
const UNKNOWN: &str = "UPDATE delivery SET state = 'queued', attempts = 0, handed_over_at = NULL, \
    finished_at = NULL, next_attempt_at = send_at, lease_until = NULL, lease_token = NULL";

/// Six readers at seven, and one connection to a relay that is slow to take the first of them.
async fn six(db: Db, slow: usize) -> (World, SmtpServer) {
    let slowly = Act::Slowly(format!("250 2.0.0 {}", "taken ".repeat(80)));
    let server = SmtpServer::start(Script::new().times(slow, At::Dot, "", slowly)).await;
    let mut world = World::with(db, &[("BRIEF__RELAY__CONNECTIONS", "1")]);
    world.relay_is(&server);
    world.organization("acme").await;
    world.many_leaders("acme", 6).await;
    world.tick(MONDAY).await;
    world.clock.set(at(SEVEN));
    (world, server)
}

/// Begins to deliver.
fn deliver(world: &World) -> JoinHandle<DeliverReport> {
    let engine = world.engine.clone();
    tokio::spawn(async move { engine.deliver(at(SEVEN)).await.expect("a report") })
}

async fn until(condition: impl AsyncFn() -> bool) {
    while !condition().await {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// It stands still with these words, and nobody is mailed twice.
async fn stands_still(world: &World, server: &SmtpServer, report: DeliverReport) {
    let why = report.stopped.unwrap_or_default();
    assert!(why.starts_with("the database is older than the journal"), "{why:?}");
    let left = server.n_messages();
    assert!(left < 4, "{left} mails left");
    world.tick("2026-11-23T13:05:00Z").await;
    let to: BTreeSet<String> = server.received().into_iter().map(|mail| mail.to).collect();
    assert_eq!((server.n_messages(), to.len()), (left, left));
}

on_both! {
    async fn rows_that_do_not_take_their_outcomes_end_the_round(db: Db) {
        let (world, server) = six(db, 1).await;
        let going = deliver(&world);
        until(async || server.n_messages() == 1).await;
        world.by_hand(UNKNOWN).await;
        stands_still(&world, &server, going.await.unwrap()).await;
    }

    async fn a_connection_that_was_lost_is_noticed_where_the_next_takes_its_place(db: Db) {
        if !db.is_postgres() {
            return;
        }
        let (world, server) = six(db, 2).await;
        let going = deliver(&world);
        let sent = "SELECT COUNT(*) FROM delivery WHERE state = 'sent'";
        until(async || server.n_messages() == 2 && number(&world.db, sent).await == 1).await;
        world.by_hand("UPDATE delivery SET state = 'queued', attempts = 0, handed_over_at = NULL, \
            finished_at = NULL, next_attempt_at = send_at WHERE state = 'sent'").await;
        world.by_hand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()").await;
        stands_still(&world, &server, going.await.unwrap()).await;
    }

    async fn a_database_that_knows_what_the_journal_knows_is_looked_at_and_goes_on(db: Db) {
        if !db.is_postgres() {
            return;
        }
        let (world, server) = six(db, 1).await;
        let going = deliver(&world);
        until(async || server.n_messages() == 1).await;
        world.by_hand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()").await;
        let report = going.await.unwrap();
        assert_eq!((report.stopped, report.sent, server.n_messages()), (None, 6, 6));
    }

    async fn intents_whose_commit_was_not_answered_are_granted_by_the_next_try(db: Db) {
        let (world, _server) = six(db, 0).await;
        let (db, now, lease_until) = (&world.db, ms(SEVEN), ms("2026-11-23T13:30:00Z"));
        let claimed = db.claim_deliveries(now, lease_until, "worker", (0, ""), 10).await.unwrap();
        let ids: Vec<String> = claimed.into_iter().map(|c| c.id).collect();
        let first = Group { records: &[], intents: &ids[..4], token: "worker", now, lease_until, is_again: false };
        assert_eq!(db.write_group(&first).await.unwrap().granted.len(), 4);
        let again = Group { is_again: true, ..first };
        let granted: BTreeSet<String> = db.write_group(&again).await.unwrap().granted.into_iter().collect();
        assert_eq!(granted, ids[..4].iter().cloned().collect());
        let others = Group { token: "another", ..again };
        assert_eq!(db.write_group(&others).await.unwrap().granted, Vec::<String>::new());
    }
}
