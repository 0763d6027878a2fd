//! A write that is sent again is not done again: `Idempotency-Key`.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::engine::Engine;
use crate::engine::idempotency::Taken;
use crate::engine::tokens::Program;
use crate::store::idempotency::Key;
use crate::store::witness;
use crate::web::shell::state::Site;

use super::fault::Fault;
use super::frame::detached;
use super::problems;
use super::sent::octets;
use super::shape::{At, Wrongs};

pub(in crate::web::api) const KEY: &str = "idempotency-key";
/// Longest key, octets.
const KEY_MAX: usize = 255;
/// Most octets of an answer that is kept; a page of a list has fewer.
const ANSWER_MAX: usize = 4 << 20;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Headers that belong to an answer.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// The key of a request, in quotes or without.
pub(in crate::web::api) fn key(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let is_fine = (1..=KEY_MAX).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic());
    if is_fine {
        return Ok(Some(bare.to_owned()));
    }
    let mut wrongs = Wrongs::default();
    let detail = format!("must be 1 to {KEY_MAX} visible ASCII characters, such as a UUID");
    wrongs.add(&At::Header("Idempotency-Key"), detail);
    Err(Fault::bad_parameter(wrongs))
}

/// Does what `run` does, unless it was done under this key before.
pub(in crate::web::api) async fn once<R>(
    site: &Site,
    program: &Program,
    key: String,
    request: Request<Body>,
    run: impl FnOnce(Request<Body>) -> R + Send + 'static,
) -> Result<Response<Body>, Fault>
where
    R: Future<Output = Response<Body>> + Send + 'static,
{
    let (parts, body) = request.into_parts();
    let octets = octets(body).await?;
    let asked = digest(&parts, &octets);
    let (engine, token) = (site.engine.clone(), program.id.clone());
    detached(async move {
        let own = Key { token: &token, key: &key };
        match engine.take_key(own, &asked, engine.clock.now()).await? {
            Taken::First => {
                let request = Request::from_parts(parts, Body::from(octets));
                let (response, is_done) = witness::watch(run(request)).await;
                keep(&engine, own, response, is_done).await
            }
            Taken::Answered(status, head, body) => Ok(again(status, &head, body)),
            Taken::Other => Err(Fault::new(problems::KEY_REUSED, problems::KEY_REUSED.words)),
            Taken::CutOff => Err(Fault::new(problems::KEY_CUT_OFF, problems::KEY_CUT_OFF.words)),
            Taken::UnderWay => {
                let kind = problems::KEY_UNDER_WAY;
                Err(Fault::new(kind, kind.words).header(RETRY_AFTER.as_str(), "1"))
            }
        }
    })
    .await?
}

/// What makes two requests the same: method, address, kind and body.
fn digest(parts: &axum::http::request::Parts, body: &[u8]) -> String {
    let kind = parts.headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let mut digest = Sha256::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), kind, body] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Writes an answer down, or gives the key back where the fault was ours and nothing was done. Where something
/// was (`is_done`) and its answer could not be made, the key stays cut off: under it nothing is done again.
async fn keep(
    engine: &Engine,
    key: Key<'_>,
    response: Response<Body>,
    is_done: bool,
) -> Result<Response<Body>, Fault> {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ANSWER_MAX).await else {
        return Err(Fault::new(problems::BROKEN, problems::BROKEN.words));
    };
    let kept = match (parts.status.is_server_error(), is_done) {
        (true, true) => Ok(()),
        (true, false) => engine.db.give_back_key(key).await,
        (false, _) => {
            let (head, text) = (head(&parts.headers), String::from_utf8_lossy(&bytes));
            engine.db.answer_key(key, parts.status.as_u16(), &head, &text).await
        }
    };
    if let Err(error) = kept {
        tracing::error!(%error, "an answer could not be kept; its key opens nothing any more");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// The headers that belong to an answer, as JSON.
fn head(headers: &HeaderMap) -> String {
    let kept = KEPT.iter().filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    });
    Value::Object(kept.collect()).to_string()
}

/// The answer that was given before.
fn again(status: u16, head: &str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let head: Map<String, Value> = serde_json::from_str(head).unwrap_or_default();
    for name in KEPT {
        let value = head.get(name.as_str()).and_then(Value::as_str).map(HeaderValue::from_str);
        if let Some(Ok(value)) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
