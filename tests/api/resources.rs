//! Organizations, implementations, assessments, people, subscriptions, deliveries and suppressions: added,
//! read, changed, ended, each written down with who did it.

use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::on_both;
use crate::world::{SEVEN, World, at};

const ORGANIZATIONS: &str = "/api/v1/organizations";

on_both! {
    async fn an_organization_is_added_changed_and_ended(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T12:00:00Z"));
        let all = world.all().await;
        let new = json!({ "name": "Northfield Supply", "currency": "USD", "time_zone": "America/Chicago",
            "review": "hold:24", "billed_per_week": 41_000_000 });
        let told = all.post(ORGANIZATIONS, new.clone()).await;
        told.is(201);
        assert_eq!(told.header("location"), "/api/v1/organizations/northfield-supply");
        let made = told.json();
        assert_eq!((&made["review"], &made["cut_off_weekday"], &made["cut_off_hour"]), (&json!("hold:24"), &json!(1), &json!(6)));
        assert_eq!(all.get(told.header("location")).await.json(), made);
        all.post(ORGANIZATIONS, new).await.is_problem(409, "conflict");
        let path = "/api/v1/organizations/northfield-supply";
        let changed = all.patch(path, json!({ "billed_per_week": null, "review": "required", "cut_off_hour": 8 })).await.is(200).json();
        assert_eq!((&changed["billed_per_week"], &changed["review"], &changed["cut_off_hour"]), (&Value::Null, &json!("required"), &json!(8)));
        assert_eq!(changed["name"], made["name"], "what is left out stays");
        assert_eq!(all.patch(path, json!({})).await.is(200).json(), changed);
        let ended = all.post(&format!("{path}/end"), Value::Null).await.is(200).json();
        assert_eq!(ended["status"], "paused");
        let log = world.db.audit_log(Some(made["id"].as_str().unwrap()), None, 10).await.unwrap();
        let told: Vec<(&str, &str)> = log.iter().rev().map(|row| (row.action.as_str(), row.way.as_str())).collect();
        assert_eq!(told, [("organization.add", "api"), ("organization.change", "api"), ("organization.end", "api")]);
        assert!(log[1].detail.contains("\"billed_per_week\":{\"from\":41000000,\"to\":null}"), "{}", log[1].detail);
        assert!(log[1].actor.starts_with("program-"), "{}", log[1].actor);
    }

    async fn what_an_organization_cannot_be_is_said_at_its_place(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        for (body, places) in [
            (json!({}), vec!["/name", "/currency", "/time_zone"]),
            (json!({ "name": "A", "currency": "XXQ", "time_zone": "UTC" }), vec!["/currency"]),
            (json!({ "name": "A", "currency": "USD", "time_zone": "Mars/Base" }), vec!["/time_zone"]),
            (json!({ "name": "A", "currency": "USD", "time_zone": "UTC", "slug": "A B" }), vec!["/slug"]),
            (json!({ "name": "A", "currency": "USD", "time_zone": "UTC", "review": "hold:0" }), vec!["/review"]),
            (json!({ "name": "A", "currency": "USD", "time_zone": "UTC", "billed_per_week": -1, "cut_off_hour": 24 }), vec!["/cut_off_hour", "/billed_per_week"]),
            (json!({ "name": "株式会社", "currency": "JPY", "time_zone": "Asia/Tokyo" }), vec!["/slug"]),
            (json!({ "name": 7, "currency": ["USD"], "time_zone": null, "colour": "red", "a/b": 1 }), vec!["/colour", "/a~1b", "/name", "/currency", "/time_zone"]),
        ] {
            let told = all.post(ORGANIZATIONS, body.clone()).await;
            told.is_problem(422, "invalid");
            assert_eq!(told.complains_of(), places, "{body}");
        }
        assert_eq!(all.get(ORGANIZATIONS).await.json()["items"], json!([]));
        world.organization("acme").await;
        let told = all.patch("/api/v1/organizations/acme", json!({ "currency": "CAD" })).await;
        told.is_problem(422, "invalid");
        assert_eq!(told.complains_of(), ["/currency"], "its gaps are priced in dollars");
    }

    async fn an_implementation_is_added_and_changed_by_its_version(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T12:00:00Z"));
        world.organization("acme").await;
        let all = world.all().await;
        let list = "/api/v1/organizations/acme/implementations";
        let new = json!({ "name": "Close in five days", "kind": "close", "go_live_on": "2027-03-01", "target_score": 80,
            "areas": [{ "area": "close", "weight": 5 }, { "area": "billing", "weight": 2 }] });
        let told = all.post(list, new).await;
        told.is(201);
        let (one, tag) = (told.header("location").to_owned(), told.header("etag").to_owned());
        assert_eq!(one, "/api/v1/organizations/acme/implementations/close-in-five-days");
        let made = told.json();
        assert_eq!((&made["target_score"], &made["status"]), (&json!(80), &json!("planned")));
        let later = json!({ "go_live_on": "2027-04-01", "status": "preparing" });
        let told = all.ask("PATCH", &one, &[("If-Match", &tag)], &later).await;
        assert_eq!(told.is(200).json()["go_live_on"], "2027-04-01");
        assert_ne!(told.header("etag"), tag);
        all.ask("PATCH", &one, &[("If-Match", &tag)], &json!({ "name": "Mine" })).await.is_problem(412, "changed-meanwhile");
        let told = all.patch(&one, json!({ "areas": [{ "area": "close", "weight": 9 }] })).await;
        told.is_problem(422, "invalid");
        assert_eq!(told.complains_of(), ["/areas/0/weight"]);
        let slugs: Vec<Value> = all.walk(list, 1).await.into_iter().map(|own| own["slug"].clone()).collect();
        assert_eq!(slugs, ["close-in-five-days", "erp"]);
        assert_eq!(all.walk(&format!("{list}?status=preparing"), 5).await.len(), 2);
    }

    async fn an_assessment_is_held_and_confirmed(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T12:00:00Z"));
        world.organization("acme").await;
        let all = world.all().await;
        let list = "/api/v1/organizations/acme/assessments";
        let answer = |category: &str, level: i64| json!({ "area": "billing", "category": category, "level": level });
        let told = all.post(list, json!({ "implementation": "erp", "answers": [answer("undocumented", 3), answer("no_source", 0)] })).await;
        told.is_problem(422, "invalid");
        assert!(told.complains_of()[0].starts_with("/answers/1/"), "{}", told.text);
        let mut linked = answer("no_source", 0);
        linked["new_gap"] = json!({ "area": "billing", "category": "no_source", "severity": 3, "title": "Two price lists in use" });
        let told = all.post(list, json!({ "implementation": "erp", "answers": [answer("undocumented", 3), linked] })).await;
        told.is(201);
        let made = told.json();
        assert_eq!(made["answers"].as_array().unwrap().len(), 2);
        let gap = made["answers"].as_array().unwrap().iter().find_map(|own| own["gap"].as_str()).expect("a gap");
        assert_eq!(all.get(&format!("/api/v1/organizations/acme/gaps/{gap}")).await.is(200).json()["title"], "Two price lists in use");
        let cells = json!({ "implementation": "erp", "cells": [{ "area": "billing", "category": "undocumented" }] });
        let again = all.post(&format!("{list}/unchanged"), cells).await.is(201).json();
        assert_eq!(again["answers"][0]["level"], 3);
        let told = all.post(list, json!({ "implementation": "other", "answers": [answer("undocumented", 3)] })).await;
        told.is_problem(422, "invalid");
        assert_eq!(told.complains_of(), ["/implementation"]);
        let since = format!("{list}?recorded_since=2026-11-20T00:00:00Z");
        assert_eq!(all.walk(&since, 1).await.len(), 2);
    }

    async fn a_person_is_added_changed_and_forgotten(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let told = all.post("/api/v1/people", json!({ "email": "Anna.Ruiz@client.example", "name": "Anna  Ruiz\n" })).await;
        told.is(201);
        let (one, made) = (told.header("location").to_owned(), told.json());
        assert_eq!((&made["name"], &made["locale"]), (&json!("Anna Ruiz"), &json!("en")));
        all.post("/api/v1/people", json!({ "email": "anna.ruiz@CLIENT.example" })).await.is_problem(409, "conflict");
        let found = all.get("/api/v1/people?email=anna.ruiz%40client.example").await.json();
        assert_eq!(found["items"], json!([made]));
        let changed = all.patch(&one, json!({ "time_zone": "Europe/Berlin", "email": "a.ruiz@client.example" })).await.is(200).json();
        assert_eq!((&changed["time_zone"], &changed["email"]), (&json!("Europe/Berlin"), &json!("a.ruiz@client.example")));
        assert_eq!(all.patch(&one, json!({ "name": "\u{202e}" })).await.complains_of(), ["/name"]);
        assert_eq!(all.patch(&one, json!({ "locale": "../x" })).await.complains_of(), ["/locale"]);
        let gone = all.delete(&one).await;
        gone.is(204);
        assert_eq!(gone.text, "");
        all.get(&one).await.is_problem(404, "not-found");
        all.delete(&one).await.is_problem(404, "not-found");
        let told = format!("{:?}", world.db.audit_log(None, None, 20).await.unwrap());
        assert!(!told.contains("client.example") && !told.contains("Ruiz"), "the log outlives them: {told}");
        let listed = all.get("/api/v1/suppressions").await.json();
        assert_eq!((&listed["items"][0]["reason"], &listed["items"][0]["email"]), (&json!("forgotten"), &Value::Null));
    }

    async fn a_subscription_begins_as_they_want_it(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T12:00:00Z"));
        world.organization("acme").await;
        let (all, list) = (world.all().await, "/api/v1/subscriptions");
        let new = |email: &str, consent: &str| json!({ "email": email, "organization": "acme", "role": "leader", "consent": consent });
        let invited = all.post(list, new("anna@client.example", "invite")).await.is(201).json();
        assert_eq!((&invited["state"], &invited["confirmed_at"], &invited["weekday"]), (&json!("unconfirmed"), &Value::Null, &json!(1)));
        let recorded = all.post(list, new("bea@client.example", "recorded")).await.is(201).json();
        assert_eq!((&recorded["state"], &recorded["confirmed_at"]), (&json!("active"), &json!("2026-11-20T12:00:00Z")));
        all.post(list, new("bea@client.example", "invite")).await.is_problem(409, "conflict");
        all.post(list, new("bea@client.example", "none")).await.is_problem(409, "conflict");
        let one = format!("{list}/{}", invited["id"].as_str().unwrap());
        assert_eq!(all.post(&format!("{one}/confirm"), Value::Null).await.is(200).json()["state"], "active");
        let changed = all.patch(&one, json!({ "hour": 9, "quiet": "line", "pause": { "from": "2026-12-21", "until": "2027-01-04" } })).await.is(200).json();
        assert_eq!((&changed["weekday"], &changed["hour"], &changed["pause_until"]), (&json!(1), &json!(9), &json!("2027-01-04")));
        assert_eq!(all.patch(&one, json!({ "pause": { "from": "2026-12-21", "until": "2026-12-21" } })).await.complains_of(), ["/pause"]);
        assert_eq!(all.patch(&one, json!({ "pause": null })).await.is(200).json()["pause_from"], Value::Null);
        assert_eq!(all.post(&format!("{one}/end"), Value::Null).await.is(200).json()["state"], "ended");
        all.post(&format!("{one}/confirm"), Value::Null).await.is_problem(409, "conflict");
        let (ended, active) = (format!("{list}?state=ended"), format!("{list}?state=active&organization=acme&role=leader"));
        assert_eq!((all.walk(&ended, 5).await.len(), all.walk(&active, 5).await.len()), (1, 1));
        for (body, place) in [
            (json!({ "email": "x", "organization": "acme", "role": "leader", "consent": "none" }), "/email"),
            (json!({ "email": "c@client.example", "role": "leader", "consent": "none" }), "/organization"),
            (json!({ "email": "c@client.example", "role": "public", "organization": "acme", "consent": "none" }), "/organization"),
            (json!({ "email": "c@client.example", "role": "leader", "organization": "nowhere", "consent": "none" }), "/organization"),
            (json!({ "email": "c@client.example", "role": "leader", "organization": "acme", "consent": "none", "hour": 7 }), "/weekday"),
        ] {
            let told = all.post(list, body.clone()).await;
            told.is_problem(422, "invalid");
            assert_eq!(told.complains_of(), [place], "{body}");
        }
    }

    async fn a_delivery_is_stopped_and_queued_again(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.clock.set(at("2026-11-23T12:00:00Z"));
        world.engine.tick().await.unwrap();
        let all = world.all().await;
        let waiting = all.get("/api/v1/deliveries?state=queued&organization=acme&week=2026-W48").await.is(200).json();
        let one = format!("/api/v1/deliveries/{}", waiting["items"][0]["id"].as_str().unwrap());
        assert_eq!(all.post(&format!("{one}/cancel"), json!({ "why": " " })).await.complains_of(), ["/why"]);
        let stopped = all.post(&format!("{one}/cancel"), json!({ "why": "wrong figures" })).await.is(200).json();
        assert_eq!((&stopped["state"], &stopped["reason"]), (&json!("cancelled"), &json!("wrong figures")));
        all.post(&format!("{one}/cancel"), json!({ "why": "again" })).await.is_problem(409, "conflict");
        all.post(&format!("{one}/retry"), Value::Null).await.is_problem(409, "conflict");
        let editions = all.get("/api/v1/editions?week=2026-W48&state=frozen&kind=leader").await.is(200).json();
        let edition = format!("/api/v1/editions/{}", editions["items"][0]["id"].as_str().unwrap());
        let facts = all.get(&edition).await.is(200).json()["facts"].clone();
        assert_eq!(facts["organization"]["slug"], "acme");
        let now = all.get("/api/v1/organizations/acme/facts?as_of=2026-11-23").await.is(200).json();
        assert_eq!(now["exposure"], facts["exposure"], "what was mailed is what is computed");
        all.get("/api/v1/organizations/acme/facts?as_of=2020-01-01").await.is_problem(404, "not-found");
        all.get("/api/v1/organizations/acme/facts?as_of=2028-01-01").await.is_problem(400, "bad-parameter");
        world.tick(SEVEN).await;
        assert_eq!(world.mails_to("anna@client.example").len(), 0, "it was stopped");
    }

    async fn an_edition_is_noted_approved_and_left_out(db: Db) {
        let world = World::on(db);
        for slug in ["acme", "rival"] {
            world.organization_with(slug, |own| (own.review, own.review_hours) = ("hold".to_owned(), Some(24))).await;
        }
        world.leader("acme", "anna@client.example").await;
        world.tick("2026-11-19T12:00:00Z").await;
        world.tick("2026-11-22T12:00:00Z").await;
        let all = world.all().await;
        let draft = async |slug: &str| {
            let drafts = all.get(&format!("/api/v1/editions?state=draft&organization={slug}")).await.is(200).json();
            format!("/api/v1/editions/{}", drafts["items"][0]["id"].as_str().expect("a draft"))
        };
        let (one, foreign) = (draft("acme").await, draft("rival").await);
        let narrow = world.program(&["write:editions"], Some("acme")).await;
        let noted = narrow.post(&format!("{one}/note"), json!({ "note": "Ask <b>who</b>\r\ndecides." })).await.is(200).json();
        assert_eq!((&noted["note"], &noted["decision"]), (&json!("Ask <b>who</b> decides."), &Value::Null));
        assert_eq!(narrow.post(&format!("{one}/note"), json!({ "note": "a ".repeat(70) })).await.complains_of(), ["/note"]);
        assert_eq!(narrow.post(&format!("{one}/note"), json!({ "note": "x".repeat(281) })).await.complains_of(), ["/note"]);
        assert_eq!(narrow.post(&format!("{one}/skip"), json!({})).await.complains_of(), ["/why"]);
        let out = narrow.post(&format!("{one}/skip"), json!({ "why": "holiday" })).await.is(200).json();
        assert_eq!((&out["decision"], &out["why"]), (&json!("skip"), &json!("holiday")));
        world.clock.set(at("2026-11-22T13:00:00Z"));
        let approved = narrow.post(&format!("{one}/approve"), Value::Null).await.is(200).json();
        assert_eq!((&approved["decision"], &approved["edition"]["state"]), (&json!("approve"), &json!("draft")));
        for (act, body) in [("note", json!({ "note": "x" })), ("approve", Value::Null), ("skip", json!({ "why": "x" }))] {
            narrow.post(&format!("{foreign}/{act}"), body).await.is_problem(404, "not-found");
        }
        world.tick(SEVEN).await;
        assert!(world.mails_to("anna@client.example")[0].text.contains("Ask <b>who</b> decides."));
        let later = world.program(&["write:editions"], Some("acme")).await;
        later.post(&format!("{one}/approve"), Value::Null).await.is_problem(409, "conflict");
        let rows = world.db.audit_log(Some("acme"), None, 20).await.unwrap().into_iter();
        let actions: Vec<String> = rows.filter(|row| row.way == "api").map(|row| format!("{} {}", row.way, row.action)).collect();
        assert_eq!(actions, ["api edition.approve", "api edition.skip", "api edition.note"]);
    }

    async fn an_address_is_suppressed_and_lifted(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T12:00:00Z"));
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        let (all, list) = (world.all().await, "/api/v1/suppressions");
        let told = all.post(list, json!({ "email": "ANNA@client.example", "reason": "operator", "detail": "asked by telephone" })).await;
        told.is(201);
        assert_eq!((&told.json()["source"], &told.json()["email"]), (&json!("api"), &json!("anna@client.example")));
        let one = told.header("location").to_owned();
        all.post(list, json!({ "email": "anna@client.example", "reason": "operator" })).await.is_problem(409, "conflict");
        assert_eq!(all.get("/api/v1/subscriptions").await.json()["items"][0]["state"], "suppressed");
        assert_eq!(all.get("/api/v1/people").await.json()["items"][0]["suppressed_reason"], "operator");
        let lifted = all.post(&format!("{one}/lift"), json!({ "why": "asked again" })).await.is(200).json();
        assert_eq!(lifted["lifted_why"], "asked again");
        assert_eq!(all.get("/api/v1/subscriptions").await.json()["items"][0]["state"], "active");
        assert_eq!(all.get(list).await.json()["items"], json!([]));
        assert_eq!(all.get(&format!("{list}?lifted=true")).await.json()["items"].as_array().unwrap().len(), 1);
        for (body, place) in [
            (json!({ "email": "b@client.example", "reason": "operator", "expires_at": "2026-11-20T12:00:00Z" }), "/expires_at"),
            (json!({ "email": "b@client.example", "reason": "operator", "detail": "see a@b.example" }), "/detail"),
            (json!({ "email": "b@client.example", "reason": "because" }), "/reason"),
        ] {
            assert_eq!(all.post(list, body).await.complains_of(), [place]);
        }
    }
}
