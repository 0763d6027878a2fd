//! What a mail carries: a way out that a mail program can use, and links of its reader's own.

use back_office_brief::secrets::{Keyring, Purpose};
use back_office_brief::store::Db;

use crate::browser::{HOME, header, link};
use crate::on_both;
use crate::smtp::{Script, SmtpServer};
use crate::world::{SEVEN, World, at};

on_both! {
    async fn every_brief_can_be_left_by_one_click_and_says_so(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let subscription = world.real_leader("acme", "anna@client.example").await;
        world.real_leader("acme", "bert@client.example").await;
        assert!(world.tick(SEVEN).await.closes());
        let mail = world.mails_to("anna@client.example").remove(0);
        let out = header(&mail, "List-Unsubscribe").expect("a way out");
        let uris: Vec<&str> = out.split(", ").collect();
        assert_eq!(uris.len(), 2, "{out}");
        assert!(uris[0].starts_with(&format!("<{HOME}/u/")) && uris[1].starts_with("<mailto:"), "{out}");
        assert_eq!(header(&mail, "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        assert_eq!(uris[0].trim_matches(['<', '>']), link(&mail, "u"), "the link in the mail is the same");
        let token = link(&mail, "u").rsplit('/').next().unwrap().to_owned();
        let keys = Keyring::open(&world.settings.secrets.dir).unwrap();
        let subject = keys.verify(Purpose::Unsubscribe, &token, at(SEVEN)).unwrap();
        assert_eq!(subject.to_string(), subscription);
        let other = world.mails_to("bert@client.example").remove(0);
        for kind in ["u", "p", "w"] {
            assert_ne!(link(&mail, kind), link(&other, kind), "a link is one reader's own");
        }
        assert!(!mail.text.contains("anna@") || !link(&mail, "u").contains("anna"), "RFC 8058: opaque");
    }

    async fn a_bounce_names_its_delivery(db: Db) {
        let server = SmtpServer::start(Script::new().offering("DSN")).await;
        let mut world = World::on(db);
        world.relay_is(&server);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        assert!(world.tick(SEVEN).await.closes());
        let delivery = world.delivery("anna@client.example", "2026-W48").await.id;
        let commands = server.commands();
        let from = commands.iter().find(|line| line.starts_with("MAIL FROM:<b+")).expect("a sender of its own");
        let token = from.split("b+").nth(1).unwrap().split('@').next().unwrap();
        assert!(token.len() <= 62 && from.contains(&format!("b+{token}@brief.example")), "{from}");
        assert!(from.contains(&format!("ENVID={token}")), "{from}");
        let keys = Keyring::open(&world.settings.secrets.dir).unwrap();
        let subject = keys.verify(Purpose::Bounce, &token.to_uppercase(), at(SEVEN)).unwrap();
        assert_eq!(subject.to_string(), delivery);
    }

    async fn a_relay_that_takes_one_sender_only_is_told_that_one(db: Db) {
        let server = SmtpServer::start(Script::new().offering("DSN")).await;
        let mut world = World::with(db, &[("BRIEF__MAIL__ENVELOPE", "from")]);
        world.relay_is(&server);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        assert!(world.tick(SEVEN).await.closes());
        let commands = server.commands();
        let from = commands.iter().find(|line| line.starts_with("MAIL FROM:<")).expect("a sender");
        assert!(from.starts_with("MAIL FROM:<brief@brief.example>") && from.contains("ENVID="), "{from}");
    }

    async fn a_mail_that_is_tried_again_is_the_same_to_the_last_octet(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.real_leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        let first = world.mails_to("anna@client.example").remove(0);
        world.by_hand("UPDATE delivery SET state = 'queued', finished_at = NULL, next_attempt_at = send_at").await;
        world.tick("2026-11-24T20:00:00Z").await;
        let again = world.mails_to("anna@client.example");
        assert_eq!(again.len(), 1, "the file has the name of the delivery");
        assert_eq!(first.bytes, again[0].bytes);
    }
}
