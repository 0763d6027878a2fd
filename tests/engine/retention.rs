//! What is kept for how long: bodies go, rows and the proof stay (DESIGN 2.8).

use std::sync::Arc;

use back_office_brief::domain::brief::Corrected;
use back_office_brief::engine::preview::Whose;
use back_office_brief::engine::service::{ByHand, Options, Service};
use back_office_brief::store::records::{Delivery, DeliveryAttempt, Edition};
use back_office_brief::store::{Db, export, settings};
use jiff::{SignedDuration, Timestamp};

use crate::on_both;
use crate::world::{SEVEN, World, at, by, ms, number};

/// Editions in one transaction.
const BATCH: u64 = 200;

/// Weeks and days after [`SEVEN`].
fn later(weeks: i64, days: i64) -> Timestamp {
    at(SEVEN) + SignedDuration::from_hours((weeks * 7 + days) * 24)
}

async fn prune(world: &World, now: Timestamp) -> [u64; 3] {
    world.engine.prune(now, usize::MAX).await.expect("pruned")
}

/// A world in which one brief was sent at [`SEVEN`], with every part kept for another time.
async fn sent(db: Db) -> World {
    let kept = [
        ("BRIEF__RETENTION__MESSAGE_WEEKS", "4"),
        ("BRIEF__RETENTION__REPLY_WEEKS", "6"),
        ("BRIEF__RETENTION__BODY_WEEKS", "8"),
    ];
    let world = World::with(db, &kept);
    world.organization("acme").await;
    world.leader("acme", "anna@client.example").await;
    assert_eq!(world.tick(SEVEN).await.deliver.sent, 1);
    world
}

/// Editions that stood already: frozen at [`SEVEN`], with bodies and nobody to read them.
async fn old_editions(world: &World, from: u64, number: u64) {
    let editions: Vec<Edition> = (from..from + number)
        .map(|n| Edition {
            id: format!("edition-{n:06}"),
            scope_kind: "consultant".to_owned(),
            scope_id: format!("person-{n:06}"),
            iso_week: "2026-W48".to_owned(),
            kind: "portfolio".to_owned(),
            variant: "full-en".to_owned(),
            state: "frozen".to_owned(),
            cut_off_at: ms(SEVEN),
            as_of: "2026-11-23".to_owned(),
            facts: Some("{}".to_owned()),
            subject: Some("News".to_owned()),
            body_text: Some("text".to_owned()),
            body_html: Some("html".to_owned()),
            mould: Some(vec![0, 255]),
            created_at: ms(SEVEN),
            frozen_at: Some(ms(SEVEN)),
            ..Default::default()
        })
        .collect();
    world.put(&editions).await;
}

on_both! {
    async fn each_part_goes_when_it_is_older_than_it_is_kept_for_and_the_rows_stay(db: Db) {
        let world = sent(db).await;
        let left = async || {
            let edition = world.editions("2026-W48").await.remove(0);
            let body = world.db.edition_body(&edition.id).await.unwrap();
            assert!(body.facts.is_some() && body.subject.is_some());
            assert_eq!(body.body_text.is_some(), body.body_html.is_some());
            let words = "SELECT COUNT(*) FROM delivery_attempt WHERE reply IS NOT NULL AND outcome = 'accepted'";
            (body.mould.is_some(), number(&world.db, words).await == 1, body.body_html.is_some())
        };
        assert_eq!(prune(&world, later(4, 0)).await, [0, 0, 0], "not older than four weeks");
        assert_eq!(left().await, (true, true, true));
        assert_eq!(prune(&world, later(4, 1)).await, [1, 0, 0]);
        assert_eq!(left().await, (false, true, true));
        assert_eq!(prune(&world, later(6, 1)).await, [0, 0, 1]);
        assert_eq!(left().await, (false, false, true));
        assert_eq!(prune(&world, later(8, 1)).await, [0, 1, 0]);
        assert_eq!(left().await, (false, false, false));
        assert_eq!(prune(&world, later(99, 1)).await, [0, 0, 0], "everything is gone already");
        let text = world.engine.metrics.render();
        for what in ["message", "body", "reply"] {
            assert!(text.contains(&format!("brief_pruned_total{{what=\"{what}\"}} 1")), "{text}");
        }

        assert_eq!(world.fate("anna@client.example", "2026-W48").await.0, "sent");
        let weeks = ["2026-W48".to_owned()].into();
        let proof = world.engine.prove(&weeks, later(8, 2)).await.unwrap().remove(0);
        assert_eq!((proof.expected, proof.in_state("sent"), proof.closes), (1, 1, true));
        let attempt = "SELECT COUNT(*) FROM delivery_attempt WHERE number = 1 AND relay IS NOT NULL";
        assert_eq!(number(&world.db, attempt).await, 1, "all but the words is there");
        let pruned = "SELECT MAX(pruned_at) FROM edition WHERE iso_week = '2026-W48'";
        assert_eq!(number(&world.db, pruned).await, later(8, 1).as_millisecond());
    }

    async fn what_is_kept_for_ever_is_kept(db: Db) {
        let world = World::with(db, &[
            ("BRIEF__RETENTION__MESSAGE_WEEKS", "none"),
            ("BRIEF__RETENTION__REPLY_WEEKS", "none"),
            ("BRIEF__RETENTION__BODY_WEEKS", "none"),
        ]);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(SEVEN).await;
        assert_eq!(prune(&world, later(900, 0)).await, [0, 0, 0]);
    }

    async fn nothing_goes_while_a_delivery_of_the_edition_is_not_finished(db: Db) {
        let world = sent(db).await;
        let unfinished = [
            "UPDATE delivery SET state = 'queued', next_attempt_at = 1, finished_at = NULL",
            "UPDATE delivery SET state = 'held', next_attempt_at = NULL",
            "UPDATE delivery SET state = 'handing_over', lease_until = 1, lease_token = 'dead'",
            "UPDATE delivery SET state = 'uncertain', lease_until = NULL, lease_token = NULL",
        ];
        for (day, state) in (1..).zip(unfinished) {
            world.by_hand(state).await;
            let [messages, bodies, _] = prune(&world, later(20, day)).await;
            assert_eq!((messages, bodies), (0, 0), "{state}");
        }
        world.by_hand("UPDATE delivery SET state = 'failed', reason = '550', finished_at = 1").await;
        assert_eq!(prune(&world, later(21, 1)).await, [1, 1, 0]);
    }

    async fn a_draft_and_a_held_edition_stay_whole(db: Db) {
        let world = World::on(db);
        old_editions(&world, 0, 3).await;
        world.by_hand("UPDATE edition SET state = 'draft' WHERE id = 'edition-000000'").await;
        world.by_hand("UPDATE edition SET state = 'held' WHERE id = 'edition-000001'").await;
        assert_eq!(prune(&world, later(200, 0)).await, [1, 1, 0]);
    }

    async fn a_correction_of_an_old_brief_is_as_old_as_itself(db: Db) {
        let world = sent(db).await;
        let edition = world.editions("2026-W48").await.remove(0).id;
        assert_eq!(prune(&world, later(9, 0)).await, [1, 1, 1]);
        // The facts are kept, so that a mistake can still be answered.
        world.clock.set(later(9, 0));
        let figure = Corrected { figure: "Readiness".to_owned(), was: "66 of 100".to_owned(), is: "61 of 100".to_owned() };
        let (_, told) = world.engine.correct(&edition, vec![figure], "A wrong file was loaded.", &by("M. Mendel")).await.unwrap();
        assert_eq!(told, 1);
        let kept = "SELECT COUNT(*) FROM edition WHERE kind = 'correction' AND mould IS NOT NULL";
        world.engine.deliver(later(9, 1)).await.unwrap();
        assert_eq!(prune(&world, later(9, 1)).await[0], 0);
        assert_eq!(number(&world.db, kept).await, 1);
        assert_eq!(world.mails_to("anna@client.example").len(), 2);
        assert_eq!(prune(&world, later(14, 0)).await[0], 1);
    }

    async fn a_delivery_without_its_message_is_not_retried_and_says_why(db: Db) {
        let world = sent(db).await;
        world.by_hand("UPDATE delivery SET state = 'failed', reason = '550'").await;
        let id = world.delivery("anna@client.example", "2026-W48").await.id;
        let refused = async |now: Timestamp| {
            world.db.retry_by_hand(&id, now.as_millisecond()).await.unwrap_err().to_string()
        };
        let old = refused(later(2, 0)).await;
        assert!(old.contains("is no longer news since 2026-11-30T13:00:00Z"), "{old}");
        prune(&world, later(4, 1)).await;
        // Even if it were news.
        world.by_hand("UPDATE delivery SET expires_at = 9000000000000").await;
        let pruned = refused(later(4, 1)).await;
        assert!(pruned.contains("its message is no longer kept (retention.message_weeks)"), "{pruned}");
        assert_eq!(world.delivery("anna@client.example", "2026-W48").await.state, "failed");
        let report = world.engine.deliver(later(4, 1)).await.unwrap();
        assert_eq!((report.sent, report.stopped), (0, None));
    }

    async fn a_pruned_brief_is_previewed_and_exported_without_its_bodies(db: Db) {
        let world = sent(db).await;
        assert_eq!(prune(&world, later(9, 0)).await, [1, 1, 1]);
        let leader = Whose::Leader("acme".to_owned());
        let preview = world.engine.preview(&leader, at(SEVEN)).await.unwrap();
        assert!(preview.body.text.contains("ONE ACTION"), "made anew from what is recorded");
        let tables = export::organization(&world.db, "acme").await.unwrap();
        let of = |name: &str| &tables.iter().find(|(table, _)| *table == name).unwrap().1[0];
        let edition = of("edition");
        assert!(edition["body_html"].is_null() && edition["body_text"].is_null());
        assert_eq!(edition["pruned_at"].as_i64(), Some(later(9, 0).as_millisecond()), "and says since when");
        assert!(edition["facts"].is_string() && edition["subject"].is_string());
        assert_eq!((of("delivery")["state"].as_str(), of("delivery_attempt")["reply"].as_str()), (Some("sent"), None));
    }

    async fn a_service_prunes_by_itself(db: Db) {
        let world = World::on(db);
        old_editions(&world, 0, BATCH + 1).await;
        world.clock.set(later(10, 0));
        let engine = world.another_engine();
        let stop = engine.stop.clone();
        let wake = Arc::new(ByHand::default());
        let task = tokio::spawn(Service::new(Arc::new(engine), Options::default()).run(wake.clone()));
        wake.step().await;
        let with_message = "SELECT COUNT(*) FROM edition WHERE mould IS NOT NULL";
        assert_eq!(number(&world.db, with_message).await, 0);
        stop.cancel();
        task.await.unwrap();
    }

    async fn a_tick_prunes_once_a_day_and_of_several_workers_one_does(db: Db) {
        let world = World::on(db);
        old_editions(&world, 0, 2 * BATCH).await;
        let mut running = tokio::task::JoinSet::new();
        let now = later(10, 0);
        for _ in 0..4 {
            let engine = world.another_engine();
            running.spawn(async move { engine.prune(now, usize::MAX).await });
        }
        let mut told = Vec::new();
        while let Some(done) = running.join_next().await {
            told.push(done.unwrap().unwrap());
        }
        told.sort_unstable();
        assert_eq!(told, [[0; 3], [0; 3], [0; 3], [2 * BATCH, 0, 0]]);

        old_editions(&world, 2 * BATCH, 1).await;
        let with_message = "SELECT COUNT(*) FROM edition WHERE mould IS NOT NULL";
        world.tick(&now.to_string()).await;
        assert_eq!(number(&world.db, with_message).await, 1, "today was done");
        world.tick(&later(10, 1).to_string()).await;
        assert_eq!(number(&world.db, with_message).await, 0, "the next day is not");
    }

    async fn a_pruning_that_was_interrupted_goes_on_the_next_time(db: Db) {
        let world = World::on(db);
        old_editions(&world, 0, 2 * BATCH + 50).await;
        let now = later(10, 0);
        // No more time in this round.
        assert_eq!(world.engine.prune(now, 1).await.unwrap(), [BATCH, 0, 0]);
        // Asked to end.
        let stopped = world.another_engine();
        stopped.stop.cancel();
        assert_eq!(stopped.prune(now, usize::MAX).await.unwrap(), [0, 0, 0]);
        // Killed: its turn runs out.
        let turn = now + SignedDuration::from_mins(10);
        settings::set(&world.db, "retention.next_at", &turn.to_string(), now).await.unwrap();
        assert_eq!(prune(&world, now + SignedDuration::from_mins(9)).await, [0, 0, 0]);
        let after = now + SignedDuration::from_mins(10);
        assert_eq!(prune(&world, after).await, [BATCH + 50, 0, 0]);
        assert_eq!(prune(&world, after).await, [0, 0, 0]);
    }

    async fn a_clock_that_ran_ahead_does_not_end_pruning(db: Db) {
        let world = World::on(db);
        prune(&world, later(500, 0)).await;
        old_editions(&world, 0, 1).await;
        assert_eq!(prune(&world, later(10, 0)).await, [1, 0, 0]);
    }

    async fn more_replies_than_one_batch_go_up_to_the_first_that_is_younger(db: Db) {
        const OLD: usize = 4_100;
        let world = World::with(db, &[("BRIEF__RETENTION__REPLY_WEEKS", "6")]);
        world.organization("acme").await;
        world.many_leaders("acme", OLD + 1).await;
        let delivery = |n: usize| Delivery {
            id: format!("delivery-{n:06}"),
            subscription_id: format!("subscription-reader.{n}@many.example"),
            iso_week: "2026-W48".to_owned(),
            kind: "brief".to_owned(),
            state: "failed".to_owned(),
            reason: Some("550".to_owned()),
            finished_at: Some(ms(SEVEN)),
            ..Default::default()
        };
        world.put(&(0..=OLD).map(delivery).collect::<Vec<_>>()).await;
        let attempt = |n: usize| DeliveryAttempt {
            delivery_id: format!("delivery-{n:06}"),
            number: 1,
            finished_at: ms(SEVEN) + if n < OLD { 0 } else { 1_000 },
            outcome: "refused".to_owned(),
            code: Some(550),
            reply: Some("5.1.1 unknown".to_owned()),
            ..Default::default()
        };
        world.put(&(0..=OLD).map(attempt).collect::<Vec<_>>()).await;
        let now = later(6, 0) + SignedDuration::from_secs(1);
        assert_eq!(prune(&world, now).await, [0, 0, OLD as u64]);
        let codes = "SELECT COUNT(*) FROM delivery_attempt WHERE reply IS NULL AND code = 550";
        assert_eq!(number(&world.db, codes).await, i64::try_from(OLD).unwrap());
        let before = world.db.queries();
        assert_eq!(prune(&world, later(6, 1)).await, [0, 0, 1]);
        assert!(world.db.queries() - before < 20, "what is done is not looked at again");
    }
}
