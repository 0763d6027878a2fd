//! What nobody can guess, and how the database knows it without holding it: the tokens of confirmations,
//! of links to sign in and of programs, and the cookies of browsers.

use sha2::{Digest, Sha256};

use super::EngineError;
use crate::clock::random_octets;
use crate::secrets::url_safe;

/// Something that nobody can guess, 32 octets, as text for a cookie or a URL.
///
/// # Errors
/// When the system has no chance to give.
pub fn secret() -> Result<String, EngineError> {
    let octets = random_octets::<32>().map_err(|problem| EngineError::File {
        path: "the system's source of chance".to_owned(),
        problem,
    })?;
    Ok(url_safe(&octets))
}

/// How a secret, or a file, is known to the database: SHA-256, hexadecimal.
#[must_use]
pub fn sha256(secret: impl AsRef<[u8]>) -> String {
    Sha256::digest(secret).iter().map(|octet| format!("{octet:02x}")).collect()
}
