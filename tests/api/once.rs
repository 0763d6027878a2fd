//! A write that is sent again is not done again.

use axum::http::header::IF_MATCH;
use back_office_brief::store::Db;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::Told;
use crate::on_both;
use crate::world::{SEVEN, World, at, run};

const PEOPLE: &str = "/api/v1/people";

fn person(n: usize) -> Value {
    json!({ "email": format!("p{n}@client.example") })
}

/// Everything that a program sees of an answer to a request that was sent again.
fn seen(told: &Told) -> (u16, String, String) {
    (told.status.as_u16(), told.text.clone(), told.header("location").to_owned())
}

on_both! {
    async fn the_same_request_is_answered_the_same(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let key = [("Idempotency-Key", "k-1")];
        let first = all.ask("POST", PEOPLE, &key, &person(1)).await;
        first.is(201);
        assert_eq!(first.header("idempotency-replayed"), "");
        for quoted in ["k-1", "\"k-1\""] {
            let again = all.ask("POST", PEOPLE, &[("Idempotency-Key", quoted)], &person(1)).await;
            assert_eq!(seen(&again), seen(&first));
            assert_eq!(again.header("idempotency-replayed"), "true");
            assert_eq!(again.header("content-type"), "application/json");
        }
        all.ask("POST", PEOPLE, &[], &person(1)).await.is_problem(409, "conflict");
        assert_eq!(all.get(PEOPLE).await.json()["items"].as_array().unwrap().len(), 1);
        // A refusal is an answer as well.
        let wrong = all.ask("POST", PEOPLE, &[("Idempotency-Key", "k-2")], &json!({ "email": "x" })).await;
        wrong.is_problem(422, "invalid");
        let again = all.ask("POST", PEOPLE, &[("Idempotency-Key", "k-2")], &json!({ "email": "x" })).await;
        assert_eq!(seen(&again), seen(&wrong));
        assert_eq!(again.header("content-type"), "application/problem+json");
    }

    async fn a_key_belongs_to_one_request_of_one_token(db: Db) {
        let world = World::on(db);
        let (all, other) = (world.all().await, world.all().await);
        let key = [("Idempotency-Key", "k")];
        all.ask("POST", PEOPLE, &key, &person(1)).await.is(201);
        all.ask("POST", PEOPLE, &key, &person(2)).await.is_problem(422, "key-reused");
        all.ask("POST", "/api/v1/suppressions", &key, &person(1)).await.is_problem(422, "key-reused");
        other.ask("POST", PEOPLE, &key, &person(2)).await.is(201);
        for wrong in ["", "a b", "é", &"k".repeat(256)] {
            let told = all.ask("POST", PEOPLE, &[("Idempotency-Key", wrong)], &person(3)).await;
            told.is_problem(400, "bad-parameter");
            assert_eq!(told.complains_of(), ["Idempotency-Key"]);
        }
        // A read needs none and takes no notice of one.
        all.ask("GET", PEOPLE, &key, &Value::Null).await.is(200);
        assert_eq!(IF_MATCH.as_str(), "if-match");
    }

    async fn of_many_at_once_one_is_done(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let key = [("Idempotency-Key", "k")];
        let requests = (0..8).map(|_| {
            let all = all.clone();
            tokio::spawn(async move { all.ask("POST", PEOPLE, &key, &person(1)).await })
        });
        let mut done = 0;
        for request in requests.collect::<Vec<_>>() {
            let told = request.await.unwrap();
            match told.status.as_u16() {
                201 => done += 1,
                _ => drop((told.is_problem(409, "key-under-way"), assert_eq!(told.header("retry-after"), "1"))),
            }
        }
        assert!(done >= 1);
        all.ask("POST", PEOPLE, &key, &person(1)).await.is(201);
        assert_eq!(all.get(PEOPLE).await.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(world.audited().await.len(), 1);
    }

    async fn a_key_is_kept_for_a_day(db: Db) {
        let world = World::on(db);
        world.clock.set(at(SEVEN));
        let all = world.all().await;
        let key = [("Idempotency-Key", "k")];
        let first = all.ask("POST", PEOPLE, &key, &person(1)).await;
        world.clock.set(at(SEVEN) + SignedDuration::from_hours(23));
        let again = all.ask("POST", PEOPLE, &key, &person(1)).await;
        assert_eq!(seen(&again), seen(&first));
        let later = world.all().await;
        assert_eq!(world.engine.db.forget_keys(at(SEVEN), 10).await.unwrap(), 1, "the daily pruning takes it");
        later.ask("POST", PEOPLE, &key, &person(2)).await.is(201);
        world.clock.set(at(SEVEN) + SignedDuration::from_hours(48));
        let all = world.all().await;
        all.ask("POST", PEOPLE, &key, &person(3)).await.is(201);
        world.clock.set(at(SEVEN) + SignedDuration::from_hours(71));
        all.ask("POST", PEOPLE, &key, &person(4)).await.is_problem(422, "key-reused");
    }

    async fn an_answer_that_names_somebody_is_forgotten_with_them(db: Db) {
        let world = World::on(db);
        world.clock.set(at(SEVEN));
        let all = world.all().await;
        let (one, other) = ([("Idempotency-Key", "k-1")], [("Idempotency-Key", "k-2")]);
        let made = all.ask("POST", PEOPLE, &one, &person(1)).await.is(201).json();
        let kept = all.ask("POST", PEOPLE, &other, &person(2)).await;
        all.delete(&format!("{PEOPLE}/{}", made["id"].as_str().unwrap())).await.is(204);
        world.clock.set(at(SEVEN) + SignedDuration::from_hours(1));
        let again = all.ask("POST", PEOPLE, &one, &person(1)).await;
        again.is_problem(409, "key-cut-off");
        assert_eq!(seen(&all.ask("POST", PEOPLE, &other, &person(2)).await), seen(&kept));
    }

    async fn nothing_is_done_under_a_key_whose_first_request_was_cut_off(db: Db) {
        let world = World::on(db);
        world.clock.set(at(SEVEN));
        let all = world.all().await;
        let key = [("Idempotency-Key", "k")];
        all.ask("POST", PEOPLE, &key, &person(1)).await.is(201);
        // The process ended before the answer was kept.
        run(&world.db, "UPDATE idempotency_key SET status = NULL, head = NULL, body = NULL").await;
        all.ask("POST", PEOPLE, &key, &person(1)).await.is_problem(409, "key-under-way");
        world.clock.set(at(SEVEN) + SignedDuration::from_mins(2));
        all.ask("POST", PEOPLE, &key, &person(1)).await.is_problem(409, "key-cut-off");
        all.ask("POST", PEOPLE, &key, &person(2)).await.is_problem(422, "key-reused");
    }

    async fn a_fault_of_ours_after_the_work_was_done_does_not_have_it_done_twice(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.clock.set(at(SEVEN));
        let all = world.all().await;
        let key = [("Idempotency-Key", "k")];
        let gaps = "/api/v1/organizations/acme/gaps";
        let new = json!({ "area": "payables", "category": "owner_habit", "severity": 2, "title": "Nobody owns it" });
        // The gap is made, and read again for the answer with what its readers said of it.
        run(&world.db, "ALTER TABLE answer RENAME TO answer_away").await;
        all.ask("POST", gaps, &key, &new).await.is_problem(500, "broken");
        run(&world.db, "ALTER TABLE answer_away RENAME TO answer").await;
        all.ask("POST", gaps, &key, &new).await.is_problem(409, "key-under-way");
        world.clock.set(at(SEVEN) + SignedDuration::from_mins(2));
        all.ask("POST", gaps, &key, &new).await.is_problem(409, "key-cut-off");
        let made = all.get(gaps).await.json()["items"].as_array().unwrap().iter()
            .filter(|gap| gap["title"] == "Nobody owns it").count();
        assert_eq!(made, 1);
    }

    async fn a_fault_of_ours_gives_the_key_back(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let key = [("Idempotency-Key", "k")];
        run(&world.db, "ALTER TABLE person RENAME TO person_away").await;
        let told = all.ask("POST", PEOPLE, &key, &person(1)).await;
        let problem = told.is_problem(500, "broken").to_string();
        for word in ["person_away", "table", "SQL", "relation", "no such"] {
            assert!(!problem.contains(word), "{word}: {problem}");
        }
        run(&world.db, "ALTER TABLE person_away RENAME TO person").await;
        all.ask("POST", PEOPLE, &key, &person(1)).await.is(201);
    }
}
