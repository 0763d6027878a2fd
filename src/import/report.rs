//! What an import did, in figures.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::told::{MOST_REJECTED, MOST_TOLD, RowChange, RowReject, Told};

/// How many examples of a disagreement are named.
const EXAMPLES: usize = 5;

/// What one file came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FileReport {
    /// The file, as it was named.
    pub file: PathBuf,
    /// What it holds.
    pub kind: &'static str,
    /// What its rows are counted by: lines or rows.
    #[serde(skip)]
    pub unit: &'static str,
    /// Id of the batch; none in a dry run or where the file was refused.
    pub batch: Option<String>,
    /// Rows of the file.
    pub read: u64,
    /// Rows that were new or changed something.
    pub written: u64,
    /// Rows that said what was known.
    pub unchanged: u64,
    /// Rows that the map leaves out.
    pub skipped: u64,
    /// Rows in the rejects file.
    pub rejected: u64,
    /// Changes that happened on an earlier day than they were recorded.
    pub backdated: u64,
    /// Rows added to histories.
    pub events: u64,
    /// Some rejects, in words.
    pub reject_examples: Vec<String>,
    /// Where all of them are.
    pub rejects_file: Option<PathBuf>,
    /// Current values that differ from what the changes file makes of the gap. Not written.
    pub disagreements: u64,
    /// Some of them, in words.
    pub examples: Vec<String>,
    /// Why nothing of the file was written.
    pub refused: Option<String>,
    /// Rows that were not known before, where changes are told.
    #[serde(skip)]
    pub added: u64,
    /// The first changes, where they are told.
    #[serde(skip)]
    pub changes: Vec<RowChange>,
    /// The first rejected rows, where changes are told.
    #[serde(skip)]
    pub rejects: Vec<RowReject>,
    /// The rejects file, where it is kept in memory.
    #[serde(skip)]
    pub rejects_csv: Vec<u8>,
    /// Of all that was told.
    #[serde(skip)]
    pub told: Told,
}

impl FileReport {
    /// A row that was not taken.
    pub fn rejects(&mut self, line: u64, column: &str, reason: &str) {
        self.rejected += 1;
        if self.reject_examples.len() < EXAMPLES {
            let column =
                if column.is_empty() { String::new() } else { format!(", column {column}") };
            self.reject_examples.push(format!("{} {line}{column}: {reason}", self.unit));
        }
    }

    /// Takes in what was told of a chunk.
    pub fn tell(&mut self, changes: Vec<RowChange>) {
        for change in changes {
            self.told.change(&change);
            self.added += u64::from(change.is_new);
            if self.changes.len() < MOST_TOLD {
                self.changes.push(change.shortened());
            }
        }
    }

    /// The same of a row that was not taken.
    pub fn tell_reject(&mut self, line: u64, column: &str, reason: &str) {
        self.told.reject(line, column);
        if self.rejects.len() < MOST_REJECTED {
            let (column, reason) = (column.to_owned(), reason.to_owned());
            self.rejects.push(RowReject { line, column, reason });
        }
    }

    /// A current value that differs from the history.
    pub fn disagrees(&mut self, words: String) {
        self.disagreements += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(words);
        }
    }
}

/// What a whole command came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// Nothing was written: everything was only tried.
    pub dry_run: bool,
    /// Files in the order in which they were imported.
    pub files: Vec<FileReport>,
    /// Files of a folder whose name tells no kind; they were left alone.
    pub ignored: Vec<PathBuf>,
    /// Files that were not tried because one before them was refused.
    pub not_tried: Vec<PathBuf>,
}

impl ImportReport {
    /// Whether every file was taken, with at least one of its rows where it has any; a command ends
    /// with exit code 1 otherwise.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let taken = |f: &FileReport| {
            f.refused.is_none() && (f.rejected == 0 || f.written + f.unchanged > 0)
        };
        self.not_tried.is_empty() && self.files.iter().all(taken)
    }

    /// What there is to say beside the figures, line by line, fit for a terminal.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for file in &self.files {
            let name = file.file.display();
            if let Some(why) = &file.refused {
                lines.push(format!("Refused, nothing of it was written: {why}"));
            }
            if file.rejected > 0 {
                let all = file.rejects_file.as_ref().map(|p| format!(", all in {}", p.display()));
                lines.push(format!(
                    "{} rows of {name} were rejected{}:",
                    file.rejected,
                    all.unwrap_or_default()
                ));
                lines.extend(file.reject_examples.iter().map(|e| format!("  {e}")));
            }
            if file.disagreements > 0 {
                lines.push(format!(
                    "{} current values in {name} differ from the history and were not written, for example:",
                    file.disagreements
                ));
                lines.extend(file.examples.iter().map(|e| format!("  {e}")));
            }
        }
        lines.extend(
            self.ignored
                .iter()
                .map(|p| format!("Left alone, its name tells no kind: {}", p.display())),
        );
        lines.extend(self.not_tried.iter().map(|p| format!("Not tried: {}", p.display())));
        if self.dry_run {
            lines.push("Dry run: nothing was written.".to_owned());
        }
        lines.iter().map(|line| plain(line)).collect()
    }
}

/// One line a file, and the remarks.
impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            writeln!(
                f,
                "{}: {} {}: {} written, {} unchanged, {} skipped, {} rejected, {} back-dated, {} events",
                plain(&file.file.display().to_string()),
                file.read,
                file.kind,
                file.written,
                file.unchanged,
                file.skipped,
                file.rejected,
                file.backdated,
                file.events
            )?;
        }
        self.remarks().iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Text from a file, without what a terminal would act on.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
