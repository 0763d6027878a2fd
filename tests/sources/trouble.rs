//! What is wrong with a source is said in one line, and concerns nobody else.

use std::sync::Arc;

use back_office_brief::engine::service::{ByHand as Steps, Options, Part, Service};
use back_office_brief::store::{Db, organizations};

use crate::foreign::Foreign;
use crate::house::{batches, entry, pull, world};
use crate::on_both;
use crate::world::{SEVEN, World, at};

const NOW: &str = "2026-11-20T09:00:00Z";

/// Reads a source with one query and returns what is said about it.
async fn said(db: &Db, foreign: &Foreign, more: &str, kind: &str, sql: &str) -> String {
    let entry = entry("erp", &foreign.url, more, &[(kind, sql.to_owned())]);
    let world = world(db.clone(), &[entry]);
    let pulled = pull(&world, "erp", NOW).await;
    assert!(batches(db).await.is_empty(), "nothing is written");
    pulled.error.unwrap_or_else(|| panic!("{sql} was taken: {:?}", pulled.report))
}

/// What no engine takes, each told by its query, with what to do.
async fn refusals(db: Db, foreign: Foreign) {
    let site = |rest: &str| format!("SELECT code AS external_id, label AS name{rest} FROM site");
    let euros = site(", 'EUR' AS currency");
    for (more, kind, sql, told) in [
        ("", "organizations", "SELEC nothing".to_owned(), "it was refused ("),
        ("", "organizations", "SELECT * FROM ledger".to_owned(), "it was refused ("),
        (
            "",
            "organizations",
            site(""),
            "the query has no column \"currency\", which organizations must have",
        ),
        (
            "",
            "organizations",
            site(", 'EUR' AS currency, zone"),
            "organizations has no column \"zone\"; rename",
        ),
        ("", "gaps", euros.clone(), "gaps has no column \"name\""),
        (
            "max_rows = 2",
            "organizations",
            format!("{euros} UNION SELECT 'b', 'B', 'EUR' UNION SELECT 'c', 'C', 'EUR'"),
            "it answers more than 2 rows; leave out in the query what no brief needs, or raise max_rows",
        ),
        ("", "organizations", "CREATE VIEW v AS SELECT 1".to_owned(), "ask by "),
        ("", "organizations", "UPDATE site SET label = 'x'".to_owned(), "ask by "),
        (
            "",
            "organizations",
            format!("DELETE FROM site RETURNING {}", &euros[7..euros.len() - 10]),
            "it writes, and a source is only read (",
        ),
        (
            "map = \"nowhere.toml\"",
            "organizations",
            euros.clone(),
            "its map file nowhere.toml cannot be read",
        ),
    ] {
        let said = said(&db, &foreign, more, kind, &sql).await;
        assert!(said.starts_with("source erp") && said.contains(told), "{told:?} is not in {said}");
        assert!(!said.contains('\n') && !said.contains("hunter2"), "{said}");
        let is_of_query = more.starts_with("map") || said.contains(&format!(", query {kind}: "));
        assert!(is_of_query, "{said}");
    }
    let world = world(db.clone(), &[entry("erp", &foreign.url, "", &[("organizations", euros)])]);
    assert_eq!(pull(&world, "erp", NOW).await.written, 1);
    let found = organizations::find(&db, "north").await.expect("it came");
    assert_eq!(found.name, "Northfield Supply", "nothing was written over there");
}

/// A query that takes too long is stopped over there.
async fn too_slow(db: Db, foreign: Foreign) {
    let said =
        said(&db, &foreign, "statement_timeout = \"300ms\"", "organizations", &foreign.slow())
            .await;
    let told = "it took longer than 0.3 seconds and was stopped; make the query faster, or raise statement_timeout";
    assert!(said.contains(told), "{said}");
}

/// While one source is asked and does not answer, all others are planned and sent.
async fn nobody_waits(db: Db, foreign: Foreign) {
    let entry = entry("erp", &foreign.url, "", &[("organizations", foreign.slow())]);
    let world = world(db, &[entry]);
    world.organization("acme").await;
    world.leader("acme", "anna@client.example").await;
    let engine = Arc::new(world.another_engine());
    let (stop, wake) = (engine.stop.clone(), Arc::new(Steps::default()));
    let service =
        tokio::spawn(Service::new(Arc::clone(&engine), Options::default()).run(wake.clone()));
    world.clock.set(at(SEVEN));
    wake.turn(Part::Schedule).await;
    wake.turn(Part::Delivery).await;
    assert_eq!(world.mails_to("anna@client.example").len(), 1);
    let sources = engine.sources(at(SEVEN)).await.unwrap();
    assert_eq!((sources[0].state.as_str(), sources[0].read_at), ("running", None));
    stop.cancel();
    service.await.expect("it ends by itself, and the reading with it");
    let sources = world.another_engine().sources(at(SEVEN)).await.unwrap();
    assert_eq!(sources[0].state, "never", "a reading that was given up says nothing of the source");
}

macro_rules! on_three {
    ($( $story:ident: $file:ident, $postgres:ident, $mariadb:ident; )+) => { $(
        on_both! {
            async fn $file(db: Db) {
                $story(db, Foreign::sqlite().await.expect("a file")).await;
            }

            async fn $postgres(db: Db) {
                if let Some(foreign) = Foreign::postgres().await {
                    $story(db, foreign).await;
                }
            }

            async fn $mariadb(db: Db) {
                if let Some(foreign) = Foreign::mariadb().await {
                    $story(db, foreign).await;
                }
            }
        }
    )+ };
}

on_three! {
    refusals: a_file_says_what_is_wrong, a_postgres_says_what_is_wrong, a_mariadb_says_what_is_wrong;
    too_slow: a_file_takes_too_long, a_postgres_takes_too_long, a_mariadb_takes_too_long;
    nobody_waits: nobody_waits_for_a_file, nobody_waits_for_a_postgres, nobody_waits_for_a_mariadb;
}

/// What is said where nothing can even be asked.
async fn unreachable(db: &Db, url: &str) -> String {
    let sql = "SELECT 1 AS external_id".to_owned();
    let world: World = world(db.clone(), &[entry("erp", url, "", &[("gaps", sql)])]);
    let said = pull(&world, "erp", NOW).await.error.expect("it cannot be reached");
    assert!(said.starts_with("source erp: ") && !said.contains("hunter2"), "{said}");
    said
}

on_both! {
    async fn a_database_that_is_not_there_or_lets_nobody_in_is_told_apart(db: Db) {
        for url in ["postgres://u:hunter2@127.0.0.1:1/x", "mysql://u:hunter2@127.0.0.1:1/x"] {
            let said = unreachable(&db, url).await;
            assert!(said.contains("it cannot be reached (") && said.contains("; look whether it runs"), "{said}");
        }
        let said = unreachable(&db, "sqlite:///nowhere/erp.db").await;
        assert!(said.contains("unable to open database file"), "{said}");
        let said = unreachable(&db, "postgres://u:hunter2@h:port/x").await;
        assert!(said.contains("its url cannot be read (invalid port number)"), "{said}");
        if let Some(foreign) = Foreign::mariadb().await {
            let said = unreachable(&db, &foreign.url.replace("hunter2", "hunter22")).await;
            assert!(said.contains("it does not let us in (Access denied"), "{said}");
            assert!(said.ends_with("; correct the user and the password of its url"), "{said}");
        }
        if let Some(foreign) = Foreign::postgres().await {
            let said = unreachable(&db, &foreign.url.replace("brief@", "nobody-we-know@")).await;
            assert!(said.contains("it does not let us in (role"), "{said}");
        }
    }
}
