//! Any edition at any day, without sending it.

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::engine::preview::Whose;
use back_office_brief::store::Db;

use crate::desk::{ANA, NOW, Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::world::{World, at, number};

const BASE: &str = "<base target=\"_blank\">";

/// What `brief preview --format html` prints at an instant.
async fn printed(world: &World, whose: Whose, now: &str) -> String {
    let preview = world.engine.preview(&whose, at(now)).await.expect("a preview");
    world.engine.preview_html(&preview)
}

fn slug() -> String {
    "northfield".to_owned()
}

on_both! {
    async fn a_preview_is_that_of_the_command_line(db: Db) {
        let world = world(db).await;
        world.by_hand("UPDATE person SET name = 'Lee Park' WHERE id LIKE '%dora.ruiz%'").await;
        let browser = ana(&world).await;
        for (query, whose) in [
            ("", Whose::Leader(slug())),
            ("as=leader", Whose::Leader(slug())),
            ("as=reader", Whose::Reader(slug())),
            ("as=owner", Whose::Owner(slug(), None)),
            ("as=owner&owner=Lee+Park", Whose::Owner(slug(), Some("Lee Park".to_owned()))),
            ("as=subscription-rob.reed@client.example", Whose::Reader(slug())),
            ("as=subscription-lee.park@client.example", Whose::Leader(slug())),
            ("as=subscription-dora.ruiz@client.example", Whose::Owner(slug(), Some("Lee Park".to_owned()))),
        ] {
            // A day after a cut-off, the day of one, and none: now.
            for (date, now) in [("&date=2026-10-20", "2026-10-20T18:00:00Z"), ("&date=2026-11-16", "2026-11-16T12:00:00Z"), ("", NOW)] {
                let mail = browser.get(&format!("/desk/c/northfield/preview/mail?{query}{date}")).await;
                mail.is(200);
                assert_eq!(mail.text.replacen(BASE, "", 1), printed(&world, whose.clone(), now).await, "{query}{date}");
                let page = browser.get(&format!("/desk/c/northfield/preview?{query}{date}")).await;
                page.is(200).says("Its links lead nowhere here.");
                assert_eq!(faults(&page.text), Vec::<String>::new(), "{query}{date}");
            }
        }
        let page = browser.get("/desk/c/northfield/preview").await;
        page.says("Lee Park, leader").says("Rob Reed, reader");
        let shown = page.text.replace("value=\"subscription-lee.park@client.example\"", "");
        assert!(!shown.contains("lee.park@"), "no address of anybody else: {}", page.text);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM edition").await, 0, "nothing was stored");
        assert!(world.mails().is_empty() && world.notices().is_empty());
    }

    async fn a_preview_holds_no_link_of_anybody(db: Db) {
        let world = world(db).await;
        world.tick("2026-11-23T12:00:00Z").await;
        world.clock.set(at(NOW));
        let browser = ana(&world).await;
        let mail = browser.get("/desk/c/northfield/preview/mail?as=subscription-lee.park@client.example").await;
        for path in ["/u/", "/p/", "/w/", "/t/", "/a/"] {
            let link = format!("http://127.0.0.1:8080{path}");
            let mut links = mail.text.split(&link).skip(1).peekable();
            assert!(links.peek().is_some(), "a link to {path}: {}", mail.text);
            assert!(links.all(|rest| rest.starts_with("preview-to-nobody-on-a-list")), "{path}");
        }
        assert!(!mail.text.contains("lee.park@") && !mail.text.contains("Lee Park,"), "{}", mail.text);
    }

    async fn the_day_ahead_shows_the_next_brief_with_its_note(db: Db) {
        let world = crate::reviewing::held_for_a_day(db).await;
        let browser = ana(&world).await;
        let path = crate::reviewing::waiting(&world).await;
        browser.fill_on(&path, &[("do", "note"), ("note", "Mind the price lists.")]).await;
        for query in ["as=leader", "as=reader"] {
            let page = browser.get(&format!("/desk/c/northfield/preview?{query}&date=2026-11-30")).await;
            page.is(200).says("Monday 30 November 2026").says("Mind the price lists.");
        }
    }

    async fn a_day_without_a_brief_is_said(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let none = browser.get("/desk/c/northfield/preview?date=2026-01-05").await;
        none.is(200).says("Nothing was recorded about northfield before its cut-off of 2026-01-05; choose a later day.");
        browser.get("/desk/c/northfield/preview/mail?date=2026-01-05").await.is(404);
        for (query, says) in [
            ("date=tomorrow", "is not a day"), ("date=2199-01-01", "is out of reach"), ("date=-999-01-01", "is not a day"), ("date=1812-06-24", "is out of reach"),
        ] {
            let page = browser.get(&format!("/desk/c/northfield/preview?{query}")).await;
            page.is(422);
            assert!(page.text.to_lowercase().contains(says), "{query}: {}", page.text);
            assert_eq!(faults(&page.text), Vec::<String>::new());
        }
        browser.get("/desk/c/northfield/preview?as=owner&owner=Nobody+Here").await.is(200).says("is owned by");
        browser.get("/desk/c/northfield/preview?as=subscription-ben.stone@advisor.example").await.is(200).says("Nobody gets the brief of northfield by this subscription.");
        let odd = browser.get("/desk/c/northfield/preview?as=%22%3E%3Cscript%3E&owner=%3Cscript%3E&date=%3Cscript%3E&q=%3Cscript%3E").await;
        assert!(!odd.is(422).text.contains("<script"), "{}", odd.text);
    }

    async fn a_quiet_week_is_as_its_reader_chose(db: Db) {
        let world = world(db).await;
        world.by_hand("UPDATE subscription SET quiet = 'line' WHERE id LIKE '%lee.park%'").await;
        world.by_hand("UPDATE subscription SET quiet = 'skip' WHERE id LIKE '%rob.reed%'").await;
        world.tick("2026-11-09T13:00:00Z").await;
        world.tick("2026-11-16T13:00:00Z").await;
        let browser = ana(&world).await;
        let frozen = world.editions("2026-W47").await;
        let is_quiet = frozen.iter().any(|own| own.scope_id == "northfield" && own.variant == "line-en");
        assert!(is_quiet, "{frozen:?}");
        let line = browser.get("/desk/c/northfield/preview/mail?as=subscription-lee.park@client.example").await.text;
        let full = browser.get("/desk/c/northfield/preview/mail?as=leader").await.text;
        assert!(line.len() < full.len(), "{} and {}", line.len(), full.len());
        browser.get("/desk/c/northfield/preview?as=subscription-rob.reed@client.example").await.is(200).says("chose to get nothing");
    }

    async fn many_readers_are_found_by_name(db: Db) {
        let world = world(db).await;
        world.many_leaders("northfield", 150).await;
        let browser = ana(&world).await;
        let page = browser.get("/desk/c/northfield/preview").await;
        page.is(200).says("Find a reader");
        assert!(page.text.len() < 100_000, "{} octets", page.text.len());
        let found = browser.get("/desk/c/northfield/preview?q=LEE+P").await;
        found.is(200).says("Lee Park, leader");
        assert!(!found.text.contains("Reader 12"), "{}", found.text);
        assert_eq!(faults(&found.text), Vec::<String>::new());
        world.by_hand("UPDATE person SET name = 'Mesut Özil' WHERE name = 'Lee Park'").await;
        for words in ["%C3%B6zil", "%C3%96ZIL", "%C3%96zil"] {
            browser.get(&format!("/desk/c/northfield/preview?q={words}")).await.is(200).says("Mesut Özil, leader");
        }
    }

    async fn a_portfolio_is_previewed_at_any_day(db: Db) {
        let world = world(db).await;
        let browser_of_ana = ana(&world).await;
        let own = Whose::Consultant(EmailAddress::parse(ANA).unwrap());
        for (query, now) in [("?date=2026-11-10", "2026-11-10T23:00:00Z"), ("", NOW)] {
            let mail = browser_of_ana.get(&format!("/desk/preview/mail{query}")).await;
            mail.is(200).says("The calder");
            assert_eq!(mail.text.replacen(BASE, "", 1), printed(&world, own.clone(), now).await, "{query}");
            let page = browser_of_ana.get(&format!("/desk/preview{query}")).await;
            page.is(200);
            assert_eq!(faults(&page.text), Vec::<String>::new());
        }
        let operator = browser(&world, Who::Operator).await;
        operator.get("/desk/preview").await.is(200).says("You have no clients at this day");
        browser_of_ana.get("/desk/preview?date=x").await.is(422);
    }

    async fn a_client_that_is_theirs_no_more_stands_in_no_portfolio_of_any_day(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        browser.get("/desk/preview/mail?date=2026-11-10").await.is(200).says("The northfield");
        world.by_hand("UPDATE consultant_client SET until = 1795600000000 WHERE organization_id = 'northfield'").await;
        for path in ["/desk/preview?date=2026-11-10", "/desk/preview/mail?date=2026-11-10", "/desk/preview/mail"] {
            let page = browser.get(path).await;
            page.is(200);
            assert!(!page.text.contains("northfield"), "{path}: {}", page.text);
        }
    }
}
