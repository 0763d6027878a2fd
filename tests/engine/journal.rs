//! The journal on ordinary Mondays, after crashes, and where it cannot be written (DESIGN 2.8).

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use back_office_brief::store::Db;
use proptest::prelude::*;

use crate::on_both;
use crate::smtp::{Act, At, Script, SmtpServer};
use crate::world::{MONDAY, SEVEN, World, at, intend, ms, number};

const NEXT_SEVEN: &str = "2026-11-30T13:00:00Z";

fn file(world: &World, name: &str) -> PathBuf {
    world.settings.journal.dir.join(name)
}

fn lines(world: &World, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file(world, name)).expect("a journal");
    text.lines().map(str::to_owned).collect()
}

async fn acme(db: Db, server: &SmtpServer, leaders: usize) -> World {
    let world = World::with_relay(db, server);
    world.organization("acme").await;
    world.many_leaders("acme", leaders).await;
    world
}

on_both! {
    async fn each_hand_over_is_one_line_that_only_its_owner_reads_and_that_names_nobody(db: Db) {
        let no = Act::reply("550 5.1.1 no such user");
        let script = Script::new().at(At::Rcpt, "reader.1@", no).at(At::Dot, "reader.2@", Act::Close);
        let server = SmtpServer::start(script).await;
        let world = acme(db, &server, 4).await;
        world.tick(SEVEN).await;
        let mut found = lines(&world, "2026-W48.log");
        found.sort();
        let mut expected = Vec::new();
        for (reader, ending) in [(0, "accepted"), (2, "uncertain"), (3, "accepted")] {
            let row = world.delivery(&format!("reader.{reader}@many.example"), "2026-W48").await;
            expected.push(format!("2026-11-23T13:00:00Z {} 1 {ending}", row.id));
        }
        expected.sort();
        assert_eq!(found, expected, "what was refused is no hand-over");
        let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(file(&world, "2026-W48.log")), 0o600);
        assert_eq!(mode(file(&world, "")), 0o700);
    }

    async fn a_new_journal_on_a_database_that_is_in_use_changes_nothing(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = acme(db, &server, 4).await;
        world.tick(SEVEN).await;
        world.settings.journal.dir = file(&world, "elsewhere");
        world.restart();
        let report = world.tick(NEXT_SEVEN).await;
        assert!(report.closes() && report.deliver.stopped.is_none(), "{report:?}");
        assert_eq!(lines(&world, "2026-W49.log").len(), 4);
    }

    async fn a_process_that_dies_between_the_journal_and_the_database_stops_nobody(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.tick(MONDAY).await;
        let lease = ms("2026-11-23T13:30:00Z");
        let claimed = world.db.claim_deliveries(ms(SEVEN), lease, "dead", (0, ""), 1).await.unwrap();
        let id = claimed[0].id.clone();
        assert_eq!(intend(&world.db, std::slice::from_ref(&id), "dead", lease).await.len(), 1);
        std::fs::write(file(&world, "2026-W48.log"), format!("{SEVEN} {id} 1 accepted\n")).unwrap();
        let report = world.tick("2026-11-23T13:45:00Z").await;
        assert_eq!(report.deliver.stopped, None);
        assert!(report.closes(), "{report:?}");
    }

    async fn a_journal_that_cannot_be_written_stops_delivery_before_it_begins(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let mut world = acme(db, &server, 4).await;
        let good = world.settings.journal.dir.clone();
        let in_the_way = world.outbox.path().join("in-the-way");
        std::fs::write(&in_the_way, "").unwrap();
        world.settings.journal.dir = in_the_way.join("journal");
        world.restart();
        let report = world.tick(SEVEN).await;
        let why = report.deliver.stopped.clone().unwrap_or_default();
        for words in ["the journal of hand-overs does not work", "in-the-way", "make journal.dir writable"] {
            assert!(why.contains(words), "{words} is not in {why}");
        }
        assert!(!report.closes() && server.n_messages() == 0, "{report:?}");
        world.settings.journal.dir = good;
        world.restart();
        assert!(world.tick(SEVEN).await.closes());
        assert_eq!(server.n_messages(), 4);
    }

    async fn a_full_disk_stops_delivery_within_the_mails_on_the_wire_and_loses_none(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = acme(db, &server, 60).await;
        std::fs::create_dir_all(file(&world, "")).unwrap();
        std::os::unix::fs::symlink("/dev/full", file(&world, "2026-W48.log")).unwrap();
        let report = world.tick(SEVEN).await;
        let why = report.deliver.stopped.clone().unwrap_or_default();
        assert!(why.contains("2026-W48.log: No space left on device"), "{why}");
        let left = server.n_messages();
        assert!((1..=16).contains(&left), "{left} left, two for each connection at most");
        let sent = number(&world.db, "SELECT COUNT(*) FROM delivery WHERE state = 'sent'").await;
        assert_eq!(usize::try_from(sent).unwrap(), left, "the database knows them all");
        std::fs::remove_file(file(&world, "2026-W48.log")).unwrap();
        assert!(world.tick(SEVEN).await.closes());
        let mut to: Vec<_> = server.received().into_iter().map(|r| r.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), server.n_messages()), (60, 60), "everybody, and nobody twice");
        assert_eq!(lines(&world, "2026-W48.log").len(), 60, "and the journal as well");
    }

    async fn damaged_lines_are_passed_over_and_a_torn_one_does_not_spoil_the_next(db: Db) {
        let server = SmtpServer::start(Script::new()).await;
        let world = acme(db, &server, 2).await;
        std::fs::create_dir_all(file(&world, "")).unwrap();
        let torn = b"\xff\xfe\0 what\n\n2026-11-23T13:00:00Z\n2026-11-23T13:00:00Z lost 1 acc";
        std::fs::write(file(&world, "2026-W48.log"), torn).unwrap();
        std::fs::write(file(&world, "notes.txt"), "2026-11-23T13:00:00Z lost 1 accepted\n").unwrap();
        for _ in 0..2 {
            let report = world.tick(SEVEN).await;
            assert!(report.closes() && report.deliver.stopped.is_none(), "{report:?}");
        }
        let bytes = std::fs::read(file(&world, "2026-W48.log")).unwrap();
        assert_eq!(bytes.split(|b| *b == b'\n').filter(|l| l.ends_with(b" accepted")).count(), 2);
    }

    async fn the_newest_files_are_kept(db: Db) {
        let mut world = World::on(db);
        world.settings.journal.weeks = 2;
        world.restart();
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        for now in [SEVEN, NEXT_SEVEN, "2026-12-07T13:00:00Z"] {
            assert_eq!(world.tick(now).await.deliver.stopped, None);
        }
        let names = std::fs::read_dir(file(&world, "")).unwrap();
        let mut names: Vec<_> = names.map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["2026-W49.log", "2026-W50.log"]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_journal_of_any_octets_is_read_to_its_end(chunks: Vec<Vec<u8>>, is_whole: Vec<bool>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (db, folder) = crate::support::sqlite().await;
            let dir = folder.path().join("journal");
            std::fs::create_dir(&dir).unwrap();
            let mut file = std::fs::File::create(dir.join("2026-W48.log")).unwrap();
            let mut whole = 0;
            for (chunk, is_whole) in chunks.iter().zip(is_whole) {
                file.write_all(chunk).unwrap();
                if is_whole {
                    whole += 1;
                    file.write_all(format!("\n{SEVEN} whole-{whole} 1 accepted\n").as_bytes()).unwrap();
                }
            }
            let journal = back_office_brief::config::Journal { dir, weeks: 6 };
            let journal = back_office_brief::engine::journal::Journal::of(&journal);
            let gap = journal.gap(&db).await.expect("it is read");
            assert_eq!(gap.map_or(0, |gap| gap.unknown), whole.min(64));
            let right = back_office_brief::engine::journal::Answer::JournalIsRight;
            assert_eq!(journal.answer(&db, right, at(SEVEN)).await.expect("it is read"), whole as u64);
            db.close().await;
        });
    }
}
