//! The same database at the same cut-off gives the same bytes (DESIGN 2.7).

use back_office_brief::engine::preview::Whose;
use back_office_brief::store::Db;
use back_office_brief::store::editions::StoredBody;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at};

async fn week(world: &World) -> Vec<StoredBody> {
    let mut bodies = Vec::new();
    for edition in world.editions("2026-W48").await {
        bodies.push(world.db.edition_body(&edition.id).await.unwrap());
    }
    bodies
}

async fn peopled(db: Db) -> World {
    let world = World::on(db);
    world.organization("acme").await;
    world.gap("acme", "late", "2026-11-18T12:00:00Z").await;
    world.leader("acme", "anna@client.example").await;
    world.subscriber("acme", "lee.park@client.example", |_, s| s.role = "owner".to_owned()).await;
    world.consultant("mendel@advisor.example", &["acme"], |_, _| {}).await;
    world.public("petra@public.example").await;
    world
}

#[tokio::test]
async fn both_engines_and_any_planning_instant_give_the_same_bytes() {
    let (sqlite, _folder) = crate::support::sqlite().await;
    let one = peopled(sqlite).await;
    for tick in ["2026-11-22T12:00:00Z", MONDAY, "2026-11-24T12:00:00Z"] {
        one.tick(tick).await;
    }
    let Some(postgres) = crate::support::postgres::database().await else {
        return;
    };
    let two = peopled(postgres).await;
    // Planned later, in fewer ticks.
    for tick in ["2026-11-23T09:00:00Z", "2026-11-24T20:00:00Z"] {
        two.tick(tick).await;
    }
    let (first, second) = (week(&one).await, week(&two).await);
    assert_eq!(first.len(), 4);
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(a.facts, b.facts);
        assert_eq!(
            (&a.subject, &a.body_text, &a.body_html),
            (&b.subject, &b.body_text, &b.body_html)
        );
        assert_eq!(a.mould, b.mould);
    }
    assert_eq!(first.len(), second.len());
}

on_both! {
    async fn a_preview_is_the_frozen_edition_before_and_after(db: Db) {
        let world = peopled(db).await;
        let whose = Whose::Leader("acme".to_owned());
        let before = world.engine.preview(&whose, at(MONDAY)).await.unwrap();
        let owner = Whose::Owner("acme".to_owned(), Some("Lee Park".to_owned()));
        let owners = world.engine.preview(&owner, at(MONDAY)).await.unwrap();
        let consultant = Whose::Consultant(
            back_office_brief::domain::address::EmailAddress::parse("mendel@advisor.example").unwrap(),
        );
        let portfolio = world.engine.preview(&consultant, at("2026-11-22T12:00:00Z")).await.unwrap();
        let public = world.engine.preview(&Whose::Public, at("2026-11-24T12:00:00Z")).await.unwrap();
        for tick in ["2026-11-22T12:00:00Z", SEVEN, "2026-11-24T12:00:00Z"] {
            world.tick(tick).await;
        }
        for edition in world.editions("2026-W48").await {
            let stored = world.db.edition_body(&edition.id).await.unwrap();
            let shown = match edition.kind.as_str() {
                "leader" => &before,
                "owner" => &owners,
                "portfolio" => &portfolio,
                _ => &public,
            };
            assert_eq!(stored.facts.as_ref(), Some(&shown.body.facts), "{}", edition.kind);
            assert_eq!(stored.body_text.as_ref(), Some(&shown.body.text));
            assert_eq!(stored.body_html.as_ref(), Some(&shown.body.html));
            assert_eq!(stored.mould.as_ref(), Some(&shown.body.mould));
        }
        let after = world.engine.preview(&whose, at("2026-11-27T12:00:00Z")).await.unwrap();
        assert_eq!(after.body, before.body, "the same cut-off, whenever it is asked for");
    }

    async fn a_preview_stores_and_sends_nothing(db: Db) {
        let world = peopled(db).await;
        world.engine.preview(&Whose::Leader("acme".to_owned()), at(MONDAY)).await.unwrap();
        assert!(world.editions("").await.is_empty());
        assert!(world.mails().is_empty());
    }
}
