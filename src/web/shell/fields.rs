//! What a form sent: `application/x-www-form-urlencoded`, or `multipart/form-data`, which mail
//! providers may choose for the one click (RFC 8058 3.2).

use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use super::problem::Problem;
use super::state::Site;

/// Most octets of a form; ours need a tenth of it.
const MOST: usize = 64 * 1024;
/// Most octets of a form of somebody who is signed in: many notes, each letter in nine octets.
const MOST_SIGNED_IN: usize = 1024 * 1024;

/// Names and values in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of names and values.
    pub(in crate::web) fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of a field, without blanks around it; empty where there is none.
    pub(in crate::web) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// All of them, in the order in which they came, without blanks around the values.
    pub(in crate::web) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim()))
    }

    /// Whether it is the one click of a mail program: exactly this field and value (RFC 8058 3.1).
    pub(in crate::web) fn is_one_click(&self) -> bool {
        self.get("List-Unsubscribe") == "One-Click"
    }
}

/// A request's body, up to so many octets.
async fn at_most(request: Request<Body>, most: usize) -> Result<Vec<u8>, Problem> {
    let read = axum::body::to_bytes(request.into_body(), most).await;
    // It is too long, or the client went away, whom no answer reaches.
    read.map(|bytes| bytes.to_vec()).map_err(|_| Problem::TooLarge)
}

impl FromRequest<Site> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &Site) -> Result<Self, Problem> {
        read(request, MOST).await
    }
}

/// The same where the page belongs to somebody who is signed in, so that it may be long. Ask for the
/// visitor before it.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct LongFields(pub(in crate::web) Fields);

impl FromRequest<Site> for LongFields {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &Site) -> Result<Self, Problem> {
        read(request, MOST_SIGNED_IN).await.map(Self)
    }
}

async fn read(request: Request<Body>, most: usize) -> Result<Fields, Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let body = at_most(request, most).await?;
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" => {
            let parts = boundary(&kind).and_then(|boundary| multipart(&body, &boundary));
            parts.map(Fields).ok_or(Problem::Form)
        }
        "application/x-www-form-urlencoded" => Ok(Fields(
            url::form_urlencoded::parse(&body)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )),
        _ => Err(Problem::Kind),
    }
}

/// The boundary in a content type (RFC 2046 5.1.1).
fn boundary(kind: &str) -> Option<String> {
    let parameter = kind.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    (1..=70).contains(&parameter.len()).then(|| parameter.to_owned())
}

/// The parts of a multipart body that have a name (RFC 7578 section 4). Files are read as text.
fn multipart(body: &[u8], boundary: &str) -> Option<Vec<(String, String)>> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let mut pieces = text.split(delimiter.as_str());
    // What stands before the first delimiter is for people.
    pieces.next()?;
    let mut found = Vec::new();
    for piece in pieces {
        if piece.starts_with("--") {
            return Some(found);
        }
        let piece = piece.strip_prefix("\r\n").or_else(|| piece.strip_prefix('\n'))?;
        let (head, value) = piece.split_once("\r\n\r\n").or_else(|| piece.split_once("\n\n"))?;
        let value =
            value.strip_suffix("\r\n").or_else(|| value.strip_suffix('\n')).unwrap_or(value);
        if let Some(name) = name_of(head) {
            found.push((name, value.to_owned()));
        }
    }
    // The last delimiter is missing: the body was cut off.
    None
}

/// The name in a part's `Content-Disposition`.
fn name_of(head: &str) -> Option<String> {
    let line = head.lines().find(|line| {
        let name = line.split(':').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("content-disposition")
    })?;
    line.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        (name.trim() == "name").then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        b"--x7\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
        One-Click\r\n--x7\r\ncontent-disposition: form-data; name=\"b\"; filename=\"c\"\r\n\
        Content-Type: text/plain\r\n\r\ntwo\r\nlines\r\n--x7--\r\n";

    #[test]
    fn a_multipart_form_is_read_by_its_names() {
        let fields = Fields(multipart(BODY, "x7").unwrap());
        assert!(fields.is_one_click());
        assert_eq!(fields.get("b"), "two\r\nlines");
        assert_eq!(fields.get("c"), "");
        let bare = String::from_utf8_lossy(BODY).replace("\r\n", "\n");
        assert!(Fields(multipart(bare.as_bytes(), "x7").unwrap()).is_one_click());
    }

    #[test]
    fn what_is_cut_off_or_foreign_is_refused() {
        assert_eq!(multipart(&BODY[..BODY.len() - 8], "x7"), None);
        assert_eq!(multipart(BODY, "y"), None);
        assert_eq!(multipart(b"", "x7"), None);
        assert_eq!(boundary("multipart/form-data; boundary=x7"), Some("x7".to_owned()));
        assert_eq!(
            boundary("multipart/form-data; charset=x; Boundary=\"x 7\""),
            Some("x 7".to_owned())
        );
        assert_eq!(boundary("multipart/form-data; boundary="), None);
        assert_eq!(boundary("multipart/form-data"), None);
    }

    #[test]
    fn only_the_exact_words_are_the_one_click() {
        for (name, value, is_it) in [
            ("List-Unsubscribe", "One-Click", true),
            ("List-Unsubscribe", "one-click", false),
            ("list-unsubscribe", "One-Click", false),
            ("List-Unsubscribe-Post", "One-Click", false),
        ] {
            let fields = Fields(vec![(name.to_owned(), value.to_owned())]);
            assert_eq!(fields.is_one_click(), is_it, "{name}={value}");
        }
    }
}
