//! New keys, as the text of a key file: PEM, PKCS#8.

use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding, SecretDocument};
use rsa::rand_core::TryCryptoRng;
use secrecy::SecretString;

/// Bits of a new RSA key: what RFC 8301 3.2 recommends. Longer ones do not fit one TXT string, and
/// take four times as long to sign with.
pub const RSA_BITS: usize = 2048;

/// The start of an Ed25519 key in PKCS#8: version, algorithm, and the head of the 32 octets that
/// follow (RFC 8410 7).
const ED25519_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A key could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no key could be made ({0}); see that the system gives random numbers, and try again")]
pub struct GenerateError(String);

impl GenerateError {
    fn of(error: &impl ToString) -> Self {
        Self(error.to_string())
    }
}

/// A new RSA key of [`RSA_BITS`]; takes up to a few seconds.
///
/// # Errors
/// When `chance` gives nothing.
pub fn rsa<R: TryCryptoRng>(chance: &mut R) -> Result<SecretString, GenerateError> {
    let key = PrivateKey::new(chance, RSA_BITS).map_err(|e| GenerateError::of(&e))?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|e| GenerateError::of(&e))?;
    Ok(SecretString::from(pem.as_str()))
}

/// A new Ed25519 key: its seed is 32 octets of `chance` (RFC 8032 5.1.5).
///
/// # Errors
/// When `chance` gives nothing.
pub fn ed25519<R: TryCryptoRng>(chance: &mut R) -> Result<SecretString, GenerateError> {
    let mut der = [0; ED25519_HEAD.len() + 32];
    der[..ED25519_HEAD.len()].copy_from_slice(&ED25519_HEAD);
    chance.try_fill_bytes(&mut der[ED25519_HEAD.len()..]).map_err(|e| GenerateError::of(&e))?;
    let pem = SecretDocument::try_from(der.as_slice())
        .and_then(|document| document.to_pem("PRIVATE KEY", LineEnding::LF))
        .map_err(|e| GenerateError::of(&e))?;
    Ok(SecretString::from(pem.as_str()))
}
