//! The portfolio: who comes first, what is folded, what is counted, and how much is asked of the database.

use back_office_brief::store::Db;
use back_office_brief::store::records::{Answer, Session};

use crate::desk::{ANA, Who, ana, browser, world};
use crate::on_both;
use crate::world::ms;

/// Where words stand in a page.
fn place(text: &str, words: &str) -> usize {
    text.find(words).unwrap_or_else(|| panic!("no {words:?} in {text}"))
}

on_both! {
    async fn clients_stand_in_the_order_of_the_model(db: Db) {
        let world = world(db).await;
        // A blocker near go-live comes before stalled gaps; whoever was never assessed comes second.
        world.happens("calder", "g1", "severity", "4", "2026-11-20T15:00:00Z").await;
        world
            .put(&[back_office_brief::store::records::ImplementationEvent {
                id: "moved".to_owned(),
                implementation_id: "calder-erp".to_owned(),
                field: "go_live_on".to_owned(),
                from_value: Some("2027-02-01".to_owned()),
                to_value: Some("2026-12-04".to_owned()),
                effective_on: "2026-11-20".to_owned(),
                recorded_at: ms("2026-11-20T15:00:00Z"),
                ..Default::default()
            }])
            .await;
        world.organization_alone("bare", "2026-11-02T15:00:00Z", |_| {}).await;
        world.put(&[back_office_brief::store::records::ConsultantClient {
            id: "bare-link".to_owned(),
            person_id: format!("person-{ANA}"),
            organization_id: "bare".to_owned(),
            since: ms("2026-11-02T15:00:00Z"),
            ..Default::default()
        }]).await;
        let page = ana(&world).await.get("/desk").await;
        page.is(200).says("The calder").says("blocker open, live in 9 days").says("never assessed").says("3 stalled gaps");
        let order = ["/desk/c/calder\"", "/desk/c/bare\"", "/desk/c/northfield\""].map(|own| place(&page.text, own));
        assert!(order.is_sorted(), "{order:?}");
        page.says("$600").says("1 Feb (9 wk)").says("Open across clients: $1,200 a week.");
        assert!(!page.text.contains("halden"), "{}", page.text);
    }

    async fn who_needs_nothing_is_folded_in_one_line(db: Db) {
        let world = world(db).await;
        world.organization_like("quiet", 2, "2026-11-20T15:00:00Z", |_| {}).await;
        world.put(&[back_office_brief::store::records::ConsultantClient {
            id: "quiet-link".to_owned(),
            person_id: format!("person-{ANA}"),
            organization_id: "quiet".to_owned(),
            since: ms("2026-11-20T15:00:00Z"),
            ..Default::default()
        }]).await;
        let page = ana(&world).await.get("/desk").await;
        page.is(200).says("2 need you").says("One does not").says("No need this week: The quiet.");
        let folded = place(&page.text, "<details class=\"card\">");
        assert!(place(&page.text, "/desk/c/quiet\"") > folded && place(&page.text, "/desk/c/calder\"") < folded);
    }

    async fn what_waits_is_counted_and_linked(db: Db) {
        let world = world(db).await;
        world.tick("2026-11-23T12:00:00Z").await;
        world.clock.set(crate::world::at(crate::desk::NOW));
        let delivery = world.deliveries().await.into_iter().find(|own| own.email.as_deref() == Some("lee.park@client.example"));
        world.put(&[Answer {
            id: "answer-1".to_owned(),
            delivery_id: delivery.expect("a delivery").id,
            person_id: "person-lee.park@client.example".to_owned(),
            gap_id: "northfield-g1".to_owned(),
            kind: "blocked".to_owned(),
            text: "Legal <has> it".to_owned(),
            answered_at: ms("2026-11-24T15:00:00Z"),
            ..Default::default()
        }]).await;
        let browser = ana(&world).await;
        let page = browser.get("/desk").await;
        page.is(200).says("1 answer");
        assert!(page.text.contains("/desk/c/northfield#answers"), "{}", page.text);
        browser.get("/desk/c/northfield").await.is(200).says("Answers from the mail").says("Legal &#60;has&#62; it");
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G1").await.is(200).says("Blocked").says("Legal &#60;has&#62; it");
    }

    async fn the_next_session_is_told(db: Db) {
        let world = world(db).await;
        world.put(&[Session {
            id: "next".to_owned(),
            organization_id: "calder".to_owned(),
            consultant_person_id: format!("person-{ANA}"),
            starts_at: ms("2026-11-26T16:00:00Z"),
            created_at: ms("2026-11-01T15:00:00Z"),
            ..Default::default()
        }]).await;
        let page = ana(&world).await.get("/desk").await;
        page.is(200).says("Next session: The calder, Thursday 26 November, 10:00").says("Nothing was promised last time.");
        assert!(page.text.contains("/desk/c/calder/sessions"));
    }

    async fn the_operator_sees_all_and_finds_by_name(db: Db) {
        let world = world(db).await;
        let operator = browser(&world, Who::Operator).await;
        operator.get("/desk").await.is(200).says("The halden").says("The calder").says("0 of 3 done");
        let found = operator.get("/desk?q=HALD").await;
        found.is(200).says("The halden").says("1 of 3 clients.");
        assert!(!found.text.contains("The calder"), "{}", found.text);
        operator.get("/desk?q=%3Cscript%3E").await.is(200).says("&#60;script&#62;");
    }

    async fn the_number_of_statements_depends_on_nothing(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let count = async |path: &str| {
            let before = world.db.queries();
            browser.get(path).await.is(200);
            world.db.queries() - before
        };
        let paths = ["/desk", "/desk/round", "/desk/c/northfield", "/desk/c/northfield/gaps/NORTHFIELD-G1"];
        let mut small = Vec::new();
        for path in paths {
            small.push(count(path).await);
        }
        for n in 0..20 {
            let slug = format!("more-{n}");
            world.organization_like(&slug, 12, "2026-10-05T15:00:00Z", |_| {}).await;
            world.put(&[back_office_brief::store::records::ConsultantClient {
                id: format!("link-{slug}"),
                person_id: format!("person-{ANA}"),
                organization_id: slug.clone(),
                since: ms("2026-10-05T15:00:00Z"),
                ..Default::default()
            }]).await;
        }
        let names: Vec<String> = (0..60).map(|n| format!("many{n}")).collect();
        world.gaps("northfield", &names, "2026-10-05T15:00:00Z").await;
        for (path, small) in paths.into_iter().zip(small) {
            assert!(small > 5, "statements are counted: {small}");
            assert_eq!(count(path).await, small, "{path} with 22 clients and 63 gaps");
        }
    }
}
