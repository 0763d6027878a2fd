//! What the demo prints: who got what this week and why, and the proof.

use serde::Serialize;

use super::folder::Folder;
use crate::cli::{Listed, Output, run, show};
use crate::engine::prove::Proof;
use crate::store::Db;
use crate::store::deliveries::DeliveryRow;

/// More than the demo has.
const MANY: i64 = 10_000;

/// One delivery of the week. Addresses are shown whole: all of them belong to nobody.
#[derive(Debug, Serialize)]
struct Row {
    organization: Option<String>,
    to: Option<String>,
    edition: Option<String>,
    subject: Option<String>,
    state: String,
    reason: Option<String>,
    file: Option<String>,
}

impl Row {
    fn of(row: DeliveryRow, folder: &Folder) -> Self {
        let file = folder.outbox().join(format!("{}.eml", row.id));
        Self {
            organization: row.organization,
            to: row.email,
            edition: row.edition,
            subject: row.subject,
            file: (row.state == "sent").then(|| file.display().to_string()),
            reason: row.reason.or_else(|| {
                let later = row.next_attempt_at.filter(|_| row.state == "queued");
                later.map(|at| format!("due {}", show::instant(at)))
            }),
            state: row.state,
        }
    }
}

impl Listed for Row {
    const HEAD: &'static [&'static str] =
        &["organization", "to", "edition", "subject", "state", "reason"];
    const WHOLE: &'static [usize] = &[0, 2, 4];
    fn cells(&self) -> Vec<String> {
        vec![
            show::or_dash(self.organization.as_ref()),
            show::or_dash(self.to.as_ref()),
            show::or_dash(self.edition.as_ref()),
            show::or_dash(self.subject.as_ref()),
            self.state.clone(),
            show::or_dash(self.reason.as_ref()),
        ]
    }
}

#[derive(Debug, Serialize)]
struct Whole<'a> {
    iso_week: &'a str,
    deliveries: &'a [Row],
    runs: &'a [Proof],
}

/// Prints the week.
///
/// # Errors
/// As any read, or a reader that went away.
pub async fn print(
    output: &Output,
    db: &Db,
    week: &str,
    proofs: &[Proof],
    folder: &Folder,
) -> anyhow::Result<()> {
    let rows = db.deliveries("", week, MANY).await?;
    let mut rows: Vec<Row> = rows.into_iter().map(|row| Row::of(row, folder)).collect();
    rows.sort_by(|a, b| {
        (&a.organization, &a.edition, &a.to).cmp(&(&b.organization, &b.edition, &b.to))
    });
    if output.json {
        return output.value(&Whole { iso_week: week, deliveries: &rows, runs: proofs });
    }
    output.listing(&rows, "No brief was due this week.")?;
    output.line("")?;
    for proof in proofs {
        output.line(run::equation(proof))?;
    }
    let sent = rows.iter().filter(|row| row.state == "sent").count();
    output.note(format_args!(
        "{sent} mails are in {}, those of the eleven weeks before in {}.",
        folder.outbox().display(),
        folder.earlier().display()
    ))
}
