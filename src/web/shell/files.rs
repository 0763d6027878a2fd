//! A form of somebody who is signed in, with files (RFC 7578), up to a limit.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use futures_util::StreamExt;

use super::fields::{Fields, LongFields};
use super::problem::Problem;
use super::state::Site;

/// Octets of a body besides its files.
const AROUND: usize = 256 * 1024;
/// Most parts of a form.
const PARTS: usize = 64;
/// How many times the limit is read and thrown away, so that a browser is there for the answer.
const PATIENCE: usize = 8;

/// One file that was chosen.
#[derive(Debug, Clone)]
pub(in crate::web) struct SentFile {
    /// The field that it was chosen in.
    pub(in crate::web) field: String,
    /// Its name, as the sender's machine gave it.
    pub(in crate::web) name: String,
    /// What it holds.
    pub(in crate::web) bytes: Vec<u8>,
}

/// What was sent.
#[derive(Debug, Default)]
pub(in crate::web) struct Sent {
    /// All that is no file.
    pub(in crate::web) fields: Fields,
    /// Those that were chosen.
    pub(in crate::web) files: Vec<SentFile>,
    /// Whether the files are more than may come: then none of them is here.
    pub(in crate::web) is_too_much: bool,
}

/// Reads a form, with files of so many octets at most or without. Ask for the visitor before it.
///
/// # Errors
/// [`Problem::Form`] where it was cut off or is none; as [`LongFields`] where it has no files.
pub(in crate::web) async fn read(
    site: &Site,
    request: Request<Body>,
    most: usize,
) -> Result<Sent, Problem> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("multipart/form-data") {
        let LongFields(fields) = LongFields::from_request(request, site).await?;
        return Ok(Sent { fields, ..Sent::default() });
    }
    let (parts, body) = request.into_parts();
    let Some(octets) = up_to(body, most + AROUND).await? else {
        return Ok(Sent { is_too_much: true, ..Sent::default() });
    };
    let whole = Request::from_parts(parts, Body::from(octets));
    let form = Multipart::from_request(whole, site).await.map_err(|_| Problem::Form)?;
    parts_of(form, most).await
}

/// The whole body, or none where it is longer.
async fn up_to(body: Body, most: usize) -> Result<Option<Vec<u8>>, Problem> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut read) = (Vec::new(), 0_usize);
    while let Some(piece) = stream.next().await {
        // The client went away, whom no answer reaches.
        let piece = piece.map_err(|_| Problem::Form)?;
        read = read.saturating_add(piece.len());
        if read <= most {
            kept.extend_from_slice(&piece);
        } else if read > most.saturating_mul(PATIENCE) {
            break;
        }
    }
    Ok((read <= most).then_some(kept))
}

async fn parts_of(mut form: Multipart, most: usize) -> Result<Sent, Problem> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let (mut n_parts, mut sum) = (0, 0);
    while let Some(part) = form.next_field().await.map_err(|_| Problem::Form)? {
        n_parts += 1;
        if n_parts > PARTS {
            return Err(Problem::Form);
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Problem::Form)?;
        match file {
            // A browser sends an empty part where no file was chosen.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => {
                sum += bytes.len();
                files.push(SentFile { field, name, bytes: bytes.to_vec() });
            }
            None => fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    let is_too_much = sum > most;
    if is_too_much {
        files.clear();
    }
    Ok(Sent { fields: Fields::of(fields), files, is_too_much })
}
