//! Expected is counted from the subscriptions, never from the outbox (DESIGN 2.6).

use back_office_brief::cli;
use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, number};

on_both! {
    async fn a_row_that_vanished_from_the_outbox_keeps_the_run_open(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.leader("acme", "ben@client.example").await;
        world.tick(MONDAY).await;
        world.by_hand("DELETE FROM delivery WHERE subscription_id LIKE '%ben@%'").await;
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        let proof = report.proofs.last().unwrap();
        assert_eq!((proof.expected, proof.accounted, proof.due), (2, 1, 0));
        assert!(cli::run::equation(proof).contains("the counts differ"), "{}", cli::run::equation(proof));
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM run WHERE closed_at IS NOT NULL AND iso_week = '2026-W48'").await, 0);
        // Nothing heals it by itself.
        assert!(!world.tick("2026-11-25T13:00:00Z").await.closes());
    }

    async fn a_whole_week_that_vanished_is_seen_too(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        world.by_hand("DELETE FROM delivery").await;
        world.by_hand("UPDATE run SET closed_at = NULL").await;
        assert!(!world.tick(SEVEN).await.closes());
    }

    async fn a_row_more_than_expected_keeps_the_run_open(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        world.leader("acme", "ben@client.example").await;
        world.by_hand("UPDATE subscription SET confirmed_at = 1795437000000 WHERE id LIKE '%ben@%'").await;
        world.by_hand("INSERT INTO delivery (id, subscription_id, iso_week, kind, state, reason, send_at, finished_at, created_at) \
            SELECT 'extra', id, '2026-W48', 'brief', 'skipped', 'paused', 0, 0, 0 FROM subscription WHERE id LIKE '%ben@%'").await;
        let proof = world.tick(SEVEN).await.proofs.pop().unwrap();
        assert_eq!((proof.expected, proof.accounted, proof.closes), (1, 2, false));
    }

    async fn the_ledger_keeps_what_a_closed_run_was_proved_with(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let run = world.db.runs("2026-W48", 1).await.unwrap().remove(0);
        assert_eq!(run.expected, 1);
        assert!(run.closed_at.is_some());
        assert!(run.counts.contains("\"sent\""), "{}", run.counts);
    }

    async fn a_run_opens_again_while_something_of_it_is_due(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        // Closed at the cut-off: what is due at seven does not keep it open.
        assert!(world.tick(MONDAY).await.closes());
        world.db.pause("a drill", crate::world::at(MONDAY)).await.unwrap();
        let report = world.tick(SEVEN).await;
        assert!(!report.closes());
        assert_eq!(report.proofs.last().unwrap().due, 1);
    }
}
