//! Who gets in: by a mail's link while the subscription lasts, by signing in where it is theirs.

use std::time::{Duration, Instant};

use back_office_brief::domain::codes::Role;
use back_office_brief::secrets::{Keyring, Purpose, Subject};
use back_office_brief::store::{Db, subscriptions};

use crate::browser::{Browser, Page, link, real_ids};
use crate::on_both;
use crate::world::{SEVEN, World, at, run};

/// Every page behind a door.
const PAGES: [&str; 6] = ["", "/gaps", "/weeks", "/what-if", "/trend.csv", "/gaps.csv"];

/// Two organizations, and the link in the mail of a leader of the first.
async fn world(db: Db) -> (World, String) {
    let world = World::with(db, &[("BRIEF__DESK__OPERATORS", "ops@operator.example")]);
    for slug in ["acme", "other"] {
        world.organization(slug).await;
    }
    world.real_leader("acme", "anna@client.example").await;
    world.real_leader("other", "olga@client.example").await;
    assert!(world.tick(SEVEN).await.closes());
    let mail = world.mails_to("anna@client.example").remove(0);
    (world, link(&mail, "t"))
}

/// Asks for a link by mail and follows it to its end.
async fn sign_in(world: &World, email: &str) -> Browser {
    let browser = Browser::of(world);
    let before = world.notices().len();
    browser.post("/sign-in", &[("email", email), ("to", "/account")]).await.is(200);
    let began = Instant::now();
    while world.notices().len() <= before && began.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mails = world.notices();
    let mail = mails.iter().rev().find(|mail| mail.to == email).expect("a mail");
    assert_eq!(browser.press(&link(mail, "sign-in"), &[]).await.status.as_u16(), 303);
    browser
}

/// All that somebody can tell two answers apart by.
fn seen(page: &Page) -> (u16, String, Vec<String>) {
    let headers = page.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    (page.status.as_u16(), page.text.clone(), headers)
}

on_both! {
    async fn the_link_of_a_mail_is_enough(db: Db) {
        let (world, link) = world(db).await;
        let browser = Browser::of(&world);
        for page in PAGES {
            let page = browser.get(&format!("{link}{page}")).await;
            page.is(200);
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("referrer-policy"), "no-referrer", "the token stays here");
            assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
            let policy = page.header("content-security-policy");
            assert!(policy.contains("style-src 'self'") && !policy.contains("script"), "{policy}");
        }
        browser.post(&link, &[("close", "G1")]).await.is(405);
        assert!(browser.get("/robots.txt").await.text.contains("Disallow: /t/\nDisallow: /o/"));
    }

    async fn a_token_that_is_not_whole_or_not_for_this_is_none(db: Db) {
        let (world, link) = world(db).await;
        let browser = Browser::of(&world);
        let mail = world.mails_to("anna@client.example").remove(0);
        let token = link.rsplit('/').next().unwrap();
        let other = |kind: &str| format!("/t/{}", crate::browser::link(&mail, kind).rsplit('/').next().unwrap());
        let last = if token.ends_with('A') { 'B' } else { 'A' };
        let altered = format!("/t/{}{last}", &token[..token.len() - 1]);
        for bad in [other("w"), other("u"), other("p"), altered, format!("/t/{}", &token[..20]), "/t/x".to_owned(), format!("/t/{}", "A".repeat(4_000))] {
            for page in PAGES {
                browser.get(&format!("{bad}{page}")).await.is(404).says("This link is not whole");
            }
        }
        browser.get("/t/preview-to-nobody-on-a-list").await.is(404).says("This link is from a preview");
        // Signed with another installation's keys.
        let foreign = Keyring::open(tempfile::tempdir().unwrap().path()).unwrap();
        let delivery = Subject::parse(&world.delivery("anna@client.example", "2026-W48").await.id);
        let foreign = foreign.sign(Purpose::Trend, delivery.unwrap(), Some(at("2030-01-01T00:00:00Z")));
        browser.get(&format!("/t/{foreign}")).await.is(404);
    }

    async fn a_link_ends_with_its_time_its_subscription_or_its_organization(db: Db) {
        let (world, link) = world(db).await;
        let browser = Browser::of(&world);
        browser.get(&link).await.is(200);
        // Leaving the mails is not leaving the organization.
        let id = subscriptions::list(&world.db, Some("acme"), None).await.unwrap()[0].id.clone();
        subscriptions::unsubscribe(&world.db, &id, at(SEVEN)).await.unwrap();
        browser.get(&link).await.is(200);
        world.clock.set(at("2031-01-01T00:00:00Z"));
        browser.get(&link).await.is(410).says("This link is over");
        world.clock.set(at(SEVEN));
        browser.get(&link).await.is(200);
        subscriptions::end(&world.db, &id, at("2026-11-23T14:00:00Z")).await.unwrap();
        browser.get(&link).await.is(200);
        world.clock.set(at("2026-11-23T14:00:00Z"));
        for page in PAGES {
            browser.get(&format!("{link}{page}")).await.is(410).says("This link is over");
        }
        let mail = world.mails_to("olga@client.example").remove(0);
        let link = crate::browser::link(&mail, "t");
        browser.get(&link).await.is(200);
        run(&world.db, "UPDATE organization SET voided_at = 1 WHERE slug = 'other'").await;
        browser.get(&link).await.is(410);
    }

    async fn a_delivery_about_no_organization_has_no_trend(db: Db) {
        let (world, _) = world(db).await;
        world.consultant("ana@advisor.example", &["acme"], real_ids).await;
        world.tick("2026-11-29T12:30:00Z").await;
        let delivery = world.deliveries().await.into_iter().find(|d| d.email.as_deref() == Some("ana@advisor.example"));
        let keys = Keyring::open(&world.settings.secrets.dir).unwrap();
        let subject = Subject::parse(&delivery.expect("a portfolio").id).unwrap();
        let token = keys.sign(Purpose::Trend, subject, Some(at("2027-01-01T00:00:00Z")));
        Browser::of(&world).get(&format!("/t/{token}")).await.is(410);
    }

    async fn who_signs_in_sees_what_is_theirs_and_nothing_else(db: Db) {
        let (world, _) = world(db).await;
        for (role, email) in [(Role::Reader, "rita@client.example"), (Role::Owner, "otto@client.example")] {
            world.subscriber("acme", email, |_, own| own.role = role.as_str().to_owned()).await;
        }
        world.consultant("ana@advisor.example", &["acme"], |_, _| {}).await;
        world.public("paul@public.example").await;
        for email in ["anna@client.example", "rita@client.example", "otto@client.example", "ana@advisor.example", "ops@operator.example"] {
            let browser = sign_in(&world, email).await;
            for page in PAGES {
                browser.get(&format!("/o/acme{page}")).await.is(200);
            }
            browser.get("/o/acme").await.says("href=\"/o/acme/gaps\"").says("href=\"/account\"");
            let is_operator = email.starts_with("ops@");
            for page in PAGES {
                let foreign = browser.get(&format!("/o/other{page}")).await;
                if is_operator {
                    foreign.is(200);
                    continue;
                }
                let unknown = browser.get(&format!("/o/nobody{page}")).await;
                assert_eq!(seen(&foreign), seen(&unknown), "{email} {page}");
                foreign.is(404).says("There is no such page");
            }
            for none in ["/o/acme-erp", "/o/ACME", "/o/..%2facme", "/o/acme/nothing", "/o/%00"] {
                browser.get(none).await.is(404);
            }
        }
    }

    async fn who_is_not_signed_in_is_asked_to_and_comes_back(db: Db) {
        let (world, _) = world(db).await;
        let browser = Browser::of(&world);
        for slug in ["acme", "nobody"] {
            let away = browser.get(&format!("/o/{slug}/gaps?page=2")).await;
            away.is(303);
            assert_eq!(away.header("location"), format!("/sign-in?to=%2Fo%2F{slug}%2Fgaps%3Fpage%3D2"));
        }
    }
}
