//! A source is asked again and again, and only what is new is written.

use back_office_brief::clock::ManualClock;
use back_office_brief::engine::EngineError;
use back_office_brief::engine::sources::ByHand;
use back_office_brief::import::command::{Manner, Pull};
use back_office_brief::source;
use back_office_brief::store::import::void_batch;
use back_office_brief::store::sources::Outcome;
use back_office_brief::store::{Db, organizations};

use crate::foreign::Foreign;
use crate::house::{batches, beside, entry, pull, world};
use crate::on_both;
use crate::world::at;

const FIRST: &str = "2026-11-10T09:00:00Z";
const SECOND: &str = "2026-11-11T09:00:00Z";
const THIRD: &str = "2026-11-12T09:00:00Z";

async fn register() -> Foreign {
    Foreign::sqlite().await.expect("a file")
}

on_both! {
    async fn the_same_answer_writes_nothing_and_asks_our_database_little(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        let first = pull(&world, "erp", FIRST).await;
        assert_eq!((first.outcome, first.read, first.written, first.rejected), (Outcome::Written, 7, 7, 0));
        let imported = batches(&world.db).await;
        let paths: Vec<&str> = imported.iter().map(|b| b.path.as_str()).collect();
        assert_eq!(paths, ["source:erp/changes", "source:erp/gaps", "source:erp/organizations"]);
        let before = world.db.queries();
        let second = pull(&world, "erp", SECOND).await;
        assert_eq!((second.outcome, second.read, second.written), (Outcome::Unchanged, 7, 0));
        assert!(world.db.queries() - before < 8, "{} statements", world.db.queries() - before);
        assert_eq!(batches(&world.db).await, imported);
        let text = world.engine.metrics.render();
        for line in ["outcome=\"written\"} 1", "outcome=\"unchanged\"} 1", "outcome=\"failed\"} 0"] {
            assert!(text.contains(&format!("brief_source_pulls_total{{{line}")), "{line} is not in {text}");
        }
    }

    async fn a_reading_is_taken_back_as_any_import_and_comes_back_when_it_is_asked_for(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        pull(&world, "erp", FIRST).await;
        for batch in batches(&world.db).await {
            void_batch(&world.db, &batch.id, None, at(SECOND)).await.expect("latest first, nothing rests on it");
        }
        assert!(organizations::list(&world.db).await.unwrap().is_empty());
        let same = pull(&world, "erp", SECOND).await;
        assert_eq!((same.outcome, same.written), (Outcome::Unchanged, 0), "what was taken back stays away");
        let source = &world.settings.sources[0];
        let by_hand = ByHand { again: true, ..ByHand::default() };
        let back = world.engine.pull(source, &by_hand).await.unwrap();
        assert_eq!((back.outcome, back.written), (Outcome::Written, 7));
        assert_eq!(organizations::list(&world.db).await.unwrap().len(), 1);
    }

    async fn rows_that_could_not_be_taken_are_tried_again_without_leaving_imports_behind(db: Db) {
        let foreign = register().await;
        let queries = &foreign.queries()[1..];
        let world = world(db, &[entry("erp", &foreign.url, "", queries)]);
        let first = pull(&world, "erp", FIRST).await;
        assert_eq!((first.outcome, first.written, first.rejected), (Outcome::Unchanged, 0, 6), "{first:?}");
        assert!(batches(&world.db).await.is_empty());
        world.organization_alone("north", "2026-11-01T00:00:00Z", |o| o.currency = "EUR".to_owned()).await;
        let second = pull(&world, "erp", SECOND).await;
        assert_eq!((second.outcome, second.written, second.rejected), (Outcome::Written, 6, 0), "{second:?}");
        assert_eq!(batches(&world.db).await.len(), 2);
    }

    async fn a_dry_run_leaves_no_trace(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        world.clock.set(at(FIRST));
        let by_hand = ByHand { dry_run: true, ..ByHand::default() };
        let tried = world.engine.pull(&world.settings.sources[0], &by_hand).await.unwrap();
        assert_eq!((tried.written, tried.rejected), (7, 0));
        assert!(batches(&world.db).await.is_empty());
        assert!(world.db.latest_pulls().await.unwrap().is_empty());
    }

    async fn of_two_processes_one_reads(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        let now = at(FIRST).as_millisecond();
        let hour = 3_600_000;
        assert!(world.db.begin_pull("other", "erp", now, now + hour).await.unwrap());
        world.clock.set(at("2026-11-10T09:59:00Z"));
        let source = &world.settings.sources[0];
        let taken = world.engine.pull(source, &ByHand::default()).await;
        assert!(matches!(taken, Err(EngineError::Source(_))), "{taken:?}");
        assert_eq!(world.engine.sources(at(FIRST)).await.unwrap()[0].state, "running");
        // Its process died: when its time is over somebody else takes over, and it writes nothing more.
        assert_eq!(pull(&world, "erp", "2026-11-10T10:01:00Z").await.written, 7);
        let mut tx = world.db.begin().await.unwrap();
        let late = tx.keep_pull("other", "some batch", at(SECOND), now).await.expect_err("it is too late");
        assert!(late.to_string().contains("another process reads this source"), "{late}");
    }

    async fn what_a_source_tells_late_of_a_known_gap_is_told_when_we_hear_of_it(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        pull(&world, "erp", FIRST).await;
        let told = |id: &'static str| {
            let db = world.db.clone();
            async move { recorded(&db, id).await }
        };
        assert_eq!(told("10").await, Some(at("2026-10-05T15:00:00Z").as_millisecond()), "its own history");
        // Somebody over there enters on Thursday what happened on Monday, with Monday's time.
        foreign
            .exec("INSERT INTO issue_log VALUES (20, 3, 'status', 'open', 'in_progress', '2026-11-09 08:00:00', 'P. Osei'); \
                INSERT INTO issue VALUES (9, 'north', 'payroll', 'Old and new here', NULL, 2, NULL, '2026-10-01', 'open', NULL); \
                INSERT INTO issue_log VALUES (21, 9, 'opened', NULL, NULL, '2026-10-01 08:00:00', NULL)")
            .await;
        let pulled = pull(&world, "erp", THIRD).await;
        assert_eq!((pulled.written, pulled.rejected), (3, 0), "{pulled:?}");
        assert_eq!(told("20").await, Some(at(THIRD).as_millisecond()));
        assert_eq!(told("21").await, Some(at("2026-10-01T08:00:00Z").as_millisecond()), "a gap that is new to us");
        foreign.exec("UPDATE issue SET short = 'Pack' WHERE no = 3").await;
        let next = pull(&world, "erp", "2026-11-13T09:00:00Z").await;
        assert_eq!((next.written, next.rejected), (1, 0), "and it is the same change the next time: {next:?}");
    }

    async fn what_is_written_while_a_cut_off_comes_is_read_again(db: Db) {
        let foreign = register().await;
        let world = beside(db, &foreign);
        let fetched = source::fetch(&world.settings.sources[0], None).await.expect("it can be read");
        let (began, cut_off) = (at("2026-11-16T11:59:59Z"), at("2026-11-16T12:00:00Z"));
        let lease_until = cut_off.as_millisecond() + 60_000;
        assert!(world.db.begin_pull("ours", "erp", began.as_millisecond(), lease_until).await.unwrap());
        for (now, is_taken) in [(cut_off, false), (began, true)] {
            let clock = ManualClock::at(now);
            let pull = Pull {
                id: "ours",
                clock: &clock,
                cut_off: Some(cut_off),
                turn: None,
                read_before: None,
                lease_until,
            };
            let manner = Manner {
                dry_run: false,
                pull: Some(pull),
                ..Manner::trying(began, &world.settings.model)
            };
            let taken = source::take(&world.db, &fetched, manner).await;
            assert_eq!(taken.is_ok(), is_taken, "{taken:?}");
            assert_eq!(batches(&world.db).await.len(), if is_taken { 3 } else { 0 });
        }
    }
}

/// When a change of theirs was recorded here, milliseconds.
async fn recorded(db: &Db, external_id: &str) -> Option<i64> {
    let mut tx = db.begin_read().await.unwrap();
    let rows = back_office_brief::store::import::changes(&mut tx, &[external_id]).await.unwrap();
    rows.first().map(|row| row.recorded_at)
}
