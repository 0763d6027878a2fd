//! The web copy and the archive.

use back_office_brief::engine::links::NOBODY;
use back_office_brief::store::Db;

use crate::browser::{Browser, HOME, link, real_ids};
use crate::on_both;
use crate::world::{SEVEN, World, at};

const ANNA: &str = "anna@client.example";

/// Sends two public editions; the weeks.
async fn issues(world: &World) {
    let mut person = back_office_brief::store::records::Person {
        email: Some("zoe@reader.example".to_owned()),
        email_canonical: Some("zoe@reader.example".to_owned()),
        locale: "en".to_owned(),
        ..Default::default()
    };
    let mut subscription = back_office_brief::store::records::Subscription {
        role: "public".to_owned(),
        weekday: Some(2),
        hour: Some(8),
        quiet: "full".to_owned(),
        confirmed_at: Some(0),
        ..Default::default()
    };
    real_ids(&mut person, &mut subscription);
    world.put(&[person]).await;
    world.put(&[subscription]).await;
    for tuesday in ["2026-11-17T08:00:00Z", "2026-11-24T08:00:00Z"] {
        assert!(world.tick(tuesday).await.closes());
    }
}

on_both! {
    async fn the_web_copy_is_what_was_sent(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", ANNA).await;
        assert!(world.tick(SEVEN).await.closes());
        let mail = world.mails_to(ANNA).remove(0);
        let browser = Browser::of(&world);
        let page = browser.get(&link(&mail, "w")).await;
        page.is(200);
        let sent = mail_parser::MessageParser::default().parse(&mail.bytes).unwrap();
        let html = sent.body_html(0).unwrap();
        assert_eq!(page.text.trim_end(), html.replace("\r\n", "\n").trim_end(), "to the last link");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
        // A title that changes later does not change what was said.
        world.by_hand("UPDATE gap SET title = 'Something else'").await;
        assert_eq!(browser.get(&link(&mail, "w")).await.text, page.text);
    }

    async fn the_web_copy_ends_and_a_forged_one_never_begins(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", ANNA).await;
        assert!(world.tick(SEVEN).await.closes());
        let copy = link(&world.mails_to(ANNA)[0], "w");
        let browser = Browser::of(&world);
        browser.get(&copy[..copy.len() - 2]).await.is(404);
        browser.get(&format!("{HOME}/w/{NOBODY}")).await.is(404).says("from a preview");
        world.clock.set(at("2027-05-23T23:59:59Z"));
        browser.get(&copy).await.is(200);
        world.clock.set(at("2027-05-24T00:00:00Z"));
        browser.get(&copy).await.is(410).says("This link is over");
    }

    async fn a_pruned_copy_says_so(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", ANNA).await;
        assert!(world.tick(SEVEN).await.closes());
        world.by_hand("UPDATE edition SET body_html = NULL, body_text = NULL, pruned_at = 1").await;
        let browser = Browser::of(&world);
        browser.get(&link(&world.mails_to(ANNA)[0], "w")).await.is(410).says("The mail itself stays with you.");
    }

    async fn the_archive_lists_what_was_sent_newest_first(db: Db) {
        let world = World::on(db);
        let browser = Browser::of(&world);
        browser.get("/archive").await.is(200).says("There is no issue here yet.");
        issues(&world).await;
        let page = browser.get("/archive").await;
        page.is(200).says("24 November 2026").says("17 November 2026").says("Get it by mail");
        assert!(page.text.find("2026-W48").unwrap() < page.text.find("2026-W47").unwrap());
        assert_eq!(page.header("x-robots-tag"), "all");
        browser.get("/archive?page=2").await.is(200).says("Newer");
        for odd in ["/archive?page=x", "/archive?page=-1", "/archive?page=99999999999999999999"] {
            browser.get(odd).await.is(200);
        }
        assert_eq!(browser.get("/").await.is(303).header("location"), "/archive");
    }

    async fn an_issue_is_read_by_everybody_and_is_nobodys(db: Db) {
        let world = World::on(db);
        issues(&world).await;
        let browser = Browser::of(&world);
        let mail = world.mails_to("zoe@reader.example").pop().unwrap();
        let page = browser.get("/archive/2026-W48").await;
        page.is(200).says("All issues").says(&mail.subject);
        assert!(mail.text.contains(&format!("{HOME}/archive/2026-W48")), "its web copy is the archive's");
        for kind in ["u", "p", "w"] {
            assert!(!page.text.contains(&format!("/{kind}/")), "no reader's own link");
        }
        assert!(!page.text.contains("slot--"), "{}", page.text);
        for none in ["/archive/2026-W46", "/archive/2026-W99", "/archive/x", "/archive/..%2f..", "/archive/2026-W48%00"] {
            browser.get(none).await.is(404).says("There is no such page");
        }
    }

    async fn what_is_planned_for_later_is_not_there_yet(db: Db) {
        let world = World::on(db);
        issues(&world).await;
        world.clock.set(at("2026-11-20T00:00:00Z"));
        let browser = Browser::of(&world);
        browser.get("/archive/2026-W48").await.is(404);
        browser.get("/archive/2026-W47").await.is(200);
    }

    async fn the_feed_is_atom(db: Db) {
        let world = World::on(db);
        let browser = Browser::of(&world);
        let empty = browser.get("/archive/feed.atom").await;
        empty.is(200).says("<updated>1970-01-01T00:00:00Z</updated>");
        issues(&world).await;
        let feed = browser.get("/archive/feed.atom").await;
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        feed.is(200).says(&format!("<id>{HOME}/archive/2026-W48</id>")).says("<updated>2026-11-24T08:00:00Z</updated>");
        assert_eq!(feed.text.matches("<entry>").count(), 2);
        assert!(feed.text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
        let unescaped = feed.text.replace("&#", "").replace("&amp;", "");
        assert!(!unescaped.contains('&'), "{}", feed.text);
    }
}
