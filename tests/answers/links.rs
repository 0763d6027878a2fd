//! Links that are not whole, not ours, not of this kind, too old; and scanners that follow good ones.

use back_office_brief::clock::new_id;
use back_office_brief::engine::links::NOBODY;
use back_office_brief::secrets::{Keyring, Purpose, Subject};
use back_office_brief::store::Db;

use crate::browser::{Browser, FORM, HOME, link, request};
use crate::on_both;
use crate::scene::{FIRST, LEADER, OWNER, READER, answer_link, answer_links, told};
use crate::world::{World, at};

/// The same numbers in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

on_both! {
    async fn fifty_scanners_change_nothing(db: Db) {
        let (world, browser) = told(db).await;
        let links = [answer_links(&world.brief_to(OWNER)), answer_links(&world.brief_to(LEADER))].concat();
        assert_eq!(links.len(), 8);
        let before = world.written().await;
        for round in 0..50 {
            let method = ["GET", "HEAD", "GET", "OPTIONS"][round % 4];
            for url in &links {
                let page = browser.ask(method, url).await;
                assert!(page.status.is_success() || method == "OPTIONS", "{method} {url}: {}", page.status);
                assert!(method != "HEAD" || page.text.is_empty());
                browser.ask(method, &format!("{url}?text=x&mark=y&do=done")).await;
            }
        }
        for url in &links {
            for method in ["PUT", "DELETE", "PATCH"] {
                browser.ask(method, url).await.is(405);
            }
            let page = browser.get(url).await;
            assert!(page.text.len() < 100_000 && page.header("x-robots-tag").contains("noindex"));
            assert_eq!(page.header("referrer-policy"), "no-referrer");
        }
        assert_eq!(world.written().await, before);
    }

    async fn only_the_mark_of_the_page_acts(db: Db) {
        let (world, browser) = told(db).await;
        let url = answer_link(&world.brief_to(OWNER), "done", FIRST);
        let before = world.written().await;
        browser.one_click(&url).await.is(400).says("Nothing was changed.");
        browser.send(request("POST", &url, FORM, "")).await.is(400);
        browser.send(request("POST", &url, "text/plain", "mark=x")).await.is(415);
        let other = browser.get(&answer_link(&world.brief_to(LEADER), "done", FIRST)).await.field("mark");
        let stop = browser.get(&link(&world.brief_to(OWNER), "u")).await.field("mark");
        for mark in ["", "00000000000000000000000000000000", "\u{f1}", &other, &stop] {
            browser.post(&url, &[("mark", mark)]).await.is(400);
        }
        browser.send(request("POST", &url, FORM, &format!("mark=x&text={}", "y".repeat(70_000)))).await.is(413);
        assert_eq!(world.written().await, before);
    }

    async fn a_link_works_for_some_weeks_after_its_week(db: Db) {
        let (world, browser) = told(db).await;
        let url = answer_link(&world.brief_to(OWNER), "blocked", FIRST);
        world.clock.set(at("2026-12-20T23:59:59Z"));
        browser.get(&url).await.is(200);
        let mark = browser.get(&url).await.field("mark");
        world.clock.set(at("2026-12-21T00:00:00Z"));
        let before = world.written().await;
        let over = browser.get(&url).await;
        over.is(410).says("This link is over").says("Use the link in a newer mail");
        browser.post(&url, &[("mark", &mark)]).await.is(410);
        assert_eq!(world.written().await, before);
    }

    async fn the_weeks_are_a_setting(db: Db) {
        let world = World::with(db, &[("BRIEF__DESK__ANSWER_WEEKS", "1")]);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        assert!(world.tick(crate::world::SEVEN).await.closes());
        let url = answer_link(&world.brief_to(LEADER), "done", FIRST);
        let browser = Browser::of(&world);
        world.clock.set(at("2026-11-29T23:59:59Z"));
        browser.get(&url).await.is(200);
        world.clock.set(at("2026-11-30T00:00:00Z"));
        browser.get(&url).await.is(410);
    }

    async fn what_is_not_whole_or_of_another_kind_says_so_and_nothing_else(db: Db) {
        let (world, browser) = told(db).await;
        let mail = world.brief_to(OWNER);
        let good = answer_link(&mail, "done", FIRST);
        let token = good.split('/').nth(4).unwrap().to_owned();
        let copy = link(&mail, "w").rsplit('/').next().unwrap().to_owned();
        let stop = link(&mail, "u").rsplit('/').next().unwrap().to_owned();
        let before = world.written().await;
        for bad in [&token[1..], &token.to_uppercase(), &format!("{token}A"), &copy, &stop, "x", "%00", "..%2f..%2fetc"] {
            for page in [
                browser.get(&format!("{HOME}/a/{bad}/done/{FIRST}")).await,
                browser.post(&format!("{HOME}/a/{bad}/done/{FIRST}"), &[("mark", "x")]).await,
            ] {
                page.is(404).says("This link is not whole");
                assert!(!page.text.contains("Price list") && !page.text.contains("acme"), "{bad}");
            }
        }
        for torn in ["", "/done", "/done/", "/close/ACME-G1", "/not_mine/ACME-G1", "/Done/ACME-G1"] {
            browser.get(&format!("{HOME}/a/{token}{torn}")).await.is(404);
        }
        for path in ["", "/done", "/done/ACME-G1"] {
            browser.get(&format!("{HOME}/a/{NOBODY}{path}")).await.is(404).says("This link is from a preview");
        }
        assert_eq!(world.written().await, before);
    }

    async fn two_thousand_forged_tokens_open_nothing(db: Db) {
        let (world, browser) = told(db).await;
        let good = answer_link(&world.brief_to(OWNER), "done", FIRST);
        let token = good.split('/').nth(4).unwrap().as_bytes().to_vec();
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut dice = Dice(20_261_123);
        let before = world.written().await;
        for round in 0..2_000 {
            let mut forged = token.clone();
            match round % 4 {
                // One letter is another.
                0 => {
                    let at = dice.roll(forged.len());
                    forged[at] = letters[dice.roll(letters.len())];
                }
                // Two change places.
                1 => {
                    let (a, b) = (dice.roll(forged.len()), dice.roll(forged.len()));
                    forged.swap(a, b);
                }
                // Some are missing, or too many.
                2 => {
                    let cut = dice.roll(forged.len());
                    forged.truncate(cut);
                }
                // All are made up.
                _ => forged.iter_mut().for_each(|letter| *letter = letters[dice.roll(letters.len())]),
            }
            if forged == token || forged.is_empty() {
                continue;
            }
            let forged = String::from_utf8(forged).unwrap();
            let url = format!("{HOME}/a/{forged}/done/{FIRST}");
            browser.get(&url).await.is(404);
            browser.post(&url, &[("mark", "00000000000000000000000000000000")]).await.is(404);
        }
        assert_eq!(world.written().await, before);
    }

    async fn a_token_of_ours_about_something_else_opens_nothing(db: Db) {
        let (world, browser) = told(db).await;
        let keys = Keyring::open(&world.settings.secrets.dir).unwrap();
        let ends = Some(at("2026-12-21T00:00:00Z"));
        let sign = |id: &str| keys.sign(Purpose::Answer, Subject::parse(id).unwrap(), ends);
        // A delivery that a restored database does not know.
        let gone = format!("{HOME}/a/{}/done/{FIRST}", sign(&new_id()));
        browser.get(&gone).await.is(410).says("not on the list any more");
        // A portfolio is about no organization's gaps.
        world.tick("2026-11-24T12:00:00Z").await;
        let portfolio = world.delivery(crate::scene::CONSULTANT, "2026-W48").await.id;
        browser.get(&format!("{HOME}/a/{}/done/{FIRST}", sign(&portfolio))).await.is(404);
    }

    async fn another_organizations_gap_is_none_of_this_mails(db: Db) {
        let (world, browser) = told(db).await;
        world.organization("borealis").await;
        let start = world.signed(LEADER).await;
        for gap in ["BOREALIS-G1", "ACME-G9", "acme-g1", "ACME-G1%00", "..%2F..%2Fu", "%F0%9F%92%A3"] {
            let page = browser.get(&format!("{start}/done/{gap}")).await;
            page.is(404).says("This link is not whole");
            assert!(!page.text.contains("borealis"), "{gap}");
        }
        // One that came after the mail is not in it.
        world.gap("acme", "late", "2026-11-23T14:00:00Z").await;
        browser.get(&format!("{start}/done/ACME-LATE")).await.is(404);
        assert_eq!(world.written().await[0], 0);
        assert!(answer_links(&world.brief_to(READER)).is_empty());
    }
}
