//! Values as programs send and get them. Each says in one place how it is written, how it is read and
//! what its schema is, so that the document cannot say one thing and the service do another.
//!
//! Reading order: [`wrong`] (what is said of a value that will not do), [`values`], [`object`] (the
//! macros that declare whole bodies), [`query`].

pub(in crate::web::api) mod object;
pub(in crate::web::api) mod query;
pub(in crate::web::api) mod schema;
pub(in crate::web::api) mod values;
pub(in crate::web::api) mod words;
pub(in crate::web::api) mod wrong;

use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

pub(in crate::web::api) use object::{answer, request};
pub(in crate::web::api) use query::query;
pub(in crate::web::api) use values::{
    Change, Day, Email, Given, Instant, Many, Open, Text, Whole, Word,
};
pub(in crate::web::api) use words::{Code, Words};
pub(in crate::web::api) use wrong::{At, Wrong, Wrongs};

/// Schemas that others refer to, by name.
pub(in crate::web::api) type Named = Vec<(String, RefOr<Schema>)>;

/// Something that has a schema.
pub(in crate::web::api) trait Shape {
    /// Its schema where it stands: the whole of a small value, a reference to a named one.
    fn shape() -> RefOr<Schema>;

    /// Adds the named schemas that it refers to.
    fn name_parts(_named: &mut Named) {}
}

/// Something that is read from what a program sent.
pub(in crate::web::api) trait Take: Shape + Sized {
    /// Whether it must be there.
    const IS_REQUIRED: bool = true;

    /// Reads it; none where it will not do, with why.
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self>;

    /// What it is where it was left out.
    fn absent(at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        wrongs.add(at, "is missing");
        None
    }
}
