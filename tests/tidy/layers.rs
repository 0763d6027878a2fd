//! Who may know whom. Arrows point one way, so that a rule can be read, tested and changed without
//! what stands above it.

use std::collections::BTreeMap;

use super::hold;
use super::source::{Source, places, read, rust, word};

/// The rooms from the ground up, each with the rooms that it may use: earlier ones only.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("secrets", &["domain", "clock"]),
    ("mail", &["domain"]),
    ("probe", &["domain", "mail"]),
    ("render", &["domain"]),
    ("content", &["domain"]),
    ("config", &["domain", "mail"]),
    ("telemetry", &["config"]),
    ("metrics", &[]),
    ("store", &["domain", "clock"]),
    ("import", &["domain", "clock", "config", "store"]),
    ("source", &["domain", "clock", "config", "store", "import"]),
    ("sample", &["domain", "clock", "store"]),
    (
        "engine",
        &[
            "domain", "clock", "secrets", "mail", "render", "content", "config", "metrics",
            "store", "import", "source",
        ],
    ),
    (
        "web",
        &[
            "domain", "clock", "secrets", "mail", "render", "content", "config", "metrics",
            "store", "engine",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "clock",
            "secrets",
            "mail",
            "probe",
            "render",
            "content",
            "config",
            "telemetry",
            "metrics",
            "store",
            "import",
            "source",
            "sample",
            "engine",
            "web",
        ],
    ),
];

/// All that the domain may use from outside: values, no clock, no input or output, no runtime.
const DOMAIN_CRATES: &[&str] =
    &["serde", "serde_json", "jiff", "iso_currency", "idna", "unicode_width", "thiserror"];

/// What of the standard library is not for the domain: it talks to the world.
const WORLDLY: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
    "std::time",
    "std::os",
    "std::sync",
];

/// Crates that have a home: a change of database, mail or web library stays in one room.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "source"]),
    ("lettre", &["mail"]),
    ("mail_auth", &["mail"]),
    ("rsa", &["mail"]),
    ("getrandom", &["clock"]),
    ("async_imap", &["mail"]),
    ("rustls", &["mail"]),
    ("tokio_rustls", &["mail"]),
    ("rustls_native_certs", &["mail"]),
    ("axum", &["web"]),
    ("cookie", &["web"]),
    ("hickory_resolver", &["probe"]),
    ("hyper", &["probe"]),
    ("hyper_util", &["probe"]),
    ("http_body_util", &["probe"]),
    ("askama", &["render", "web"]),
    ("utoipa", &["web"]),
    ("utoipa_axum", &["web"]),
    ("tokio_cron_scheduler", &["engine"]),
    ("tracing_subscriber", &["telemetry"]),
    ("prometheus", &["metrics"]),
    ("uuid", &["clock", "sample"]),
    ("hmac", &["mail", "secrets"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("comfy_table", &["cli"]),
    ("indicatif", &["cli"]),
];

/// The modules that lie at the crate's root and are no rooms.
const ENTRANCES: &[&str] = &["lib", "main"];

#[test]
fn rooms_know_only_the_rooms_below_them() {
    for (at, (room, below)) in ROOMS.iter().enumerate() {
        for lower in *below {
            assert!(
                ROOMS[..at].iter().any(|(name, _)| name == lower),
                "the table of rooms lets {room} use {lower}, which stands above it"
            );
        }
    }
    let sources = rust("src");
    let macros = macros(&sources);
    let findings: Vec<String> = sources
        .iter()
        .filter(|s| !ENTRANCES.contains(&s.room()))
        .flat_map(|s| arrows(s, &macros))
        .collect();
    hold(
        "A room uses only the rooms that ROOMS (tests/tidy/layers.rs) gives it.",
        "a rule of the model must be readable and testable without a database, a relay or a page; \
         one arrow upwards and nothing can be taken apart any more.",
        &findings,
    );
}

/// The exported macros by name, with the room that each belongs to.
fn macros(sources: &[Source]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for source in sources {
        for part in source.code.split("macro_rules! ").skip(1) {
            found.insert(word(part).to_owned(), source.room().to_owned());
        }
    }
    found
}

fn arrows(source: &Source, macros: &BTreeMap<String, String>) -> Vec<String> {
    let room = source.room();
    let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: the room {room} is not in the table", source.path)];
    };
    let mut found = Vec::new();
    for (line, at) in places(&source.shipped, "crate::") {
        for name in first_names(&source.shipped[at + "crate::".len()..]) {
            let target = macros.get(name).map_or(name, String::as_str);
            if target != room && !below.contains(&target) {
                found.push(format!("{}:{line}: {room} uses {target}", source.path));
            }
        }
    }
    let depth = source.path.trim_end_matches("/mod.rs").matches('/').count();
    for (line, _) in places(&source.shipped, &"super::".repeat(depth)) {
        found.push(format!("{}:{line}: {room} climbs out of itself by super", source.path));
    }
    found
}

/// The names that follow `crate::`: one, or those of a group in braces.
fn first_names(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 0;
    let mut names = Vec::new();
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(group[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn a_group_is_read_by_its_names() {
    assert_eq!(first_names("store::Db;"), ["store"]);
    assert_eq!(
        first_names("{\n  each_engine, store::{Db, Tx}, clock,\n};"),
        ["each_engine", "store", "clock"]
    );
}

#[test]
fn the_domain_is_pure() {
    let mut findings = Vec::new();
    let foreign: Vec<String> =
        dependencies().into_iter().filter(|name| !DOMAIN_CRATES.contains(&name.as_str())).collect();
    for source in rust("src/domain") {
        for name in &foreign {
            findings.extend(uses(&source, name));
        }
        for part in WORLDLY {
            findings.extend(
                places(&source.shipped, part)
                    .into_iter()
                    .map(|(line, _)| format!("{}:{line}: {part}", source.path)),
            );
        }
        for (line, _) in places(&source.shipped, "async") {
            findings.push(format!("{}:{line}: async", source.path));
        }
    }
    hold(
        "src/domain uses no clock, no input or output, no runtime and no crate but its own few.",
        "the same snapshot at the same cut-off must give the same facts, on any machine, at any time.",
        &findings,
    );
}

#[test]
fn records_are_read_without_a_network() {
    let mut findings = Vec::new();
    for source in rust("src/mail/authentication") {
        for part in
            ["tokio", "std::fs", "std::env", "std::process", "std::thread", "async", "await"]
        {
            findings.extend(
                places(&source.shipped, part)
                    .into_iter()
                    .map(|(line, _)| format!("{}:{line}: {part}", source.path)),
            );
        }
    }
    hold(
        "src/mail/authentication waits for nobody: what it needs to know it is told.",
        "the rules of SPF, DKIM and DMARC must be testable on any answer that a name server may give.",
        &findings,
    );
}

#[test]
fn crates_stay_at_home() {
    let mut findings = Vec::new();
    for source in rust("src") {
        for (name, homes) in HOMES {
            if !homes.contains(&source.room()) {
                findings.extend(uses(&source, name));
            }
        }
    }
    hold(
        "A crate with a home (HOMES in tests/tidy/layers.rs) is used in its home only.",
        "what can be replaced by rewriting one room can be replaced; what is everywhere cannot.",
        &findings,
    );
}

/// Where a source names a crate: at the start of a path, not in the middle of one.
fn uses(source: &Source, name: &str) -> Vec<String> {
    let code = &source.shipped;
    places(code, &format!("{name}::"))
        .into_iter()
        .filter(|(_, at)| !code[..*at].ends_with("::"))
        .map(|(line, _)| format!("{}:{line}: {name}", source.path))
        .collect()
}

/// The names of all dependencies, as code writes them.
fn dependencies() -> Vec<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    let table = manifest["dependencies"].as_table().expect("dependencies are a table");
    assert!(table.len() > 10, "the dependencies were read");
    table.keys().map(|name| name.replace('-', "_")).collect()
}
