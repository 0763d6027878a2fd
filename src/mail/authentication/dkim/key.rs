//! The key in a record: which kind, and how long.

/// `SEQUENCE`
const SEQUENCE: u8 = 0x30;
/// `INTEGER`
const INTEGER: u8 = 0x02;
/// `BIT STRING`
const BIT_STRING: u8 = 0x03;
/// `rsaEncryption`, 1.2.840.113549.1.1.1, as an `OBJECT IDENTIFIER` (RFC 8017 A.1).
const RSA: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// RSA, of this many bits.
    Rsa {
        /// The length of its modulus.
        bits: usize,
        /// What was published.
        octets: Vec<u8>,
    },
    /// Ed25519 (RFC 8463 4).
    Ed25519(Vec<u8>),
}

/// What was published is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the structure of an RSA key.
    #[error("p= holds no RSA key")]
    Rsa,
    /// Not the length of an Ed25519 key.
    #[error("p= holds {0} octets where an Ed25519 key has 32")]
    Ed25519(usize),
}

impl Key {
    /// An RSA key as `SubjectPublicKeyInfo`, as everybody publishes it, or as the `RSAPublicKey`
    /// that RFC 6376 3.6.1 speaks of.
    ///
    /// # Errors
    /// [`KeyError::Rsa`]
    pub fn rsa(octets: Vec<u8>) -> Result<Self, KeyError> {
        let bits = modulus_bits(&octets).ok_or(KeyError::Rsa)?;
        Ok(Self::Rsa { bits, octets })
    }

    /// The 32 octets of an Ed25519 key.
    ///
    /// # Errors
    /// [`KeyError::Ed25519`]
    pub fn ed25519(octets: Vec<u8>) -> Result<Self, KeyError> {
        if octets.len() == 32 {
            Ok(Self::Ed25519(octets))
        } else {
            Err(KeyError::Ed25519(octets.len()))
        }
    }

    /// What was published.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        match self {
            Self::Rsa { octets, .. } | Self::Ed25519(octets) => octets,
        }
    }
}

fn modulus_bits(octets: &[u8]) -> Option<usize> {
    let (outer, rest) = element(octets, SEQUENCE)?;
    if !rest.is_empty() {
        return None;
    }
    match element(outer, SEQUENCE) {
        Some((algorithm, rest)) => {
            algorithm.starts_with(&RSA).then_some(())?;
            let (bits, _) = element(rest, BIT_STRING)?;
            // The first octet says how many bits of the last are not used: none.
            let (key, _) = element(bits.strip_prefix(&[0])?, SEQUENCE)?;
            bits_of_first(key)
        }
        None => bits_of_first(outer),
    }
}

fn bits_of_first(key: &[u8]) -> Option<usize> {
    let (modulus, rest) = element(key, INTEGER)?;
    element(rest, INTEGER)?;
    let first = modulus.iter().position(|octet| *octet != 0)?;
    let modulus = &modulus[first..];
    let leading = modulus.first()?.leading_zeros() as usize;
    Some(modulus.len() * 8 - leading)
}

/// The content of the element with this tag at the front, and what follows it (X.690 8.1).
fn element(octets: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = octets.strip_prefix(&[tag])?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (length.iter().fold(0, |all, octet| (all << 8) | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
