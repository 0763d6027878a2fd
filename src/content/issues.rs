//! The public issues: 12 ship with the product (MODEL 6.7).

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use toml::value::{Datetime, Table};

use super::files::ContentFile;
use super::report::{Report, toml_error};
use super::{Findings, Problem, checks};
use crate::domain::issue::PublicIssue;
use crate::domain::plain;
use crate::domain::source::{ClaimKind, Source};

/// Most words of an issue, with its question and byline (MODEL 6.7).
pub const WORDS: usize = 150;
/// Most characters of a question, because it is the subject (MODEL 6.5).
pub const QUESTION_CHARS: usize = 50;
/// Fewest and most characters of a preheader (MODEL 6.5).
pub const PREHEADER_CHARS: std::ops::RangeInclusive<usize> = 40..=60;

/// One shipped file: the path an operator finds it at, and its text.
macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("config/public/", $name, ".toml"),
            include_str!(concat!("../../config/public/", $name, ".toml")),
        )),+]
    };
}

/// The shipped files in the order of the schedule.
pub(super) const SHIPPED: &[(&str, &str)] = shipped![
    "01-which-copy-wins",
    "02-run-it-from-the-page",
    "03-the-day-the-approver-is-out",
    "04-do-they-know",
    "05-which-decision",
    "06-what-will-it-be-told",
    "07-friday-at-five",
    "08-the-last-50-approvals",
    "09-when-does-it-turn-red",
    "10-fixed-every-month",
    "11-what-goes-live-with-us",
    "12-who-checked-it",
];

/// An issue as it is written: one to a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    order: u32,
    question: String,
    preheader: String,
    scene: String,
    leak: String,
    ask: String,
    byline: String,
    claim_kind: ClaimKind,
    source: Source,
    review_by: Datetime,
}

/// Reads and checks the issues of some files. What is wrong goes to `findings`; an issue with a
/// problem is left out.
pub(super) fn read(
    files: &[ContentFile],
    today: Date,
    findings: &mut Findings,
) -> Vec<PublicIssue> {
    let mut issues = Vec::new();
    let mut ids = BTreeSet::new();
    for file in files {
        let table = match toml::from_str::<Table>(&file.text) {
            Ok(table) => table,
            Err(error) => {
                findings.problems.push(Problem {
                    file: file.name.clone(),
                    entry: None,
                    what: format!("is not TOML: {}", toml_error(&error)),
                });
                continue;
            }
        };
        let name = table.get("id").and_then(|id| id.as_str()).unwrap_or("without id").to_owned();
        let mut report = Report::new(&file.name, &name);
        if let Some(issue) = issue(table, today, &mut report) {
            if ids.insert(issue.id.clone()) {
                issues.push(issue);
            } else {
                report.problem("another file has this id; give it one of its own");
            }
        }
        report.into_findings(findings);
    }
    issues
}

fn issue(table: Table, today: Date, report: &mut Report<'_>) -> Option<PublicIssue> {
    let written: Written = report.ok(table.try_into().map_err(|e| toml_error(&e)))?;
    let issue = PublicIssue {
        order: written.order,
        question: checks::unfold(&written.question),
        preheader: checks::unfold(&written.preheader),
        scene: checks::unfold(&written.scene),
        leak: checks::unfold(&written.leak),
        ask: checks::unfold(&written.ask),
        byline: checks::unfold(&written.byline),
        claim_kind: written.claim_kind,
        source: written.source,
        review_by: report.ok(checks::review_date(&written.review_by))?,
        id: written.id,
    };
    check_lines(&issue, report);
    check_body(&issue, today, report);
    report.review(issue.review_by, today);
    report.is_clean().then_some(issue)
}

fn check_lines(issue: &PublicIssue, report: &mut Report<'_>) {
    report.problems(checks::id(&issue.id));
    report.problems(checks::line("question", &issue.question, QUESTION_CHARS));
    report.problems(checks::line("preheader", &issue.preheader, *PREHEADER_CHARS.end()));
    report.problems(checks::line("byline", &issue.byline, 60));
    if !issue.question.ends_with('?') {
        report.problem("question is the subject and ends with a question mark");
    }
    let short = issue.preheader.chars().count();
    if short < *PREHEADER_CHARS.start() {
        report.problem(&format!(
            "preheader has {short} characters; {} are the fewest",
            PREHEADER_CHARS.start()
        ));
    }
    let bare = issue.question.trim_end_matches('?').to_lowercase();
    if issue.preheader.to_lowercase().contains(&bare) {
        report.problem("preheader repeats the question; say something else");
    }
    if issue.order == 0 {
        report.problem("order starts at 1");
    }
}

fn check_body(issue: &PublicIssue, today: Date, report: &mut Report<'_>) {
    for (field, text) in [("scene", &issue.scene), ("leak", &issue.leak), ("ask", &issue.ask)] {
        report.problems(checks::line(field, text, 1_000));
    }
    let body = [issue.scene.as_str(), &issue.leak, &issue.ask].join("\n\n");
    report.problems(checks::prose(&body));
    report.problems(checks::source(issue.claim_kind, &issue.source, &issue.leak, today));
    if !issue.leak.chars().any(|c| c.is_ascii_digit()) {
        report.problem("leak has no figure; give one, from the source");
    }
    let words = [&issue.question, &body, &issue.byline]
        .iter()
        .map(|text| plain::count_words(text))
        .sum::<usize>();
    if words > WORDS {
        report.problem(&format!(
            "{words} words with question and byline; {WORDS} are the most, cut {}",
            words - WORDS
        ));
    }
}

/// Two issues cannot stand in one place of the schedule. `issues` are sorted by place.
pub(super) fn check_order(issues: &[PublicIssue], findings: &mut Findings) {
    for pair in issues.windows(2) {
        if pair[0].order == pair[1].order {
            findings.problems.push(Problem {
                file: "public issues".to_owned(),
                entry: Some(pair[1].id.clone()),
                what: format!(
                    "order {} is also that of {:?}; give each its own place",
                    pair[1].order, pair[0].id
                ),
            });
        }
    }
}
