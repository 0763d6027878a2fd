//! Hand-over to a relay that takes everything, and to a folder (DESIGN 2.5).

use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World};

on_both! {
    async fn everybody_gets_exactly_one_copy_addressed_to_nobody_else(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 60).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(report.deliver.sent, 60);
        let mut to: Vec<String> = server.received().into_iter().map(|r| r.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), server.n_messages()), (60, 60));
        for mail in server.mails() {
            let header = String::from_utf8_lossy(&mail.bytes).into_owned();
            assert!(header.contains(&mail.to), "{header}");
        }
        assert!(server.n_connections() <= 8, "{} connections", server.n_connections());
    }

    async fn a_refusal_for_good_is_failed_at_once_with_the_reason_and_no_address(db: Db) {
        let no = Act::reply("550 5.1.1 <gone@client.example>: no such user");
        let server = SmtpServer::start(Script::new().at(At::Rcpt, "gone@", no)).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.leader("acme", "gone@client.example").await;
        world.leader("acme", "anna@client.example").await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, report.deliver.failed), (1, 1));
        let (state, reason) = world.fate("gone@client.example", "2026-W48").await;
        assert_eq!(state, "failed");
        assert!(reason.starts_with("550 5.1.1") && reason.contains("no such user"), "{reason}");
        let held = "SELECT COUNT(*) FROM delivery_attempt WHERE reply LIKE '%client.example%'";
        assert_eq!(crate::world::number(&world.db, held).await, 0);
        assert!(!reason.contains("client.example"), "addresses live in one table: {reason}");
        assert_eq!(report.proofs.last().unwrap().in_state("failed"), 1);
        assert_eq!(world.tick("2026-11-24T13:00:00Z").await.deliver.sent, 0);
        assert_eq!(server.n_messages(), 1);
    }

    async fn a_folder_holds_one_file_for_each_delivery_and_running_again_changes_none(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.many_leaders("acme", 20).await;
        world.tick(SEVEN).await;
        let files = world.files();
        assert_eq!(files.len(), 20);
        for (name, _) in &files {
            assert!(name.ends_with(".eml"), "{name}");
        }
        for row in world.deliveries().await {
            assert!(files.iter().any(|(name, _)| *name == format!("{}.eml", row.id)));
        }
        world.tick(SEVEN).await;
        world.tick("2026-11-26T13:00:00Z").await;
        assert_eq!(world.files(), files);
    }

    async fn only_one_engine_delivers_from_a_database_file(db: Db) {
        let slow = Script::new().at(At::Mail, "", Act::Slowly("250 2.1.0 ok, let me think about it for a moment".to_owned()));
        let server = SmtpServer::start(slow).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        world.many_leaders("acme", 40).await;
        world.clock.set(crate::world::at(SEVEN));
        let other = world.another_engine();
        let (one, two) = tokio::join!(world.engine.tick(), other.tick());
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.deliver.sent + two.deliver.sent, 40);
        assert_eq!(server.n_messages(), 40, "not one copy more");
        assert!(world.tick(SEVEN).await.closes());
    }
}
