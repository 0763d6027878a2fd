//! A token of one organization sees that one: everything else looks like what is not there.

use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::client::Program;
use crate::on_both;
use crate::scopes::operations;
use crate::world::{SEVEN, World};

/// Two organizations with something of everything, and a program that is for the first.
async fn two(db: Db) -> (World, Program, Program) {
    let world = World::with(db, &[("BRIEF__API__PER_MINUTE", "60000")]);
    for (organization, email) in [("acme", "anna@acme.example"), ("rival", "rita@rival.example")] {
        world.organization(organization).await;
        world.real_leader(organization, email).await;
    }
    world.consultant("mendel@advisor.example", &["rival"], |_, _| {}).await;
    world.tick(SEVEN).await;
    let email = "rita@rival.example".parse().unwrap();
    world.db.suppress_by_hand(&email, "hard_bounce".parse().unwrap(), None, 1, None).await.unwrap();
    let (own, all) = (world.program(&["read", "write"], Some("acme")).await, world.all().await);
    (world, own, all)
}

/// The names of what belongs to the other one, for each part of an address.
async fn others(all: &Program) -> Vec<(&'static str, String)> {
    let first = async |list: &str, key: &str| {
        all.get(list).await.is(200).json()["items"][0][key].as_str().expect("an id").to_owned()
    };
    vec![
        ("organization", "rival".to_owned()),
        ("implementation", "erp".to_owned()),
        ("gap", "RIVAL-G1".to_owned()),
        ("assessment", first("/api/v1/organizations/rival/assessments", "id").await),
        ("person", first("/api/v1/people?email=rita%40rival.example", "id").await),
        ("subscription", first("/api/v1/subscriptions?organization=rival", "id").await),
        ("edition", first("/api/v1/editions?organization=rival", "id").await),
        ("delivery", first("/api/v1/deliveries?organization=rival", "id").await),
        ("suppression", first("/api/v1/suppressions", "id").await),
    ]
}

/// Bodies that would do, where the other one's things were one's own.
fn fitting(method: &str, template: &str) -> Value {
    match (method, template.rsplit('/').next().unwrap_or_default()) {
        ("GET" | "DELETE", _) => Value::Null,
        (_, "cancel" | "lift" | "skip") => json!({ "why": "because" }),
        (_, "note") => json!({ "note": "Mine." }),
        (_, "events") => json!({ "kind": "confirmed" }),
        (_, "assessments") => {
            json!({ "implementation": "erp", "answers": [{ "area": "billing", "category": "no_source", "level": 3 }] })
        }
        (_, "unchanged") => {
            json!({ "implementation": "erp", "cells": [{ "area": "billing", "category": "no_source" }] })
        }
        (_, "gaps") => {
            json!({ "area": "billing", "category": "no_source", "severity": 2, "title": "Mine" })
        }
        (_, "implementations") => json!({ "name": "Mine", "kind": "erp" }),
        ("PATCH", _) => json!({}),
        _ => json!({}),
    }
}

on_both! {
    async fn nothing_of_another_organization_is_reached(db: Db) {
        let (world, own, all) = two(db).await;
        let names = others(&all).await;
        let before = format!("{:?}", world.db.audit_log(None, None, 1_000).await.unwrap());
        let mut n_asked = 0;
        for operation in operations(&own).await.iter().filter(|own| own.template.contains('{')) {
            let mut path = operation.template.clone();
            for (part, name) in &names {
                path = path.replace(&format!("{{{part}}}"), name);
            }
            let body = fitting(&operation.method, &operation.template);
            let told = own.ask(&operation.method, &path, &[], &body).await;
            let at = format!("{} {path}: {}", operation.method, told.text);
            // What concerns all is refused before anything is looked for.
            let is_for_all = operation.template.contains("/people/") || operation.template.contains("/suppressions/");
            if is_for_all && operation.method != "GET" {
                assert_eq!(told.status.as_u16(), 403, "{at}");
            } else {
                assert_eq!(told.status.as_u16(), 404, "{at}");
                let missing = operation.template.split('/').fold(String::new(), |all, part| {
                    let part = if part.starts_with('{') { "nowhere" } else { part };
                    if all.is_empty() && part.is_empty() { "/".to_owned() } else { format!("{}/{part}", all.trim_end_matches('/')) }
                });
                let nothing = own.ask(&operation.method, &missing, &[], &body).await;
                assert_eq!(nothing.status.as_u16(), 404, "{at} looks like what is not there");
                assert_eq!(nothing.json()["type"], told.json()["type"], "{at}");
            }
            for word in ["rita", "rival.example", "The rival", "Price list"] {
                assert!(!told.text.contains(word), "{at}");
            }
            n_asked += 1;
        }
        assert!(n_asked > 30, "{n_asked} operations");
        assert_eq!(format!("{:?}", world.db.audit_log(None, None, 1_000).await.unwrap()), before, "nothing was written");
    }

    async fn lists_hold_what_is_ones_own(db: Db) {
        let (_world, own, all) = two(db).await;
        for (list, n_own) in [
            ("organizations", 1), ("people", 1), ("subscriptions", 1), ("editions", 1), ("deliveries", 1),
            ("suppressions", 0), ("suppressions?lifted=true", 0),
        ] {
            let path = format!("/api/v1/{list}");
            let (mine, everything) = (own.walk(&path, 50).await, all.walk(&path, 50).await);
            assert_eq!(mine.len(), n_own, "{list}: {mine:?}");
            assert!(everything.len() > n_own, "{list}");
            let told = Value::from(mine).to_string();
            for word in ["rival", "rita", "mendel"] {
                assert!(!told.contains(word), "{list}: {told}");
            }
            if !path.contains('?') && list != "organizations" {
                own.get(&format!("{path}?organization=rival")).await.is_problem(404, "not-found");
                own.get(&format!("{path}?organization=acme")).await.is(200);
            }
        }
        assert_eq!(own.walk("/api/v1/people?email=rita%40rival.example", 5).await, Vec::<Value>::new());
        assert_eq!(own.walk("/api/v1/suppressions?email=rita%40rival.example", 5).await, Vec::<Value>::new());
    }

    async fn what_spans_organizations_is_not_for_one(db: Db) {
        let (world, own, _) = two(db).await;
        for (path, body) in [
            ("/api/v1/organizations", json!({ "name": "A", "currency": "USD", "time_zone": "UTC" })),
            ("/api/v1/people", json!({ "email": "new@acme.example" })),
            ("/api/v1/suppressions", json!({ "email": "new@acme.example", "reason": "operator" })),
            ("/api/v1/subscriptions", json!({ "email": "new@acme.example", "role": "public", "consent": "recorded" })),
            ("/api/v1/subscriptions", json!({ "email": "new@acme.example", "role": "consultant", "consent": "none" })),
        ] {
            own.post(path, body).await.is_problem(403, "one-organization");
        }
        let foreign = json!({ "email": "new@acme.example", "role": "leader", "organization": "rival", "consent": "none" });
        let nowhere = json!({ "email": "new@acme.example", "role": "leader", "organization": "nowhere", "consent": "none" });
        let (foreign, nowhere) = (own.post("/api/v1/subscriptions", foreign).await, own.post("/api/v1/subscriptions", nowhere).await);
        foreign.is_problem(422, "invalid");
        assert_eq!(foreign.json()["errors"], nowhere.json()["errors"]);
        assert_eq!(world.audited().await, []);
    }

    async fn nobody_is_learnt_of_by_their_address(db: Db) {
        let (_world, own, all) = two(db).await;
        // Somebody known elsewhere, with a name that this program never heard.
        let told = own.post("/api/v1/subscriptions", json!({ "email": "rita@rival.example", "role": "reader", "organization": "acme", "consent": "none" })).await;
        let made = told.is(201).json();
        assert!(!told.text.contains("Rita"), "{}", told.text);
        own.get(&format!("/api/v1/people/{}", made["person_id"].as_str().unwrap())).await.is_problem(404, "not-found");
        let told = own.patch("/api/v1/organizations/acme/gaps/ACME-G1", json!({ "owner": { "email": "rita@rival.example" } })).await;
        assert_eq!(told.complains_of(), ["/owner/name"]);
        // Nor does consent that it writes down itself make them its own.
        let recorded = json!({ "email": "rita@rival.example", "role": "owner", "organization": "acme", "consent": "recorded" });
        own.post("/api/v1/subscriptions", recorded).await.is_problem(403, "one-organization");
        let confirm = format!("/api/v1/subscriptions/{}/confirm", made["id"].as_str().unwrap());
        own.post(&confirm, Value::Null).await.is_problem(403, "one-organization");
        assert_eq!(made["suppressed_reason"], Value::Null, "nor is it told what became of their address elsewhere");
        let seen = all.get(&format!("/api/v1/subscriptions/{}", made["id"].as_str().unwrap())).await.is(200).json();
        assert_eq!(seen["suppressed_reason"], "hard_bounce");
        // Another one's gap is no gap of an assessment here.
        let answers = json!({ "implementation": "erp", "answers": [{ "area": "billing", "category": "no_source", "level": 1, "gap": "RIVAL-G1" }] });
        let told = own.post("/api/v1/organizations/acme/assessments", answers).await;
        told.is_problem(422, "invalid");
        assert!(!told.text.contains("Price list"), "{}", told.text);
    }
}
