//! Asking for the public brief: the same for everybody, and not too often.

use back_office_brief::domain::codes::{Channel, QuietChoice, Role};
use back_office_brief::store::Db;
use back_office_brief::store::confirmations::{Asked, Wanted};
use back_office_brief::store::subscriptions;

use crate::browser::{Browser, Page, link, request};
use crate::on_both;
use crate::smtp::{Script, SmtpServer};
use crate::world::{World, at};

const NOON: &str = "2026-11-20T12:00:00Z";

fn json(email: &str) -> String {
    serde_json::json!({ "email": email }).to_string()
}

/// What somebody sees of an answer: everything but who they are.
fn seen(page: &Page) -> (u16, String, Vec<String>) {
    let headers = page.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    (page.status.as_u16(), page.text.clone(), headers)
}

/// A confirmed, an unconfirmed, a left, a suppressed and a forgotten reader.
async fn known(world: &World) -> Vec<&'static str> {
    use back_office_brief::store::people;
    let all = [
        "on@reader.example",
        "asked@reader.example",
        "left@reader.example",
        "bounced@reader.example",
        "gone@reader.example",
    ];
    for email in all {
        let (mut person, mut subscription) = (
            back_office_brief::store::records::Person {
                email: Some(email.to_owned()),
                email_canonical: Some(email.to_owned()),
                locale: "en".to_owned(),
                ..Default::default()
            },
            back_office_brief::store::records::Subscription {
                role: "public".to_owned(),
                weekday: Some(2),
                hour: Some(8),
                quiet: "full".to_owned(),
                confirmed_at: (email != "asked@reader.example").then_some(0),
                suppressed_reason: (email == "bounced@reader.example")
                    .then(|| "bounced".to_owned()),
                ..Default::default()
            },
        );
        crate::browser::real_ids(&mut person, &mut subscription);
        world.put(&[person]).await;
        world.put(std::slice::from_ref(&subscription)).await;
        if email == "left@reader.example" {
            subscriptions::unsubscribe(&world.db, &subscription.id, at(NOON)).await.unwrap();
        }
    }
    people::forget(&world.db, &"gone@reader.example".parse().unwrap(), at(NOON)).await.unwrap();
    all.to_vec()
}

on_both! {
    async fn the_form_is_a_form_for_everybody(db: Db) {
        let world = World::on(db);
        let page = Browser::of(&world).get("/subscribe").await;
        page.is(200).says("<label for=\"email\">Your e-mail address</label>").says("Send me the public brief by e-mail");
        assert_eq!(page.header("x-robots-tag"), "all");
        assert!(!page.text.contains("<script") && !page.text.contains("style="), "{}", page.text);
    }

    async fn the_answer_says_nothing_about_an_address(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__PER_CLIENT", "100"), ("BRIEF__CONSENT__PER_ADDRESS", "2")]);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        let mut addresses = known(&world).await;
        addresses.push("new@reader.example");
        let new = seen(&browser.post("/subscribe", &[("email", "first@reader.example")]).await);
        let first = browser.send(request("POST", "/api/v1/subscribe", "application/json", &json("second@reader.example"))).await;
        assert_eq!(first.status.as_u16(), 202);
        for email in addresses {
            // The third time is over the limit of the address.
            for _ in 0..3 {
                assert_eq!(seen(&browser.post("/subscribe", &[("email", email)]).await), new, "{email}");
                let page = browser.send(request("POST", "/api/v1/subscribe", "application/json", &json(email))).await;
                assert_eq!(seen(&page), seen(&first), "{email}");
            }
        }
    }

    async fn each_gets_the_mail_that_is_right_for_them(db: Db) {
        let world = World::on(db);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        for email in known(&world).await {
            browser.post("/subscribe", &[("email", email)]).await.is(200);
        }
        world.asked(4).await;
        let mut mails: Vec<(String, String)> = world.notices().into_iter().map(|m| (m.to, m.subject)).collect();
        mails.sort();
        let ask = "Confirm that you want the public brief";
        let expected = [
            ("asked@reader.example", ask),
            ("gone@reader.example", ask),
            ("left@reader.example", ask),
            ("on@reader.example", "You get the public brief already"),
        ];
        assert_eq!(mails, expected.map(|(to, subject)| (to.to_owned(), subject.to_owned())));
        // Who left and wants it again is back, with a row of the history that says so.
        let left = world.notices().into_iter().find(|m| m.to == "left@reader.example").unwrap();
        browser.press(&link(&left, "confirm"), &[]).await.is(200).says("You are on the list");
        let kinds: Vec<String> = world.consents("left@reader.example").await.into_iter().map(|c| c.0).collect();
        assert_eq!(kinds, ["withdrawn", "requested", "confirmed"]);
        let on = world.notices().into_iter().find(|m| m.to == "on@reader.example").unwrap();
        browser.get(&link(&on, "p")).await.is(200).says("The public brief");
    }

    async fn what_a_reader_asked_for_yields_to_them_and_nothing_else_does(db: Db) {
        let world = World::on(db);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        let reasons = ["soft_bounces", "unsubscribed_all", "forgotten", "hard_bounce", "complaint", "operator"];
        for reason in reasons {
            let email = format!("{}@reader.example", reason.replace('_', "-"));
            let (address, why) = (email.parse().unwrap(), reason.parse().unwrap());
            world.db.suppress_by_hand(&address, why, None, at(NOON).as_millisecond(), None).await.unwrap();
            browser.post("/subscribe", &[("email", &email)]).await.is(200);
        }
        world.asked(3).await;
        for mail in world.notices() {
            assert!(world.suppressed(&mail.to).await.is_some(), "a mail alone ends nothing: {}", mail.to);
            browser.get(&link(&mail, "confirm")).await.is(200);
            assert!(world.suppressed(&mail.to).await.is_some(), "nor does a scanner: {}", mail.to);
            browser.press(&link(&mail, "confirm"), &[]).await.is(200).says("You are on the list");
        }
        let mut still = Vec::new();
        for reason in reasons {
            let email = format!("{}@reader.example", reason.replace('_', "-"));
            still.extend(world.suppressed(&email).await);
            let listed = subscriptions::list(&world.db, None, Some(&email.parse().unwrap())).await.unwrap();
            let (on, flagged) = (listed[0].confirmed_at.is_some(), listed[0].suppressed_reason.is_some());
            assert_eq!(on, !flagged, "{email}");
        }
        assert_eq!(still, ["hard_bounce", "complaint", "operator"]);
        // An invitation is somebody else's wish.
        let email = "left-all@reader.example";
        let (address, why) = (email.parse().unwrap(), "unsubscribed_all".parse().unwrap());
        world.db.suppress_by_hand(&address, why, None, at(NOON).as_millisecond(), None).await.unwrap();
        let wanted = Wanted { email: address, name: None, role: Role::Public, organization: None, slot: None, quiet: QuietChoice::Full };
        assert_eq!(world.engine.invite(wanted, at(NOON)).await.unwrap(), Asked::Suppressed);
    }

    async fn an_address_is_mailed_a_few_times_a_day_and_a_client_heard_a_few_times_an_hour(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__PER_CLIENT", "5")]);
        world.clock.set(at("2026-11-20T12:30:00Z"));
        let mut browser = Browser::of(&world);
        for _ in 0..5 {
            browser.post("/subscribe", &[("email", "Zoe@Reader.example")]).await.is(200);
        }
        assert_eq!(world.rows("confirmation").await, 3, "consent.per_address");
        let page = browser.post("/subscribe", &[("email", "other@reader.example")]).await;
        page.is(429).says("Wait for 30 minutes");
        assert_eq!(page.header("retry-after"), "1800");
        let api = browser.send(request("POST", "/api/v1/subscribe", "application/json", &json("o@reader.example"))).await;
        api.is(429).says("/api/problems/too-many-requests");
        // A restart begins nothing anew, and another client is another one.
        let again = Browser::of(&world);
        again.post("/subscribe", &[("email", "other@reader.example")]).await.is(429);
        browser.peer = "198.51.100.1:4000".to_owned();
        browser.post("/subscribe", &[("email", "other@reader.example")]).await.is(200);
        world.clock.set(at("2026-11-20T13:00:00Z"));
        again.post("/subscribe", &[("email", "third@reader.example")]).await.is(200);
        world.clock.set(at("2026-11-21T00:00:00Z"));
        again.post("/subscribe", &[("email", "zoe@reader.example")]).await.is(200);
        assert_eq!(world.rows("confirmation").await, 6, "the next day");
    }

    async fn only_what_can_be_mailed_is_taken(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__PER_CLIENT", "1000")]);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        for (typed, told) in [
            ("", "Type your e-mail address."),
            ("zoe", "is not an e-mail address"),
            ("zoe@localhost", "no valid domain"),
            ("zoe@reader.example\r\nBcc: all@client.example", "may not"),
            ("zoe@reader.example%0d%0aBcc:x", "may not"),
            ("a@b.example,c@d.example", "may not"),
            ("\"zoe x\"@reader.example", "may not"),
            ("zoé@reader.example", "letters before the @"),
            ("zoe@reader.example\u{202e}", "may not"),
            ("<zoe@reader.example>", "may not"),
        ] {
            browser.post("/subscribe", &[("email", typed)]).await.is(422).says(told);
            let page = browser.send(request("POST", "/api/v1/subscribe", "application/json", &json(typed))).await;
            page.is(422).says("\"pointer\":\"/email\"");
        }
        browser.post("/subscribe", &[("email", "<script>alert(1)</script>")]).await.is(422)
            .says("value=\"&#60;script&#62;alert(1)&#60;/script&#62;\"");
        assert_eq!(world.rows("confirmation").await, 0);
        let mut mailed = 0;
        for (typed, stored) in [("Zoe+Brief@reader.example", "Zoe+Brief@reader.example"), ("zoe@bücher.example", "zoe@xn--bcher-kva.example")] {
            browser.post("/subscribe", &[("email", typed)]).await.is(200);
            mailed += 1;
            world.asked(mailed).await;
            assert!(world.notices().iter().any(|mail| mail.to == stored), "{stored}");
        }
    }

    async fn a_program_is_answered_as_a_program(db: Db) {
        let world = World::on(db);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        let post = |kind: &'static str, body: &'static str| request("POST", "/api/v1/subscribe", kind, body);
        browser.send(post("application/x-www-form-urlencoded", "email=zoe%40reader.example")).await.is(415).says("/api/problems/unsupported-media-type");
        browser.send(post("application/json", "{")).await.is(400).says("/api/problems/unreadable");
        browser.send(post("application/json", "{\"email\":\"a@b.example\",\"role\":\"leader\"}")).await.is(422).says("is not known here");
        browser.send(post("application/json; charset=utf-8", "{\"email\":\" zoe@reader.example \"}")).await.is(202).says("\"accepted\":true");
        browser.get("/api/v1/subscribe").await.is(405).says("/api/problems/method-not-allowed");
        let page = browser.get("/api/v1/nothing").await;
        page.is(404).says("/api/problems/not-found");
        assert_eq!(page.header("content-type"), "application/problem+json");
        assert_eq!(world.consents("zoe@reader.example").await, [("requested".to_owned(), "api".to_owned())]);
    }

    async fn a_closed_list_takes_no_requests(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__FORM", "closed")]);
        let browser = Browser::of(&world);
        browser.get("/subscribe").await.is(403).says("This list takes no requests");
        browser.post("/subscribe", &[("email", "zoe@reader.example")]).await.is(403);
        browser.send(request("POST", "/api/v1/subscribe", "application/json", &json("zoe@reader.example"))).await.is(403);
        assert_eq!(world.rows("rate_count").await, 0);
        assert!(!browser.get("/archive").await.text.contains("/subscribe"));
    }

    async fn a_link_works_once_for_a_while_and_for_nobody_who_forges_one(db: Db) {
        let world = World::on(db);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        for email in ["zoe@reader.example", "ada@reader.example"] {
            browser.post("/subscribe", &[("email", email)]).await.is(200);
        }
        world.asked(2).await;
        let links: Vec<String> = world.notices().iter().map(|mail| link(mail, "confirm")).collect();
        let mark = browser.get(&links[0]).await.field("mark");
        browser.post(&links[1], &[("mark", &mark)]).await.is(400).says("Nothing was changed.");
        browser.post(&links[0], &[]).await.is(400);
        for bad in ["/confirm/x", "/confirm/preview", &links[0][..links[0].len() - 1]] {
            browser.get(bad).await.is(404).says("This link is not whole");
            browser.post(bad, &[("mark", &mark)]).await.is(404);
        }
        browser.post(&links[0], &[("mark", &mark)]).await.is(200);
        browser.post(&links[0], &[("mark", &mark)]).await.is(200).says("You are on the list");
        let mark = browser.get(&links[1]).await.field("mark");
        world.clock.set(at("2026-11-23T12:00:00Z"));
        browser.get(&links[1]).await.is(410).says("This link is over");
        browser.post(&links[1], &[("mark", &mark)]).await.is(410);
        // The next day the address that nobody confirmed is forgotten, and the other is not.
        world.tick("2026-11-24T00:10:00Z").await;
        assert_eq!(world.rows("person").await, 1);
        browser.get(&links[1]).await.is(404);
        assert_eq!(world.rows("confirmation").await, 2, "rows stay");
    }

    async fn a_relay_that_is_away_delays_the_mail_and_loses_nothing(db: Db) {
        let gone = SmtpServer::start(Script::new()).await.url();
        let mut world = World::on(db);
        world.relay_is_at(&gone);
        world.clock.set(at(NOON));
        let browser = Browser::of(&world);
        browser.post("/subscribe", &[("email", "zoe@reader.example")]).await.is(200);
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        let later = "2026-11-20T12:30:00Z";
        world.clock.set(at(later));
        assert_eq!(world.engine.send_confirmations(at(later)).await.unwrap(), 1);
        assert_eq!(world.engine.send_confirmations(at(later)).await.unwrap(), 0, "once");
        let mail = server.mails().remove(0);
        Browser::of(&world).press(&link(&mail, "confirm"), &[]).await.is(200);
    }

    async fn nothing_leaves_while_delivery_is_paused(db: Db) {
        let world = World::on(db);
        world.clock.set(at(NOON));
        world.db.pause("wrong server", at(NOON)).await.unwrap();
        // Not by the page, which sends beside its answer, and perhaps only after the pause.
        let zoe = "zoe@reader.example".parse().unwrap();
        world.engine.ask_for_public(&zoe, Channel::Form, None, at(NOON)).await.unwrap();
        assert_eq!(world.engine.send_confirmations(at(NOON)).await.unwrap(), 0);
        world.db.resume().await.unwrap();
        assert_eq!(world.engine.send_confirmations(at(NOON)).await.unwrap(), 1);
    }

    async fn the_same_address_asked_for_by_many_at_once_is_one_person(db: Db) {
        let world = World::with(db, &[("BRIEF__CONSENT__PER_ADDRESS", "100")]);
        world.clock.set(at(NOON));
        let browser = std::sync::Arc::new(Browser::of(&world));
        let asking: Vec<_> = (0..8).map(|_| {
            let browser = std::sync::Arc::clone(&browser);
            tokio::spawn(async move { browser.post("/subscribe", &[("email", "zoe@reader.example")]).await.status })
        }).collect();
        for asked in asking {
            assert_eq!(asked.await.unwrap().as_u16(), 200);
        }
        assert_eq!((world.rows("person").await, world.rows("confirmation").await), (1, 8));
    }
}
