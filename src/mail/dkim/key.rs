//! One private key: read from its file once, with everything that is public about it.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mail_auth::common::crypto::DkimKey;
use secrecy::{ExposeSecret, SecretString};

use super::pem;
use super::selector::Selector;
use crate::domain::address::Domain;

/// What nobody but the owner, and a group that reads, may do with a key file.
const FORBIDDEN: u32 = 0o037;
/// Longest key file that is read, in octets; a key of 4096 bits has some 3,300.
const FILE_MAX: u64 = 64 * 1024;

/// How a key signs (RFC 8301 3.1, RFC 8463 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `rsa-sha256`, with the length of the modulus in bits.
    Rsa {
        /// 2048 to 4096.
        bits: usize,
    },
    /// `ed25519-sha256`.
    Ed25519,
}

impl Algorithm {
    /// `k=` of the record: the kind of key (RFC 6376 3.6.1).
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Rsa { .. } => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA-{bits}"),
            Self::Ed25519 => f.write_str("Ed25519"),
        }
    }
}

/// What a configured key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Every mail is signed with it.
    Sign,
    /// Its record is published, or is to be; nothing is signed with it, yet or any more.
    Published,
}

impl Usage {
    /// The word of the setting.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Published => "published",
        }
    }
}

/// Why a file cannot be used as a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system does not let us read it.
    #[error("cannot be read ({0}); name a key file that this user may read")]
    Unreadable(String),
    /// Others than its owner could take it.
    #[error("may be read or changed by others (mode {0:04o}); run chmod 600 on it")]
    Exposed(u32),
    /// Something else than a private key in PEM.
    #[error(
        "holds no private key in PEM form, PKCS#8 or PKCS#1; `brief dkim generate` makes such a file"
    )]
    NoPem,
    /// A pass phrase would be needed.
    #[error("is protected by a pass phrase; write it without: openssl pkcs8 -topk8 -nocrypt")]
    Encrypted,
    /// A key that DKIM has no use for.
    #[error("is neither an RSA nor an Ed25519 key; `brief dkim generate` makes both")]
    Kind,
    /// An RSA key that receivers would mistrust, or that nothing here signs with.
    #[error("is an RSA key of {0} bits; use one of 2048 to 4096 bits (RFC 8301 3.2)")]
    Bits(usize),
    /// The numbers in it do not belong together.
    #[error("is damaged ({0}); make a new one with `brief dkim generate`")]
    Damaged(String),
}

/// A private key and the name it is published under.
#[derive(Clone)]
pub struct Key {
    /// Tells it apart from the other keys of the domain.
    pub selector: Selector,
    /// The domain that signs, `d=`.
    pub domain: Domain,
    /// Whether mails are signed with it.
    pub usage: Usage,
    /// Where it was read from.
    pub file: PathBuf,
    algorithm: Algorithm,
    public: Vec<u8>,
    pub(super) secret: Arc<DkimKey>,
}

impl Key {
    /// Reads the private key in `file`: PEM, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`KeyError`], which does not name the file.
    pub fn read(
        file: &Path,
        selector: Selector,
        domain: Domain,
        usage: Usage,
    ) -> Result<Self, KeyError> {
        let text = text_of(file)?;
        let pem::Parsed { algorithm, public, secret } = pem::parse(text.expose_secret())?;
        let (file, secret) = (file.to_owned(), Arc::new(secret));
        Ok(Self { selector, domain, usage, file, algorithm, public, secret })
    }

    /// How it signs.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public key as its record holds it, before base64: a `SubjectPublicKeyInfo` for RSA (RFC
    /// 6376 3.6.1), the 32 octets themselves for Ed25519 (RFC 8463 4).
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { selector, domain, usage, algorithm, file, .. } = self;
        write!(f, "Key({selector}, {domain}, {usage:?}, {algorithm}, {})", file.display())
    }
}

/// The text of a key file that nobody else can have changed or taken.
fn text_of(path: &Path) -> Result<SecretString, KeyError> {
    let unreadable = |error: std::io::Error| KeyError::Unreadable(error.to_string());
    // The rights are those of the open file, not of what the name leads to a moment later.
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(KeyError::Unreadable("it is no file".to_owned()));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & FORBIDDEN != 0 {
        return Err(KeyError::Exposed(mode));
    }
    let mut text = String::new();
    match file.take(FILE_MAX).read_to_string(&mut text) {
        Ok(_) => Ok(SecretString::from(text)),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(KeyError::NoPem),
        Err(error) => Err(unreadable(error)),
    }
}
