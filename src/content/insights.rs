//! The insight library: 77 entries are planned, 67 are shipped (MODEL 6.8).

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use toml::value::{Datetime, Table};

use super::files::ContentFile;
use super::report::{Report, toml_error};
use super::{Findings, Problem, checks};
use crate::domain::insight::Insight;
use crate::domain::plain;
use crate::domain::source::{ClaimKind, Source};

/// Fewest and most words of an insight (MODEL 6.8).
pub const WORDS: std::ops::RangeInclusive<usize> = 25..=45;

/// The shipped files, by the path an operator finds them at.
pub(super) const SHIPPED: &[(&str, &str)] = &[
    ("config/insights/base.toml", include_str!("../../config/insights/base.toml")),
    ("config/insights/billing.toml", include_str!("../../config/insights/billing.toml")),
    ("config/insights/close.toml", include_str!("../../config/insights/close.toml")),
    ("config/insights/payables.toml", include_str!("../../config/insights/payables.toml")),
    ("config/insights/pattern.toml", include_str!("../../config/insights/pattern.toml")),
    ("config/insights/situation.toml", include_str!("../../config/insights/situation.toml")),
];

/// A file is a list of `[[insight]]` tables and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InsightFile {
    insight: Vec<Table>,
}

/// One table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    category: Option<String>,
    area: Option<String>,
    trend: Option<String>,
    situation: Option<String>,
    text: String,
    claim_kind: ClaimKind,
    source: Source,
    review_by: Datetime,
}

/// Reads and checks the insights of some files. What is wrong goes to `findings`; an entry with a
/// problem is left out.
pub(super) fn read(files: &[ContentFile], today: Date, findings: &mut Findings) -> Vec<Insight> {
    let mut entries = Vec::new();
    let mut ids = BTreeSet::new();
    for file in files {
        let tables = match toml::from_str::<InsightFile>(&file.text) {
            Ok(read) => read.insight,
            Err(error) => {
                findings.problems.push(Problem {
                    file: file.name.clone(),
                    entry: None,
                    what: format!("{}; a file holds [[insight]] tables", toml_error(&error)),
                });
                continue;
            }
        };
        for (i, table) in tables.into_iter().enumerate() {
            let name = table
                .get("id")
                .and_then(|id| id.as_str())
                .map_or_else(|| format!("number {}", i + 1), str::to_owned);
            let mut report = Report::new(&file.name, &name);
            if let Some(insight) = entry(table, today, &mut report) {
                if ids.insert(insight.id.clone()) {
                    entries.push(insight);
                } else {
                    report.problem("another entry has this id; give it one of its own");
                }
            }
            report.into_findings(findings);
        }
    }
    entries
}

fn entry(table: Table, today: Date, report: &mut Report<'_>) -> Option<Insight> {
    let written: Written = report.ok(table.try_into().map_err(|e| toml_error(&e)))?;
    let insight = Insight {
        category: report.code(written.category.as_deref())?,
        area: report.code(written.area.as_deref())?,
        trend: report.code(written.trend.as_deref())?,
        situation: report.code(written.situation.as_deref())?,
        text: checks::unfold(&written.text),
        claim_kind: written.claim_kind,
        source: written.source,
        review_by: report.ok(checks::review_date(&written.review_by))?,
        id: written.id,
    };
    report.problems(checks::id(&insight.id));
    report.problems(checks::line("text", &insight.text, 600));
    report.problems(checks::prose(&insight.text));
    report.problems(checks::source(insight.claim_kind, &insight.source, &insight.text, today));
    let words = plain::count_words(&insight.text);
    if !WORDS.contains(&words) {
        report.problem(&format!(
            "text has {words} words; an insight has {} to {}",
            WORDS.start(),
            WORDS.end()
        ));
    }
    report.review(insight.review_by, today);
    report.is_clean().then_some(insight)
}
