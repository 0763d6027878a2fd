//! What every answer carries, and what it never says.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use back_office_brief::store::Db;

use crate::browser::{Browser, FORM, link, request};
use crate::on_both;
use crate::world::{SEVEN, World, at, run};

const PAGES: [&str; 11] = [
    "/",
    "/subscribe",
    "/archive",
    "/archive/feed.atom",
    "/archive/2026-W01",
    "/unsubscribe",
    "/u/x",
    "/p/x",
    "/w/x",
    "/confirm/x",
    "/nothing/here",
];

on_both! {
    async fn every_answer_keeps_the_page_in_its_place(db: Db) {
        let world = World::on(db);
        let browser = Browser::of(&world);
        for url in PAGES {
            let page = browser.get(url).await;
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "no-referrer"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(page.header(name), value, "{url} {name}");
            }
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{url}: {policy}");
            assert!(!policy.contains("unsafe") && !policy.contains("script"), "{url}: {policy}");
            assert!(page.header("permissions-policy").contains("camera=()"), "{url}");
            assert_eq!(page.header("strict-transport-security"), "", "{url}: there is no https here");
            assert_eq!(page.header("set-cookie"), "", "{url}");
        }
        assert_eq!(browser.get("/u/x").await.header("cache-control"), "no-store");
        let https = World::with(world.db.clone(), &[("BRIEF__WEB__PUBLIC_URL", "https://brief.client.example/sub/")]);
        let browser = Browser::of(&https);
        let page = browser.get("/archive").await;
        assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
        page.says("href=\"/sub/site.css\"").says("href=\"/sub/subscribe\"");
    }

    async fn every_page_is_whole_for_who_hears_it_and_for_who_sees_little(db: Db) {
        let world = World::on(db);
        let browser = Browser::of(&world);
        for url in ["/subscribe", "/archive", "/unsubscribe", "/u/x", "/nothing/here"] {
            let page = browser.get(url).await;
            for part in ["<html lang=\"en\"", "<title>", "name=\"viewport\"", "<main id=\"content\">", "name=\"color-scheme\""] {
                assert!(page.text.contains(part), "{url}: {part}");
            }
            assert_eq!(page.text.matches("<h1").count(), 1, "{url}");
            for part in ["<script", "style=\"", "onclick", "http-equiv", "<img"] {
                assert!(!page.text.contains(part), "{url}: {part}");
            }
        }
    }

    async fn the_style_sheets_are_served_and_may_be_kept(db: Db) {
        let world = World::on(db);
        for (path, rule) in [
            ("/site.css", "@media (prefers-color-scheme: dark)"),
            ("/desk.css", ".wide .top"),
            ("/trend.css", ".plot .line"),
        ] {
            let page = Browser::of(&world).get(path).await;
            page.is(200).says(rule);
            assert_eq!((page.header("content-type"), page.header("cache-control")), ("text/css; charset=utf-8", "public, max-age=3600"));
        }
        Browser::of(&world).get("/robots.txt").await.is(200).says("Disallow: /u/");
    }

    async fn nobody_sends_more_than_a_form_holds(db: Db) {
        let world = World::on(db);
        let browser = Browser::of(&world);
        let much = format!("email={}", "x".repeat(70_000));
        browser.send(request("POST", "/subscribe", FORM, &much)).await.is(413).says("Send less.");
        let more = format!("{{\"email\":\"{}\"}}", "x".repeat(1 << 20));
        browser.send(request("POST", "/api/v1/subscribe", "application/json", &more)).await.is(413);
        browser.send(request("POST", "/subscribe", "multipart/form-data; boundary=x", "--x\r\nnothing")).await.is(400);
        browser.send(request("POST", "/subscribe", "text/html", "x")).await.is(415);
        assert_eq!(world.rows("rate_count").await, 0);
    }

    async fn a_fault_is_ours_and_says_nothing_of_itself(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let browser = Browser::of(&world);
        let out = link(&world.mails_to("anna@client.example")[0], "u");
        run(&world.db, "ALTER TABLE subscription RENAME TO subscription_away").await;
        for page in [browser.get(&out).await, browser.one_click(&out).await] {
            page.is(500).says("Something went wrong here");
            for word in ["subscription", "table", "SQL", "sql", "relation", "column", "anna"] {
                assert!(!page.text.contains(word), "{word}: {}", page.text);
            }
        }
        run(&world.db, "ALTER TABLE subscription_away RENAME TO subscription").await;
        browser.one_click(&out).await.is(200);
    }

    async fn who_stands_behind_a_trusted_proxy_is_told_apart(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__PER_CLIENT", "1")]);
        world.clock.set(at(SEVEN));
        let mut browser = Browser::of(&world);
        let from = |peer: &str, forwarded: &str, email: &str| {
            let body = format!("email={email}%40reader.example");
            let mut asked = request("POST", "/subscribe", FORM, &body);
            asked.headers_mut().insert("x-forwarded-for", forwarded.parse().unwrap());
            (peer.to_owned(), asked)
        };
        for (step, expected) in [
            (from("127.0.0.1:1", "198.51.100.1", "a"), 200),
            (from("127.0.0.1:1", "198.51.100.2", "b"), 200),
            (from("127.0.0.1:1", "198.51.100.2", "c"), 429),
            // Whoever is no proxy of ours is who they are, whatever they say.
            (from("203.0.113.9:1", "198.51.100.3", "d"), 200),
            (from("203.0.113.9:1", "198.51.100.4", "e"), 429),
        ] {
            browser.peer = step.0;
            browser.send(step.1).await.is(expected);
        }
    }
}

/// A client that goes away in the middle of a request does not stop what it began.
#[tokio::test]
async fn a_write_goes_on_when_its_client_goes_away() {
    let (db, _folder) = crate::support::sqlite().await;
    let world = World::on(db);
    world.organization("acme").await;
    world.real_leader("acme", "anna@client.example").await;
    world.tick(SEVEN).await;
    let out = link(&world.mails_to("anna@client.example")[0], "u");
    let browser = Browser::of(&world);
    // Somebody else holds the one place to write; the client does not wait that long.
    let held = world.db.begin().await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(300), browser.one_click(&out)).await;
    assert!(waited.is_err(), "it had to wait");
    held.rollback().await.unwrap();
    for _ in 0..200 {
        if world.rows("consent_event").await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("what the client began was dropped with it");
}

/// Without knowing its peer a router still answers, and counts all as one.
#[tokio::test]
async fn a_peer_that_is_not_known_is_one_client() {
    use tower::ServiceExt;
    let (db, _folder) = crate::support::sqlite().await;
    let world = World::with(db, &[("BRIEF__CONSENT__PER_CLIENT", "1")]);
    let pages =
        back_office_brief::web::site_router(std::sync::Arc::new(world.another_engine())).unwrap();
    let ask = |email: &str| -> Request<Body> {
        request("POST", "/subscribe", FORM, &format!("email={email}%40reader.example"))
    };
    assert_eq!(pages.clone().oneshot(ask("a")).await.unwrap().status(), 200);
    assert_eq!(pages.clone().oneshot(ask("b")).await.unwrap().status(), 429);
}
