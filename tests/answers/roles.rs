//! Who may answer for what: leaders and consultants for all, owners for their own, readers for nothing.

use back_office_brief::clock::new_id;
use back_office_brief::store::Db;
use back_office_brief::store::records::{ConsultantClient, Subscription};

use crate::browser::Browser;
use crate::on_both;
use crate::scene::{FIRST, LEADER, OTHER, OWNER, READER, answer_links, peopled, told};
use crate::world::{RECORDED, SEVEN, World, at, ms};

const KINDS: [&str; 4] = ["done", "blocked", "not-mine", "correct"];

/// What a link of somebody's mail says, and whether its button acts.
async fn tries(world: &World, browser: &Browser, email: &str, gap: &str) -> [u16; 4] {
    let start = world.signed(email).await;
    let mut found = [0; 4];
    for (kind, status) in KINDS.iter().zip(&mut found) {
        let link = format!("{start}/{kind}/{gap}");
        *status = browser.get(&link).await.status.as_u16();
        let before = world.written().await;
        let mark = back_office_brief::secrets::Keyring::open(&world.settings.secrets.dir)
            .unwrap()
            .form_mark(start.rsplit('/').next().unwrap());
        let pressed = browser.post(&link, &[("mark", &mark), ("text", "It is 12.")]).await;
        assert_eq!(pressed.status.as_u16(), *status, "{kind}: the button as its page");
        assert_eq!(world.written().await == before, *status != 200, "{kind}");
    }
    found
}

/// Somebody who gets a leader's mail, with other ties as well.
async fn also(world: &World, email: &str, role: &str) {
    world
        .put(&[Subscription {
            id: new_id(),
            person_id: format!("person-{email}"),
            organization_id: Some("acme".to_owned()),
            role: role.to_owned(),
            weekday: Some(1),
            hour: Some(7),
            quiet: "full".to_owned(),
            confirmed_at: Some(ms(RECORDED)),
            unsubscribed_at: Some(ms(RECORDED)),
            ..Default::default()
        }])
        .await;
}

on_both! {
    async fn a_leader_answers_for_every_gap(db: Db) {
        let (world, browser) = told(db).await;
        assert_eq!(tries(&world, &browser, LEADER, FIRST).await, [200; 4]);
        assert_eq!(tries(&world, &browser, LEADER, OTHER).await, [200; 4]);
    }

    async fn an_owner_answers_for_their_own(db: Db) {
        let (world, browser) = told(db).await;
        assert_eq!(tries(&world, &browser, OWNER, FIRST).await, [200; 4]);
        assert_eq!(tries(&world, &browser, OWNER, OTHER).await, [403; 4]);
        let link = format!("{}/done/{OTHER}", world.signed(OWNER).await);
        browser.get(&link).await.says("Price list g3 disagrees is not yours").says("Kim Vale owns it now");
        // Once it is handed over it is another's to answer for.
        world.happens("acme", "g2", "owner", "Kim Vale", "2026-11-23T14:00:00Z").await;
        assert_eq!(tries(&world, &browser, OWNER, "ACME-G2").await, [403; 4]);
    }

    async fn a_reader_is_asked_nothing_and_answers_for_nothing(db: Db) {
        let (world, browser) = told(db).await;
        assert!(answer_links(&world.brief_to(READER)).is_empty());
        assert_eq!(tries(&world, &browser, READER, FIRST).await, [403; 4]);
        let link = format!("{}/done/{FIRST}", world.signed(READER).await);
        browser.get(&link).await.says("Readers are asked nothing");
    }

    async fn what_somebody_is_beside_it_counts_too(db: Db) {
        let (world, browser) = told(db).await;
        also(&world, READER, "owner").await;
        assert_eq!(tries(&world, &browser, READER, FIRST).await, [403; 4], "no gap is Rita's");
        also(&world, READER, "leader").await;
        assert_eq!(tries(&world, &browser, READER, FIRST).await, [200; 4]);
    }

    async fn a_consultant_and_the_operator_answer_for_all(db: Db) {
        let world = peopled(db).await;
        world.subscriber("acme", "ops@operator.example", |_, s| s.role = "reader".to_owned()).await;
        world.put(&[ConsultantClient {
            id: new_id(),
            person_id: format!("person-{READER}"),
            organization_id: "acme".to_owned(),
            since: ms(SEVEN),
            ..Default::default()
        }]).await;
        assert!(world.tick(SEVEN).await.closes());
        let browser = Browser::of(&world);
        for (email, gap) in [(READER, OTHER), ("ops@operator.example", FIRST)] {
            assert_eq!(tries(&world, &browser, email, gap).await, [200; 4], "{email}");
        }
    }

    async fn who_left_the_list_may_still_answer_and_who_was_taken_off_may_not(db: Db) {
        let (world, browser) = told(db).await;
        browser.one_click(&crate::browser::link(&world.brief_to(LEADER), "u")).await.is(200);
        let link = format!("{}/blocked/{FIRST}", world.signed(LEADER).await);
        browser.press(&link, &[("text", "Waits.")]).await.is(200);
        world.by_hand("UPDATE subscription SET ended_at = 1790000000000 WHERE role = 'leader'").await;
        assert_eq!(tries(&world, &browser, LEADER, FIRST).await, [410; 4]);
        browser.get(&link).await.says("You are not on this list any more");
    }

    async fn whoever_was_forgotten_is_not_asked(db: Db) {
        let (world, browser) = told(db).await;
        let link = format!("{}/blocked/{FIRST}", world.signed(OWNER).await);
        let email = OWNER.parse().unwrap();
        back_office_brief::store::people::forget(&world.db, &email, at(SEVEN)).await.unwrap();
        browser.get(&link).await.is(410).says("Nothing is known of you any more");
        let before = world.written().await;
        let mark = back_office_brief::secrets::Keyring::open(&world.settings.secrets.dir).unwrap();
        let mark = mark.form_mark(link.split('/').nth(4).unwrap());
        browser.post(&link, &[("mark", &mark)]).await.is(410);
        assert_eq!(world.written().await, before);
    }
}
