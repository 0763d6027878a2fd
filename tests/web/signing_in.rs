//! Signing in by a link in a mail, and who sees what then.

use std::time::{Duration, Instant};

use back_office_brief::store::Db;

use crate::browser::{Browser, FORM, HOME, link, request};
use crate::on_both;
use crate::world::{SEVEN, World, at, number};

const LEE: &str = "lee.park@client.example";
const TAKEN: &str = "If this address may sign in, a mail with a link is on its way there.";

/// A world with a leader, a consultant of two clients, and the operator.
async fn world(db: Db) -> World {
    let world = World::with(db, &[("BRIEF__DESK__OPERATORS", "ops@operator.example")]);
    for slug in ["northfield", "calder", "halden"] {
        world.organization(slug).await;
    }
    world.leader("northfield", LEE).await;
    world.consultant("ana.mendel@advisor.example", &["northfield", "calder"], |_, _| {}).await;
    world.public("rita.reader@public.example").await;
    world.clock.set(at(SEVEN));
    world
}

/// Asks for a link; the one that came: it leaves beside the answer.
async fn asks(world: &World, browser: &Browser, email: &str) -> String {
    let before: Vec<String> = world.notices().into_iter().map(|mail| mail.message_id).collect();
    browser.post("/sign-in", &[("email", email), ("to", "/account")]).await.is(200).says(TAKEN);
    let began = Instant::now();
    loop {
        let mut mails = world.notices();
        mails.retain(|mail| !before.contains(&mail.message_id));
        if let [mail] = mails.as_slice() {
            assert_eq!(mail.to, email);
            return link(mail, "sign-in");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "no link came to {email}: {mails:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Asks for a link and follows it to its end.
async fn sign_in(world: &World, email: &str) -> Browser {
    let browser = Browser::of(world);
    let link = asks(world, &browser, email).await;
    let entered = browser.press(&link, &[]).await;
    assert_eq!((entered.status.as_u16(), entered.header("Location")), (303, "/account"));
    browser
}

on_both! {
    async fn a_link_lets_in_the_browser_that_asked(db: Db) {
        let world = world(db).await;
        let browser = Browser::of(&world);
        let away = browser.get("/desk").await;
        assert_eq!((away.status.as_u16(), away.header("Location")), (303, "/sign-in?to=%2Fdesk"));
        browser.get(away.header("Location")).await.is(200).says("Send me the link");
        let link = asks(&world, &browser, LEE).await;
        let asked = Browser::of(&world).post("/sign-in", &[("email", "nobody@client.example")]).await;
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=900"] {
            assert!(asked.header("Set-Cookie").contains(attribute), "{}", asked.header("Set-Cookie"));
        }
        let other = Browser::of(&world);
        other.get(&link).await.is(403).says("Open it where you asked for it");
        for _ in 0..3 {
            browser.get(&link).await.is(200).says("One button, and you are in.");
            browser.ask("HEAD", &link).await.is(200);
        }
        let mark = browser.get(&link).await.field("mark");
        other.post(&link, &[("mark", &mark)]).await.is(403);
        browser.post(&link, &[("mark", "0")]).await.is(400);
        let entered = browser.post(&link, &[("mark", &mark)]).await;
        assert_eq!((entered.status.as_u16(), entered.header("Location")), (303, "/account"));
        browser.get("/account").await.is(200).says("Lee Park, lee.park@client.example").says("(this browser)");
        assert_eq!(browser.jar.lock().unwrap().len(), 1, "the first cookie is done with");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'session.begin'").await, 1);
        let late = Browser::of(&world);
        late.get(&link).await.is(410).says("This link is over");
    }

    async fn a_link_is_good_once_and_for_minutes(db: Db) {
        let world = world(db).await;
        let browser = Browser::of(&world);
        let first = asks(&world, &browser, LEE).await;
        let mark = browser.get(&first).await.field("mark");
        browser.post(&first, &[("mark", &mark)]).await.is(303);
        let again = browser.post(&first, &[("mark", &mark)]).await;
        again.is(403);
        let slow = Browser::of(&world);
        let second = asks(&world, &slow, LEE).await;
        let mark = slow.get(&second).await.field("mark");
        world.clock.set(at("2026-11-23T13:15:00Z"));
        slow.get(&second).await.is(410);
        slow.post(&second, &[("mark", &mark)]).await.is(410);
        slow.get("/account").await.is(303);
        slow.get(&format!("{HOME}/sign-in/nonsense")).await.is(404).says("This link is not whole");
    }

    async fn nobody_learns_whether_an_address_is_known(db: Db) {
        let world = world(db).await;
        let browser = Browser::of(&world);
        asks(&world, &browser, LEE).await;
        let known = Browser::of(&world).post("/sign-in", &[("email", LEE)]).await;
        for stranger in ["nobody@client.example", "rita.reader@public.example"] {
            let answered = browser.post("/sign-in", &[("email", stranger)]).await;
            assert_eq!((answered.status, &answered.text), (known.status, &known.text));
        }
        assert!(!world.engine.send_sign_in(&asking("nobody@client.example"), at(SEVEN)).await.unwrap());
        assert!(!world.engine.send_sign_in(&asking("rita.reader@public.example"), at(SEVEN)).await.unwrap());
        assert_eq!(world.notices().iter().filter(|mail| mail.to != LEE).count(), 0);
        browser.post("/sign-in", &[("email", "no address")]).await.is(422).says("no address");
        browser.post("/sign-in", &[("email", "")]).await.is(422).says("Type your e-mail address.");
    }

    async fn too_many_requests_fill_no_mailbox(db: Db) {
        let world = world(db).await;
        for _ in 0..5 {
            assert!(world.engine.send_sign_in(&asking(LEE), at(SEVEN)).await.unwrap());
        }
        assert!(!world.engine.send_sign_in(&asking(LEE), at(SEVEN)).await.unwrap());
        let browser = Browser::of(&world);
        for _ in 0..20 {
            browser.post("/sign-in", &[("email", "nobody@client.example")]).await.is(200);
        }
        browser.post("/sign-in", &[("email", "nobody@client.example")]).await.is(429);
    }

    async fn whoever_asks_for_another_ones_address_keeps_them_out_of_nothing(db: Db) {
        let world = world(db).await;
        for peer in ["198.51.100.7", "198.51.100.8", "192.0.2.9"] {
            for _ in 0..8 {
                let stranger = back_office_brief::engine::sign_in::Asking { client: peer.parse().ok(), ..asking(LEE) };
                world.engine.send_sign_in(&stranger, at(SEVEN)).await.unwrap();
            }
        }
        assert_eq!(world.notices().len(), 15, "five for each who asks");
        sign_in(&world, LEE).await.get("/account").await.is(200);
    }

    async fn a_form_of_another_site_asks_for_nothing(db: Db) {
        let world = world(db).await;
        let browser = Browser::of(&world);
        let mut sent = request("POST", "/sign-in", FORM, "email=ana.mendel%40advisor.example");
        sent.headers_mut().insert("Sec-Fetch-Site", "cross-site".parse().unwrap());
        let answer = browser.send(sent).await;
        answer.is(400);
        assert!(browser.jar.lock().unwrap().is_empty(), "the link that the browser waits for still works");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM sign_in").await, 0);
        let link = asks(&world, &browser, LEE).await;
        browser.get(&link).await.is(200).says("You sign in as l***@client.example.");
    }

    async fn signing_out_everywhere_ends_every_session(db: Db) {
        let world = world(db).await;
        let (here, there) = (sign_in(&world, LEE).await, sign_in(&world, LEE).await);
        there.get("/account").await.is(200);
        here.post("/sign-out", &[("do", "everywhere")]).await.is(400);
        here.press_at("/account", "/sign-out", &[("do", "everywhere")]).await.is(200);
        there.get("/account").await.is(303);
        there.post("/sign-out", &[]).await.is(401).says("You are signed out");
        let third = sign_in(&world, LEE).await;
        third.press_at("/account", "/sign-out", &[("do", "here")]).await.is(303);
        third.get("/account").await.is(303);
    }

    async fn a_session_ends_by_itself(db: Db) {
        let world = world(db).await;
        let browser = sign_in(&world, LEE).await;
        for day in ["2026-11-29", "2026-12-05", "2026-12-11", "2026-12-17"] {
            world.clock.set(at(&format!("{day}T13:00:00Z")));
            browser.get("/account").await.is(200);
        }
        world.clock.set(at("2026-12-24T13:00:01Z"));
        browser.get("/account").await.is(303);
    }

    async fn the_desk_lists_what_is_somebodys(db: Db) {
        let world = world(db).await;
        let leader = sign_in(&world, LEE).await;
        assert_eq!(leader.get("/desk").await.header("Location"), "/o/northfield");
        let consultant = sign_in(&world, "ana.mendel@advisor.example").await;
        let page = consultant.get("/desk").await;
        page.is(200).says("The northfield").says("The calder").says("Ana Mendel");
        assert!(!page.text.contains("halden"), "{}", page.text);
        let operator = sign_in(&world, "ops@operator.example").await;
        operator.get("/desk").await.is(200).says("The halden");
    }

    async fn whoever_is_ended_is_out_at_once(db: Db) {
        let world = world(db).await;
        let browser = sign_in(&world, "ana.mendel@advisor.example").await;
        world.by_hand("UPDATE consultant_client SET until = since WHERE organization_id = 'calder'").await;
        let page = browser.get("/desk").await;
        assert!(!page.text.contains("calder"), "{}", page.text);
        world.by_hand("UPDATE person SET email = NULL, email_canonical = NULL, name = '', forgotten_at = 1 WHERE id LIKE '%mendel%'").await;
        browser.get("/desk").await.is(303);
    }
}

fn asking(email: &str) -> back_office_brief::engine::sign_in::Asking {
    back_office_brief::engine::sign_in::Asking {
        email: email.parse().unwrap(),
        browser: "a-browser".to_owned(),
        target: "/desk".to_owned(),
        client: None,
    }
}
