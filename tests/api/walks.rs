//! Lists page by page, with writes between.

use std::collections::BTreeSet;

use back_office_brief::store::Db;
use serde_json::{Value, json};

use crate::client::Program;
use crate::on_both;
use crate::world::{RECORDED, World};

const PEOPLE: &str = "/api/v1/people";

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

async fn person(all: &Program, n: usize) -> Value {
    all.post(PEOPLE, json!({ "email": format!("p{n}@client.example") })).await.is(201).json()
}

on_both! {
    async fn a_walk_meets_each_entry_once_whatever_is_written_meanwhile(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        let mut made = Vec::new();
        for n in 0..7 {
            made.push(person(&all, n).await);
        }
        let first = all.get(&format!("{PEOPLE}?limit=3")).await.is(200).json();
        // One that was met goes, one that is ahead goes, and two come.
        for gone in [1, 5] {
            all.delete(&format!("{PEOPLE}/{}", made[gone]["id"].as_str().unwrap())).await.is(204);
        }
        let new = [person(&all, 7).await, person(&all, 8).await];
        let mut met = ids(first["items"].as_array().unwrap());
        let mut cursor = first["next_cursor"].clone();
        while let Some(next) = cursor.as_str() {
            let page = all.get(&format!("{PEOPLE}?limit=3&cursor={next}")).await.is(200).json();
            met.extend(ids(page["items"].as_array().unwrap()));
            cursor = page["next_cursor"].clone();
        }
        let once: BTreeSet<&String> = met.iter().collect();
        assert_eq!(once.len(), met.len(), "nobody twice");
        for (n, own) in made.iter().enumerate().filter(|(n, _)| ![1, 5].contains(n)) {
            assert!(met.contains(&own["id"].as_str().unwrap().to_owned()), "{n}");
        }
        assert!(met.contains(&new[1]["id"].as_str().unwrap().to_owned()), "ids go up");
    }

    async fn the_link_leads_on(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        for n in 0..5 {
            world.organization_alone(&format!("o{n}"), RECORDED, |_| {}).await;
        }
        let (mut url, mut met) = ("/api/v1/organizations?status=active&limit=2".to_owned(), Vec::new());
        loop {
            let told = all.get(&url).await;
            met.extend(ids(told.is(200).json()["items"].as_array().unwrap()));
            let link = told.header("link");
            if link.is_empty() {
                break;
            }
            let (target, rel) = link.split_once('>').unwrap();
            assert_eq!(rel, "; rel=\"next\"");
            url = target.strip_prefix("<http://127.0.0.1:8080").unwrap().to_owned();
            assert!(url.contains("status=active") && url.contains("limit=2"), "{url}");
        }
        assert_eq!(met, ["o0", "o1", "o2", "o3", "o4"]);
    }

    async fn a_cursor_is_good_for_its_list_alone(db: Db) {
        let world = World::on(db);
        let all = world.all().await;
        for n in 0..3 {
            person(&all, n).await;
            world.organization_alone(&format!("o{n}"), RECORDED, |_| {}).await;
        }
        let cursor = all.get(&format!("{PEOPLE}?limit=1")).await.json()["next_cursor"].as_str().unwrap().to_owned();
        all.get(&format!("{PEOPLE}?limit=2&cursor={cursor}")).await.is(200);
        for path in ["/api/v1/organizations?", "/api/v1/people?organization=o1&"] {
            let told = all.get(&format!("{path}cursor={cursor}")).await;
            told.is_problem(400, "bad-parameter");
            assert_eq!(told.complains_of(), ["cursor"], "{path}");
        }
        let altered = format!("{}A", &cursor[..cursor.len() - 1]);
        assert!([200, 400].contains(&all.get(&format!("{PEOPLE}?cursor={altered}")).await.status.as_u16()));
    }

    async fn a_page_costs_the_same_however_many_there_are(db: Db) {
        let world = World::on(db);
        world.organization("few").await;
        world.organization_like("many", 60, RECORDED, |_| {}).await;
        let program = world.program(&["read"], None).await;
        for list in ["gaps", "events", "implementations", "assessments"] {
            let mut counts = Vec::new();
            for organization in ["few", "many"] {
                let path = format!("/api/v1/organizations/{organization}/{list}?limit=200");
                program.get(&path).await.is(200);
                let before = world.db.queries();
                program.get(&path).await.is(200);
                counts.push(world.db.queries() - before);
            }
            assert_eq!(counts[0], counts[1], "{list}");
            assert!(counts[0] <= 12, "{list}: {}", counts[0]);
        }
    }
}
