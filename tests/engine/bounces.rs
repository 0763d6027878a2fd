//! What comes back, and what the relay refuses for good: the address, the row, the run (MAIL 40).

use back_office_brief::domain::bounce::{Meaning, SuppressionReason};
use back_office_brief::engine::inbound::Taken;
use back_office_brief::secrets::Subject;
use back_office_brief::store::Db;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{SEVEN, World, at, number};

const ANNA: &str = "anna@client.example";
const LATER: &str = "2026-11-23T14:00:00Z";

async fn world(db: Db, readers: &[&str]) -> World {
    let world = World::on(db);
    world.organization("acme").await;
    for email in readers {
        world.leader("acme", email).await;
    }
    world
}

/// A report about one delivery, told apart by `n`.
fn report(token: &str, n: u32, action: &str, status: &str, words: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.client.example\nTo: b+{token}@brief.example\n\
         Message-ID: <{n}@mx.client.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nSee below.\n\n--B\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.client.example\n\nFinal-Recipient: rfc822; {ANNA}\nAction: {action}\n\
         Status: {status}\nDiagnostic-Code: smtp; {words}\n\n--B--\n"
    )
}

/// A complaint about one delivery.
fn complaint(token: &str) -> String {
    format!(
        "From: fbl@isp.example\nTo: fbl@brief.example\nMessage-ID: <c@isp.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=B\n\n\
         --B\nContent-Type: text/plain\n\nA complaint.\n\n--B\nContent-Type: message/feedback-report\n\n\
         Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\n\n--B\nContent-Type: text/rfc822-headers\n\n\
         Return-Path: <b+{token}@brief.example>\nFrom: brief@brief.example\n\n--B--\n"
    )
}

impl World {
    /// The token of the delivery to an address in a week.
    async fn token(&self, email: &str, week: &str) -> String {
        let id = self.delivery(email, week).await.id;
        self.engine.pages().expect("keys").bounce(Subject::parse(&id).expect("an id of ours"))
    }

    async fn receive(&self, message: &str, now: &str) -> Taken {
        self.engine.receive(message.as_bytes(), "stdin", at(now)).await.expect("it is recorded")
    }

    async fn suppressed(&self) -> Vec<(String, String)> {
        let rows = self.db.suppressions(false, None, None, 100).await.expect("a list");
        rows.into_iter()
            .map(|row| (row.reason.clone(), row.address().unwrap_or("?").to_owned()))
            .collect()
    }
}

on_both! {
    async fn one_hard_bounce_suppresses_and_the_run_stays_as_it_was_proved(db: Db) {
        let world = world(db, &[ANNA, "ben@client.example"]).await;
        assert!(world.tick(SEVEN).await.closes());
        let token = world.token(ANNA, "2026-W48").await;
        let message = report(&token, 1, "failed", "5.1.1", "550 5.1.1 <anna@client.example>: user unknown");
        let taken = world.receive(&message, LATER).await;
        assert_eq!((taken.meaning, taken.is_matched), (Meaning::Hard, true));
        assert_eq!(taken.suppressed, Some(SuppressionReason::HardBounce));
        assert_eq!(world.suppressed().await, [("hard_bounce".to_owned(), ANNA.to_owned())]);
        assert_eq!(world.fate(ANNA, "2026-W48").await.0, "sent", "what was sent was sent");
        let again = world.tick("2026-11-24T13:00:00Z").await;
        assert!(again.closes(), "{again:?}");
        assert_eq!(again.proofs.last().unwrap().in_state("sent"), 2);
        let row = world.db.bounces("hard", 10).await.unwrap().remove(0);
        assert_eq!((row.source.as_str(), row.status.as_deref()), ("stdin", Some("5.1.1")));
        let detail = row.detail.unwrap();
        assert!(detail.contains("user unknown") && !detail.contains(ANNA), "{detail}");
        assert!(world.tick("2026-11-30T13:00:00Z").await.closes());
        assert_eq!(world.fate(ANNA, "2026-W49").await, ("skipped".into(), "suppressed".into()));
        assert_eq!(world.fate("ben@client.example", "2026-W49").await.0, "sent");
    }

    async fn the_same_message_counts_once_whichever_way_it_comes(db: Db) {
        let world = world(db, &[ANNA]).await;
        world.tick(SEVEN).await;
        let token = world.token(ANNA, "2026-W48").await;
        let message = report(&token, 1, "failed", "4.2.2", "452 4.2.2 full");
        assert!(!world.receive(&message, LATER).await.is_known);
        let piped = format!("From x\nDelivered-To: b@brief.example\n{message}").replace('\n', "\r\n");
        let taken = world.engine.receive(piped.as_bytes(), "imap", at(LATER)).await.unwrap();
        assert!(taken.is_known && taken.suppressed.is_none());
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM bounce").await, 1);
    }

    async fn soft_bounces_are_counted_by_weeks_and_a_week_that_went_through_ends_the_row(db: Db) {
        let world = world(db, &[ANNA]).await;
        let mut outcome = Vec::new();
        let weeks = [("2026-11-23", "2026-W48", true), ("2026-11-30", "2026-W49", true),
            ("2026-12-07", "2026-W50", false), ("2026-12-14", "2026-W51", true),
            ("2026-12-21", "2026-W52", true), ("2026-12-28", "2026-W53", true)];
        for (n, (day, week, bounces)) in (0..).zip(weeks) {
            world.tick(&format!("{day}T13:00:00Z")).await;
            if bounces {
                let token = world.token(ANNA, week).await;
                let now = format!("{day}T15:00:00Z");
                let twice = report(&token, n, "failed", "5.2.2", "552 5.2.2 mailbox full");
                outcome.push(world.receive(&twice, &now).await.suppressed);
                // A second report about the same mail is no second week.
                let other = report(&token, 100 + n, "failed", "4.4.7", "expired");
                outcome.push(world.receive(&other, &now).await.suppressed);
            }
        }
        let soft = Some(SuppressionReason::SoftBounces);
        assert_eq!(outcome, [None, None, None, None, None, None, None, None, soft, soft]);
        let row = world.db.suppressions(false, None, None, 10).await.unwrap().remove(0);
        assert_eq!(row.detail.as_deref(), Some("5.2.2, 3 weeks in a row"));
        world.tick("2027-01-04T13:00:00Z").await;
        assert_eq!(world.fate(ANNA, "2027-W01").await, ("skipped".into(), "suppressed".into()));
    }

    async fn a_suppression_for_soft_bounces_ends_by_itself_and_the_row_begins_anew(db: Db) {
        let mut world = world(db, &[ANNA]).await;
        world.settings.bounce.soft_limit = 1;
        world.settings.bounce.soft_weeks = Some(1);
        world.restart();
        world.tick(SEVEN).await;
        let token = world.token(ANNA, "2026-W48").await;
        let message = report(&token, 1, "failed", "4.2.2", "full");
        assert_eq!(world.receive(&message, LATER).await.suppressed, Some(SuppressionReason::SoftBounces));
        world.tick("2026-11-30T13:00:00Z").await;
        assert_eq!(world.fate(ANNA, "2026-W49").await.0, "skipped");
        world.tick("2026-11-30T15:00:00Z").await;
        assert_eq!(world.suppressed().await, []);
        world.tick("2026-12-07T13:00:00Z").await;
        assert_eq!(world.fate(ANNA, "2026-W50").await.0, "sent");
    }

    async fn what_the_sender_is_to_blame_for_punishes_nobody_and_alarms(db: Db) {
        let world = World::with(db, &[("BRIEF__ALERTS__TO", "ops@operator.example")]);
        world.organization("acme").await;
        world.leader("acme", ANNA).await;
        for (n, (day, week)) in (0..).zip([("2026-11-23", "2026-W48"), ("2026-11-30", "2026-W49"),
            ("2026-12-07", "2026-W50"), ("2026-12-14", "2026-W51")]) {
            world.tick(&format!("{day}T13:00:00Z")).await;
            let token = world.token(ANNA, week).await;
            let message = report(&token, n, "failed", "5.7.1", "554 5.7.1 blocked using dnsbl.example");
            let taken = world.receive(&message, &format!("{day}T14:00:00Z")).await;
            assert_eq!((taken.meaning, taken.suppressed), (Meaning::Sender, None));
        }
        world.tick("2026-12-14T15:00:00Z").await;
        assert_eq!(world.suppressed().await, []);
        let told: Vec<_> = world.notices().into_iter()
            .filter(|mail| mail.subject == "Mail systems refuse mail from us").collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].text.contains("5.7.1") && told[0].text.contains("brief bounce list"), "{}", told[0].text);
        world.tick("2026-12-15T15:00:00Z").await;
        let over = world.notices().into_iter().filter(|m| m.subject.starts_with("Resolved: mail")).count();
        assert_eq!(over, 1);
    }

    async fn delays_successes_answers_and_strangers_change_nothing(db: Db) {
        let world = world(db, &[ANNA]).await;
        world.tick(SEVEN).await;
        let token = world.token(ANNA, "2026-W48").await;
        let answer = format!("From: {ANNA}\nTo: b+{token}@brief.example\nSubject: Automatic reply: x\n\
            Message-ID: <a@client.example>\nAuto-Submitted: auto-replied\n\n550 5.1.1 user unknown\n");
        let stranger = "t01a205b3-d000-8547-befa-000000000000";
        for (message, meaning, matched) in [
            (report(&token, 1, "delayed", "4.4.1", "timed out"), Meaning::Delayed, true),
            (report(&token, 2, "delivered", "2.0.0", "250 ok"), Meaning::Delivered, true),
            (report("forged", 3, "failed", "5.1.1", "no"), Meaning::Hard, false),
            (report(stranger, 4, "failed", "5.1.1", "no"), Meaning::Hard, false),
            (answer, Meaning::AutoReply, false),
            ("Subject: hello\n\nIs anybody there?\n".to_owned(), Meaning::Unclear, false),
        ] {
            let taken = world.receive(&message, LATER).await;
            assert_eq!((taken.meaning, taken.is_matched, taken.suppressed), (meaning, matched, None));
        }
        assert_eq!(world.suppressed().await, []);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM bounce").await, 6, "all are counted");
        let text = world.engine.metrics.render();
        assert!(text.contains("brief_inbound_total{meaning=\"unclear\"} 1"), "{text}");
        assert!(text.contains("brief_inbound_unmatched_total 2"), "{text}");
    }

    async fn a_complaint_suppresses_at_once_and_is_graver_than_a_full_mailbox(db: Db) {
        let mut world = world(db, &[ANNA]).await;
        world.settings.bounce.soft_limit = 1;
        world.restart();
        world.tick(SEVEN).await;
        let token = world.token(ANNA, "2026-W48").await;
        world.receive(&report(&token, 1, "failed", "4.2.2", "full"), LATER).await;
        let taken = world.receive(&complaint(&token), "2026-11-23T16:00:00Z").await;
        assert_eq!(taken.suppressed, Some(SuppressionReason::Complaint));
        assert_eq!(world.suppressed().await, [("complaint".to_owned(), ANNA.to_owned())]);
        let all = world.db.suppressions(true, None, None, 10).await.unwrap();
        assert_eq!(all[1].lifted_why.as_deref(), Some("replaced: complaint"));
        let flag = "SELECT COUNT(*) FROM subscription WHERE suppressed_reason = 'complaint'";
        assert_eq!(number(&world.db, flag).await, 1);
        world.receive(&complaint(&token).replace("<1@", "<2@"), "2026-11-23T17:00:00Z").await;
        let history = "SELECT COUNT(*) FROM consent_event WHERE kind = 'withdrawn' AND channel = ";
        for (channel, times) in [("bounce", 1), ("complaint", 1)] {
            let sql: &'static str = Box::leak(format!("{history}'{channel}'").into_boxed_str());
            assert_eq!(number(&world.db, sql).await, times, "{channel}");
        }
    }

    async fn without_a_token_the_envelope_id_and_the_message_id_lead_to_the_delivery(db: Db) {
        let world = world(db, &[ANNA, "ben@client.example"]).await;
        world.tick(SEVEN).await;
        let (anna, ben) = (world.delivery(ANNA, "2026-W48").await, world.delivery("ben@client.example", "2026-W48").await);
        let plain = report("none", 1, "failed", "5.1.1", "no");
        let by_envelope = plain.replace("Reporting-MTA", &format!("Original-Envelope-Id: {}\nReporting-MTA", anna.id));
        let returned = |id: &str| format!("--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: {id}\n\n--B--\n");
        let two = by_envelope.replace("<1@", "<2@").replace("--B--\n", &returned(ben.message_id.as_deref().unwrap()));
        let taken = world.receive(&two, LATER).await;
        assert!(!taken.is_matched, "two deliveries are none: nobody guesses");
        assert!(world.receive(&by_envelope, LATER).await.is_matched);
        let by_id = plain.replace("<1@", "<3@").replace("--B--\n", &returned(ben.message_id.as_deref().unwrap()));
        let taken = world.receive(&by_id, LATER).await;
        assert!(taken.is_matched);
        assert_eq!(taken.suppressed, None, "it names another address than Ben's: it counts and does not decide");
        assert_eq!(world.suppressed().await, [("hard_bounce".to_owned(), ANNA.to_owned())]);
    }

    async fn a_refusal_while_the_relay_is_spoken_to_counts_in_the_same_commit(db: Db) {
        let script = Script::new()
            .at(At::Rcpt, "gone@", Act::reply("550 5.1.1 <gone@client.example>: no such user"))
            .at(At::Rcpt, "full@", Act::reply("552 5.2.2 mailbox full"))
            .at(At::Rcpt, "blocked@", Act::reply("554 5.7.1 your address is on a list"))
            .at(At::Rcpt, "vague@", Act::reply("550 no"));
        let server = SmtpServer::start(script).await;
        let world = World::with_relay(db, &server);
        world.organization("acme").await;
        for name in ["gone", "full", "blocked", "vague", "anna"] {
            world.leader("acme", &format!("{name}@client.example")).await;
        }
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!((report.deliver.sent, report.deliver.failed), (1, 4));
        assert_eq!(world.suppressed().await, [("hard_bounce".to_owned(), "gone@client.example".to_owned())]);
        let rows = world.db.bounces("", 10).await.unwrap();
        let mut kinds: Vec<_> = rows.iter().map(|row| row.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["hard", "sender", "soft", "soft"]);
        assert!(rows.iter().all(|row| row.source == "smtp" && row.delivery_id.is_some()));
        let report = world.tick("2026-11-30T13:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("gone@client.example", "2026-W49").await, ("skipped".into(), "suppressed".into()));
        assert_eq!(world.fate("full@client.example", "2026-W49").await.0, "failed");
        assert_eq!(world.suppressed().await.len(), 1);
        world.tick("2026-12-07T13:00:00Z").await;
        let mut suppressed: Vec<_> = world.suppressed().await.into_iter().map(|(_, email)| email).collect();
        suppressed.sort();
        assert_eq!(suppressed, ["full@client.example", "gone@client.example", "vague@client.example"]);
    }

    async fn two_workers_that_take_in_the_same_report_suppress_once(db: Db) {
        let world = world(db, &[ANNA]).await;
        world.tick(SEVEN).await;
        let token = world.token(ANNA, "2026-W48").await;
        let message = report(&token, 1, "failed", "5.1.1", "no such user");
        let mut tasks = Vec::new();
        for _ in 0..6 {
            let (engine, message) = (world.engine.clone(), message.clone());
            tasks.push(tokio::spawn(async move { engine.receive(message.as_bytes(), "imap", at(LATER)).await }));
        }
        let mut first = 0;
        for task in tasks {
            first += u32::from(!task.await.unwrap().unwrap().is_known);
        }
        assert_eq!(first, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM suppression").await, 1);
    }

    async fn events_are_only_added_to(db: Db) {
        let world = world(db, &[ANNA]).await;
        world.receive("Subject: x\n\ny\n", LATER).await;
        for sql in ["UPDATE bounce SET kind = 'hard'", "DELETE FROM bounce"] {
            let refused = match &world.db {
                Db::Sqlite(pool, _) => sqlx::query(sql).execute(pool).await.is_err(),
                Db::Postgres(pool, _) => sqlx::query(sql).execute(pool).await.is_err(),
            };
            assert!(refused, "{sql}");
        }
    }
}
