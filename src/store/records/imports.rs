//! Imports and settings. Rows as they are written.

use super::record;

record! {
    /// One import of one file.
    ImportBatch in "import_batch" {
        /// Row id.
        id: String,
        /// Instant.
        started_at: i64,
        /// When it ended.
        finished_at: Option<i64>,
        /// File.
        path: String,
        /// Kind code.
        kind: String,
        /// Of the file, hexadecimal.
        sha256: String,
        /// Rows in the file.
        rows_read: i64,
        /// Rows that changed something.
        rows_written: i64,
        /// Rows refused.
        rows_rejected: i64,
        /// When that import was voided.
        voided_at: Option<i64>,
        /// Why it was voided.
        voided_why: Option<String>,
    }
}

record! {
    /// What an import changed in a row that can change.
    ImportRevision in "import_revision" {
        /// The import that wrote it, if one did.
        batch_id: String,
        /// Table of the row.
        table_name: String,
        /// Its id.
        row_id: String,
        /// The row before.
        before_json: String,
        /// The row after.
        after_json: String,
    }
}

record! {
    /// One value of the running service.
    Setting in "setting" {
        /// Name.
        key: String,
        /// Value.
        value: String,
        /// Instant.
        changed_at: i64,
    }
}
