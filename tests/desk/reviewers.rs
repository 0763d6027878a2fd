//! Several people and one draft: nothing of one is overwritten unseen by another, and who it is none of
//! the business of sees nothing.

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser};
use crate::html::faults;
use crate::on_both;
use crate::reviewing::{CUT_OFF, DUE, held_for_a_day, held_until_approved, waiting};
use crate::world::{at, number};

on_both! {
    async fn what_somebody_else_decided_is_shown_and_not_overwritten(db: Db) {
        let world = held_for_a_day(db).await;
        let (first, second) = (ana(&world).await, browser(&world, Who::Operator).await);
        let path = waiting(&world).await;
        let old = first.get(&path).await;
        let (mark, version) = (old.field("mark"), old.field("version"));
        world.clock.set(at("2026-11-29T12:05:00Z"));
        second.fill_on(&path, &[("do", "skip"), ("reason", "Wrong prices")]).await;
        second.fill_on(&path, &[("do", "note"), ("note", "Theirs.")]).await;
        world.clock.set(at("2026-11-29T12:06:00Z"));
        let mine = [("mark", mark.as_str()), ("version", version.as_str())];
        let stale = first.post(&path, &[&mine[..], &[("do", "approve")]].concat()).await;
        stale.is(409).says("Somebody else was here meanwhile").says("the last entry is by Ops, 2026-11-29 06:05");
        stale.says("Left out by Ops, Sunday 29 November, 06:05: Wrong prices").says("Theirs.");
        assert_eq!(faults(&stale.text), Vec::<String>::new());
        let stale = first.post(&path, &[&mine[..], &[("do", "note"), ("note", "Mine.")]].concat()).await;
        stale.is(409).says("Stands now:</strong> Theirs.");
        assert!(stale.text.contains("Mine.</textarea>"), "{}", stale.text);
        let stale = first.post(&path, &[&mine[..], &[("do", "skip"), ("reason", "Mine")]].concat()).await;
        stale.is(409);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM review_decision").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM edition_note").await, 1);
        // Knowing what stands there, they decide.
        let again = stale.field("version");
        let sent = first.post(&path, &[("mark", mark.as_str()), ("version", &again), ("do", "approve")]).await;
        sent.is(303);
        world.tick(DUE).await;
        assert_eq!(world.fate("lee.park@client.example", "2026-W49").await.0, "sent");
    }

    async fn a_form_without_a_version_is_that_of_no_page(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        let path = waiting(&world).await;
        let mark = browser.get(&path).await.field("mark");
        browser.post(&path, &[("mark", &mark), ("do", "approve")]).await.is(409);
        browser.post(&path, &[("mark", &mark), ("do", "something")]).await.is(400);
        browser.post(&path, &[("do", "approve")]).await.is(400);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM review_decision").await, 0);
    }

    async fn a_draft_of_another_client_is_not_there(db: Db) {
        let world = held_for_a_day(db).await;
        let path = waiting(&world).await;
        let stranger = browser(&world, Who::Stranger).await;
        let list = stranger.get("/desk/review").await;
        assert!(!list.is(200).says("No draft waits.").text.contains("northfield"), "{}", list.text);
        let mark = stranger.get("/desk/round").await.field("mark");
        for address in [path.clone(), format!("{path}/mail"), path.replace("northfield", "halden"), "/desk/c/northfield/preview/mail".to_owned()] {
            stranger.get(&address).await.is(404);
        }
        stranger.post(&path, &[("mark", &mark), ("do", "approve")]).await.is(404);
        for who in [Who::Leader, Who::Owner, Who::Reader] {
            let reader = browser(&world, who).await;
            for address in [path.as_str(), "/desk/review", "/desk/c/northfield/review", "/desk/c/northfield/preview"] {
                let page = reader.get(address).await;
                assert!(!page.is(403).text.contains("orthfield"), "{}", page.text);
            }
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM review_decision").await, 0);
    }

    async fn the_list_is_in_the_order_of_leaving_and_has_pages(db: Db) {
        let world = held_until_approved(db).await;
        world.by_hand("UPDATE organization SET review = 'hold', review_hours = 24, cut_off_hour = 20 WHERE id = 'halden'").await;
        for n in 0..60 {
            let slug = format!("many-{n:02}");
            world.organization_like(&slug, 1, "2026-10-05T15:00:00Z", |own| (own.review, own.cut_off_weekday, own.review_hours) = ("hold".to_owned(), 3, Some(72))).await;
        }
        world.tick(CUT_OFF).await;
        world.tick("2026-11-30T13:30:00Z").await;
        let operator = browser(&world, Who::Operator).await;
        let first = operator.get("/desk/review").await;
        first.is(200).says("Drafts in the order in which they leave.").says("The northfield").says("More");
        assert_eq!(faults(&first.text), Vec::<String>::new());
        assert!(first.text.len() < 100_000, "{} octets", first.text.len());
        let held = first.text.find("The northfield").expect("held");
        assert!(first.text.find("The many-00").expect("a draft") > held, "{}", first.text);
        operator.get("/desk/review?page=2").await.is(200).says("The many-59").says("Before");
        operator.get("/desk/review?page=99&past=99").await.is(200).says("Before");
        let ana = ana(&world).await.get("/desk/review").await;
        assert!(!ana.text.contains("many-00") && !ana.text.contains("halden"), "{}", ana.text);
    }
}
