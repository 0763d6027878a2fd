//! The way out of the notices to those who work here.

use back_office_brief::store::Db;

use crate::browser::{Browser, HOME, header};
use crate::on_both;
use crate::world::mail::Mail;
use crate::world::{World, at};

const OPS: &str = "ops@operator.example";
const NIGHT: &str = "night@operator.example";

/// A world whose operator was just told that delivery is paused.
async fn told(db: Db) -> World {
    let world =
        World::with(db, &[("BRIEF__ALERTS__TO", "ops@operator.example, night@operator.example")]);
    pause(&world, "2026-11-23T13:00:00Z").await;
    world
}

/// Pauses, has it told, resumes, and has that told.
async fn pause(world: &World, when: &str) {
    world.db.pause("a drill", at(when)).await.unwrap();
    world.tick(when).await;
    world.db.resume().await.unwrap();
    world.tick(&when.replace("13:00", "13:05")).await;
}

fn to<'a>(mails: &'a [Mail], address: &str) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.to == address).collect()
}

/// The link in `List-Unsubscribe`.
fn way_out(mail: &Mail) -> String {
    let value = header(mail, "List-Unsubscribe").expect("a way out");
    let link = value.split(['<', '>']).nth(1).expect("a link").to_owned();
    assert!(link.starts_with(&format!("{HOME}/n/")), "{link}");
    link
}

on_both! {
    async fn an_alert_is_stopped_by_one_click_for_its_address_alone(db: Db) {
        let world = told(db).await;
        let mails = world.notices();
        assert_eq!((to(&mails, OPS).len(), to(&mails, NIGHT).len()), (2, 2));
        let alert = to(&mails, OPS)[0];
        assert_eq!(header(alert, "List-Id").as_deref(), Some("Alerts <alerts.brief.example>"));
        assert_eq!(header(alert, "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        let link = way_out(alert);
        assert!(alert.text.contains(&link), "{}", alert.text);
        assert!(!link.contains("ops"), "{link}");
        let browser = Browser::of(&world);
        for _ in 0..3 {
            browser.get(&link).await.is(200).says("Nothing has changed yet.");
            browser.ask("HEAD", &link).await.is(200);
        }
        browser.post(&link, &[("do", "stop")]).await.is(400);
        pause(&world, "2026-11-24T13:00:00Z").await;
        assert_eq!(to(&world.notices(), OPS).len(), 4, "looking stops nothing");
        browser.one_click(&link).await.is(200).says("They come no more");
        browser.one_click(&link).await.is(200);
        pause(&world, "2026-11-25T13:00:00Z").await;
        let mails = world.notices();
        assert_eq!((to(&mails, OPS).len(), to(&mails, NIGHT).len()), (4, 6));
        browser.press(&link, &[("do", "again")]).await.is(200).says("They come again");
        pause(&world, "2026-11-26T13:00:00Z").await;
        assert_eq!(to(&world.notices(), OPS).len(), 6);
    }

    async fn a_token_of_a_subscription_stops_no_notices(db: Db) {
        let world = told(db).await;
        let link = way_out(to(&world.notices(), OPS)[0]);
        let token = link.rsplit('/').next().unwrap();
        let browser = Browser::of(&world);
        browser.one_click(&format!("{HOME}/u/{token}")).await.is(404);
        browser.one_click(&format!("{HOME}/n/{}", &token[1..])).await.is(404).says("This link is not whole");
    }
}
