//! What a program sends: a body of JSON, parameters, a version.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams};
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use serde_json::Value;

use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;

use super::caller::is_name;
use super::fault::Fault;
use super::problems;
use super::shape::query::{Parameters, Sent};
use super::shape::{At, Take, Wrongs};

/// Most octets of a body.
pub(in crate::web::api) const MOST: usize = 1 << 20;

/// A body, read by its kind.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct Json<T>(pub(in crate::web::api) T);

impl<T: Take> FromRequest<Site> for Json<T> {
    type Rejection = Fault;

    async fn from_request(request: Request<Body>, _: &Site) -> Result<Self, Fault> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let is_json = ["application/json", "application/merge-patch+json"]
            .iter()
            .any(|known| essence.eq_ignore_ascii_case(known));
        if !is_json {
            return Err(Problem::Kind.into());
        }
        let octets = octets(request.into_body()).await?;
        let value: Value = serde_json::from_slice(&octets).map_err(|error| {
            Fault::new(problems::UNREADABLE, format!("The body is no JSON: {error}."))
        })?;
        let mut wrongs = Wrongs::default();
        let taken = T::take(&value, &At::body(), &mut wrongs);
        match taken {
            Some(taken) if wrongs.0.is_empty() => Ok(Self(taken)),
            _ => Err(Fault::invalid(wrongs)),
        }
    }
}

/// A body's octets.
pub(in crate::web::api) async fn octets(body: Body) -> Result<Vec<u8>, Fault> {
    let read = axum::body::to_bytes(body, MOST).await;
    // It is too long, or the client went away, whom no answer reaches.
    read.map(|bytes| bytes.to_vec()).map_err(|_| Problem::TooLarge.into())
}

/// The parameters behind the question mark.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct Query<T>(pub(in crate::web::api) T);

impl<T: Parameters> FromRequestParts<Site> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Fault> {
        let mut wrongs = Wrongs::default();
        let query = parts.uri.query().unwrap_or_default();
        let sent = Sent::of(query, T::NAMES, &mut wrongs);
        match T::read(&sent, &mut wrongs) {
            Some(read) if wrongs.0.is_empty() => Ok(Self(read)),
            _ => Err(Fault::bad_parameter(wrongs)),
        }
    }
}

/// The one part of an address that names something.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct One(pub(in crate::web::api) String);

impl FromRequestParts<Site> for One {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        let [one] = names(parts, site).await?;
        Ok(Self(one))
    }
}

/// The two parts of an address that name something, in order.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct Two(pub(in crate::web::api) String, pub(in crate::web::api) String);

impl FromRequestParts<Site> for Two {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        let [first, second] = names(parts, site).await?;
        Ok(Self(first, second))
    }
}

async fn names<const N: usize>(parts: &mut Parts, site: &Site) -> Result<[String; N], Fault> {
    let missing = || Fault::from(Problem::NotFound);
    let found = RawPathParams::from_request_parts(parts, site).await.map_err(|_| missing())?;
    let names: Vec<String> = found.iter().map(|(_, value)| value.to_owned()).collect();
    if !names.iter().all(|name| is_name(name)) {
        return Err(missing());
    }
    names.try_into().map_err(|_| missing())
}

/// The version that a program read before it decided on a change.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct IfMatch(pub(in crate::web::api) Option<String>);

impl FromRequestParts<Site> for IfMatch {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Fault> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        // A weak one never matches (RFC 9110 13.1.1), and several are not a version that was read.
        match quoted.filter(|version| !version.contains('"')) {
            Some(version) => Ok(Self(Some(version.to_owned()))),
            None => {
                let mut wrongs = Wrongs::default();
                let detail = "must be the ETag of one answer, in its quotes, or *";
                wrongs.add(&At::Header("If-Match"), detail);
                Err(Fault::bad_parameter(wrongs))
            }
        }
    }
}
