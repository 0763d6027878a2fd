//! The whole path of a reader: asked, mailed, confirmed, read, left.

use back_office_brief::store::Db;
use back_office_brief::store::address_hash::AddressHash;

use crate::browser::{Browser, header, link};
use crate::on_both;
use crate::world::{World, at};

const ZOE: &str = "zoe+brief@reader.example";
/// The public edition leaves on Tuesdays at 08:00 UTC.
const TUESDAY: &str = "2026-11-24T08:00:00Z";

on_both! {
    async fn asked_mailed_confirmed_read_and_left(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T10:00:00Z"));
        let browser = Browser::of(&world);
        browser.get("/subscribe").await.is(200).says("Your e-mail address");
        browser.post("/subscribe", &[("email", ZOE)]).await.is(200).says("a mail is on its way there");
        world.asked(1).await;
        // Nobody gets a brief before they confirm.
        assert!(world.tick("2026-11-20T10:05:00Z").await.closes());
        assert!(world.mails().is_empty());
        let asked = world.notices();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].to.as_str(), asked[0].subject.as_str()), (ZOE, "Confirm that you want the public brief"));
        assert_eq!(header(&asked[0], "List-Id").as_deref(), Some("Confirmations <confirm.brief.example>"));
        assert_eq!(header(&asked[0], "Auto-Submitted").as_deref(), Some("auto-generated"));
        assert!(asked[0].text.contains("This is what you agree to: Send me the public brief"), "{}", asked[0].text);

        let confirm = link(&asked[0], "confirm");
        browser.get(&confirm).await.is(200).says("Do you want the public brief?").says("Nothing has changed yet.");
        browser.press(&confirm, &[]).await.is(200).says("You are on the list").says("on Tuesdays at 08:00");
        browser.get(&confirm).await.is(200).says("You are on the list");

        let report = world.tick(TUESDAY).await;
        assert!(report.closes(), "{report:?}");
        let brief = world.mails_to(ZOE).remove(0);
        world.clock.set(at("2026-11-25T17:00:00Z"));
        browser.get(&link(&brief, "p")).await.is(200).says("The public brief");
        browser.one_click(&link(&brief, "u")).await.is(200);
        let report = world.tick("2026-12-01T08:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.mails_to(ZOE).len(), 1);

        let consents = world.consents(ZOE).await;
        let expected = [("requested", "form"), ("confirmed", "form"), ("withdrawn", "one-click")];
        assert_eq!(consents, expected.map(|(kind, channel)| (kind.to_owned(), channel.to_owned())));
    }

    async fn the_proof_of_consent_says_who_when_how_and_in_which_words(db: Db) {
        let world = World::on(db);
        world.clock.set(at("2026-11-20T10:00:00Z"));
        let mut browser = Browser::of(&world);
        browser.post("/subscribe", &[("email", ZOE)]).await.is(200);
        world.asked(1).await;
        browser.peer = "[2001:db8::7]:50000".to_owned();
        world.clock.set(at("2026-11-20T11:00:00Z"));
        browser.press(&link(&world.notices()[0], "confirm"), &[]).await.is(200);
        let person = back_office_brief::store::people::find(&world.db, &ZOE.parse().unwrap()).await.unwrap().unwrap();
        let events = back_office_brief::store::consent::of_person(&world.db, &person.id).await.unwrap();
        let hash = AddressHash::of_key(ZOE).into_string();
        for event in &events {
            assert_eq!(event.address_hash.as_deref(), Some(hash.as_str()));
            assert_eq!((event.list.as_str(), event.form.as_deref(), event.text_version.as_deref()), ("public", Some("request"), Some("1")));
            assert_eq!(event.requested_at, Some(at("2026-11-20T10:00:00Z").as_millisecond()));
        }
        assert_eq!(events[0].client_ip.as_deref(), Some("203.0.113.7"));
        assert_eq!(events[1].client_ip.as_deref(), Some("2001:db8::7"));
        assert_eq!(events[1].confirmed_at, Some(at("2026-11-20T11:00:00Z").as_millisecond()));
    }
}
