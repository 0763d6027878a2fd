//! How much a page weighs: under 100 kB whatever a client or a consultant has.

use back_office_brief::store::Db;
use back_office_brief::store::records::ConsultantClient;

use crate::desk::{ANA, ana, world};
use crate::html::faults;
use crate::on_both;
use crate::world::ms;

const MOST: usize = 100_000;

on_both! {
    async fn a_client_with_five_hundred_gaps(db: Db) {
        let world = world(db).await;
        let long = "A title as long as a title may be, which is sixty letters in".len();
        assert_eq!(long, 60);
        let names: Vec<String> = (0..500).map(|n| format!("an-id-of-some-length-{n:04}")).collect();
        world.gaps("northfield", &names, "2026-10-05T15:00:00Z").await;
        world.by_hand("UPDATE gap SET title = 'A title as long as a title may be, which is sixty letters in'").await;
        let events: Vec<_> = (0..500).map(|n| back_office_brief::store::records::GapEvent {
            id: format!("owned-{n:04}"),
            gap_id: format!("northfield-an-id-of-some-length-{n:04}"),
            kind: "owner".to_owned(),
            to_value: Some(format!("Somebody Withaname-{n:04}")),
            effective_on: "2026-10-06".to_owned(),
            recorded_at: ms("2026-10-06T15:00:00Z"),
            ..Default::default()
        }).collect();
        world.put(&events).await;
        let browser = ana(&world).await;
        for path in ["", "?page=12", "?status=closed", "/grid", "/grid/erp/billing", "/gaps/NORTHFIELD-G1", "/gaps/new"] {
            let page = browser.get(&format!("/desk/c/northfield{path}")).await;
            page.is(200);
            assert!(page.text.len() < MOST, "{path}: {} octets", page.text.len());
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{path}");
        }
        let page = browser.get("/desk/round").await;
        assert!(page.is(200).text.len() < MOST);
        let sent = browser.fill("/desk/round", &[("same", "northfield")]).await;
        assert_eq!(sent.status.as_u16(), 303, "all 503 at once");
    }

    async fn a_consultant_with_forty_clients(db: Db) {
        let world = world(db).await;
        for n in 0..40 {
            let slug = format!("client-number-{n:02}");
            world.organization_like(&slug, 9, "2026-10-05T15:00:00Z", |own| own.name = format!("A client with a rather long name, number {n}")).await;
            world.put(&[ConsultantClient {
                id: format!("link-{slug}"),
                person_id: format!("person-{ANA}"),
                organization_id: slug.clone(),
                since: ms("2026-10-05T15:00:00Z"),
                ..Default::default()
            }]).await;
        }
        world.by_hand("UPDATE gap SET title = 'A title as long as a title may be, which is sixty letters in'").await;
        let browser = ana(&world).await;
        for path in ["/desk", "/desk/round"] {
            let page = browser.get(path).await;
            page.is(200);
            assert!(page.text.len() < MOST, "{path}: {} octets", page.text.len());
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{path}");
        }
        browser.get("/desk/round").await.says("0 of 42 done this week").says("27 more come here when these are done.");
    }
}
