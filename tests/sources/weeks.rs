//! A register is read before two Mondays, and changes between them.

use back_office_brief::store::records::Subscription;
use back_office_brief::store::{Db, organizations};

use crate::foreign::Foreign;
use crate::house::{batches, beside};
use crate::on_both;
use crate::world::{World, at};

/// Monday's cut-off in Chicago is 12:00 UTC; two hours before it sources are read.
const BEFORE: [&str; 2] = ["2026-11-16T10:05:00Z", "2026-11-23T10:05:00Z"];
const AFTER: [&str; 2] = ["2026-11-16T13:30:00Z", "2026-11-23T13:30:00Z"];

async fn two_weeks(db: Db, foreign: Foreign) {
    let world = beside(db, &foreign);
    world.tick("2026-11-10T09:00:00Z").await;
    leader(&world).await;
    world.tick(BEFORE[0]).await;
    assert!(world.tick(AFTER[0]).await.closes());
    let first = world.mails();
    assert_eq!(first.len(), 1);
    assert!(first[0].text.contains("Price lists"), "{}", first[0].text);
    let imported = batches(&world.db).await.len();

    foreign.a_week_later().await;
    world.tick(BEFORE[1]).await;
    assert!(world.tick(AFTER[1]).await.closes());
    let second = world.mails().into_iter().find(|m| m.message_id != first[0].message_id);
    let text = second.expect("a second brief").text;
    for line in [
        "THIS WEEK",
        "New: leave notebook. About €240 a week.",
        "Closed: price lists. Protects €3,800 a week.",
        "invoice exceptions",
    ] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
    assert!(!text.contains("not updated"), "{text}");
    let new: Vec<(String, i64)> = batches(&world.db)
        .await
        .into_iter()
        .filter(|batch| batch.started_at > at(BEFORE[0]))
        .map(|batch| (batch.path, batch.rows_written))
        .collect();
    assert_eq!(new, [("source:erp/changes".to_owned(), 3), ("source:erp/gaps".to_owned(), 1)]);
    assert_eq!(
        batches(&world.db).await.len(),
        imported + 2,
        "what says nothing new leaves no batch"
    );
}

/// Somebody reads about the organization that came with the register.
async fn leader(world: &World) {
    let found = organizations::find(&world.db, "northfield-supply").await.expect("it came");
    let since = world.engine.clock.now().as_millisecond();
    let confirm = |subscription: &mut Subscription| {
        (subscription.confirmed_at, subscription.created_at) = (Some(since), since);
    };
    world.subscriber(&found.id, "coo@north.example", |_, own| confirm(own)).await;
}

on_both! {
    async fn a_file(db: Db) {
        two_weeks(db, Foreign::sqlite().await.expect("a file")).await;
    }

    async fn a_postgres(db: Db) {
        if let Some(foreign) = Foreign::postgres().await {
            two_weeks(db, foreign).await;
        }
    }

    async fn a_mariadb(db: Db) {
        if let Some(foreign) = Foreign::mariadb().await {
            two_weeks(db, foreign).await;
        }
    }
}
