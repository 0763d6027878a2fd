//! What somebody says about a draft while the plan is made is not passed over (DESIGN 2.3).
//!
//! They hold the turn of the client, as everybody who says something does, while a planner that has read
//! already waits to write: what it made without them is made anew.

use std::time::Duration;

use back_office_brief::engine::review::Decision;
use back_office_brief::store::audit::Entry;
use back_office_brief::store::editions::EditionRow;
use back_office_brief::store::{Db, Tx};

use crate::on_both;
use crate::world::{SEVEN, World, at, by, ms};

/// Long enough for a planner to read one client's week.
const READS: Duration = Duration::from_millis(700);

/// A client's draft a day before its cut-off.
async fn draft(world: &World) -> EditionRow {
    let review = |o: &mut back_office_brief::store::records::Organization| {
        (o.review, o.review_hours) = ("hold".to_owned(), Some(24));
    };
    world.organization_with("acme", review).await;
    world.leader("acme", "anna@client.example").await;
    // The tick of the week before fills in when the next cut-off is.
    world.tick("2026-11-19T12:00:00Z").await;
    world.tick("2026-11-22T12:00:00Z").await;
    world.clock.set(at(SEVEN));
    world.editions("2026-W48").await.remove(0)
}

async fn state(world: &World) -> String {
    world.editions("2026-W48").await.remove(0).state
}

/// Has the planner read before what a transaction says about an edition is durable, and wait for it.
async fn planned_before_it_is_said(world: &World, row: &EditionRow, mut tx: Tx) {
    let engine = world.engine.clone();
    let planning = tokio::spawn(async move { engine.schedule(at(SEVEN)).await });
    tokio::time::sleep(READS).await;
    // Its row in the log is the last thing that is written: by now the planner has the client.
    let detail = serde_json::json!({});
    let (organization, subject) = (Some(row.scope_id.as_str()), row.id.as_str());
    let entry = Entry { organization, action: "edition.said", subject, detail: &detail };
    tx.audit(&by("mendel"), entry, at(SEVEN)).await.unwrap();
    tx.commit().await.unwrap();
    planning.await.unwrap().unwrap();
}

on_both! {
    async fn a_draft_that_is_skipped_meanwhile_is_not_sent(db: Db) {
        let world = World::on(db);
        let row = draft(&world).await;
        let mut tx = world.db.begin().await.unwrap();
        tx.take_turn(&row.scope_id).await.unwrap();
        tx.add_decision(&row, "skip", "mendel", None, ms(SEVEN)).await.unwrap();
        planned_before_it_is_said(&world, &row, tx).await;
        assert_eq!(state(&world).await, "draft", "it was made without the decision");
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(state(&world).await, "skipped");
        assert!(world.mails().is_empty());
    }

    async fn a_note_that_is_written_meanwhile_stands_in_the_brief(db: Db) {
        let world = World::on(db);
        let row = draft(&world).await;
        let mut tx = world.db.begin().await.unwrap();
        tx.take_turn(&row.scope_id).await.unwrap();
        tx.add_note(&row, "Two lists are in use.", "M. Mendel", ms(SEVEN)).await.unwrap();
        planned_before_it_is_said(&world, &row, tx).await;
        assert_eq!(state(&world).await, "draft", "it was made without the note");
        assert!(world.tick(SEVEN).await.closes());
        let text = &world.mails()[0].text;
        assert!(text.contains("Two lists are in use."), "{text}");
    }

    async fn what_a_host_says_whose_clock_is_ahead_is_heard_at_once(db: Db) {
        let world = World::on(db);
        let row = draft(&world).await;
        world.clock.set(at("2026-11-23T13:04:00Z"));
        let engine = world.another_engine();
        engine.add_note(&row.id, "Two lists are in use.", &by("mendel"), None).await.unwrap();
        assert!(world.tick(SEVEN).await.closes());
        assert!(world.mails()[0].text.contains("Two lists are in use."));
    }

    async fn a_skip_by_a_host_whose_clock_is_ahead_is_not_overtaken_by_an_approval_before_it(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let held = world.editions("2026-W48").await.remove(0).id;
        world.engine.decide(&held, &Decision::Approve, &by("mendel"), None).await.unwrap();
        world.clock.set(at("2026-11-23T13:04:00Z"));
        world.engine.decide(&held, &Decision::Skip(None), &by("mendel"), None).await.unwrap();
        world.tick("2026-11-23T13:01:00Z").await;
        assert_eq!(state(&world).await, "skipped");
        assert!(world.mails().is_empty());
    }
}
