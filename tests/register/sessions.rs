//! Sessions and what is promised in them.

use back_office_brief::domain::register::ask::{Begins, NewSession, PromiseChange, SessionChange};
use back_office_brief::engine::register::RegisterError;
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{day, mendel, osei, refusal, refusals, scene};
use crate::world::at;

fn promise(text: &str) -> PromiseChange {
    PromiseChange { text: Some(text.to_owned()), ..PromiseChange::default() }
}

fn session(promises: Vec<PromiseChange>) -> NewSession {
    let begins = Begins::Local("2026-11-26T10:00".parse().unwrap());
    NewSession { consultant: None, begins, notes: "Went through\nthe list.".to_owned(), promises }
}

on_both! {
    async fn a_session_is_held_with_its_promises(db: Db) {
        let world = scene(db).await;
        let asked = session(vec![
            PromiseChange { owner: Some("D. Ruiz".to_owned()), due_on: Some(Some(day("2026-12-01"))), ..promise("Name a deputy") },
            promise("Send the list"),
        ]);
        let written = world.engine.add_session("acme", &asked, &mendel()).await.unwrap();
        let seen = world.engine.sessions("acme").await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].id.as_str(), seen[0].version.as_str()), (written.id.as_str(), written.version.as_str()));
        assert_eq!(seen[0].starts_at, at("2026-11-26T16:00:00Z"), "ten in Chicago");
        assert_eq!((seen[0].consultant.as_str(), seen[0].notes.as_str()), ("A. Mendel", "Went through\nthe list."));
        let promises: Vec<_> = seen[0].promises.iter().map(|p| (p.text.as_str(), p.owner.as_str(), p.due_on, p.is_done)).collect();
        assert_eq!(promises, [("Name a deputy", "D. Ruiz", Some(day("2026-12-01")), false), ("Send the list", "", None, false)]);
    }

    async fn promises_are_kept_changed_added_and_taken_out(db: Db) {
        let world = scene(db).await;
        let asked = session(vec![promise("Name a deputy"), promise("Send the list"), promise("Call the bank")]);
        let first = world.engine.add_session("acme", &asked, &mendel()).await.unwrap();
        let ids: Vec<String> = world.engine.sessions("acme").await.unwrap().remove(0).promises.into_iter().map(|p| p.id).collect();
        let change = SessionChange {
            notes: Some("Went through it.".to_owned()),
            begins: Some(Begins::At(at("2026-11-26T17:00:00Z"))),
            promises: vec![
                PromiseChange { id: Some(ids[0].clone()), is_done: Some(true), ..PromiseChange::default() },
                PromiseChange { id: Some(ids[1].clone()), owner: Some("D. Ruiz".to_owned()), ..promise("Send both lists") },
                PromiseChange { id: Some(ids[2].clone()), is_removed: true, ..PromiseChange::default() },
                promise("Ask the auditor"),
            ],
            expected: Some(first.version.clone()),
        };
        let written = world.engine.change_session("acme", &first.id, &change, &mendel()).await.unwrap();
        let seen = world.engine.sessions("acme").await.unwrap().remove(0);
        assert_eq!((seen.version.as_str(), seen.starts_at), (written.version.as_str(), at("2026-11-26T17:00:00Z")));
        let promises: Vec<_> = seen.promises.iter().map(|p| (p.text.as_str(), p.owner.as_str(), p.is_done)).collect();
        assert_eq!(promises, [("Name a deputy", "", true), ("Send both lists", "D. Ruiz", false), ("Ask the auditor", "", false)]);
        // The version that was looked at is old by now.
        let conflict = world.engine.change_session("acme", &first.id, &change, &mendel()).await.unwrap_err();
        assert!(matches!(conflict, RegisterError::Conflict(_)), "{conflict}");
        let same = SessionChange { notes: Some("Went through it.".to_owned()), ..SessionChange::default() };
        assert!(!world.engine.change_session("acme", &first.id, &same, &mendel()).await.unwrap().is_changed);
    }

    async fn what_cannot_be_taken_of_a_session_leaves_nothing(db: Db) {
        let world = scene(db).await;
        world.engine.add_session("acme", &session(Vec::new()), &mendel()).await.unwrap();
        let before = world.rows().await;
        let (field, problem) = refusal(world.engine.add_session("acme", &session(Vec::new()), &mendel()).await);
        assert_eq!(field, "starts_at");
        assert!(problem.contains("there is a session at 2026-11-26 10:00 already"), "{problem}");
        let other = NewSession { begins: Begins::At(at("2026-11-27T16:00:00Z")), ..session(vec![promise(" ")]) };
        let refused = refusals(world.engine.add_session("acme", &other, &osei()).await);
        let told: Vec<_> = refused.iter().map(|(entry, field, _)| (*entry, *field)).collect();
        assert_eq!(told, [(None, "consultant"), (Some(0), "text")]);
        assert!(refused[0].2.contains("P. Osei is no consultant of The acme"), "{}", refused[0].2);
        let foreign = PromiseChange { id: Some("nothing".to_owned()), ..promise("Mine") };
        let id = world.engine.sessions("acme").await.unwrap().remove(0).id;
        let change = SessionChange { promises: vec![foreign], ..SessionChange::default() };
        assert_eq!(refusal(world.engine.change_session("acme", &id, &change, &mendel()).await).0, "id");
        assert_eq!(world.rows().await, before);
        // Somebody else may write it down for the consultant.
        let named = NewSession { consultant: Some("Mendel@advisor.example".to_owned()), ..other };
        let named = NewSession { promises: Vec::new(), ..named };
        world.engine.add_session("acme", &named, &osei()).await.unwrap();
        assert_eq!(world.engine.sessions("acme").await.unwrap()[0].consultant, "A. Mendel");
    }
}
