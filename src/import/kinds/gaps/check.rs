//! After the changes files: does the current state in the gaps file agree with the history?

use crate::import::context::{Context, keys};
use crate::import::error::ImportError;
use crate::import::folded::{self, Known};
use crate::import::map::Row;
use crate::import::report::FileReport;
use crate::store::Tx;
use crate::store::import as store;

use super::wanted::Status;

/// Reports where rows disagree with the history that a changes file gave. Writes nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn check(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    report: &mut FileReport,
) -> Result<(), ImportError> {
    let rows: Vec<Row> = rows
        .iter()
        .filter(|r| r.text("external_id").is_some_and(|id| context.first.of(id).is_some()))
        .cloned()
        .collect();
    let found = store::gaps(tx, &keys(&rows, "external_id")).await?;
    let known = folded::known(tx, found, context.constants).await?;
    for row in &rows {
        if let Some(known) = row.text("external_id").and_then(|id| known.get(id)) {
            compare(context, row, known, report);
        }
    }
    Ok(())
}

/// One gap. A cell that means nothing was rejected before and is passed over.
fn compare(context: &Context<'_>, row: &Row, known: &Known, report: &mut FileReport) {
    let state = &known.state;
    let mut differ = |what: &str, file: Option<String>, history: Option<String>| {
        if file != history {
            let word = |w: Option<String>| w.unwrap_or_else(|| "nothing".to_owned());
            let (file, history) = (word(file), word(history));
            let id = &known.row.external_id;
            report.disagrees(format!(
                "{id}: {what} is {file} in the file and {history} by its history"
            ));
        }
    };
    if let Some(Ok(status)) = row.text("status").map(Status::parse) {
        differ("status", Some(status.status.to_string()), Some(state.status.to_string()));
    }
    if row.has("severity") {
        let history = state.severity.number().to_string();
        differ("severity", row.text("severity").map(str::to_owned), Some(history));
    }
    if row.has("owner") {
        differ("owner", row.text("owner").map(str::to_owned), state.owner.clone());
    }
    if let Ok(due) = row.date("due_on", context.times)
        && row.has("due_on")
    {
        differ("due_on", due.map(|d| d.to_string()), state.due_on.map(|d| d.to_string()));
    }
}
