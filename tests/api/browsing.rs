//! The pages that tell of the API.

use back_office_brief::store::Db;

use crate::client::Program;
use crate::on_both;
use crate::scopes::operations;
use crate::world::World;

/// Headings go down one level at a time, and there is one first.
fn headings_are_in_order(page: &str) -> bool {
    let levels =
        page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10));
    let levels: Vec<u32> = levels.collect();
    levels.iter().filter(|level| **level == 1).count() == 1
        && levels[0] == 1
        && levels.windows(2).all(|two| two[1] <= two[0] + 1)
}

on_both! {
    async fn the_pages_say_what_the_document_says(db: Db) {
        let world = World::on(db);
        let (nobody, all) = (Program::with(&world, ""), world.all().await);
        let index = nobody.get("/api").await;
        index.is(200);
        let mut pages = vec![index.text.clone()];
        for link in index.text.split("href=\"/api/resources/").skip(1) {
            let name = link.split(['"', '#']).next().unwrap();
            let page = nobody.get(&format!("/api/resources/{name}")).await.is(200).text.clone();
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
        for page in &pages {
            assert!(page.len() < 100_000, "{} octets", page.len());
            assert!(headings_are_in_order(page), "{page}");
            for part in ["<script", "style=\"", "onclick"] {
                assert!(!page.contains(part), "{part}");
            }
        }
        for operation in operations(&all).await {
            let told = format!("<code>{} {}</code>", operation.method, operation.template);
            let n_pages = pages[1..].iter().filter(|page| page.contains(&told)).count();
            assert_eq!(n_pages, 1, "{told}");
            assert!(pages[0].contains(&operation.template), "{told}");
        }
        nobody.get("/api/resources/nothing").await.is_problem(404, "not-found");
    }

    async fn every_kind_of_problem_has_a_page(db: Db) {
        let world = World::on(db);
        let nobody = Program::with(&world, "");
        let all = nobody.get("/api/problems").await.is(200).text.clone();
        assert!(headings_are_in_order(&all));
        let names: Vec<&str> = all.split("id=\"").skip(2).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(names.len() > 15, "{names:?}");
        for name in names {
            let page = nobody.get(&format!("/api/problems/{name}")).await;
            page.is(200);
            assert!(page.text.contains(&format!("<code>{name}</code>")) && headings_are_in_order(&page.text), "{name}");
        }
        nobody.get("/api/problems/nothing").await.is_problem(404, "not-found");
    }

    async fn everything_leads_where_the_service_is(db: Db) {
        let world = World::with(db, &[("BRIEF__WEB__PUBLIC_URL", "https://brief.client.example/sub/")]);
        for n in 0..3 {
            world.organization_alone(&format!("o{n}"), "2026-09-30T15:00:00Z", |_| {}).await;
        }
        let all = world.all().await;
        let document = all.get("/api/v1/openapi.json").await.json();
        assert_eq!(document["servers"][0]["url"], "https://brief.client.example/sub");
        let page = all.get("/api").await;
        assert!(page.text.contains("href=\"/sub/api/v1/openapi.json\""), "{}", page.text);
        let link = all.get("/api/v1/organizations?limit=1").await.header("link").to_owned();
        assert!(link.starts_with("<https://brief.client.example/sub/api/v1/organizations?limit=1&cursor="), "{link}");
        assert!(link.ends_with(">; rel=\"next\""), "{link}");
        let problem = all.get("/api/v1/people/nobody").await.json();
        assert_eq!(problem["type"], "/sub/api/problems/not-found");
    }
}
