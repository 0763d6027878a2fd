//! Header values that are checked once, where they are made, and then written as they are.

use crate::domain::address::{Domain, EmailAddress};
use crate::domain::line::DisplayName;

/// Longest URI in a header: leaves room for the field name within RFC 5322's 998 octets.
const URI_MAX: usize = 900;
/// Longest list identifier (RFC 2919 section 3).
const LIST_ID_MAX: usize = 255;

/// What cannot stand in a header, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// A URI with another scheme, with characters outside RFC 3986, or too long.
    #[error(
        "the link for {0} must be an absolute {1} URI of at most 900 ASCII characters without blanks"
    )]
    Uri(&'static str, &'static str),
    /// A list name or label that is no phrase or dot-atom.
    #[error("the list name and label may hold letters, digits, blanks and hyphens only")]
    ListId,
    /// A field of the feedback id breaks the rule for it.
    #[error(
        "a Feedback-ID has four fields of letters, digits and hyphens; the last, the sender, has 5 to 15"
    )]
    Feedback,
}

/// One mailbox with the name shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Where it is.
    pub address: EmailAddress,
    /// What a mail client shows.
    pub name: Option<DisplayName>,
}

impl From<EmailAddress> for Party {
    fn from(address: EmailAddress) -> Self {
        Self { address, name: None }
    }
}

/// A URI as it stands between angle brackets: ASCII, without blanks and brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderUri(String);

impl HeaderUri {
    /// An `https://` URI for the header named `header` (`http://` is let through for loopback).
    ///
    /// # Errors
    /// [`HeaderError::Uri`] for another scheme, a blank, a bracket, non-ASCII, or over 900 octets.
    pub fn web(header: &'static str, uri: &str) -> Result<Self, HeaderError> {
        let scheme_fits = uri.starts_with("https://") || is_on_loopback(uri);
        let fits = scheme_fits
            && uri.len() <= URI_MAX
            && uri
                .bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"' | b'\\'));
        fits.then(|| Self(uri.to_owned())).ok_or(HeaderError::Uri(header, "https"))
    }

    /// A `mailto:` URI with a subject (RFC 6068).
    #[must_use]
    pub fn mailto(address: &EmailAddress, subject: &str) -> Self {
        let mut uri = String::from("mailto:");
        percent_encode(address.local_part(), &mut uri);
        uri.push('@');
        uri.push_str(address.domain());
        if !subject.is_empty() {
            uri.push_str("?subject=");
            let kept: String = subject.chars().take(40).collect();
            percent_encode(&kept, &mut uri);
        }
        Self(uri)
    }

    /// The URI without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_on_loopback(uri: &str) -> bool {
    ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .filter_map(|loopback| uri.strip_prefix(loopback))
        .any(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
}

/// Percent-encodes all but the unreserved characters of RFC 3986 2.3.
fn percent_encode(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The ways out of the list, for one recipient. The web one stands first: order is preference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsubscribe {
    /// Leaves by a request; carries the recipient's own token.
    pub web: Option<HeaderUri>,
    /// Leaves by a mail.
    pub mail: Option<HeaderUri>,
    /// The web address takes the POST of RFC 8058. Ignored without one.
    pub one_click: bool,
}

impl Unsubscribe {
    /// The value of `List-Unsubscribe` (RFC 2369 3.2), if there is any way out.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        let uris: Vec<String> = [&self.web, &self.mail]
            .into_iter()
            .flatten()
            .map(|uri| format!("<{}>", uri.as_str()))
            .collect();
        (!uris.is_empty()).then(|| uris.join(", "))
    }

    /// Whether `List-Unsubscribe-Post` belongs beside it.
    #[must_use]
    pub fn has_one_click(&self) -> bool {
        self.one_click && self.web.is_some()
    }
}

/// What tells mail clients which list this is; the same for every recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHeaders {
    id: String,
    help: HeaderUri,
}

impl ListHeaders {
    /// `List-Id: NAME <LABEL.DOMAIN>` (RFC 2919 2-3) and `List-Help` (RFC 2369 3.1).
    ///
    /// # Errors
    /// [`HeaderError::ListId`] when name or label hold more than letters, digits, hyphens and, in
    /// the name, blanks, or when the identifier is over 255 octets.
    pub fn new(
        name: &str,
        label: &str,
        domain: &Domain,
        help: HeaderUri,
    ) -> Result<Self, HeaderError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let name_fits =
            (1..=60).contains(&name.len()) && name.bytes().all(|b| plain(b) || b == b' ');
        let label_fits = (1..=60).contains(&label.len()) && label.bytes().all(plain);
        let id = format!("{name} <{label}.{domain}>");
        if !name_fits || !label_fits || LIST_ID_MAX < id.len() {
            return Err(HeaderError::ListId);
        }
        Ok(Self { id, help })
    }

    /// The value of `List-Id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The value of `List-Help`.
    #[must_use]
    pub fn help(&self) -> String {
        format!("<{}>", self.help.as_str())
    }
}

/// `campaign:stream:class:sender` for Gmail's feedback loop; nothing in it is about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackId(String);

impl FeedbackId {
    /// Joins the four fields.
    ///
    /// # Errors
    /// [`HeaderError::Feedback`] when a field is empty, holds more than letters, digits and hyphens,
    /// or the sender is not 5 to 15 long.
    pub fn new(
        campaign: &str,
        stream: &str,
        class: &str,
        sender: &str,
    ) -> Result<Self, HeaderError> {
        let fields = [campaign, stream, class, sender];
        let plain = |field: &&str| {
            (1..=40).contains(&field.len())
                && field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !fields.iter().all(plain) || !(5..=15).contains(&sender.len()) {
            return Err(HeaderError::Feedback);
        }
        Ok(Self(fields.join(":")))
    }

    /// The value of the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
