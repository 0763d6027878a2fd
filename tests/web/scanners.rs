//! Link scanners: they follow every link of a mail before its reader does, some of them often.

use back_office_brief::store::Db;

use crate::browser::{Browser, link};
use crate::on_both;
use crate::world::{SEVEN, World};

on_both! {
    async fn fifty_scanners_change_nothing(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        assert!(world.tick(SEVEN).await.closes());
        let browser = Browser::of(&world);
        browser.post("/subscribe", &[("email", "zoe@reader.example")]).await.is(200);
        world.asked(1).await;
        let (brief, ask) = (world.mails().remove(0), world.notices().remove(0));
        let links = [link(&brief, "u"), link(&brief, "p"), link(&brief, "w"), link(&ask, "confirm")];
        let before = world.everything().await;
        for round in 0..50 {
            let method = ["GET", "HEAD", "GET", "OPTIONS"][round % 4];
            for url in &links {
                let page = browser.ask(method, url).await;
                assert!(page.status.is_success() || method == "OPTIONS", "{method} {url}: {}", page.status);
                assert!(method != "HEAD" || page.text.is_empty());
                // What a scanner may add to see whether the page reflects it.
                browser.ask(method, &format!("{url}?x=%3Cscript%3E&List-Unsubscribe=One-Click")).await;
            }
        }
        for url in &links {
            for method in ["PUT", "DELETE", "PATCH"] {
                browser.ask(method, url).await.is(405);
            }
        }
        assert_eq!(world.everything().await, before);
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.mails_to("anna@client.example").len(), 2, "she is on the list as before");
        assert!(world.mails_to("zoe@reader.example").is_empty(), "and nobody was confirmed");
    }
}
