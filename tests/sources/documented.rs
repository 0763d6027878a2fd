//! What docs/sources.md shows can be typed as it stands.

use back_office_brief::cli::Cli;
use back_office_brief::config::{Sources, load};
use back_office_brief::source;
use back_office_brief::store::Db;
use clap::Parser;
use secrecy::SecretString;

use crate::foreign::Foreign;
use crate::world::{World, at};

const PAGE: &str = include_str!("../../docs/sources.md");

/// The text of the fenced block that opens with these words.
fn block(opens: &str) -> &'static str {
    let after = PAGE.split_once(&format!("```{opens}\n")).expect("the block").1;
    after.split_once("```").expect("its end").0
}

/// Reads the register with the settings that the page shows for its engine.
async fn shown(db: Db, foreign: Foreign, engine: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("local.toml");
    std::fs::write(&file, block(&format!("toml {engine}"))).expect("a file");
    let settings = load(&Sources { file: Some(file), environment: Vec::new() }).expect("settings");
    let mut own = settings.sources[0].clone();
    own.url = SecretString::from(foreign.url.as_str());
    let world = World::on(db);
    let now = at("2026-11-10T09:00:00Z");
    let checked =
        source::check(&world.db, &own, &world.settings.model, now).await.expect("ours works");
    assert!(checked.is_sound(), "{checked:?}");
    let counts: Vec<(Option<u64>, u64)> =
        checked.queries.iter().map(|query| (query.would_write, query.rejected)).collect();
    assert_eq!(counts, [(Some(1), 0), (Some(3), 0), (Some(3), 0)], "{checked:?}");
}

#[tokio::test]
async fn the_example_of_each_engine_reads_the_register() {
    let engines = [
        ("sqlite", Foreign::sqlite().await),
        ("postgres", Foreign::postgres().await),
        ("mariadb", Foreign::mariadb().await),
    ];
    for (engine, foreign) in engines {
        let (db, _folder) = crate::support::sqlite().await;
        if let Some(foreign) = foreign {
            shown(db, foreign, engine).await;
        }
    }
}

#[test]
fn every_command_is_understood() {
    let lines: Vec<&str> = block("sh").lines().collect();
    assert!(lines.len() > 4);
    for line in lines {
        Cli::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}
