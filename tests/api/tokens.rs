//! Tokens: made and shown once, good for a while, gone when they are revoked.

use back_office_brief::domain::grants::Grants;
use back_office_brief::engine::EngineError;
use back_office_brief::engine::tokens::{NewToken, PREFIX};
use back_office_brief::store::audit::{Actor, Way};
use back_office_brief::store::{Db, StoreError};
use jiff::SignedDuration;

use crate::client::Program;
use crate::on_both;
use crate::world::{SEVEN, World, at};

const LIST: &str = "/api/v1/organizations";

fn actor() -> Actor {
    Actor { person_id: None, name: "command".to_owned(), way: Way::Command }
}

fn new(name: &str, scopes: &[&str], hours: i64) -> NewToken {
    NewToken {
        name: name.to_owned(),
        grants: Grants::of(scopes.iter().copied()).expect("scopes"),
        organization: None,
        good_for: SignedDuration::from_hours(hours),
    }
}

on_both! {
    async fn a_token_is_shown_once_and_kept_as_a_hash(db: Db) {
        let world = World::on(db);
        let now = world.engine.clock.now();
        let (shown, row) = world.engine.add_token(&new(" warehouse\n", &["read"], 24), &actor(), now).await.unwrap();
        assert!(shown.starts_with(PREFIX) && shown.len() > 40, "{shown}");
        assert_eq!(row.name, "warehouse");
        assert!(!format!("{row:?}").contains(&shown), "what opens is not in the row");
        Program::with(&world, &shown).get(LIST).await.is(200);
        let log = world.db.audit_log(None, None, 10).await.unwrap();
        assert_eq!((log[0].action.as_str(), log[0].subject.as_str()), ("token.add", "warehouse"));
        assert!(!format!("{log:?}").contains(&shown[PREFIX.len()..]));
    }

    async fn whoever_has_no_good_token_is_told_the_same(db: Db) {
        let world = World::on(db);
        let now = world.engine.clock.now();
        let (revoked, row) = world.engine.add_token(&new("a", &["read"], 24), &actor(), now).await.unwrap();
        assert!(world.engine.revoke_token(&row.id, &actor(), now).await.unwrap().1);
        assert!(!world.engine.revoke_token("a", &actor(), now).await.unwrap().1, "once is enough");
        let (over, _) = world.engine.add_token(&new("b", &["read"], 24), &actor(), now).await.unwrap();
        world.clock.set(now + SignedDuration::from_hours(24));
        let unknown = format!("{PREFIX}{}", "x".repeat(43));
        let mut seen = Vec::new();
        for token in [revoked.as_str(), &over, &unknown, "not one of ours", "bob_", "ü"] {
            let told = Program::with(&world, "").ask("GET", LIST, &[("Authorization", &format!("Bearer {token}"))], &serde_json::Value::Null).await;
            let mut problem = told.is_problem(401, "unauthorized");
            problem["instance"] = serde_json::Value::Null;
            seen.push((problem.to_string(), told.header("www-authenticate").to_owned()));
        }
        seen.dedup();
        assert_eq!(seen.len(), 2, "only what is no header value at all looks as if none was sent: {seen:?}");
        assert_eq!(seen[0].1, "Bearer realm=\"api\", error=\"invalid_token\"");
        for scheme in ["Basic eDp5", "bearer", ""] {
            let told = Program::with(&world, "").ask("GET", LIST, &[("Authorization", scheme)], &serde_json::Value::Null).await;
            told.is_problem(401, "unauthorized");
            assert_eq!(told.header("www-authenticate"), "Bearer realm=\"api\"", "{scheme}");
        }
    }

    async fn the_scheme_is_read_in_any_case(db: Db) {
        let world = World::on(db);
        let (shown, _) = world.engine.add_token(&new("a", &["read"], 24), &actor(), world.engine.clock.now()).await.unwrap();
        let told = Program::with(&world, "").ask("GET", LIST, &[("Authorization", &format!("bEARER {shown}"))], &serde_json::Value::Null).await;
        told.is(200);
        // Not in the address, where it would stand in logs.
        Program::with(&world, "").get(&format!("{LIST}?access_token={shown}")).await.is(401);
    }

    async fn a_token_that_makes_no_sense_is_not_made(db: Db) {
        let world = World::on(db);
        let now = world.engine.clock.now();
        for (wanted, field) in [
            (new("\u{202e}", &["read"], 24), "name"),
            (new("a", &[], 24), "scope"),
            (new("a", &["read"], 0), "expires"),
            (new("a", &["read"], 24 * 732), "expires"),
        ] {
            let error = world.engine.add_token(&wanted, &actor(), now).await.unwrap_err();
            assert!(matches!(&error, EngineError::Store(StoreError::Invalid { field: own, .. }) if *own == field), "{error}");
        }
        let elsewhere = NewToken { organization: Some("nowhere".to_owned()), ..new("a", &["read"], 24) };
        assert!(world.engine.add_token(&elsewhere, &actor(), now).await.is_err());
        world.engine.add_token(&new("a", &["read"], 24), &actor(), now).await.unwrap();
        let error = world.engine.add_token(&new("a", &["read"], 24), &actor(), now).await.unwrap_err().to_string();
        assert!(error.contains("revoke it first"), "{error}");
        world.engine.revoke_token("a", &actor(), now).await.unwrap();
        world.engine.add_token(&new("a", &["read"], 24), &actor(), now).await.unwrap();
    }

    async fn its_last_use_is_written_down_to_some_minutes(db: Db) {
        let world = World::on(db);
        world.clock.set(at(SEVEN));
        let program = world.program(&["read"], None).await;
        assert_eq!(world.db.api_tokens().await.unwrap()[0].last_used_at, None);
        program.get(LIST).await.is(200);
        let first = world.db.api_tokens().await.unwrap()[0].last_used_at;
        assert_eq!(first, Some(at(SEVEN).as_millisecond()));
        world.clock.set(at("2026-11-23T13:04:00Z"));
        program.get(LIST).await.is(200);
        assert_eq!(world.db.api_tokens().await.unwrap()[0].last_used_at, first, "a read is no write");
        world.clock.set(at("2026-11-23T13:06:00Z"));
        program.get(LIST).await.is(200);
        assert_eq!(world.db.api_tokens().await.unwrap()[0].last_used_at, Some(at("2026-11-23T13:06:00Z").as_millisecond()));
    }

    async fn a_program_asks_so_often_and_is_told_when_again(db: Db) {
        let world = World::with(db, &[("BRIEF__API__PER_MINUTE", "3")]);
        world.clock.set(at(SEVEN));
        let (program, other) = (world.program(&["read"], None).await, world.program(&["read"], None).await);
        for left in ["2", "1", "0"] {
            let told = program.get(LIST).await;
            told.is(200);
            assert_eq!(told.header("ratelimit-policy"), "\"token\";q=3;w=60");
            assert!(told.header("ratelimit").starts_with(&format!("\"token\";r={left};t=")), "{}", told.header("ratelimit"));
        }
        let told = program.get(LIST).await;
        told.is_problem(429, "too-many-requests");
        assert_eq!(told.header("retry-after"), "20");
        assert_eq!(told.header("ratelimit"), "\"token\";r=0;t=60");
        // The document is for everybody, and nobody pays for another.
        program.get("/api/v1/openapi.json").await.is(200);
        program.by(&other.token).get(LIST).await.is(200);
        world.clock.set(at("2026-11-23T13:00:20Z"));
        program.get(LIST).await.is(200);
        program.get(LIST).await.is(429);
    }
}
