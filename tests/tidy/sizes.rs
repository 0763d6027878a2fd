//! How much of it there is: a file has one purpose, a function fits a screen.

use super::hold;
use super::source::{Source, item_end, places, rust, word};

const FILE_MAX: usize = 400;
const FILE_MEDIAN: usize = 120;
const FUNCTION_MAX: usize = 60;

fn everything() -> Vec<Source> {
    ["src", "tests", "benches"].into_iter().flat_map(rust).collect()
}

#[test]
fn files_are_short() {
    let sources = everything();
    let findings: Vec<String> = sources
        .iter()
        .map(|s| (s.text.lines().count(), &s.path))
        .filter(|(lines, _)| *lines > FILE_MAX)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    hold(
        &format!("No file has more than {FILE_MAX} lines."),
        "a file has one purpose and is found by its name; a long one has several, and hides them.",
        &findings,
    );
    let mut sizes: Vec<usize> = rust("src").iter().map(|s| s.text.lines().count()).collect();
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(
        median <= FILE_MEDIAN,
        "half of the files under src have more than {median} lines; {FILE_MEDIAN} are the bar, \
         because where reading is a pleasure files are that short"
    );
}

#[test]
fn functions_fit_a_screen() {
    let mut findings = Vec::new();
    for source in everything() {
        for (line, at) in places(&source.code, "fn ") {
            let rest = &source.code[at + 3..];
            let name = word(rest);
            if name.is_empty() {
                continue;
            }
            let end = item_end(&source.code, at);
            let lines = source.code[at..end].matches('\n').count() + 1;
            if lines > FUNCTION_MAX {
                findings.push(format!("{}:{line}: {name} has {lines} lines", source.path));
            }
        }
    }
    hold(
        &format!("No function has more than {FUNCTION_MAX} lines."),
        "what does not fit a screen is not read as one thing; its parts have names that are missing.",
        &findings,
    );
}
