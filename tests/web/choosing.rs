//! The page of choices.

use back_office_brief::domain::codes::{QuietChoice, Role};
use back_office_brief::store::Db;
use back_office_brief::store::subscriptions::{self, Listed, NewSubscription};

use crate::browser::{Browser, link};
use crate::on_both;
use crate::world::{SEVEN, World, at};

const ANNA: &str = "anna@client.example";

async fn anna(db: Db) -> (World, Browser, String) {
    let world = World::on(db);
    world.organization("acme").await;
    world.real_leader("acme", ANNA).await;
    world.real_leader("acme", "bert@client.example").await;
    assert!(world.tick(SEVEN).await.closes());
    let page = link(&world.mails_to(ANNA)[0], "p");
    let browser = Browser::of(&world);
    (world, browser, page)
}

/// The link that is mailed to whoever asks for it on the page.
async fn own_data(world: &World, browser: &Browser, page: &str) -> String {
    browser
        .press(page, &[("do", "own-data")])
        .await
        .is(200)
        .says("A mail with a link is on its way");
    let mail = world.notices().pop().expect("a mail");
    assert_eq!(mail.to, ANNA);
    link(&mail, "d")
}

async fn row(world: &World, email: &str) -> Listed {
    let email = email.parse().unwrap();
    subscriptions::list(&world.db, None, Some(&email)).await.unwrap().remove(0)
}

const AS_IT_IS: [(&str, &str); 6] = [
    ("do", "save"),
    ("weekday", "1"),
    ("hour", "7"),
    ("quiet", "full"),
    ("pause_from", ""),
    ("pause_until", ""),
];

fn with<'a>(list: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = AS_IT_IS.into_iter().filter(|(name, _)| changed.iter().all(|(own, _)| own != name));
    kept.chain(changed.iter().copied()).chain([("list", list)]).collect()
}

/// What an operator adds for Anna.
fn wanted(role: Role, organization: Option<&str>) -> NewSubscription {
    NewSubscription {
        email: ANNA.parse().unwrap(),
        name: None,
        organization: organization.map(str::to_owned),
        role,
        slot: None,
        quiet: QuietChoice::Full,
        confirmed_at: Some(at(SEVEN)),
    }
}

on_both! {
    async fn the_page_shows_each_list_apart(db: Db) {
        let (world, browser, page) = anna(db).await;
        let before = world.everything().await;
        let shown = browser.get(&page).await;
        shown.is(200).says(ANNA).says("The weekly brief of The acme").says("<option value=\"1\" selected>Monday</option>")
            .says("<option value=\"7\" selected>07:00</option>").says("Send me the link").says("America/Chicago");
        assert!(!shown.text.contains("bert"), "{}", shown.text);
        assert_eq!(world.everything().await, before);
    }

    async fn day_hour_quiet_weeks_and_a_pause_are_chosen_and_taken_back(db: Db) {
        let (world, browser, page) = anna(db).await;
        let list = row(&world, ANNA).await.id;
        let changed = [("weekday", "4"), ("hour", "9"), ("quiet", "line"), ("pause_from", "2026-12-21"), ("pause_until", "2027-01-04")];
        let saved = browser.press(&page, &with(&list, &changed)).await;
        saved.is(200).says("Saved. It holds from the next mail on.").says("Undo");
        let now = row(&world, ANNA).await;
        assert_eq!((now.weekday, now.hour, now.quiet.as_str()), (Some(4), Some(9), "line"));
        assert_eq!((now.pause_from.as_deref(), now.pause_until.as_deref()), (Some("2026-12-21"), Some("2027-01-04")));
        // The undo is a form of its own, first on the page.
        let undo: Vec<(&str, String)> = ["mark", "list", "weekday", "hour", "quiet", "pause_from", "pause_until"]
            .into_iter().map(|name| (name, saved.field(name))).collect();
        let mut undo: Vec<(&str, &str)> = undo.iter().map(|(name, value)| (*name, value.as_str())).collect();
        undo.push(("do", "save"));
        browser.post(&page, &undo).await.is(200);
        let back = row(&world, ANNA).await;
        assert_eq!((back.weekday, back.hour, back.quiet.as_str(), back.pause_from), (Some(1), Some(7), "full", None));
        assert_eq!(row(&world, "bert@client.example").await.weekday, Some(1));
    }

    async fn what_makes_no_sense_is_said_beside_its_form(db: Db) {
        let (world, browser, page) = anna(db).await;
        let list = row(&world, ANNA).await.id;
        for (changed, told) in [
            (&[("weekday", "8")][..], "Choose a day and an hour"),
            (&[("hour", "24")], "Choose a day and an hour"),
            (&[("hour", "x")], "Choose a day and an hour"),
            (&[("quiet", "loud")], "Choose from the list"),
            (&[("pause_from", "2026-12-21")], "A pause needs both days"),
            (&[("pause_from", "2026-12-21"), ("pause_until", "2026-12-21")], "A pause ends after the day it begins."),
            (&[("pause_from", "soon"), ("pause_until", "2026-12-21")], "A pause needs both days"),
        ] {
            browser.press(&page, &with(&list, changed)).await.is(422).says(told);
        }
        // What was typed stands there still.
        let typed = [("weekday", "3"), ("pause_from", "2026-12-21"), ("pause_until", "2026-12-20")];
        let refused = browser.press(&page, &with(&list, &typed)).await;
        refused.is(422).says("<option value=\"3\" selected>Wednesday</option>").says("value=\"2026-12-21\"").says("value=\"2026-12-20\"");
        browser.press(&page, &[("do", "zone"), ("zone", "Mars/Olympus")]).await.is(422).says("Choose a time zone");
        browser.press(&page, &[("do", "dance"), ("list", &list)]).await.is(400);
        let now = row(&world, ANNA).await;
        assert_eq!((now.weekday, now.hour, now.quiet.as_str(), now.pause_from), (Some(1), Some(7), "full", None));
    }

    async fn nobody_changes_what_is_another_readers(db: Db) {
        let (world, browser, page) = anna(db).await;
        let theirs = row(&world, "bert@client.example").await.id;
        let before = world.everything().await;
        for what in ["save", "stop", "again"] {
            let fields = with(&theirs, &[("do", what), ("weekday", "5")]);
            browser.press(&page, &fields).await.is(400).says("Nothing was changed.");
        }
        let their_page = link(&world.mails_to("bert@client.example")[0], "p");
        let mark = browser.get(&page).await.field("mark");
        browser.post(&their_page, &[("mark", &mark), ("do", "forget-now")]).await.is(400);
        browser.post(&their_page, &[("do", "forget-now")]).await.is(400);
        assert_eq!(world.everything().await, before);
    }

    async fn a_list_is_left_and_joined_again_on_its_page(db: Db) {
        let (world, browser, page) = anna(db).await;
        let list = row(&world, ANNA).await.id;
        browser.press(&page, &[("do", "stop"), ("list", &list)]).await.is(200).says("comes no more").says("You left on 23 November 2026.");
        assert!(row(&world, ANNA).await.unsubscribed_at.is_some());
        browser.press(&page, &[("do", "again"), ("list", &list)]).await.is(200).says("comes again, once a week");
        assert_eq!(row(&world, ANNA).await.unsubscribed_at, None);
    }

    async fn all_mail_is_stopped_at_once_and_each_list_can_be_taken_up_again(db: Db) {
        let (world, browser, page) = anna(db).await;
        let public = subscriptions::add(&world.db, wanted(Role::Public, None), at(SEVEN)).await.unwrap();
        let before = world.everything().await;
        browser.get(&page).await.is(200).says("Stop all mail");
        assert_eq!(world.everything().await, before);
        browser.press(&page, &[("do", "stop-all")]).await.is(200).says("No mail comes any more.").says("You left on 23 November 2026.");
        let listed = subscriptions::list(&world.db, None, Some(&ANNA.parse().unwrap())).await.unwrap();
        assert!(listed.iter().all(|row| row.unsubscribed_at.is_some()), "{listed:?}");
        assert_eq!(row(&world, "bert@client.example").await.unsubscribed_at, None);
        let kinds: Vec<String> = world.consents(ANNA).await.into_iter().map(|event| event.0).collect();
        assert_eq!(kinds, ["confirmed", "withdrawn", "withdrawn"]);
        // Nobody else can begin it again: what is added is flagged at once, until the reader says so.
        assert_eq!(world.suppressed(ANNA).await.as_deref(), Some("unsubscribed_all"));
        world.organization("globex").await;
        let added = subscriptions::add(&world.db, wanted(Role::Leader, Some("globex")), at(SEVEN)).await.unwrap();
        assert_eq!(added.suppressed_reason.as_deref(), Some("unsubscribed_all"));
        browser.get(&page).await.says("You stopped all mail.");
        browser.press(&page, &[("do", "again"), ("list", &added.id)]).await.is(200).says("comes again, once a week");
        assert_eq!(world.suppressed(ANNA).await, None);
        let listed = subscriptions::list(&world.db, None, Some(&ANNA.parse().unwrap())).await.unwrap();
        let on: Vec<&str> = listed.iter().filter(|row| row.unsubscribed_at.is_none()).map(|row| row.id.as_str()).collect();
        assert_eq!(on, [added.id.as_str()], "the others stay left");
        browser.press(&page, &[("do", "again"), ("list", &public.id)]).await.is(200);
    }

    async fn the_zone_is_the_readers_own(db: Db) {
        let (world, browser, page) = anna(db).await;
        let zone = async || {
            let person = back_office_brief::store::people::find(&world.db, &ANNA.parse().unwrap()).await;
            person.unwrap().unwrap().time_zone
        };
        browser.press(&page, &[("do", "zone"), ("zone", "Europe/Berlin")]).await.is(200).says("<option selected>Europe/Berlin</option>");
        assert_eq!(zone().await.as_deref(), Some("Europe/Berlin"));
        browser.press(&page, &[("do", "zone"), ("zone", "")]).await.is(200);
        assert_eq!(zone().await, None);
    }

    async fn a_reader_gets_everything_that_is_stored_about_them_by_a_link_in_a_mail(db: Db) {
        let (world, browser, page) = anna(db).await;
        let link = own_data(&world, &browser, &page).await;
        let shown = browser.get(&link).await;
        shown.is(200).says("What is known of you");
        let file = browser.post(&link, &[("mark", &shown.field("mark")), ("do", "data")]).await;
        file.is(200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"my-data.json\"");
        let data: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        assert_eq!(data["person"][0]["email"], ANNA);
        assert_eq!(data["subscription"].as_array().unwrap().len(), 1);
        assert_eq!(data["edition"].as_array().unwrap().len(), 1, "the mail that she got");
        assert!(data["consent_event"].is_array() && data["confirmation"].is_array());
        assert!(!file.text.contains("bert@") && !file.text.contains("token_hash"), "{}", file.text);
        drop(world);
    }

    async fn what_was_stopped_before_it_left_is_no_part_of_the_file(db: Db) {
        let (world, browser, page) = anna(db).await;
        world.by_hand("UPDATE delivery SET state = 'cancelled', reason = 'cancelled'").await;
        let link = own_data(&world, &browser, &page).await;
        let mark = browser.get(&link).await.field("mark");
        let file = browser.post(&link, &[("mark", &mark), ("do", "data")]).await;
        let data: serde_json::Value = serde_json::from_str(&file.is(200).text).unwrap();
        assert_eq!(data["edition"].as_array().unwrap().len(), 0);
    }

    async fn a_brief_that_was_passed_on_gives_nobody_the_data_and_forgets_nobody(db: Db) {
        let (world, browser, page) = anna(db).await;
        let before = world.everything().await;
        for what in ["data", "forget", "forget-now"] {
            browser.press(&page, &[("do", what)]).await.is(400);
        }
        let token = page.rsplit('/').next().unwrap();
        browser.get(&format!("/d/{token}")).await.is(404);
        let mark = browser.get(&page).await.field("mark");
        browser.post(&format!("/d/{token}"), &[("mark", &mark), ("do", "data")]).await.is(404);
        assert_eq!(world.everything().await, before);
    }

    async fn the_link_to_the_data_works_for_an_hour_and_is_not_sent_again_and_again(db: Db) {
        let (world, browser, page) = anna(db).await;
        let link = own_data(&world, &browser, &page).await;
        for _ in 0..2 {
            browser.press(&page, &[("do", "own-data")]).await.is(200);
        }
        browser.press(&page, &[("do", "own-data")]).await.is(429);
        assert_eq!(world.notices().len(), 3);
        world.clock.set(at("2026-11-23T14:00:01Z"));
        browser.get(&link).await.is(410).says("It works for an hour.");
        browser.press(&page, &[("do", "own-data")]).await.is(200);
    }

    async fn whoever_gets_no_mail_is_told_whom_to_write_to(db: Db) {
        let (world, browser, page) = anna(db).await;
        let hash = back_office_brief::store::address_hash::AddressHash::of(&ANNA.parse().unwrap());
        let sql = format!(
            "INSERT INTO suppression (id, address_sha256, reason, source, since) VALUES ('s', '{}', 'complaint', 'feedback', 1)",
            hash.as_str()
        );
        world.by_hand(sql.leak()).await;
        browser.press(&page, &[("do", "own-data")]).await.is(422).says("No mail can be sent to your address. Write to ");
        assert_eq!(world.notices().len(), 0);
    }

    async fn forgetting_is_asked_twice_and_then_done(db: Db) {
        let (world, browser, page) = anna(db).await;
        let own = own_data(&world, &browser, &page).await;
        let mark = browser.get(&own).await.field("mark");
        let sure = browser.post(&own, &[("mark", &mark), ("do", "forget")]).await;
        sure.is(200).says("This cannot be taken back.");
        assert!(row(&world, ANNA).await.email.is_some());
        browser.post(&own, &[("mark", &sure.field("mark")), ("do", &sure.field("do"))]).await.is(200).says("You are forgotten");
        assert!(subscriptions::list(&world.db, None, Some(&ANNA.parse().unwrap())).await.unwrap().is_empty());
        browser.get(&page).await.is(410).says("Nothing is known of its reader");
        browser.get(&own).await.is(410).says("Nothing is known of its reader");
        browser.get(&link(&world.mails_to(ANNA)[0], "u")).await.is(200).says("nothing to stop");
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.mails_to(ANNA).len(), 1);
        assert_eq!(world.rows("consent_event").await, 1, "the proof stays, by the hash alone");
    }
}
