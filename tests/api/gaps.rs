//! Gaps by a program: the rules of those by hand, under the token's name.

use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::on_both;
use crate::world::{World, at};

const GAPS: &str = "/api/v1/organizations/acme/gaps";

async fn world(db: Db) -> World {
    let world = World::on(db);
    world.organization("acme").await;
    world.clock.set(at("2026-11-20T12:00:00Z"));
    world
}

fn new() -> Value {
    json!({ "external_id": "T/17 b", "area": "payables", "category": "owner_habit", "severity": 2,
        "title": "Nobody owns invoice exceptions", "owner": { "name": "D. Ruiz", "email": "d.ruiz@client.example" },
        "estimate": { "kind": "rework", "inputs": { "hours_centi_per_week": [600, 900, 1400], "rate_minor_per_hour": 4200 },
            "basis": "estimated", "source": "own count" } })
}

on_both! {
    async fn a_gap_is_added_and_read_with_its_price(db: Db) {
        let world = world(db).await;
        let all = world.all().await;
        let told = all.post(GAPS, new()).await;
        told.is(201);
        assert_eq!(told.header("location"), "/api/v1/organizations/acme/gaps/T%2F17%20b");
        let made = told.json();
        assert_eq!((&made["status"], &made["leak_zone"], &made["opened_on"]), (&json!("open"), &json!("process"), &json!("2026-11-20")));
        let price = &made["price"];
        assert_eq!((&price["low"], &price["likely"], &price["high"], &price["currency"]), (&json!(25_200), &json!(37_800), &json!(58_800), &json!("USD")));
        let read = all.get(told.header("location")).await;
        assert_eq!((read.json(), read.header("etag")), (made, told.header("etag")));
        let known = all.ask("GET", told.header("location"), &[("If-None-Match", told.header("etag"))], &Value::Null).await;
        assert_eq!((known.status.as_u16(), known.text.as_str()), (304, ""));
        all.post(GAPS, new()).await.is_problem(422, "invalid");
        assert_eq!(world.audited().await, [("gap.add".to_owned(), "T/17 b".to_owned())]);
    }

    async fn a_gap_is_worked_on_as_by_hand(db: Db) {
        let world = world(db).await;
        let (all, one) = (world.all().await, format!("{GAPS}/ACME-G1"));
        let told = all.patch(&one, json!({ "status": "closed" })).await;
        told.is_problem(422, "invalid");
        assert!(told.complains_of().contains(&"/status".to_owned()), "{}", told.text);
        for status in ["in_progress", "verifying"] {
            assert_eq!(all.patch(&one, json!({ "status": status })).await.is(200).json()["status"], status);
        }
        let told = all.patch(&one, json!({ "status": "closed" })).await;
        assert_eq!(told.complains_of(), ["/evidence"], "{}", told.text);
        let shown = json!({ "status": "closed", "evidence": { "text": "One list, one import a night", "url": "https://wiki.client.example/p" } });
        let closed = all.patch(&one, shown).await.is(200).json();
        assert_eq!(closed["status"], "closed");
        let events = all.walk(&format!("{one}/events?recorded_since=2026-11-20T00:00:00Z"), 2).await;
        let told: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(told.iter().filter(|kind| **kind == "status").count(), 3, "{told:?}");
        let by = events.iter().all(|event| event["actor"].as_str().is_some_and(|name| name.starts_with("program-")));
        assert!(by, "{events:?}");
        let actions: Vec<String> = world.audited().await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["gap.change", "gap.change", "gap.change"]);
    }

    async fn two_who_change_a_gap_do_not_undo_each_other(db: Db) {
        let world = world(db).await;
        let (all, one) = (world.all().await, format!("{GAPS}/ACME-G1"));
        let tag = all.get(&one).await.header("etag").to_owned();
        let first = all.ask("PATCH", &one, &[("If-Match", &tag)], &json!({ "severity": 4 })).await;
        first.is(200);
        let second = all.ask("PATCH", &one, &[("If-Match", &tag)], &json!({ "severity": 2 })).await;
        second.is_problem(412, "changed-meanwhile");
        assert_eq!(all.get(&one).await.json()["severity"], 4);
        let now = first.header("etag").to_owned();
        all.ask("PATCH", &one, &[("If-Match", &now)], &json!({ "severity": 3 })).await.is(200);
        all.ask("PATCH", &one, &[("If-Match", "*")], &json!({ "severity": 2 })).await.is(200);
        for tag in ["W/\"x\"", "x", "\"a\", \"b\"", ""] {
            let told = all.ask("PATCH", &one, &[("If-Match", tag)], &json!({ "severity": 1 })).await;
            told.is_problem(400, "bad-parameter");
            assert_eq!(told.complains_of(), ["If-Match"]);
        }
    }

    async fn a_gap_is_confirmed_and_noted(db: Db) {
        let world = world(db).await;
        let (all, events) = (world.all().await, format!("{GAPS}/ACME-G2/events"));
        let noted = all.post(&events, json!({ "kind": "note", "note": "Sales meets on Tuesday" })).await.is(201).json();
        assert_eq!((&noted["kind"], &noted["note"], &noted["gap"]), (&json!("note"), &json!("Sales meets on Tuesday"), &json!("ACME-G2")));
        assert_eq!(all.post(&events, json!({ "kind": "confirmed" })).await.is(201).json()["kind"], "confirmed");
        assert_eq!(all.post(&events, json!({ "kind": "note" })).await.complains_of(), ["/note"]);
        assert_eq!(all.post(&events, json!({ "kind": "status" })).await.complains_of(), ["/kind"]);
        all.post(&format!("{GAPS}/NO-1/events"), json!({ "kind": "confirmed" })).await.is_problem(404, "not-found");
        let of_all = all.walk("/api/v1/organizations/acme/events?kind=note", 10).await;
        assert_eq!(of_all, [noted]);
    }

    async fn gaps_are_found_by_what_they_are(db: Db) {
        let world = world(db).await;
        let all = world.all().await;
        let mut nobodys = new();
        nobodys["owner"] = Value::Null;
        all.post(GAPS, nobodys).await.is(201);
        for (filter, ids) in [
            ("", vec!["ACME-G1", "ACME-G2", "ACME-G3", "T/17 b"]),
            ("status=open,verifying&area=billing", vec!["ACME-G1", "ACME-G2", "ACME-G3"]),
            ("area=payables", vec!["T/17 b"]),
            ("category=no_source,approval_memory", vec!["ACME-G2", "ACME-G3"]),
            ("severity=1,2", vec!["T/17 b"]),
            ("owner=lee%20PARK", vec!["ACME-G1", "ACME-G2", "ACME-G3"]),
            ("unowned=true", vec!["T/17 b"]),
            ("unowned=false&severity=3", vec!["ACME-G1", "ACME-G2", "ACME-G3"]),
            ("implementation=erp", vec!["ACME-G1", "ACME-G2", "ACME-G3"]),
            ("updated_since=2026-11-20T12:00:00Z", vec!["T/17 b"]),
            ("status=closed", vec![]),
        ] {
            let found: Vec<Value> = all.walk(&format!("{GAPS}?{filter}"), 2).await.into_iter().map(|gap| gap["external_id"].clone()).collect();
            assert_eq!(found, ids, "{filter}");
        }
        let gap = &all.get(&format!("{GAPS}?severity=2")).await.json()["items"][0];
        assert_eq!((&gap["updated_at"], &gap["likely_per_week"]), (&json!("2026-11-20T12:00:00Z"), &json!(37_800)));
        for filter in ["status=opened", "severity=5", "severity=", "updated_since=yesterday", "unowned=maybe", "colour=red", "area=billing&area=close"] {
            let told = all.get(&format!("{GAPS}?{filter}")).await;
            told.is_problem(400, "bad-parameter");
            assert_eq!(told.complains_of(), [filter.split('=').next().unwrap()], "{filter}");
        }
    }

    async fn what_a_gap_cannot_be_is_said_at_its_place(db: Db) {
        let world = world(db).await;
        let all = world.all().await;
        let with = |change: &dyn Fn(&mut Value)| {
            let mut body = new();
            change(&mut body);
            body
        };
        for (body, place) in [
            (with(&|b| b["title"] = json!("x".repeat(61))), "/title"),
            (with(&|b| b["owner"] = json!({ "name": "the team" })), "/owner"),
            (with(&|b| b["owner"] = json!({})), "/owner/name"),
            (with(&|b| b["owner"]["email"] = json!("nobody")), "/owner/email"),
            (with(&|b| b["estimate"]["inputs"] = json!({ "hours_centi_per_week": 1 })), "/estimate/inputs"),
            (with(&|b| b["implementation"] = json!("other")), "/implementation"),
            (with(&|b| b["due_on"] = json!("2026-02-30")), "/due_on"),
            (with(&|b| b["due_on"] = json!("12026-02-30")), "/due_on"),
            (with(&|b| b["severity"] = json!(2.5)), "/severity"),
            (with(&|b| b["area"] = json!("warehouse")), "/area"),
            (with(&|b| b["title"] = json!("a\u{0}b")), "/title"),
        ] {
            let told = all.post(GAPS, body.clone()).await;
            told.is_problem(422, "invalid");
            assert_eq!(told.complains_of(), [place], "{body} {}", told.text);
        }
        assert_eq!(all.get(GAPS).await.json()["items"].as_array().unwrap().len(), 3, "nothing was added");
        // A whole number may be written with a point.
        all.post(GAPS, with(&|b| b["severity"] = json!(2.0))).await.is(201);
    }
}
