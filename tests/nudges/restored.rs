//! A nudge that a restored database does not know any more, and the journal that does (DESIGN 2.8).

use back_office_brief::engine::journal::{Answer, Journal};
use back_office_brief::store::Db;

use crate::on_both;
use crate::scene::{OWNER, WEDNESDAY, house, house_with, told};
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{World, at};

/// An hour after it went.
const LATER: &str = "2026-11-25T16:00:00Z";

/// As the backup has it: approved, or a draft still, and not sent.
async fn restored(world: &World, state: &str) {
    let sql = format!(
        "UPDATE nudge SET state = '{state}', sent_at = NULL, message_id = NULL, why = NULL
         WHERE sent_at IS NOT NULL"
    );
    world.by_hand(sql.leak()).await;
    assert_eq!(world.stands().await.0, state, "it stands as in the backup");
}

async fn sent(world: &World) {
    told(world).await;
    world.approve().await;
    world.tick(WEDNESDAY).await;
    assert_eq!(world.stands().await.0, "sent");
}

async fn answer(world: &World, answer: Answer) -> u64 {
    let journal = Journal::of(&world.settings.journal);
    journal.answer(&world.db, answer, at(LATER)).await.expect("a journal")
}

on_both! {
    async fn a_loss_of_one_nudge_is_noticed_and_nothing_is_sent_until_it_is_said_what_is_true(db: Db) {
        let world = house(db).await;
        sent(&world).await;
        restored(&world, "approved").await;
        let report = world.tick(LATER).await;
        let why = report.deliver.stopped.unwrap_or_default();
        assert!(why.contains("older than the journal: 1 of the last"), "{why}");
        assert_eq!((world.stands().await.0.as_str(), world.notices().len()), ("approved", 1));
    }

    async fn what_the_journal_knows_was_sent_is_sent_whatever_the_backup_holds(db: Db) {
        let world = house(db).await;
        sent(&world).await;
        for state in ["approved", "drafted", "skipped", "expired", "held_back"] {
            restored(&world, state).await;
            assert_eq!(answer(&world, Answer::JournalIsRight).await, 1, "{state}");
            let report = world.tick(LATER).await;
            assert_eq!(report.deliver.stopped, None, "{state}");
            let own = world.nudge().await;
            assert_eq!((own.state.as_str(), own.why), ("sent", None), "{state}");
            assert_eq!(own.sent_at, Some(at(WEDNESDAY).as_millisecond()), "{state}");
            assert_eq!(answer(&world, Answer::JournalIsRight).await, 0, "nothing is left to say");
        }
        assert_eq!(world.notices().len(), 1, "one copy");
    }

    async fn it_is_not_begun_before_it_is_settled(db: Db) {
        let world = house(db).await;
        sent(&world).await;
        restored(&world, "approved").await;
        answer(&world, Answer::JournalIsRight).await;
        let due = world.db.nudges_due(at(LATER), (i64::MIN, ""), 10).await.expect("rows");
        let hand_over = (at(WEDNESDAY) - jiff::SignedDuration::from_hours(24 * 7), at(LATER));
        let is_ours = world.db.intend_nudge(&due[0], "<x@y>", hand_over.0, hand_over.1).await;
        assert!(!is_ours.expect("an answer"));
    }

    async fn a_doubt_stays_a_doubt_and_is_not_sent_again(db: Db) {
        let briefs = SmtpServer::start(Script::new()).await;
        let mut world = house_with(db, &briefs).await;
        told(&world).await;
        world.approve().await;
        let server = SmtpServer::start(Script::new().at(At::Dot, OWNER, Act::Close)).await;
        world.relay_is(&server);
        world.tick(WEDNESDAY).await;
        restored(&world, "approved").await;
        assert_eq!(answer(&world, Answer::JournalIsRight).await, 1);
        world.tick(LATER).await;
        assert_eq!(world.stands().await.0, "uncertain");
        assert_eq!(server.n_messages(), 1);
    }

    async fn where_the_database_is_right_it_goes_again_under_its_message_id(db: Db) {
        let briefs = SmtpServer::start(Script::new()).await;
        let mut world = house_with(db, &briefs).await;
        told(&world).await;
        world.approve().await;
        let server = SmtpServer::start(Script::new()).await;
        world.relay_is(&server);
        world.tick(WEDNESDAY).await;
        restored(&world, "approved").await;
        assert_eq!(answer(&world, Answer::DatabaseIsRight).await, 1);
        world.tick(LATER).await;
        let copies = server.mails_to(OWNER);
        assert_eq!(copies.len(), 2);
        assert_eq!(copies[0].message_id, copies[1].message_id, "a mail program may drop one");
    }

    async fn without_a_journal_what_could_go_by_then_is_in_doubt_and_never_sent(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let until = |instant: &str| world.db.assume_sent(at(instant), at(instant));
        let early = until("2026-11-24T15:59:00Z").await.expect("assumed");
        assert_eq!(early.nudges, 0, "it could not go yet");
        // Approved by nobody, as far as the backup knows.
        assert_eq!(until(LATER).await.expect("assumed").nudges, 1);
        world.tick("2026-11-25T16:01:00Z").await;
        let (state, why) = world.stands().await;
        assert_eq!((state.as_str(), world.notices().len()), ("uncertain", 0));
        assert!(why.contains("restored"), "{why}");
    }

    async fn what_is_drafted_again_for_that_time_is_in_doubt_as_well(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.db.assume_sent(at(LATER), at(LATER)).await.expect("assumed");
        world.by_hand("UPDATE nudge SET state = 'approved', sent_at = NULL, why = NULL WHERE state = 'uncertain'").await;
        world.tick("2026-11-25T16:01:00Z").await;
        assert_eq!((world.stands().await.0.as_str(), world.notices().len()), ("uncertain", 0));
    }
}
