//! An import for one organization alone: rows about another are rejected, and no answer tells whether
//! there is another.

use super::kind::FileKind;
use super::map::{Fault, Row};

/// The one organization that an import may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    /// Its row.
    pub organization_id: String,
    /// What files call it: its external id, or its slug where it has none.
    pub name: String,
}

impl Only {
    /// Whether rows of a kind may come in such an import: what is about the work at a client, not
    /// about who is one, who they are and who gets mail.
    #[must_use]
    pub const fn takes(kind: FileKind) -> bool {
        matches!(
            kind,
            FileKind::Implementations
                | FileKind::Areas
                | FileKind::Gaps
                | FileKind::Changes
                | FileKind::Assessments
                | FileKind::Sessions
                | FileKind::Promises
        )
    }

    /// Refuses a row that names another organization.
    ///
    /// # Errors
    /// It does, or is of a kind that does not come in such an import.
    pub fn check(&self, row: &Row) -> Result<(), Fault> {
        if !Self::takes(row.kind) {
            return Err(Fault::at("", format!("only the operator imports {}", row.kind)));
        }
        let (column, named) = match row.kind {
            FileKind::Promises => {
                let session = row.text("session");
                ("session", session.and_then(|s| s.rsplit_once('@')).map(|(name, _)| name))
            }
            _ => ("organization", row.text("organization")),
        };
        match named {
            Some(name) if name != self.name => Err(Fault::at(
                column,
                format!(
                    "{:?} is not taken here: this import is for {:?} alone; write that, or leave the column away",
                    super::times::shown(name),
                    self.name
                ),
            )),
            _ => Ok(()),
        }
    }
}
