//! From the text of a key file to a key that signs.

use mail_auth::common::crypto::{DkimKey, Ed25519Key, RsaKey, Sha256};
use rsa::pkcs1::{DecodeRsaPublicKey, RsaPrivateKeyRef};
use rsa::pkcs8::{EncodePublicKey, ObjectIdentifier, PrivateKeyInfoRef};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs1KeyDer};

use super::key::{Algorithm, KeyError};

/// `id-Ed25519` (RFC 8410 3).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// What ring signs with; shorter RSA keys are for receivers to doubt (RFC 8301 3.2).
const BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A key and what is public of it.
pub(super) struct Parsed {
    pub algorithm: Algorithm,
    pub public: Vec<u8>,
    pub secret: DkimKey,
}

/// Reads the first private key of a PEM text.
pub(super) fn parse(text: &str) -> Result<Parsed, KeyError> {
    if text.contains("ENCRYPTED") {
        return Err(KeyError::Encrypted);
    }
    match PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError::NoPem)? {
        PrivateKeyDer::Pkcs1(der) => rsa(der.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(der) => pkcs8(der.secret_pkcs8_der()),
        // SEC1 holds elliptic curves that DKIM does not know.
        _ => Err(KeyError::Kind),
    }
}

fn pkcs8(der: &[u8]) -> Result<Parsed, KeyError> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|error| damaged(&error))?;
    if info.algorithm.oid == rsa::pkcs1::ALGORITHM_OID {
        rsa(info.private_key.as_bytes())
    } else if info.algorithm.oid == ED25519 {
        // OpenSSL writes the first version of PKCS#8, in which no public key stands to check.
        let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(der).map_err(|e| damaged(&e))?;
        let public = key.public_key();
        Ok(Parsed { algorithm: Algorithm::Ed25519, public, secret: DkimKey::Ed25519(key) })
    } else {
        Err(KeyError::Kind)
    }
}

fn rsa(der: &[u8]) -> Result<Parsed, KeyError> {
    let parts = RsaPrivateKeyRef::try_from(der).map_err(|error| damaged(&error))?;
    let bits = bits(parts.modulus.as_bytes());
    if !BITS.contains(&bits) {
        return Err(KeyError::Bits(bits));
    }
    let der = PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der));
    let key = RsaKey::<Sha256>::from_key_der(der).map_err(|error| damaged(&error))?;
    let public = ::rsa::PublicKey::from_pkcs1_der(&key.public_key())
        .map_err(|error| damaged(&error))?
        .to_public_key_der()
        .map_err(|error| damaged(&error))?
        .into_vec();
    Ok(Parsed { algorithm: Algorithm::Rsa { bits }, public, secret: DkimKey::Rsa(key) })
}

/// The length of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    let lead = number.first().map_or(0, |octet| octet.leading_zeros());
    number.len() * 8 - usize::try_from(lead).unwrap_or_default()
}

fn damaged(error: &impl ToString) -> KeyError {
    KeyError::Damaged(error.to_string())
}
