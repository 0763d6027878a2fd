//! More than one batch of everything: memory holds one batch, and nobody beyond it is forgotten.

use back_office_brief::engine::review::Decision;
use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at, by, ms, number};

/// More deliveries than are settled in one transaction.
const MANY: usize = 1_003;

async fn planned(db: Db) -> World {
    let world = World::on(db);
    world.organization("acme").await;
    world.many_leaders("acme", MANY).await;
    world.tick(MONDAY).await;
    world
}

on_both! {
    async fn a_thousand_that_a_dead_process_left_are_found_and_sent_again(db: Db) {
        let world = planned(db).await;
        world.by_hand("UPDATE delivery SET state = 'handing_over', handed_over_at = 1, \
            lease_until = 1, lease_token = 'dead'").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.resent, report.deliver.sent), (MANY as u64, MANY as u64));
        let lost = "SELECT COUNT(*) FROM delivery_attempt WHERE outcome = 'lost'";
        assert_eq!(number(&world.db, lost).await, 1_003);
        assert_eq!(report.proofs.last().unwrap().resends, 1_003);
    }

    async fn a_thousand_that_are_no_longer_news_are_given_up(db: Db) {
        let world = planned(db).await;
        world.by_hand("UPDATE delivery SET expires_at = 1").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.expired, report.deliver.sent), (MANY as u64, 0));
    }

    async fn a_thousand_are_assumed_sent_and_their_run_is_proved_again(db: Db) {
        let world = planned(db).await;
        world.by_hand("UPDATE delivery SET state = 'uncertain', next_attempt_at = NULL \
            WHERE subscription_id LIKE '%reader.1%'").await;
        // One waits for a retry, later in the queue than it was due; one is due later.
        world.by_hand("UPDATE delivery SET next_attempt_at = 1800000000000 WHERE subscription_id LIKE '%reader.2@%'").await;
        world.by_hand("UPDATE delivery SET send_at = 1800000000000, next_attempt_at = 1800000000000 \
            WHERE subscription_id LIKE '%reader.3@%'").await;
        // One was refused before the loss.
        world.by_hand("UPDATE delivery SET state = 'failed', reason = '550', finished_at = 1, next_attempt_at = NULL \
            WHERE subscription_id LIKE '%reader.7@%'").await;
        let settled = world.db.assume_sent(at(SEVEN), at(SEVEN)).await.unwrap().deliveries;
        assert_eq!(settled, MANY as u64 - 2);
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent, 0);
        let proof = report.proofs.last().unwrap();
        assert_eq!((proof.in_state("sent"), proof.in_state("queued")), (1_001, 1));
        // What an operator queues again is sent, whatever was assumed of the others.
        let later = "2026-11-23T13:05:00Z";
        let row = world.delivery("reader.7@many.example", "2026-W48").await;
        world.db.retry_by_hand(&row.id, ms(later)).await.unwrap();
        assert_eq!(world.tick(later).await.deliver.sent, 1);
    }

    async fn a_correction_reaches_more_readers_than_one_page(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 4_003).await;
        world.tick(MONDAY).await;
        world.by_hand("UPDATE delivery SET state = 'sent', handed_over_at = 1, finished_at = 1, next_attempt_at = NULL").await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        world.gap("acme", "missed", "2026-11-20T12:00:00Z").await;
        let (_, told) = world.engine.correct(&edition, Vec::new(), "An import was taken back.", &by("M. Mendel")).await.unwrap();
        assert_eq!(told, 4_003);
    }

    async fn more_owners_than_are_held_at_once_each_get_an_edition_of_their_own(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        for n in 0..70 {
            world.subscriber("acme", &format!("owner.{n}@client.example"), |person, subscription| {
                person.name = "Lee Park".to_owned();
                subscription.role = "owner".to_owned();
            }).await;
        }
        world.clock.set(at(MONDAY));
        let planned = world.engine.plan(at(MONDAY)).await.unwrap();
        assert_eq!((planned.deliveries, planned.frozen), (70, 71));
        let apart = "SELECT COUNT(DISTINCT edition_id) FROM delivery WHERE state = 'queued'";
        assert_eq!(number(&world.db, apart).await, 70);
    }

    async fn more_owners_than_are_held_at_once_are_released_by_an_approval(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        for n in 0..70 {
            world.subscriber("acme", &format!("owner.{n}@client.example"), |person, subscription| {
                person.name = "Lee Park".to_owned();
                subscription.role = "owner".to_owned();
            }).await;
        }
        world.tick(MONDAY).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        world.engine.decide(&edition, &Decision::Approve, &by("A. Mendel"), None).await.unwrap();
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent, 70);
    }

    async fn more_organizations_than_one_batch_all_get_a_draft(db: Db) {
        let world = World::on(db);
        for n in 0..66 {
            let slug = format!("org{n:03}");
            world.organization_with(&slug, |o| {
                o.review = "hold".to_owned();
                o.review_hours = Some(24);
            }).await;
        }
        // The first look finds out when the cut-offs are.
        world.tick("2026-11-16T12:00:00Z").await;
        let report = world.tick("2026-11-22T13:00:00Z").await;
        assert_eq!(report.plan.drafts, 66);
    }
}
