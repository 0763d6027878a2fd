//! A form with files (RFC 7578): `multipart/form-data` with its files as octets, or any other form,
//! which has none.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};

use super::fields::{Fields, LongFields};
use super::problem::Problem;
use super::state::Site;

/// Most fields and files of one form.
const PARTS_MAX: usize = 400;

/// One file that was chosen in a form.
#[derive(Debug, Clone)]
pub(in crate::web) struct SentFile {
    /// The field that it was chosen in.
    pub(in crate::web) field: String,
    /// What it holds.
    pub(in crate::web) bytes: Vec<u8>,
}

/// What a form of somebody who is signed in sent. Ask for the visitor before it. How long it may be is
/// the route's `DefaultBodyLimit`.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct FormWithFiles {
    /// All that is no file.
    pub(in crate::web) fields: Fields,
    /// Those that were chosen: a field left empty sends none.
    pub(in crate::web) files: Vec<SentFile>,
}

impl FromRequest<Site> for FormWithFiles {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, site: &Site) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_multipart = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
        if !is_multipart {
            let LongFields(fields) = LongFields::from_request(request, site).await?;
            return Ok(Self { fields, files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, site).await.map_err(|_| Problem::Form)?;
        let mut form = Self::default();
        for _ in 0..PARTS_MAX {
            let Some(part) = parts.next_field().await.map_err(|e| problem(e.status()))? else {
                return Ok(form);
            };
            let Some(field) = part.name().map(str::to_owned) else { continue };
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await.map_err(|e| problem(e.status()))?.to_vec();
            if !is_file {
                form.fields.add(field, String::from_utf8_lossy(&bytes).into_owned());
            } else if !bytes.is_empty() {
                form.files.push(SentFile { field, bytes });
            }
        }
        Err(Problem::TooLarge)
    }
}

/// Why a body cannot be read: too long, or cut off.
fn problem(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Problem::TooLarge } else { Problem::Form }
}
