//! A source's place, as it may be shown.

use secrecy::ExposeSecret;

use crate::config::{Source, hide_password};

/// Its URL without a password.
#[must_use]
pub fn place(source: &Source) -> String {
    hide_password(source.url.expose_secret())
}

/// The engine by its usual name.
#[must_use]
pub fn engine(source: &Source) -> &'static str {
    match source.url.expose_secret().split_once(':').map(|(scheme, _)| scheme) {
        Some("postgres" | "postgresql") => "PostgreSQL",
        Some("mysql") => "MySQL",
        Some("mariadb") => "MariaDB",
        _ => "SQLite",
    }
}
