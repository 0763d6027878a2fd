//! The document: valid as far as a program needs it, whole, and true to what is answered.

use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::on_both;
use crate::schema::faults;
use crate::scopes::operations;
use crate::world::{SEVEN, World};

/// Every operation with its method and path.
fn all(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods").iter();
        methods.map(move |(method, operation)| (method.clone(), path.clone(), operation.clone()))
    });
    each.collect()
}

async fn document(world: &World) -> Value {
    let told = world.all().await.get("/api/v1/openapi.json").await;
    told.is(200);
    assert_eq!(told.header("content-type"), "application/json");
    told.json()
}

/// What an answer is, where it may stand with those of others.
fn resolved<'d>(document: &'d Value, answer: &'d Value) -> &'d Value {
    match answer["$ref"].as_str() {
        Some(path) => {
            let name =
                path.strip_prefix("#/components/responses/").expect("an answer of this document");
            &document["components"]["responses"][name]
        }
        None => answer,
    }
}

on_both! {
    async fn every_operation_says_what_a_program_needs(db: Db) {
        let world = World::on(db);
        let document = document(&world).await;
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], "http://127.0.0.1:8080");
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
        let mut ids: Vec<String> = Vec::new();
        for (method, path, operation) in all(&document) {
            let at = format!("{method} {path}");
            let summary = operation["summary"].as_str().unwrap_or_default();
            assert!(summary.len() > 4 && !summary.ends_with('.'), "{at}: {summary:?}");
            assert!(tags.contains(&&operation["tags"][0]), "{at}");
            ids.push(operation["operationId"].as_str().expect("an id").to_owned());
            let named: Vec<&str> = operation["parameters"].as_array().unwrap().iter()
                .filter(|own| own["in"] == "path").map(|own| own["name"].as_str().unwrap()).collect();
            let wanted: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(named, wanted, "{at}");
            for own in operation["parameters"].as_array().unwrap() {
                assert!(own["description"].as_str().is_some_and(|text| text.ends_with('.')), "{at} {own}");
                assert!(own["schema"].is_object(), "{at} {own}");
            }
            for status in ["500", "503"] {
                assert!(operation["responses"][status].is_object(), "{at} {status}");
            }
            let success = operation["responses"].as_object().unwrap().keys().filter(|key| key.starts_with('2')).count();
            assert_eq!(success, 1, "{at}");
        }
        let n_ids = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), n_ids, "ids are unique");
    }

    async fn every_body_has_an_example_that_fits_its_schema(db: Db) {
        let world = World::on(db);
        let document = document(&world).await;
        let mut n_examples = 0;
        for (method, path, operation) in all(&document) {
            let mut bodies: Vec<&Value> = operation["requestBody"]["content"].as_object().into_iter().flat_map(|all| all.values()).collect();
            let answers = operation["responses"].as_object().unwrap().values();
            bodies.extend(answers.flat_map(|own| resolved(&document, own)["content"].as_object()).flat_map(|all| all.values()));
            for body in bodies {
                let found = faults(&document, &body["schema"], &body["example"]);
                assert!(!body["example"].is_null(), "{method} {path}: {body}");
                assert_eq!(found, Vec::<String>::new(), "{method} {path}");
                n_examples += 1;
            }
        }
        assert!(n_examples > 200, "{n_examples} examples");
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for example in schema["examples"].as_array().into_iter().flatten() {
                assert_eq!(faults(&document, schema, example), Vec::<String>::new(), "{name}");
            }
        }
    }

    /// What is answered fits what the document says of it, for a world with something of everything.
    async fn every_list_and_every_entry_is_as_the_document_says(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let email = "bounced@client.example".parse().unwrap();
        world.db.suppress_by_hand(&email, "operator".parse().unwrap(), Some("by hand"), 1, None).await.unwrap();
        let (program, document) = (world.all().await, document(&world).await);
        let mut n_read = 0;
        for operation in operations(&program).await.iter().filter(|own| own.method == "GET") {
            let schema = &document["paths"][&operation.template]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let is_list = schema["$ref"].as_str().is_some_and(|name| name.ends_with("Page"));
            if !is_list {
                continue;
            }
            let list = operation.template.replace("{organization}", "acme").replace("{gap}", "ACME-G1");
            let told = program.get(&list).await.is(200).json();
            assert_eq!(faults(&document, schema, &told), Vec::<String>::new(), "{list}");
            let items = told["items"].as_array().unwrap();
            assert!(!items.is_empty(), "{list}");
            n_read += 1;
            let key = ["external_id", "slug", "id"].iter().find_map(|key| {
                let is_key = match *key { "external_id" => list.ends_with("/gaps"), "slug" => list.ends_with("tions"), _ => true };
                items[0][*key].as_str().filter(|_| is_key)
            });
            let one = format!("{list}/{}", key.unwrap());
            let inner = document["paths"].as_object().unwrap().iter().find(|(path, _)| {
                path.strip_prefix(&operation.template).is_some_and(|rest| rest.starts_with("/{") && rest.matches('/').count() == 1)
            });
            if let Some((_, item)) = inner.filter(|(_, item)| item["get"].is_object()) {
                let schema = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
                let told = program.get(&one).await.is(200).json();
                assert_eq!(faults(&document, schema, &told), Vec::<String>::new(), "{one}");
                n_read += 1;
            }
        }
        assert!(n_read >= 19, "{n_read} were read");
        let facts = program.get("/api/v1/organizations/acme/facts").await.is(200).json();
        assert_eq!(faults(&document, &json!({ "$ref": "#/components/schemas/Facts" }), &facts), Vec::<String>::new());
    }
}
