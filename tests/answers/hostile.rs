//! What people type to break a page, a history or a log: it is shown as it was typed, and as text.

use back_office_brief::store::Db;
use back_office_brief::store::records::Gap;

use crate::browser::Browser;
use crate::on_both;
use crate::scene::{LEADER, OWNER, answer_link, peopled};
use crate::world::{RECORDED, SEVEN, ms};

const SCRIPT: &str = "</textarea><script>alert(1)</script>";

on_both! {
    async fn words_stay_words(db: Db) {
        let world = peopled(db).await;
        world.by_hand("UPDATE gap SET title = '<img src=x onerror=alert(1)> & \"lists\"' WHERE id = 'acme-g1'").await;
        assert!(world.tick(SEVEN).await.closes());
        let browser = Browser::of(&world);
        let link = answer_link(&world.brief_to(OWNER), "blocked", "ACME-G1");
        let page = browser.get(&link).await;
        assert!(!page.text.contains("<img") && page.text.contains("&#60;img"), "{}", page.text);
        let long = format!("{SCRIPT}{}", "x".repeat(500));
        let kept = browser.press(&link, &[("text", &long)]).await;
        kept.is(422);
        assert!(!kept.text.contains("<script") && kept.text.contains("&#60;/textarea&#62;"), "{}", kept.text);
        let typed = format!("{SCRIPT}\u{202e}\u{0}\r\nBcc: x@evil.example");
        browser.press(&link, &[("text", &typed)]).await.is(200);
        let again = browser.get(&link).await;
        assert!(!again.text.contains("<script"), "{}", again.text);
        let told = format!("{SCRIPT}\nBcc: x@evil.example");
        assert_eq!(world.answers().await, [("blocked".to_owned(), told.clone())]);
        assert_eq!(world.history("ACME-G1").await, [format!("Lee Park | note | Blocked: {told}")]);
        let log = world.log().await;
        let detail: serde_json::Value = serde_json::from_str(&log.last().unwrap().detail).unwrap();
        assert_eq!(detail["text"], told.as_str());
        // Nothing of it reaches a mail's header or body unescaped.
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        let next = world.brief_to(LEADER);
        let raw = String::from_utf8_lossy(&next.bytes).into_owned();
        assert!(!raw.contains("\r\nBcc:") && !raw.contains("<script"), "{raw}");
    }

    async fn an_id_of_any_shape_is_one_gaps_link(db: Db) {
        let world = peopled(db).await;
        let ids = ["a/b c", "x?y=1&z#q", "100%25", "\u{e4}\u{f6}\u{fc}\u{4f8b}", "..", "a+b", "\"quoted\"<b>"];
        let gaps: Vec<Gap> = ids.iter().enumerate().map(|(n, id)| Gap {
            id: format!("acme-odd-{n}"),
            external_id: (*id).to_owned(),
            organization_id: "acme".to_owned(),
            area: "billing".to_owned(),
            category: "no_source".to_owned(),
            leak_zone: "finance".to_owned(),
            title: format!("Odd number {n}"),
            opened_on: RECORDED[..10].to_owned(),
            created_at: ms(RECORDED),
            ..Default::default()
        }).collect();
        world.put(&gaps).await;
        for n in 0..ids.len() {
            for (kind, to) in [("opened", "open"), ("severity", "2"), ("owner", "Odd Owner")] {
                world.happens("acme", &format!("odd-{n}"), kind, to, RECORDED).await;
            }
        }
        world.subscriber("acme", "odd.owner@client.example", |_, s| s.role = "owner".to_owned()).await;
        assert!(world.tick(SEVEN).await.closes());
        let browser = Browser::of(&world);
        let mail = world.brief_to("odd.owner@client.example");
        let links = crate::scene::answer_links(&mail);
        let blocked: Vec<&String> = links.iter().filter(|link| link.contains("/blocked/")).collect();
        assert!(blocked.len() >= 4, "{links:?}");
        for link in &blocked {
            browser.press(link, &[("text", "Waits.")]).await.is(200);
        }
        assert_eq!(world.answers().await.len(), blocked.len());
        // A proxy that writes the slash out again leads to the same gap; an id of dots has no link.
        if let Some(link) = blocked.iter().find(|link| link.contains("a%2Fb")) {
            browser.get(&link.replace("%2F", "/")).await.is(200).says("Odd number 0");
        }
        assert!(links.iter().all(|link| !link.ends_with("/..")), "{links:?}");
    }
}
