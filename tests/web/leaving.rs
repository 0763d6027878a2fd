//! The way out: one click, a page, and back again.

use back_office_brief::engine::links::NOBODY;
use back_office_brief::store::Db;
use back_office_brief::store::subscriptions;

use crate::browser::{Browser, FORM, HOME, link, request};
use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at};

const ANNA: &str = "anna@client.example";
const NEXT_MONDAY: &str = "2026-11-30T13:00:00Z";

/// A world in which Anna has this week's brief; her way out.
async fn anna(db: Db) -> (World, Browser, String) {
    let world = World::on(db);
    world.organization("acme").await;
    world.real_leader("acme", ANNA).await;
    assert!(world.tick(SEVEN).await.closes());
    let out = link(&world.mails_to(ANNA)[0], "u");
    let browser = Browser::of(&world);
    (world, browser, out)
}

on_both! {
    async fn one_click_leaves_at_once_and_for_good(db: Db) {
        let (world, browser, out) = anna(db).await;
        let page = browser.one_click(&out).await;
        page.is(200).says("The weekly brief of The acme comes no more");
        assert_eq!(page.header("location"), "", "RFC 8058 3.1: never a redirect");
        browser.one_click(&out).await.is(200);
        browser.one_click(&out).await.is(200);
        let left = [("withdrawn".to_owned(), "one-click".to_owned())];
        assert_eq!(world.consents(ANNA).await, left, "once");
        assert!(world.tick(NEXT_MONDAY).await.closes());
        assert_eq!(world.mails_to(ANNA).len(), 1);
    }

    async fn one_click_comes_as_a_multipart_form_too(db: Db) {
        let (world, browser, out) = anna(db).await;
        let body = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let page = browser.send(request("POST", &out, "multipart/form-data; boundary=b", body)).await;
        page.is(200);
        assert_eq!(world.consents(ANNA).await, [("withdrawn".to_owned(), "one-click".to_owned())]);
    }

    async fn leaving_holds_for_what_is_queued_and_for_what_is_claimed(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", ANNA).await;
        world.tick("2026-11-16T13:00:00Z").await;
        let out = link(&world.mails_to(ANNA)[0], "u");
        // The next brief is made an hour before it is due.
        world.tick(MONDAY).await;
        assert_eq!(world.fate(ANNA, "2026-W48").await.0, "queued");
        world.clock.set(at("2026-11-23T12:20:00Z"));
        let browser = Browser::of(&world);
        browser.one_click(&out).await.is(200);
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate(ANNA, "2026-W48").await, ("skipped".into(), "unsubscribed".into()));
        assert_eq!(world.mails_to(ANNA).len(), 1);
    }

    async fn a_page_asks_before_anything_changes(db: Db) {
        let (world, browser, out) = anna(db).await;
        let before = world.everything().await;
        let page = browser.get(&out).await;
        page.is(200).says("Stop the weekly brief of The acme?").says("Nothing has changed yet.");
        assert_eq!(world.everything().await, before);
        // A button of another page, of nobody's page, of no page.
        for mark in ["", "00000000000000000000000000000000", "ñ"] {
            browser.post(&out, &[("mark", mark), ("do", "stop")]).await.is(400).says("Nothing was changed.");
        }
        browser.send(request("POST", &out, FORM, "")).await.is(400);
        browser.send(request("POST", &out, "text/plain", "List-Unsubscribe=One-Click")).await.is(415);
        browser.send(request("POST", &out, FORM, "list-unsubscribe=one-click")).await.is(400);
        assert_eq!(world.everything().await, before);
        browser.press(&out, &[("do", "stop")]).await.is(200).says("comes no more");
        assert_eq!(world.consents(ANNA).await, [("withdrawn".to_owned(), "page".to_owned())]);
        browser.get(&out).await.is(200).says("You left on 23 November 2026.");
    }

    async fn a_mistake_is_taken_back_and_the_brief_that_waits_still_comes(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let subscription = world.real_leader("acme", ANNA).await;
        world.tick("2026-11-16T13:00:00Z").await;
        let out = link(&world.mails_to(ANNA)[0], "u");
        world.tick(MONDAY).await;
        world.clock.set(at("2026-11-23T12:20:00Z"));
        let browser = Browser::of(&world);
        browser.one_click(&out).await.is(200);
        browser.press(&out, &[("do", "again")]).await.is(200).says("You are back");
        browser.get(&out).await.is(200).says("Stop the weekly brief");
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate(ANNA, "2026-W48").await.0, "sent");
        let rows = subscriptions::list(&world.db, None, None).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [subscription.as_str()]);
    }

    async fn who_comes_back_after_a_cut_off_begins_anew_and_every_week_still_adds_up(db: Db) {
        let (world, browser, out) = anna(db).await;
        browser.one_click(&out).await.is(200);
        assert!(world.tick(NEXT_MONDAY).await.closes());
        world.clock.set(at("2026-12-01T09:00:00Z"));
        browser.press(&out, &[("do", "again")]).await.is(200).says("You are back");
        let report = world.tick("2026-12-07T13:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.mails_to(ANNA).len(), 2);
        // The link of the first mail leaves what began since.
        browser.get(&out).await.is(200).says("Stop the weekly brief");
        browser.one_click(&out).await.is(200);
        assert!(world.tick("2026-12-14T13:00:00Z").await.closes());
        assert_eq!(world.mails_to(ANNA).len(), 2);
        let all = world.consents(ANNA).await;
        let kinds: Vec<&str> = all.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["withdrawn", "confirmed", "withdrawn"]);
    }

    async fn only_the_one_list_is_left(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.organization("borealis").await;
        let first = world.real_leader("acme", ANNA).await;
        let person = back_office_brief::store::people::find(&world.db, &ANNA.parse().unwrap()).await.unwrap();
        world.put(&[back_office_brief::store::records::Subscription {
            id: back_office_brief::clock::new_id(),
            person_id: person.unwrap().id,
            organization_id: Some("borealis".to_owned()),
            role: "leader".to_owned(),
            weekday: Some(1),
            hour: Some(7),
            quiet: "full".to_owned(),
            confirmed_at: Some(0),
            ..Default::default()
        }]).await;
        assert!(world.tick(SEVEN).await.closes());
        let mails = world.mails_to(ANNA);
        assert_eq!(mails.len(), 2);
        let acme = mails.iter().find(|mail| mail.text.contains("The acme")).unwrap();
        Browser::of(&world).one_click(&link(acme, "u")).await.is(200);
        let rows = subscriptions::list(&world.db, None, None).await.unwrap();
        let left: Vec<&str> = rows.iter().filter(|r| r.unsubscribed_at.is_some()).map(|r| r.id.as_str()).collect();
        assert_eq!(left, [first.as_str()]);
    }

    async fn a_forged_link_is_nobodys(db: Db) {
        let (world, browser, out) = anna(db).await;
        let before = world.everything().await;
        let (path, token) = out.rsplit_once('/').unwrap();
        let preferences = link(&world.mails_to(ANNA)[0], "p");
        let foreign = preferences.rsplit('/').next().unwrap();
        for bad in [&token[1..], &token.to_uppercase(), &format!("{token}A"), foreign, "x", "..%2f..%2fetc", "%00", "%F0%9F%92%A3"] {
            let url = format!("{path}/{bad}");
            for page in [browser.get(&url).await, browser.one_click(&url).await] {
                assert!(matches!(page.status.as_u16(), 400 | 404), "{bad}: {}", page.status);
                assert!(!page.text.contains("acme") && !page.text.contains(ANNA), "{bad}");
            }
        }
        browser.get(&format!("{HOME}/u/{NOBODY}")).await.is(404).says("This link is from a preview");
        assert_eq!(world.everything().await, before);
        browser.get("/unsubscribe").await.is(200).says("How to unsubscribe");
    }

    async fn what_was_taken_back_with_its_import_can_be_left_all_the_same(db: Db) {
        let (world, browser, out) = anna(db).await;
        back_office_brief::each_engine!(&world.db, pool => sqlx::query("UPDATE subscription SET voided_at = 1")
            .execute(pool).await.map(|_| ()).unwrap());
        browser.get(&out).await.is(200).says("Stop the weekly brief");
        browser.press(&out, &[("do", "stop")]).await.is(200).says("comes no more");
        assert_eq!(world.consents(ANNA).await, [("withdrawn".to_owned(), "page".to_owned())]);
        browser.get(&out).await.is(200).says("there is nothing to stop.");
    }

    async fn what_was_ended_is_said_to_be(db: Db) {
        let (world, browser, out) = anna(db).await;
        let rows = subscriptions::list(&world.db, None, None).await.unwrap();
        subscriptions::end(&world.db, &rows[0].id, at(SEVEN)).await.unwrap();
        browser.get(&out).await.is(200).says("It was ended, so there is nothing to stop.");
        browser.one_click(&out).await.is(200);
        browser.press_again(&out).await.is(200).says("nothing to stop");
    }
}

impl Browser {
    /// The button of a page that was open before.
    async fn press_again(&self, out: &str) -> crate::browser::Page {
        let mark = self.one_click(out).await.field("mark");
        self.post(out, &[("mark", &mark), ("do", "again")]).await
    }
}
