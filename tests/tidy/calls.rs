//! What the code may not do, whatever the compiler thinks of it.

use super::hold;
use super::source::{Source, places, rust};

/// Each place of one of the needles, in the code that `of` picks.
fn find(sources: &[Source], needles: &[&str], of: fn(&Source) -> &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for needle in needles {
            found.extend(
                places(of(source), needle)
                    .into_iter()
                    .map(|(line, _)| format!("{}:{line}: {needle}", source.path)),
            );
        }
    }
    found
}

#[test]
fn time_and_chance_come_from_one_place() {
    let sources: Vec<Source> =
        rust("src").into_iter().filter(|s| s.path != "src/clock.rs").collect();
    let findings = find(
        &sources,
        &[
            "SystemTime::now",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "ZonedDateTime::now",
            "Utc::now",
            "Local::now",
            "chrono::",
            "elapsed()",
            "now_v1",
            "now_v6",
            "now_v7",
            "new_v4",
            "rand::",
            "getrandom::",
            "fastrand::",
            "thread_rng",
            "RandomState",
            "DefaultHasher",
        ],
        |s| &s.code,
    );
    hold(
        "Only src/clock.rs reads the machine's clock or makes an id by chance.",
        "`--now` replaces the clock everywhere, leases included; one forgotten call and a replay, \
         a preview or a test tells another story than the run did.",
        &findings,
    );
}

#[test]
fn the_database_keeps_no_time_of_its_own() {
    let mut findings = Vec::new();
    let statements = rust("src/store").into_iter().map(|s| (s.path, s.text));
    let migrations = super::source::files("migrations", &[".sql"])
        .into_iter()
        .map(|path| (path.clone(), super::source::read(&path)));
    for (path, text) in statements.chain(migrations) {
        for (at, line) in text.lines().enumerate() {
            let words = line.to_ascii_lowercase();
            let asks = ["current_timestamp", "current_date", " now()", "'now'", "random()"];
            if let Some(ask) = asks.iter().find(|ask| words.contains(**ask)) {
                findings.push(format!("{path}:{}: {ask}", at + 1));
            }
        }
    }
    hold(
        "No statement asks the database for the time or for chance.",
        "what is due is decided at the instant that the caller gives; two clocks disagree.",
        &findings,
    );
}

#[test]
fn nothing_panics_on_purpose() {
    let mut findings = Vec::new();
    for source in rust("src") {
        let lines: Vec<&str> = source.text.lines().collect();
        let is_explained = |line: usize| {
            let own = lines[line - 1];
            let above = line.checked_sub(2).map_or("", |i| lines[i].trim_start());
            own.contains("// ") || (above.starts_with("// "))
        };
        for needle in [
            ".unwrap()",
            ".expect(",
            ".unwrap_err()",
            ".expect_err(",
            "panic!",
            "unreachable!",
            "todo!",
            "unimplemented!",
            "dbg!",
        ] {
            for (line, _) in places(&source.shipped, needle) {
                if !is_explained(line) {
                    findings.push(format!("{}:{line}: {needle}", source.path));
                }
            }
        }
    }
    hold(
        "No unwrap, expect or panic outside tests without a comment on it that says why it cannot fail.",
        "bad input gets a sentence and not a stack trace, and a worker that dies takes a week's mail with it.",
        &findings,
    );
}

#[test]
fn only_the_command_line_speaks_to_the_terminal() {
    let sources: Vec<Source> = rust("src").into_iter().filter(|s| s.room() != "cli").collect();
    let needles = ["println!", "print!", "eprintln!", "eprint!", "stdout()", "process::exit"];
    let findings = find(&sources, &needles, |s| &s.shipped);
    hold(
        "Only src/cli prints and only it ends the process.",
        "standard output belongs to the result of a command: a stray line breaks `--json` for a script.",
        &findings,
    );
}

#[test]
fn money_and_scores_are_whole_numbers() {
    let sources = rust("src/domain");
    let mut findings = find(&sources, &["f32", "f64"], |s| &s.shipped);
    for source in &sources {
        for (at, line) in source.shipped.lines().enumerate() {
            if has_float(line) {
                findings.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    hold(
        "No floating point under src/domain.",
        "the same figures must come out on every machine and add up to the cent that is printed.",
        &findings,
    );
}

/// Whether a line of code has a number with a point that is not a field of a tuple in a tuple.
fn has_float(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.windows(3).enumerate().any(|(at, three)| {
        let start = (0..=at).rev().take_while(|i| bytes[*i].is_ascii_digit()).last();
        let before = start.and_then(|i| i.checked_sub(1)).map(|i| bytes[i]);
        let is_field = before.is_some_and(|b| b == b'.' || b == b'_' || b.is_ascii_alphanumeric());
        three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit() && !is_field
    })
}

#[test]
fn a_number_with_a_point_is_seen() {
    assert!(has_float("let x = 12.5;"));
    assert!(!has_float("let x = pair.0.1 + (1..2) + a1.0;"));
}

#[test]
fn no_lint_and_no_test_is_switched_off() {
    let sources: Vec<Source> = ["src", "tests", "benches"].into_iter().flat_map(rust).collect();
    let findings = find(&sources, &["#[allow(", "#![allow(", "#[ignore"], |s| &s.code);
    hold(
        "No #[allow], which stays when its reason is gone (use #[expect(lint, reason = \"...\")]), and no #[ignore].",
        "a rule with silent exceptions is no rule, and a test that is not run proves nothing.",
        &findings,
    );
}
