//! How a consultant's briefs look. Rows as they are written.

use super::record;

record! {
    /// A picture, by what it holds.
    Logo in "logo" {
        /// SHA-256 of the file, 64 lower-case hexadecimal digits.
        sha256: String,
        /// The file.
        png: Vec<u8>,
        /// Pixels.
        width: i64,
        /// Pixels.
        height: i64,
        /// When it was handed in first.
        recorded_at: i64,
    }
}

record! {
    /// What a consultant's briefs carry from an instant on. Append-only.
    Brand in "brand" {
        /// Row id.
        id: String,
        /// Whose.
        consultant_person_id: String,
        /// The name at the head; NULL is the service's.
        name: Option<String>,
        /// `#rrggbb`; NULL is the service's.
        accent: Option<String>,
        /// Picture; NULL is none.
        logo_sha256: Option<String>,
        /// Who gets the answers; NULL is the consultant.
        reply_to_person_id: Option<String>,
        /// From when on it counts.
        recorded_at: i64,
    }
}
