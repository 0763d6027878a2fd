//! What goes wrong is said in one form, wherever it goes wrong.

use axum::body::Body;
use axum::http::Request;
use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::client::Program;
use crate::on_both;
use crate::world::World;

const PEOPLE: &str = "/api/v1/people";

on_both! {
    async fn a_body_that_is_no_json_says_where_it_ends(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        for (body, told) in [("{\"email\": \"a@b.example\",}", "line 1"), ("{", "EOF"), ("{\"a\":\"\\ud800\"}", "line 1"), ("\u{feff}{}", "line 1")] {
            let problem = all.send(all.request("POST", PEOPLE, &[], body)).await.is_problem(400, "unreadable");
            assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
        }
        let deep = "[".repeat(10_000);
        all.send(all.request("POST", PEOPLE, &[], &deep)).await.is_problem(400, "unreadable");
        for body in ["[]", "null", "7", "\"x\""] {
            let told = all.send(all.request("POST", PEOPLE, &[], body)).await;
            told.is_problem(422, "invalid");
            assert_eq!(told.complains_of(), [""], "the whole body");
        }
    }

    async fn a_body_is_json_and_no_more_than_a_mebibyte(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", ""];
        for kind in kinds {
            let request = Request::builder().method("POST").uri(PEOPLE)
                .header("Authorization", format!("Bearer {}", all.token)).header("Content-Type", kind)
                .body(Body::from("{\"email\":\"a@b.example\"}")).unwrap();
            all.send(request).await.is_problem(415, "unsupported-media-type");
        }
        for kind in ["Application/JSON", "application/json; charset=utf-8", "application/merge-patch+json"] {
            let request = Request::builder().method("POST").uri(PEOPLE)
                .header("Authorization", format!("Bearer {}", all.token)).header("Content-Type", kind)
                .body(Body::from("{\"email\":\"x\"}")).unwrap();
            all.send(request).await.is_problem(422, "invalid");
        }
        let much = format!("{{\"email\":\"{}\"}}", "x".repeat(1 << 20));
        all.send(all.request("POST", PEOPLE, &[], &much)).await.is_problem(413, "too-large");
        all.send(all.request("POST", PEOPLE, &[("Idempotency-Key", "k")], &much)).await.is_problem(413, "too-large");
        let just = format!("{{\"email\":\"{}\"}}", "x".repeat((1 << 20) - 12));
        all.send(all.request("POST", PEOPLE, &[], &just)).await.is_problem(422, "invalid");
    }

    async fn no_name_in_an_address_is_too_odd_to_be_missing(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let all = world.all().await;
        for name in ["nobody", "%00", "%0a", "%ff%fe", "..%2f..%2fetc", "%27%20OR%201%3D1", &"x".repeat(2_000), "%F0%9F%92%A5"] {
            for path in [format!("{PEOPLE}/{name}"), format!("/api/v1/organizations/{name}"), format!("/api/v1/organizations/acme/gaps/{name}")] {
                let problem = all.get(&path).await.is_problem(404, "not-found");
                assert!(problem["detail"].as_str().unwrap().len() < 200, "{problem}");
            }
        }
    }

    async fn every_answer_is_strict(db: Db) {
        let world = World::on(db);
        let (all, nobody) = (world.all().await, Program::with(&world, ""));
        for told in [all.get(PEOPLE).await, nobody.get(PEOPLE).await, all.get("/api/v1/nothing").await, all.post(PEOPLE, json!({})).await] {
            for (name, value) in [
                ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
                ("x-content-type-options", "nosniff"),
                ("cache-control", "no-store"),
                ("access-control-allow-origin", ""),
                ("set-cookie", ""),
            ] {
                assert_eq!(told.header(name), value, "{} {name}", told.text);
            }
        }
        let asked = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")];
        let told = nobody.ask("OPTIONS", PEOPLE, &asked, &Value::Null).await;
        told.is_problem(405, "method-not-allowed");
        assert_eq!(told.header("access-control-allow-origin"), "", "no page elsewhere may read");
    }

    async fn a_head_is_a_get_without_its_body(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let told = all.ask("HEAD", PEOPLE, &[], &Value::Null).await;
        told.is(200);
        assert_eq!(told.text, "");
        Program::with(&world, "").ask("HEAD", PEOPLE, &[], &Value::Null).await.is(401);
    }

    async fn a_parameter_that_is_not_known_is_named(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        for (query, place) in [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("page=2", "page"),
            ("cursor=abc", "cursor"), ("cursor=", "cursor"), ("limit=1&limit=2", "limit"), ("email=x", "email"), ("email=%00", "email")] {
            let told = all.get(&format!("{PEOPLE}?{query}")).await;
            told.is_problem(400, "bad-parameter");
            assert_eq!(told.complains_of(), [place], "{query}");
        }
        all.get("/api/v1/deliveries?week=2026-W54").await.is(400);
        all.get("/api/v1/subscriptions?organization=nowhere").await.is_problem(404, "not-found");
    }
}
