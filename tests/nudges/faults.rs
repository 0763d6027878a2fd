//! Relays that refuse, hang up or say nothing, and processes that die: never twice, and never lost in
//! silence.

use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{ANA, OWNER, WEDNESDAY, browser, house, house_with, told};
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{World, number};

/// The house after its briefs went out by the relay, with its nudge approved and the relay set to do
/// something the second time it meets the owner.
async fn approved(db: Db, script: Script) -> (World, SmtpServer, SmtpServer) {
    let briefs = SmtpServer::start(Script::new()).await;
    let mut world = house_with(db, &briefs).await;
    told(&world).await;
    world.approve().await;
    let server = SmtpServer::start(script).await;
    world.relay_is(&server);
    (world, server, briefs)
}

on_both! {
    async fn it_goes_by_the_relay_once(db: Db) {
        let (world, server, _briefs) = approved(db, Script::new()).await;
        for minute in 0..5 {
            world.tick(&format!("2026-11-25T15:0{minute}:00Z")).await;
        }
        assert_eq!(server.mails_to(OWNER).len(), 1);
        let own = world.nudge().await;
        assert_eq!(own.state, "sent");
        assert_eq!(own.message_id.as_deref(), Some(format!("<{}>", server.mails_to(OWNER)[0].message_id).as_str()));
    }

    async fn a_refusal_for_good_is_recorded_and_suppresses_the_address(db: Db) {
        let script = Script::new().at(At::Rcpt, OWNER, Act::reply("550 5.1.1 no such user"));
        let (world, server, _briefs) = approved(db, script).await;
        world.tick(WEDNESDAY).await;
        world.tick("2026-11-25T16:00:00Z").await;
        let (state, why) = world.stands().await;
        assert_eq!(state, "refused");
        assert!(why.contains("5.1.1") && !why.contains(OWNER), "{why}");
        assert_eq!(server.n_messages(), 0);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM bounce WHERE kind = 'hard'").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression WHERE reason = 'hard_bounce'").await, 1);
        browser(&world, ANA).await.get("/desk/nudges").await.says("refused: ");
    }

    async fn a_refusal_for_now_is_tried_again_half_an_hour_later(db: Db) {
        let script = Script::new().times(1, At::Rcpt, OWNER, Act::reply("450 4.2.0 greylisted"));
        let (world, server, _briefs) = approved(db, script).await;
        world.tick(WEDNESDAY).await;
        world.tick("2026-11-25T15:29:00Z").await;
        assert_eq!((world.stands().await.0.as_str(), server.n_messages()), ("approved", 0));
        world.tick("2026-11-25T15:30:00Z").await;
        assert_eq!((world.stands().await.0.as_str(), server.n_messages()), ("sent", 1));
        let counted = world.engine.metrics.render();
        for line in ["brief_nudges_total{outcome=\"deferred\"} 1", "brief_nudges_total{outcome=\"sent\"} 1"] {
            assert!(counted.contains(line), "{line} is not in {counted}");
        }
    }

    async fn no_answer_after_the_dot_is_in_doubt_and_never_sent_again(db: Db) {
        let (world, server, _briefs) = approved(db, Script::new().at(At::Dot, OWNER, Act::Close)).await;
        for now in [WEDNESDAY, "2026-11-25T15:31:00Z", "2026-11-26T15:00:00Z", "2026-11-27T15:00:00Z"] {
            world.tick(now).await;
        }
        assert_eq!(world.stands().await.0, "uncertain");
        assert_eq!(server.n_messages(), 1, "one copy, and no other");
        browser(&world, ANA).await.get("/desk/nudges").await.says("in doubt").says("not sent again");
    }

    async fn a_relay_that_hangs_up_before_costs_nothing_and_another_time_it_goes(db: Db) {
        let script = Script::new().times(1, At::Mail, "", Act::Close);
        let (world, server, _briefs) = approved(db, script).await;
        world.tick(WEDNESDAY).await;
        assert_eq!((world.stands().await.0.as_str(), server.n_messages()), ("approved", 0));
        world.tick("2026-11-25T15:10:00Z").await;
        assert_eq!((world.stands().await.0.as_str(), server.n_messages()), ("sent", 1));
    }

    async fn what_a_dead_process_was_handing_over_is_in_doubt_and_never_sent_again(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        // As a process leaves it that is killed between the intent and the answer.
        world.by_hand("UPDATE nudge SET state = 'handing_over', sent_at = 1795618800000, message_id = '<x@y>' WHERE state = 'approved'").await;
        world.tick("2026-11-25T15:05:00Z").await;
        assert_eq!(world.stands().await.0, "handing_over", "it may be at it still");
        for now in ["2026-11-25T15:16:00Z", "2026-11-25T16:00:00Z", "2026-11-26T16:00:00Z"] {
            world.tick(now).await;
            assert_eq!(world.stands().await.0, "uncertain");
        }
        assert_eq!(world.notices().len(), 0);
    }

    async fn two_processes_send_it_once(db: Db) {
        let (world, server, _briefs) = approved(db, Script::new()).await;
        world.clock.set(crate::world::at(WEDNESDAY));
        let other = world.another_engine();
        let now = crate::world::at(WEDNESDAY);
        let (one, two) = tokio::join!(world.engine.deliver(now), other.deliver(now));
        // On a file the second one may find the lock taken.
        assert!(one.is_ok() || two.is_ok());
        world.tick("2026-11-25T15:01:00Z").await;
        assert_eq!(server.mails_to(OWNER).len(), 1);
    }

    async fn what_comes_back_later_is_known_by_its_mark(db: Db) {
        let (world, server, _briefs) = approved(db, Script::new()).await;
        world.tick(WEDNESDAY).await;
        let id = server.mails_to(OWNER)[0].message_id.clone();
        let report = format!(
            "From: mailer-daemon@client.example\r\nTo: bounces@brief.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.client.example\r\n\r\n\
             Final-Recipient: rfc822; {OWNER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nSubject: x\r\n\r\n--b--\r\n"
        );
        let now = crate::world::at("2026-11-25T15:20:00Z");
        let taken = world.engine.receive(report.as_bytes(), "stdin", now).await.expect("taken in");
        assert!(taken.is_matched, "{taken:?}");
        assert_eq!(world.stands().await, ("refused".to_owned(), "it came back".to_owned()));
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression WHERE reason = 'hard_bounce'").await, 1);
    }
}
