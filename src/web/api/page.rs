//! Lists page by page. A cursor says after which id the next page begins, and which list it is of, so
//! that it is not taken for a place in another one.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{HeaderValue, LINK};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::engine::secret::sha256;
use crate::store::listings;
use crate::web::shell::body::answer as body_of;
use crate::web::shell::state::Site;

use super::fault::Fault;
use super::shape::query::{Parameters, Sent};
use super::shape::{At, Named, Shape, Wrongs, schema};

/// The parameters of every list.
pub(in crate::web::api) const PARAMETERS: [&str; 2] = ["limit", "cursor"];
/// Entries of a page unless others are asked for, and at most.
pub(in crate::web::api) const USUAL: i64 = 50;
pub(in crate::web::api) const MOST: i64 = 200;
/// Digits of a list's mark in a cursor.
const MARK: usize = 12;

/// A list with its filters, and the page of it that is wanted.
#[derive(Debug, Clone)]
pub(in crate::web::api) struct List<F> {
    /// Which entries.
    pub(in crate::web::api) filter: F,
    /// Entries of the page.
    pub(in crate::web::api) limit: i64,
    /// The id after which it begins; empty for the first page.
    pub(in crate::web::api) after: String,
    /// Its address.
    path: String,
    /// The parameters that narrow it, written in one way.
    filters: String,
}

impl<F> List<F> {
    /// The page for a statement, with one row more: it says whether there is another page.
    pub(in crate::web::api) fn page<'a>(
        &'a self,
        organization: Option<&'a str>,
    ) -> listings::Page<'a> {
        listings::Page { organization, after: &self.after, limit: self.limit + 1 }
    }

    /// Answers with a page: `rows` are one more than the page holds where there is another one.
    pub(in crate::web::api) fn answer<R, T: Serialize>(
        &self,
        site: &Site,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> &str,
        show: impl FnMut(R) -> T,
    ) -> Response<Body> {
        let most = usize::try_from(self.limit).unwrap_or(1);
        let is_more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| is_more).map(|last| self.cursor(key(last)));
        let items: Vec<T> = rows.into_iter().map(show).collect();
        let link = next.as_ref().map(|cursor| self.link(site, cursor));
        let mut response = json(StatusCode::OK, &Page { items, next_cursor: next });
        if let Some(Ok(link)) = link.map(|link| HeaderValue::from_str(&link)) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }

    /// The same for a list that is there as a whole, in the order of its keys.
    pub(in crate::web::api) fn slice<R, T: Serialize>(
        &self,
        site: &Site,
        rows: Vec<R>,
        key: impl Fn(&R) -> &str,
        show: impl FnMut(R) -> T,
    ) -> Response<Body> {
        let most = usize::try_from(self.limit + 1).unwrap_or(1);
        let after = rows.into_iter().filter(|row| key(row) > self.after.as_str());
        let rows: Vec<R> = after.take(most).collect();
        self.answer(site, rows, key, show)
    }

    fn cursor(&self, after: &str) -> String {
        let mark = mark(&self.path, &self.filters);
        BASE64URL_NOPAD.encode(format!("{mark}{after}").as_bytes())
    }

    /// Where the next page is (RFC 8288).
    fn link(&self, site: &Site, cursor: &str) -> String {
        let (path, limit) = (&self.path, self.limit);
        let url = site.engine.settings.web.public_url.trim_end_matches('/');
        let and = if self.filters.is_empty() { "" } else { "&" };
        let filters = &self.filters;
        format!("<{url}{path}?{filters}{and}limit={limit}&cursor={cursor}>; rel=\"next\"")
    }
}

/// What a list is known by in its cursors.
fn mark(path: &str, filters: &str) -> String {
    sha256(format!("{path}?{filters}"))[..MARK].to_owned()
}

impl<F: Parameters> FromRequestParts<Site> for List<F> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Fault> {
        let mut wrongs = Wrongs::default();
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
        let known = [F::NAMES, &PARAMETERS].concat();
        let sent = Sent::of(query, &known, &mut wrongs);
        let filters = filters(query);
        let limit = sent.get::<super::shape::Whole<1, MOST>>("limit", &mut wrongs);
        let cursor = sent.get::<super::shape::Text<1, 2_000>>("cursor", &mut wrongs);
        let after = cursor.flatten().map(|cursor| {
            read(&cursor.0, &mark(path, &filters)).unwrap_or_else(|| {
                let detail =
                    "is not one that this list gave, with these filters; begin without one";
                wrongs.add(&At::Query("cursor".to_owned()), detail);
                String::new()
            })
        });
        let filter = F::read(&sent, &mut wrongs);
        match filter {
            Some(filter) if wrongs.0.is_empty() => Ok(Self {
                filter,
                limit: limit.flatten().map_or(USUAL, |own| own.0),
                after: after.unwrap_or_default(),
                path: path.to_owned(),
                filters,
            }),
            _ => Err(Fault::bad_parameter(wrongs)),
        }
    }
}

/// The filters of a query, in the order of their names, written in one way.
fn filters(query: &str) -> String {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let mut own: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        pairs.filter(|(name, _)| !PARAMETERS.contains(&name.as_ref())).collect();
    own.sort();
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish()
}

/// The id in a cursor of the list with this mark.
fn read(cursor: &str, mark: &str) -> Option<String> {
    let octets = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let text = String::from_utf8(octets).ok()?;
    let after = text.strip_prefix(mark)?;
    (!after.is_empty() && !after.chars().any(char::is_control)).then(|| after.to_owned())
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub(in crate::web::api) struct Page<T> {
    /// Its entries.
    pub(in crate::web::api) items: Vec<T>,
    /// Where the next page begins; none on the last one.
    pub(in crate::web::api) next_cursor: Option<String>,
}

impl<T: Shape + PartialSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let example = match T::schema() {
            RefOr::T(Schema::Object(object)) => object.examples.first().cloned(),
            _ => None,
        };
        let page = serde_json::json!({ "items": [example], "next_cursor": null });
        let cursor = schema::nullable(schema::text(None).into());
        let cursor = schema::described(
            cursor,
            "The cursor of the next page, for the parameter of that name; null on the last one.",
        );
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("One page of a list, in the order of ids."))
            .property("items", ArrayBuilder::new().items(T::shape()))
            .property("next_cursor", cursor)
            .required("items")
            .required("next_cursor")
            .examples([page])
            .into()
    }
}

impl<T: Shape + ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(named: &mut Named) {
        T::name_parts(named);
    }
}

/// A value as an answer.
pub(in crate::web::api) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    // Plain values always have a JSON form.
    let text = serde_json::to_string(value).unwrap_or_default();
    body_of(status, "application/json", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_by_the_list_that_gave_it() {
        let list = List {
            filter: (),
            limit: 2,
            after: String::new(),
            path: "/api/v1/people".to_owned(),
            filters: "a=b".to_owned(),
        };
        let cursor = list.cursor("0193");
        assert_eq!(read(&cursor, &mark("/api/v1/people", "a=b")), Some("0193".to_owned()));
        assert_eq!(read(&cursor, &mark("/api/v1/people", "")), None);
        assert_eq!(read(&cursor, &mark("/api/v1/editions", "a=b")), None);
        for text in ["", "x", "!!", &cursor[1..]] {
            assert_eq!(read(text, &mark("/api/v1/people", "a=b")), None, "{text}");
        }
    }

    #[test]
    fn filters_are_the_same_in_any_order() {
        assert_eq!(filters("b=2&limit=7&a=1%2C2&cursor=x"), "a=1%2C2&b=2");
        assert_eq!(filters("limit=7"), "");
    }
}
