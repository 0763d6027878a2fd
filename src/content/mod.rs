//! The authored words that ship with the product: weekly insights (MODEL 6.8) and public issues
//! (MODEL 6.7). They are data files under `config/`, compiled in, and an operator's folder may replace
//! any of them or add more.
//!
//! **Invariant:** nothing unchecked gets in. Every entry meets the style rules of MODEL 6.4 and names
//! its source, or loading stops with a line for each thing to mend.

pub mod checks;
mod files;
pub mod insights;
pub mod issues;
mod report;

use std::fmt;
use std::path::Path;

use jiff::civil::Date;

use crate::domain::insight::Insight;
use crate::domain::issue::PublicIssue;

/// Everything authored, checked.
#[derive(Debug, Clone)]
pub struct Content {
    /// The insights, shipped ones first.
    pub insights: InsightLibrary,
    /// The public issues in the order of the schedule.
    pub issues: Vec<PublicIssue>,
    /// What an operator should look at; nothing here stops a mail.
    pub warnings: Vec<Problem>,
}

/// Every insight that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsightLibrary {
    /// Unique by id.
    pub entries: Vec<Insight>,
}

/// Something about one entry of one file that wants mending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the operator knows it.
    pub file: String,
    /// Id of the entry, or its number in the file, where one is concerned.
    pub entry: Option<String>,
    /// What is wrong and what to do.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(entry) => write!(f, "{}, entry {entry:?}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// The content was refused; one problem a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentError {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ContentError {}

/// What the checks have to say so far.
#[derive(Debug, Default)]
struct Findings {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// The shipped content alone. `today` decides which entries are due for review.
///
/// # Errors
/// Those of [`load_from`]; a test keeps the shipped files free of them.
pub fn shipped(today: Date) -> Result<Content, ContentError> {
    load(None, today)
}

/// The shipped content with what an operator's folder replaces or adds: `insights/*.toml` and
/// `public/*.toml` under `dir`. An entry with a shipped id replaces the shipped one.
///
/// # Errors
/// Every problem found, in all files: unreadable files, unknown keys and words, missing sources, two
/// entries with one id, and every style rule an entry breaks.
pub fn load_from(dir: &Path, today: Date) -> Result<Content, ContentError> {
    load(Some(dir), today)
}

fn load(dir: Option<&Path>, today: Date) -> Result<Content, ContentError> {
    let mut findings = Findings::default();
    let mut insights = insights::read(&files::shipped(insights::SHIPPED), today, &mut findings);
    let mut issues = issues::read(&files::shipped(issues::SHIPPED), today, &mut findings);
    if let Some(dir) = dir {
        let theirs = files::folder(dir, "insights", &mut findings);
        merge(&mut insights, insights::read(&theirs, today, &mut findings), |i| &i.id);
        let theirs = files::folder(dir, "public", &mut findings);
        merge(&mut issues, issues::read(&theirs, today, &mut findings), |i| &i.id);
    }
    issues.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    issues::check_order(&issues, &mut findings);
    if findings.problems.is_empty() {
        Ok(Content {
            insights: InsightLibrary { entries: insights },
            issues,
            warnings: findings.warnings,
        })
    } else {
        Err(ContentError { problems: findings.problems })
    }
}

/// Puts each newcomer in the place of the entry with its id, or at the end.
fn merge<T>(entries: &mut Vec<T>, newcomers: Vec<T>, id: impl Fn(&T) -> &str) {
    for newcomer in newcomers {
        match entries.iter_mut().find(|entry| id(entry) == id(&newcomer)) {
            Some(entry) => *entry = newcomer,
            None => entries.push(newcomer),
        }
    }
}
