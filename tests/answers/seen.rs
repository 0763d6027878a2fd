//! What the consultant sees: the answers that wait, of their clients only, until somebody deals with
//! them.

use back_office_brief::engine::register::RegisterError;
use back_office_brief::store::Db;
use back_office_brief::store::audit::{Actor, Way};

use crate::on_both;
use crate::scene::{FIRST, LEADER, OWNER, answer_link, told};
use crate::world::at;

fn mendel() -> Actor {
    Actor { person_id: None, name: "Ana Mendel".to_owned(), way: Way::Desk }
}

on_both! {
    async fn answers_wait_until_somebody_deals_with_them(db: Db) {
        let (world, browser) = told(db).await;
        world.organization("borealis").await;
        let owner = world.brief_to(OWNER);
        browser.press(&answer_link(&owner, "blocked", FIRST), &[("text", "Waits.")]).await.is(200);
        world.clock.set(at("2026-11-23T14:00:00Z"));
        let number = answer_link(&world.brief_to(LEADER), "correct", FIRST);
        browser.press(&number, &[("text", "It is 150.")]).await.is(200);
        let waiting = world.engine.answers_waiting(Some(&["acme", "borealis"])).await.unwrap();
        let told: Vec<_> = waiting.iter().map(|a| (a.kind.as_str(), a.text.as_str(), a.person.as_str())).collect();
        assert_eq!(told, [("blocked", "Waits.", "Lee Park"), ("correct", "It is 150.", "Anna Berg")]);
        let first = &waiting[0];
        assert_eq!((first.slug.as_str(), first.organization.as_str(), first.gap.as_str()), ("acme", "The acme", FIRST));
        assert_eq!(world.engine.answers_waiting::<&str>(None).await.unwrap(), waiting);
        assert!(world.engine.answers_waiting(Some(&["borealis"])).await.unwrap().is_empty());
        assert!(world.engine.answers_waiting::<&str>(Some(&[])).await.unwrap().is_empty());

        // Another client's consultant cannot, nor can anybody what is not there.
        for (organization, answer) in [("borealis", first.id.as_str()), ("acme", "nothing"), ("nowhere", first.id.as_str())] {
            let refused = world.engine.answer_seen(organization, answer, &mendel()).await.unwrap_err();
            assert!(matches!(refused, RegisterError::NotFound { .. }), "{refused}");
        }
        assert_eq!(world.answers().await.len(), 2);
        assert!(world.engine.answer_seen("acme", &first.id, &mendel()).await.unwrap());
        assert!(!world.engine.answer_seen("acme", &first.id, &mendel()).await.unwrap(), "once");
        assert_eq!(world.answers().await, [("correct".to_owned(), "It is 150.".to_owned())]);
        let log = world.log().await;
        let seen: Vec<_> = log.iter().filter(|row| row.action == "answer.seen").collect();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].actor.as_str(), seen[0].subject.as_str(), seen[0].way.as_str()), ("Ana Mendel", FIRST, "desk"));
    }

    async fn an_answer_about_what_was_taken_back_does_not_wait(db: Db) {
        let (world, browser) = told(db).await;
        browser.press(&answer_link(&world.brief_to(OWNER), "blocked", FIRST), &[]).await.is(200);
        assert_eq!(world.answers().await.len(), 1);
        world.by_hand("UPDATE gap SET voided_at = 1795442400000 WHERE id = 'acme-g1'").await;
        assert!(world.answers().await.is_empty());
    }
}
