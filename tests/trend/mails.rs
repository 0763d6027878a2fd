//! Who finds the way to the page in a mail, and who does not.

use back_office_brief::domain::brief::Corrected;
use back_office_brief::engine::preview::Whose;
use back_office_brief::store::Db;

use crate::browser::{Browser, HOME, link, real_ids};
use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, at, by};

on_both! {
    async fn whoever_reads_about_one_organization_is_led_to_its_trend(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        for (role, email) in [("leader", "anna@client.example"), ("reader", "rita@client.example"), ("owner", "lee.park@client.example")] {
            world.subscriber("acme", email, |person, own| { real_ids(person, own); own.role = role.to_owned(); }).await;
        }
        world.consultant("ana@advisor.example", &["acme"], real_ids).await;
        world.subscriber("acme", "paul@public.example", |person, own| {
            real_ids(person, own);
            (own.role, own.organization_id) = ("public".to_owned(), None);
            (own.weekday, own.hour) = (Some(2), Some(8));
        }).await;
        world.tick("2026-11-22T12:00:00Z").await;
        world.tick(SEVEN).await;
        world.tick("2026-11-24T12:00:00Z").await;
        let browser = Browser::of(&world);
        let mut links = std::collections::BTreeSet::new();
        for email in ["anna@client.example", "rita@client.example", "lee.park@client.example"] {
            let mail = world.mails_to(email).remove(0);
            assert!(mail.text.contains(&format!("Trend and sums: {HOME}/t/")), "{}", mail.text);
            let link = link(&mail, "t");
            browser.get(&link).await.is(200).says("ERP cutover");
            let copy = browser.get(&crate::browser::link(&mail, "w")).await;
            assert!(copy.text.contains(&format!("href=\"{link}\"")), "the web copy leads there too: {}", copy.text);
            links.insert(link);
        }
        assert_eq!(links.len(), 3, "a link is one reader's own");
        for email in ["ana@advisor.example", "paul@public.example"] {
            let mail = world.mails_to(email).remove(0);
            let octets = String::from_utf8_lossy(&mail.bytes).replace("=\r\n", "");
            assert!(!octets.contains("/t/") && !octets.contains("Trend and sums") && !octets.contains("slot--"), "{octets}");
        }
    }

    async fn a_correction_leads_there_too(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        let figure = Corrected { figure: "Readiness".to_owned(), was: "66 of 100".to_owned(), is: "61 of 100".to_owned() };
        world.clock.set(at("2026-11-24T10:00:00Z"));
        world.engine.correct(&edition, vec![figure], "A wrong file was loaded.", &by("M. Mendel")).await.unwrap();
        world.tick("2026-11-24T10:00:00Z").await;
        let mails = world.mails_to("anna@client.example");
        let correction = mails.iter().find(|mail| mail.text.contains("61 of 100")).unwrap();
        Browser::of(&world).get(&link(correction, "t")).await.is(200);
    }

    async fn a_preview_and_a_test_lead_to_a_page_that_says_what_they_are(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let preview = world.engine.preview(&Whose::Leader("acme".to_owned()), at(MONDAY)).await.unwrap();
        let (text, html) = (world.engine.preview_text(&preview), world.engine.preview_html(&preview));
        let leads = format!("{HOME}/t/preview-to-nobody-on-a-list");
        assert!(text.contains(&leads) && html.contains(&leads), "{text}");
        assert!(!text.contains("slot--") && !html.contains("slot--"));
        Browser::of(&world).get(&leads).await.is(404).says("This link is from a preview");
        let eml = String::from_utf8(world.engine.preview_eml(&preview).unwrap()).unwrap();
        assert!(eml.replace("=\r\n", "").contains("/t/preview-to-nobody"), "{eml}");
        let portfolio = world.engine.preview(&Whose::Public, at("2026-11-24T12:00:00Z")).await.unwrap();
        assert!(!world.engine.preview_text(&portfolio).contains("Trend and sums"));
    }
}
