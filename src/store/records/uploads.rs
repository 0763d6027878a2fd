//! Uploads, and what stays of them. Rows as they are written.

use super::record;

record! {
    /// Files that somebody sent to import them.
    Upload in "upload" {
        /// Row id.
        id: String,
        /// Who.
        person_id: String,
        /// The one organization that rows may touch.
        organization_id: Option<String>,
        /// The map: text of a map file.
        map: String,
        /// 1 where one reject refuses a file.
        is_strict: i64,
        /// State code.
        state: String,
        /// JSON: what came of it.
        report: Option<String>,
        /// When.
        created_at: i64,
        /// When its state was last changed.
        changed_at: i64,
        /// From when on it is over.
        expires_at: i64,
    }
}

record! {
    /// One file of an upload.
    UploadFile in "upload_file" {
        /// The upload.
        upload_id: String,
        /// Its place, from 0.
        number: i64,
        /// Its name.
        name: String,
        /// Its bytes, how many.
        size: i64,
        /// Its bytes.
        bytes: Vec<u8>,
    }
}

record! {
    /// The last map by which a kind of file was imported.
    ImportMap in "import_map" {
        /// Row id.
        id: String,
        /// For which organization; none for all.
        organization_id: Option<String>,
        /// Kind code.
        kind: String,
        /// Text of a map file.
        map: String,
        /// Whose.
        person_id: String,
        /// When.
        saved_at: i64,
    }
}

record! {
    /// An import that came by an upload.
    ImportUpload in "import_upload" {
        /// The import.
        batch_id: String,
        /// Whose upload.
        person_id: String,
        /// The one organization that its rows might touch.
        organization_id: Option<String>,
        /// When.
        uploaded_at: i64,
    }
}
