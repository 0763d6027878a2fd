//! What an operator installs fits together: the package, the units, the image and the settings that
//! come with them name files, commands, users and keys that are there.

mod read;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use back_office_brief::cli::Cli;
use back_office_brief::config::{self, DEFAULT_TOML, Settings, Sources};
use clap::Parser;

use read::{keys, seconds, switched_on, values};

const MANIFEST: &str = include_str!("../../Cargo.toml");
const PACKAGE: &str = include_str!("../../.ci/package");
const CONTAINERFILE: &str = include_str!("../../Containerfile");
const INSTALLED: &str = include_str!("../../config/brief.toml");
const SERVICE: &str = include_str!("../../config/systemd/brief.service");
const BACKUP: &str = include_str!("../../config/systemd/brief-backup.service");
const SYSUSERS: &str = include_str!("../../config/sysusers.d/brief.conf");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the repository that a path with at most one `*` in its name means.
fn meant(path: &str) -> Vec<PathBuf> {
    let path = root().join(path);
    let name = path.file_name().unwrap().to_str().unwrap();
    let Some((start, end)) = name.split_once('*') else {
        return path.exists().then_some(path).into_iter().collect();
    };
    let all = fs::read_dir(path.parent().unwrap()).into_iter().flatten().flatten();
    let fits = |name: &str| name.starts_with(start) && name.ends_with(end);
    all.filter(|entry| fits(entry.file_name().to_str().unwrap())).map(|e| e.path()).collect()
}

fn deb() -> toml::Table {
    let manifest: toml::Table = MANIFEST.parse().unwrap();
    manifest["package"]["metadata"]["deb"].as_table().unwrap().clone()
}

/// Where from and where to, of each file of the package.
fn assets() -> Vec<(String, String)> {
    let deb = deb();
    let text = |asset: &toml::Value, at: usize| asset[at].as_str().unwrap().to_owned();
    let assets = deb["assets"].as_array().unwrap();
    assets.iter().map(|asset| (text(asset, 0), text(asset, 1))).collect()
}

/// Whether the package puts a file there.
fn installs(path: &str) -> bool {
    assets().iter().any(|(from, to)| {
        let name = Path::new(from).file_name().unwrap().to_str().unwrap();
        let to = if to.ends_with('/') { format!("/{to}{name}") } else { format!("/{to}") };
        to == path
    })
}

fn load(name: &str, text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, text).unwrap();
    let sources = Sources { file: Some(file), environment: Vec::new() };
    config::load(&sources).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_file_that_the_package_names_is_there() {
    for (from, _) in assets() {
        match from.strip_prefix("target/release/") {
            Some("brief") => {}
            // Made by the script, in a folder that it names.
            Some(made) => {
                let folder = made.strip_prefix("package/").unwrap().split('/').next().unwrap();
                assert!(PACKAGE.contains(&format!("$parts/{folder}")), "nobody makes {from}");
            }
            None => {
                assert!(!meant(&from).is_empty(), "the package names {from}, which is not there")
            }
        }
    }
    let deb = deb();
    for unit in deb["systemd-units"].as_array().unwrap() {
        let of = |key: &str| unit[key].as_str().unwrap();
        let service = format!("{}/{}.service", of("unit-scripts"), of("unit-name"));
        assert!(root().join(&service).is_file(), "{service}");
    }
    let scripts = deb["maintainer-scripts"].as_str().unwrap();
    for script in ["postinst", "prerm", "postrm"] {
        let text = fs::read_to_string(root().join(scripts).join(script)).unwrap();
        assert!(text.contains("\n#DEBHELPER#\n"), "{script} leaves the units out");
    }
    let changelog = fs::read_to_string(root().join(deb["changelog"].as_str().unwrap())).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        changelog.starts_with(&format!("brief ({version}-1) ")),
        "changelog: {version} is not on top"
    );
}

#[test]
fn the_image_copies_what_is_there_and_starts_what_it_copied() {
    let mut copied = BTreeSet::new();
    for line in CONTAINERFILE.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let words: Vec<&str> = line.split(' ').collect();
        if !words[0].starts_with("--from=") {
            assert!(root().join(words[0]).exists(), "COPY {line}");
        }
        copied.insert(*words.last().unwrap());
    }
    let entry = CONTAINERFILE.lines().find_map(|line| line.strip_prefix("ENTRYPOINT ")).unwrap();
    let entry: Vec<String> = serde_json::from_str(entry).unwrap();
    assert!(copied.contains(entry[0].as_str()) && copied.contains(entry[2].as_str()), "{entry:?}");
    Cli::try_parse_from(entry.iter().map(String::as_str).chain(["serve"])).unwrap();
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(
        CONTAINERFILE.contains(&format!("/rust:{rust}-")),
        "the image builds with another Rust"
    );
}

#[test]
fn the_units_start_what_is_installed_as_a_user_that_is_made() {
    for unit in [SERVICE, BACKUP] {
        let start = values(unit, "ExecStart")[0];
        let start = start.strip_prefix("/bin/sh -c 'exec ").unwrap_or(start).trim_end_matches('\'');
        let words: Vec<&str> = start.split(' ').take(5).collect();
        Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{start}\n{error}"));
        for path in [words[0], words[2]] {
            assert!(installs(path), "the package does not install {path}");
        }
        let user = format!("u {} ", values(unit, "User")[0]);
        assert!(SYSUSERS.lines().any(|line| line.starts_with(&user)), "nobody makes {user}");
    }
}

#[test]
fn systemd_waits_longer_than_the_service_drains() {
    let drain = Settings::built_in().service.drain_within;
    let stop = Duration::from_secs(seconds(values(SERVICE, "TimeoutStopSec")[0]));
    // What is given up at the end of the drain is recorded within five seconds more.
    assert!(stop >= drain + Duration::from_secs(10), "{stop:?} for a drain of {drain:?}");
    assert!(seconds(values(SERVICE, "WatchdogSec")[0]) > drain.as_secs());
}

#[test]
fn the_settings_that_come_with_it_are_settings() {
    load("brief.toml", INSTALLED);
    let all = switched_on(INSTALLED);
    let known: BTreeSet<String> = keys(DEFAULT_TOML).into_iter().map(|(key, _)| key).collect();
    let shown = keys(&all);
    assert!(shown.len() > 12, "the settings behind # were read");
    for (key, _) in &shown {
        assert!(known.contains(key), "{key} is not in config/default.toml");
    }
    load("all.toml", &all);
}

#[test]
fn whatever_is_written_lies_under_the_directory_of_the_state() {
    let is_place = |value: &toml::Value| {
        let path = value.as_str().map(|text| text.rsplit("://").next().unwrap_or(text));
        path.is_some_and(|path| path == "var" || path.starts_with("var/"))
    };
    let set = keys(INSTALLED);
    let places: Vec<String> = keys(DEFAULT_TOML)
        .into_iter()
        .filter(|(_, value)| is_place(value))
        .map(|(k, _)| k)
        .collect();
    assert!(places.len() >= 3, "{places:?}");
    for place in places {
        let value = set.iter().find(|(key, _)| *key == place).map(|(_, value)| value.to_string());
        let value = value.unwrap_or_else(|| panic!("{place} depends on where a command is typed"));
        assert!(value.contains("/var/lib/brief/"), "{place} = {value}");
    }
    assert!(values(SERVICE, "ReadWritePaths").contains(&"/var/lib/brief"));
}
