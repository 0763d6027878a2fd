//! Whom a reply reaches: the consultant, whoever was linked first; else whoever the settings name.

use back_office_brief::clock::new_id;
use back_office_brief::engine::review::Decision;
use back_office_brief::store::Db;
use back_office_brief::store::records::{ConsultantClient, Person};
use mail_parser::MessageParser;

use crate::browser::header;
use crate::on_both;
use crate::scene::{CONSULTANT, LEADER, OWNER, READER, peopled, told};
use crate::world::mail::Mail;
use crate::world::{MONDAY, RECORDED, SEVEN, World, at, by, ms};

const OPERATOR: &str = "operator@brief.example";

/// Name and address that a mail is replied to.
fn reply_to(mail: &Mail) -> (String, String) {
    let message = MessageParser::default().parse(&mail.bytes).expect("a message");
    let to = message.reply_to().and_then(|to| to.first()).expect("somebody to reply to");
    (to.name().unwrap_or_default().to_owned(), to.address().expect("an address").to_owned())
}

/// Where "Wrong number? Reply." leads.
fn wrong_number(mail: &Mail) -> String {
    let message = MessageParser::default().parse(&mail.bytes).expect("a message");
    let html = message.body_html(0).expect("an HTML part").into_owned();
    let at = html.find(">Wrong number? Reply.").expect("the words");
    let from = html[..at].rfind("mailto:").expect("a link");
    html[from + 7..at].split('?').next().expect("an address").to_owned()
}

/// Somebody who looks after acme from an instant on.
async fn consultant(world: &World, email: &str, name: &str, since: &str) {
    let id = format!("person-{email}");
    world
        .put(&[Person {
            id: id.clone(),
            email: Some(email.to_owned()),
            email_canonical: Some(email.to_lowercase()),
            name: name.to_owned(),
            locale: "en".to_owned(),
            created_at: ms(RECORDED),
            ..Default::default()
        }])
        .await;
    let link = ConsultantClient {
        id: new_id(),
        person_id: id,
        organization_id: "acme".to_owned(),
        since: ms(since),
        ..Default::default()
    };
    world.put(&[link]).await;
}

on_both! {
    async fn a_reply_to_a_brief_reaches_the_consultant(db: Db) {
        let (world, _) = told(db).await;
        for email in [LEADER, OWNER, READER] {
            let mail = world.brief_to(email);
            assert_eq!(reply_to(&mail), ("Ana Mendel".to_owned(), CONSULTANT.to_owned()), "{email}");
            assert_eq!(wrong_number(&mail), CONSULTANT);
            assert_eq!(header(&mail, "From").unwrap(), header(&world.brief_to(LEADER), "From").unwrap());
            // The list stays the operator's: whoever wants to leave writes there.
            let out = header(&mail, "List-Unsubscribe").unwrap();
            assert!(out.contains(&format!("<mailto:{}", world.settings.mail.reply_to.address)), "{out}");
        }
        // A portfolio is the consultant's own.
        world.tick("2026-11-24T12:00:00Z").await;
        assert_eq!(reply_to(&world.brief_to(CONSULTANT)).1, world.settings.mail.reply_to.address.as_str());
    }

    async fn without_a_consultant_it_reaches_whoever_the_settings_name(db: Db) {
        let world = World::with(db, &[("BRIEF__MAIL__REPLY_TO", OPERATOR)]);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        world.public("petra@public.example").await;
        assert!(world.tick("2026-11-24T12:00:00Z").await.closes());
        assert_eq!(reply_to(&world.brief_to(LEADER)).1, OPERATOR);
        assert_eq!(wrong_number(&world.brief_to(LEADER)), OPERATOR);
        assert_eq!(reply_to(&world.brief_to("petra@public.example")).1, OPERATOR);
    }

    async fn of_several_the_one_who_was_linked_first(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        consultant(&world, "zoe@advisor.example", "Zoe First", "2026-10-01T00:00:00Z").await;
        consultant(&world, "abe@advisor.example", "Abe Second", "2026-10-02T00:00:00Z").await;
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(reply_to(&world.brief_to(LEADER)), ("Zoe First".to_owned(), "zoe@advisor.example".to_owned()));
        // Who has gone is not asked any more, nor who had themselves forgotten.
        world.by_hand("UPDATE consultant_client SET until = 1795500000000 WHERE person_id = 'person-zoe@advisor.example'").await;
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(reply_to(&world.brief_to(LEADER)).1, "abe@advisor.example");
        let abe = "abe@advisor.example".parse().unwrap();
        back_office_brief::store::people::forget(&world.db, &abe, at("2026-12-01T00:00:00Z")).await.unwrap();
        assert!(world.tick("2026-12-07T13:00:00Z").await.closes());
        assert_eq!(reply_to(&world.brief_to(LEADER)).1, world.settings.mail.reply_to.address.as_str());
    }

    async fn who_was_linked_after_the_cut_off_is_next_weeks(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        consultant(&world, "new@advisor.example", "New One", "2026-11-23T12:30:00Z").await;
        assert!(world.tick(SEVEN).await.closes());
        assert_ne!(reply_to(&world.brief_to(LEADER)).1, "new@advisor.example");
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(reply_to(&world.brief_to(LEADER)).1, "new@advisor.example");
    }

    async fn it_is_frozen_with_the_edition(db: Db) {
        let world = peopled(db).await;
        world.subscriber("acme", "late@client.example", |_, s| s.hour = Some(15)).await;
        world.tick(SEVEN).await;
        world.by_hand("UPDATE consultant_client SET until = 1795441000000").await;
        world.tick("2026-11-23T21:00:00Z").await;
        assert_eq!(reply_to(&world.brief_to("late@client.example")), reply_to(&world.brief_to(LEADER)));
    }

    async fn a_name_or_an_address_that_no_header_can_hold_keeps_no_brief_back(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", LEADER).await;
        consultant(&world, "j\u{f6}rg@advisor.example", "J\u{f6}rg", "2026-10-01T00:00:00Z").await;
        consultant(&world, "eve@advisor.example", "Eve\r\nBcc: x@evil.example \u{202e}<b>", "2026-10-02T00:00:00Z").await;
        assert!(world.tick(SEVEN).await.closes());
        let mail = world.brief_to(LEADER);
        let (name, address) = reply_to(&mail);
        assert_eq!(address, "eve@advisor.example", "an address that needs SMTPUTF8 is passed over");
        assert_eq!(name, "Eve Bcc: x@evil.example <b>");
        assert!(header(&mail, "Bcc").is_none());
    }

    async fn a_draft_has_it_and_so_has_what_is_approved(db: Db) {
        let world = World::on(db);
        world.organization_with("acme", |o| o.review = "required".to_owned()).await;
        world.leader("acme", LEADER).await;
        world.consultant(CONSULTANT, &["acme"], |_, _| {}).await;
        world.tick(MONDAY).await;
        let edition = world.editions("2026-W48").await.into_iter().find(|e| e.kind == "leader").unwrap().id;
        world.engine.decide(&edition, &Decision::Approve, &by("Ana Mendel"), None).await.unwrap();
        world.tick(SEVEN).await;
        assert_eq!(reply_to(&world.brief_to(LEADER)).1, CONSULTANT);
    }
}
