//! What else a nudge touches: what is exported, an answer that is said once more, the mail's own rules.

use back_office_brief::clock::new_id;
use back_office_brief::store::records::Brand;
use back_office_brief::store::{Db, export};

use crate::browser::{Browser, HOME};
use crate::on_both;
use crate::scene::{ANA, GAP, OWNER, THURSDAY, TUESDAY, WEDNESDAY, house, told};
use crate::world::{at, ms};

on_both! {
    async fn whoever_asks_for_a_copy_gets_their_nudges(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        world.tick(WEDNESDAY).await;
        let tables = export::person(&world.db, &format!("person-{OWNER}")).await.expect("a copy");
        let (_, rows) = tables.iter().find(|(name, _)| *name == "nudge").expect("nudges");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["state"], "sent");
        assert!(rows[0]["drafted_text"].as_str().is_some_and(|text| text.starts_with("When ")));
    }

    async fn what_was_answered_before_is_an_answer_when_it_is_said_once_more(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let brief = world.mails_to(OWNER).pop().expect("a brief");
        let end = format!("/blocked/{GAP}");
        let link = brief.text.split(' ').find(|word| word.starts_with(HOME) && word.ends_with(&end));
        let link = link.expect("a link").to_owned();
        let reader = Browser::of(&world);
        reader.press(&link, &[("text", "No data yet.")]).await.is(200);
        world.approve().await;
        world.tick(WEDNESDAY).await;
        assert_eq!(world.stands().await.0, "sent");
        world.clock.set(at(THURSDAY));
        reader.press(&link, &[("text", "No data yet.")]).await.is(200);
        assert_eq!(world.stands().await.0, "answered");
        let log = world.db.audit_log(Some("northfield"), None, 1).await.expect("a log");
        assert_eq!((log[0].action.as_str(), log[0].way.as_str()), ("nudge.answer", "mail"));
    }

    async fn it_comes_under_the_consultants_own_name(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.put(&[Brand {
            id: new_id(),
            consultant_person_id: format!("person-{ANA}"),
            name: Some("Mendel & Co".to_owned()),
            recorded_at: ms(TUESDAY),
            ..Brand::default()
        }])
        .await;
        world.approve().await;
        world.tick(WEDNESDAY).await;
        let mail = world.notices().pop().expect("a nudge");
        assert!(mail.text.starts_with("MENDEL & CO When "), "{}", mail.text);
        let message = mail_parser::MessageParser::default().parse(&mail.bytes).expect("a message");
        let from = message.from().and_then(|from| from.first()).expect("a sender");
        assert_eq!(from.name(), Some("Ana Mendel via Mendel & Co"));
        assert_eq!(from.address(), Some("brief@brief.example"), "the address stays the service's");
    }

    async fn both_parts_of_the_mail_say_the_same_and_are_small(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        world.tick(WEDNESDAY).await;
        let mail = world.notices().pop().expect("a nudge");
        let message = mail_parser::MessageParser::default().parse(&mail.bytes).expect("a message");
        let html = message.body_html(0).expect("a part").into_owned();
        let own = world.nudge().await;
        for words in ["Ana Mendel asks this about", "Done", "Blocked", "Not mine", "One comes in a week at most."] {
            assert!(html.contains(words) && mail.text.contains(words), "{words:?}: {html}");
        }
        let escaped = own.text.replace('\'', "&#39;");
        assert!(mail.text.contains(&own.text) && html.contains(&escaped), "{html}");
        assert!(mail.subject.chars().count() <= 60 && mail.bytes.len() < 20_000);
        assert!(!html.contains("<img") && !html.contains("<script"));
    }
}
