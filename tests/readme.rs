//! The pages do what they say: their commands exist, their links lead somewhere, their settings are
//! settings, and the first brief can be typed as shown.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use back_office_brief::cli::Cli;
use clap::{CommandFactory, Parser};

const README: &str = include_str!("../README.md");
const ARCHITECTURE: &str = include_str!("../ARCHITECTURE.md");
const OPERATION: &str = include_str!("../docs/operation.md");
const API: &str = include_str!("../docs/api.md");

/// The fenced blocks of a language under a heading (all of them where none is given), each with what
/// stands after the language. Blocks of lists are further in.
fn blocks(page: &str, under: Option<&str>, language: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (mut heading, mut open) = (String::new(), None::<(String, String)>);
    for line in
        page.lines().map(|line| if line.trim().starts_with("```") { line.trim() } else { line })
    {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => {
                let (info, text) = open.take().unwrap();
                let (first, rest) = info.split_once(' ').unwrap_or((info.as_str(), ""));
                if first == language && under.is_none_or(|under| under == heading) {
                    found.push((rest.to_owned(), text));
                }
            }
            (None, Some(info)) => open = Some((info.to_owned(), String::new())),
            (Some((_, text)), None) => text.push_str(&format!("{line}\n")),
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    heading = title.to_owned();
                }
            }
            (Some(_), Some(_)) => panic!("a block opens inside a block: {line}"),
        }
    }
    assert!(!found.is_empty(), "no {language} block under {under:?}");
    found
}

/// The words of a line as a shell would part them; only double quotes are understood.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.trim().chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn brief_lines(page: &str, under: Option<&str>) -> Vec<Vec<String>> {
    let lines: Vec<Vec<String>> = blocks(page, under, "sh")
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| {
            let line = line.replacen("cargo run --release --", "brief", 1);
            let words = words(&line.replacen("/usr/bin/brief", "brief", 1));
            (words.first()? == "brief").then_some(words)
        })
        .collect();
    assert!(!lines.is_empty());
    lines
}

#[test]
fn every_command_shown_is_understood() {
    for page in [README, OPERATION, API] {
        for words in brief_lines(page, None) {
            if let Err(error) = Cli::try_parse_from(&words) {
                panic!("{}\n{error}", words.join(" "));
            }
        }
    }
}

#[test]
fn every_command_named_in_a_sentence_exists() {
    let cli = Cli::command();
    for (name, page) in [("README", README), ("operation", OPERATION)] {
        let prose: String = page.split("```").step_by(2).collect();
        let named: BTreeSet<&str> = prose
            .split('`')
            .skip(1)
            .step_by(2)
            .filter_map(|code| code.strip_prefix("brief ")?.split(' ').next())
            .collect();
        assert!(named.len() > 5, "the sentences of {name} were read: {named:?}");
        for command in named {
            assert!(cli.find_subcommand(command).is_some(), "{name}: there is no brief {command}");
        }
    }
}

#[test]
fn the_table_of_commands_is_the_list_of_commands() {
    let table = README.split("## Commands").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let told: BTreeSet<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.split('|').nth(1).unwrap().split('`').skip(1).step_by(2))
        .map(|command| command.split(' ').next().unwrap())
        .collect();
    let cli = Cli::command();
    let known: BTreeSet<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    assert_eq!(told, known);
}

#[test]
fn every_link_leads_to_a_file() {
    let pages = [
        ("README.md", README),
        ("ARCHITECTURE.md", ARCHITECTURE),
        ("docs/operation.md", OPERATION),
    ];
    for (page, text) in pages {
        let files: Vec<&str> = ["](", "src=\""]
            .iter()
            .flat_map(|mark| text.split(mark).skip(1))
            .map(|rest| rest.split([')', '"', '#']).next().unwrap())
            .filter(|target| !target.is_empty() && !target.starts_with("http"))
            .collect();
        assert!(files.len() > 2, "the links of {page} were read");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        for file in files {
            let path = folder.parent().unwrap().join(file);
            assert!(path.exists(), "{page} links to {file}, which is not there");
        }
    }
}

fn brief(folder: &Path, arguments: &[String]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("BRIEF__")) {
        command.env_remove(name);
    }
    let done = command.args(arguments).current_dir(folder).output().expect("brief runs");
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_first_brief_can_be_typed_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for (name, text) in blocks(README, Some("A first brief"), "csv") {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut all = String::new();
    for words in brief_lines(README, Some("A first brief")) {
        let (is_done, said) = brief(folder.path(), &words[1..]);
        assert!(is_done, "{}\n{said}", words.join(" "));
        assert!(!said.contains("rejected:"), "{}\n{said}", words.join(" "));
        all += &said;
    }
    for words in ["That cost about $380", "[Test]", "for you@example.org"] {
        assert!(all.contains(words), "{words} is not in\n{all}");
    }
}

#[test]
fn the_settings_shown_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let shown = [(README, "Configuration"), (OPERATION, "Configure for production")];
    for (_, text) in shown.iter().flat_map(|(page, under)| blocks(page, Some(under), "toml")) {
        std::fs::write(folder.path().join("local.toml"), &text).unwrap();
        let (is_done, said) = brief(folder.path(), &words("--config local.toml config"));
        assert!(is_done, "{said}");
        assert!(!said.to_lowercase().contains("brief:password"), "the password is shown");
        assert!(said.contains("relay.example.org"), "{said}");
    }
}
