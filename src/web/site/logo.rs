//! `/logo/SHA256.png`: a consultant's logo, which mails load. One address for every reader, so that
//! loading it tells nobody who reads; what it shows never changes.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};

use crate::web::shell::asset::kept;
use crate::web::shell::body::answer;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

const A_YEAR: &str = "public, max-age=31536000, immutable";

pub(super) async fn show(
    State(site): State<Site>,
    Path(file): Path<String>,
) -> Result<Response<Body>, Problem> {
    let sha256 = file.strip_suffix(".png").ok_or(Problem::NotFound)?;
    if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Problem::NotFound);
    }
    let png = site.engine.db.logo(sha256).await?.ok_or(Problem::NotFound)?;
    let mut response = kept(answer(StatusCode::OK, "image/png", png), A_YEAR);
    // Mail programs on the web show it on a page of theirs.
    let resource = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(resource, HeaderValue::from_static("cross-origin"));
    Ok(response)
}
