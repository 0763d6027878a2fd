//! What a token allows, and nothing else: every operation with every scope.

use back_office_brief::domain::grants::Grant;
use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::client::Program;
use crate::on_both;
use crate::world::World;

/// An operation of the document: method, path with names that lead nowhere, scope.
pub struct Operation {
    pub method: String,
    pub template: String,
    pub path: String,
    pub scope: Option<String>,
}

/// Every operation that the service says it has.
pub async fn operations(program: &Program) -> Vec<Operation> {
    let document = program.get("/api/v1/openapi.json").await.is(200).json();
    let mut all = Vec::new();
    for (template, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let filled: Vec<&str> = template
                .split('/')
                .map(|part| if part.starts_with('{') { "nowhere" } else { part })
                .collect();
            all.push(Operation {
                method: method.to_uppercase(),
                template: template.clone(),
                path: filled.join("/"),
                scope: operation["security"][0]["token"][0].as_str().map(str::to_owned),
            });
        }
    }
    assert!(all.len() > 40, "{} operations", all.len());
    all
}

/// A body that any operation reads as JSON, and none takes.
fn nonsense(method: &str) -> Value {
    if method == "GET" || method == "DELETE" { Value::Null } else { json!({ "nonsense": true }) }
}

on_both! {
    async fn no_operation_is_reached_without_its_scope(db: Db) {
        let world = World::with(db, &[("BRIEF__API__PER_MINUTE", "60000")]);
        world.organization("acme").await;
        let (nobody, all) = (Program::with(&world, ""), world.all().await);
        let operations = operations(&all).await;
        let mut programs = Vec::new();
        for grant in Grant::all() {
            programs.push((grant, world.program(&[&grant.to_string()], None).await.token));
        }
        for Operation { method, path, scope, template } in &operations {
            let Some(scope) = scope else {
                assert_eq!(template, "/api/v1/subscribe", "only this one needs no token");
                continue;
            };
            let body = nonsense(method);
            nobody.ask(method, path, &[], &body).await.is_problem(401, "unauthorized");
            let needed: Grant = scope.parse().expect("a scope");
            for (grant, token) in &programs {
                let program = all.by(token);
                let told = program.ask(method, path, &[], &body).await;
                let is_enough = grant.resource == needed.resource && grant.verb >= needed.verb;
                if is_enough {
                    assert!(![401, 403].contains(&told.status.as_u16()), "{method} {template} with {grant}: {}", told.text);
                } else {
                    let problem = told.is_problem(403, "insufficient-scope");
                    assert!(problem["detail"].as_str().unwrap().contains(scope), "{problem}");
                    assert!(told.header("www-authenticate").contains(&format!("scope=\"{scope}\"")));
                }
            }
        }
        assert_eq!(world.audited().await, [], "and nothing was written");
    }

    async fn what_the_document_does_not_name_is_not_there(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let operations = operations(&all).await;
        for Operation { template, path, .. } in &operations {
            let known: Vec<&str> = operations.iter().filter(|own| own.template == *template).map(|own| own.method.as_str()).collect();
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"] {
                let told = all.ask(method, path, &[], &Value::Null).await;
                if known.contains(&method) {
                    assert_ne!(told.status.as_u16(), 405, "{method} {template}");
                } else {
                    told.is_problem(405, "method-not-allowed");
                    for allowed in &known {
                        assert!(told.header("allow").contains(allowed), "{method} {template}: {}", told.header("allow"));
                    }
                }
            }
        }
        for path in ["/api/v1", "/api/v1/", "/api/v1/people/", "/api/v1/nothing", "/api/v2/people", "/api/nothing"] {
            all.get(path).await.is_problem(404, "not-found");
        }
    }

    async fn addresses_are_for_those_who_may_read_people(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        world.tick(crate::world::SEVEN).await;
        let without = world.program(&["read:subscriptions", "read:deliveries", "read:gaps", "read:suppressions", "read:editions"], None).await;
        let with = world.program(&["read"], None).await;
        for path in ["/api/v1/subscriptions", "/api/v1/deliveries"] {
            let told = without.get(path).await.is(200).json();
            assert_eq!(told["items"][0]["email"], Value::Null, "{path}");
            assert!(!told.to_string().contains("anna@"), "{path}");
            assert_eq!(with.get(path).await.is(200).json()["items"][0]["email"], "anna@client.example", "{path}");
        }
        without.get("/api/v1/people").await.is(403);
    }
}
