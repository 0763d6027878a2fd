//! Signing a finished message with every key in use.
//!
//! What the signatures have in common is made once for each message: the relaxed form of header and
//! body, and the hash of the body. Nothing of it is shared between recipients: their own links stand in
//! both parts, and beside the arithmetic of RSA it costs little.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mail_auth::common::crypto::SigningKey;
use mail_auth::dkim::{Canonicalization, Signature};
use sha2::{Digest, Sha256};

use super::key::{Algorithm, Key, Usage};
use super::relaxed;
use super::split::Split;

/// For header and body: what relays do to blanks and folds breaks no signature (RFC 6376 3.4.2, 3.4.4).
const RELAXED: Canonicalization = Canonicalization::Relaxed;
/// The fields that are signed, each once more than it stands there, so that none can be added
/// (RFC 6376 5.4.1, 8.15; RFC 8058 4 wants both of `List-Unsubscribe`).
const SIGNED: [&str; 14] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Id",
    "List-Help",
    "Auto-Submitted",
    "Feedback-ID",
];

/// Longest line of a header, in octets without its end (RFC 5322 2.1.1).
const LINE_MAX: usize = 78;

/// A message was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// No empty line ends its header.
    #[error("a mail without a body cannot be signed; its edition has to be made again")]
    NoHeader,
    /// The cryptography refused, or its thread ended.
    #[error("a mail cannot be signed with the key of {selector} ({problem}); see `brief doctor`")]
    Refused {
        /// Which key.
        selector: String,
        /// What was said.
        problem: String,
    },
    /// The thread that signs ended early.
    #[error("signing ended early ({0}); it is tried again at the next tick")]
    Ended(String),
}

/// All keys that mails are signed with. Cheap to clone; without keys it does nothing.
#[derive(Debug, Clone, Default)]
pub struct Signer {
    keys: Arc<[Key]>,
}

impl Signer {
    /// Signs with those of `keys` that are in use; RSA first, whose signature then stands on top,
    /// for receivers that look at one only.
    #[must_use]
    pub fn of(keys: &[Key]) -> Self {
        let in_use = keys.iter().filter(|key| key.usage == Usage::Sign);
        let mut keys: Vec<Key> = in_use.cloned().collect();
        keys.sort_by_key(|key| key.algorithm() == Algorithm::Ed25519);
        Self { keys: keys.into() }
    }

    /// The keys in use, in the order of their signatures.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Puts one signature for each key before a finished message; `now` is the time in them. Takes
    /// the better part of a millisecond with an RSA key, all of it arithmetic.
    ///
    /// # Errors
    /// A message whose header does not end, or a key that the cryptography does not take.
    pub fn sign(&self, message: &mut Vec<u8>, now: Timestamp) -> Result<(), SignError> {
        if self.keys.is_empty() {
            return Ok(());
        }
        let Common { template, header } = Common::of(message, now)?;
        let mut fields = Vec::with_capacity(2048);
        for key in &*self.keys {
            let mut signature = template.clone();
            signature.a = key.secret.algorithm();
            signature.d = key.domain.as_str().to_owned();
            signature.s = key.selector.as_str().to_owned();
            let mut input = header.clone();
            signature.write(&mut input, false);
            let refused = |problem: mail_auth::Error| SignError::Refused {
                selector: key.selector.to_string(),
                problem: problem.to_string(),
            };
            signature.b = base64(&key.secret.sign(input.as_slice()).map_err(refused)?);
            let mut field = Vec::with_capacity(1024);
            signature.write(&mut field, true);
            fold(&field, &mut fields);
        }
        message.splice(0..0, fields);
        Ok(())
    }

    /// As [`sign`](Self::sign), on a thread where arithmetic keeps no connection waiting.
    ///
    /// # Errors
    /// As [`sign`](Self::sign); or when that thread ended early.
    pub async fn sign_apart(
        &self,
        mut message: Vec<u8>,
        now: Timestamp,
    ) -> Result<Vec<u8>, SignError> {
        if self.keys.is_empty() {
            return Ok(message);
        }
        let signer = self.clone();
        tokio::task::spawn_blocking(move || signer.sign(&mut message, now).map(|()| message))
            .await
            .unwrap_or_else(|ended| Err(SignError::Ended(ended.to_string())))
    }
}

/// What the signatures of one message have in common.
struct Common {
    /// Everything but the algorithm, the domain, the selector and the signature itself.
    template: Signature,
    /// The signed fields in their relaxed form, in the order of `h=`.
    header: Vec<u8>,
}

impl Common {
    fn of(message: &[u8], now: Timestamp) -> Result<Self, SignError> {
        let split = Split::of(message).ok_or(SignError::NoHeader)?;
        let body = relaxed::body(split.body);
        // Fields of one name are signed from the bottom up (RFC 6376 5.4.2).
        let mut fields: Vec<_> = split.filter(|(name, _)| is_signed(name)).collect();
        fields.reverse();
        let names = fields.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned());
        let template = Signature {
            v: 1,
            // Every name once more: a field that is added would be signed as absent.
            h: names.chain(SIGNED.map(str::to_owned)).collect(),
            bh: base64(&Sha256::digest(&body)),
            t: u64::try_from(now.as_second()).unwrap_or_default(),
            ch: RELAXED,
            cb: RELAXED,
            ..Signature::default()
        };
        let mut header = Vec::with_capacity(2048);
        RELAXED.canonicalize_headers(fields.into_iter(), &mut header);
        Ok(Self { template, header })
    }
}

fn is_signed(name: &[u8]) -> bool {
    SIGNED.iter().any(|signed| name.eq_ignore_ascii_case(signed.as_bytes()))
}

fn base64(octets: &[u8]) -> Vec<u8> {
    STANDARD.encode(octets).into_bytes()
}

/// Appends a signature's field whose first line, which mail-auth leaves whole however long the names
/// in it are, is broken at blanks. A fold and a blank are the same in the relaxed form.
fn fold(field: &[u8], out: &mut Vec<u8>) {
    let end = memchr::memmem::find(field, b"\r\n").unwrap_or(field.len());
    let (first, rest) = field.split_at(end);
    let mut column = 0;
    for word in first.split(|octet| *octet == b' ') {
        if column != 0 && LINE_MAX < column + 1 + word.len() {
            out.extend_from_slice(b"\r\n\t");
            column = 1;
        } else if column != 0 {
            out.push(b' ');
            column += 1;
        }
        out.extend_from_slice(word);
        column += word.len();
    }
    out.extend_from_slice(rest);
}
