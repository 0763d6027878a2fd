//! Small schemas.

use serde_json::Value;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Ref, RefOr, Schema};

/// Text; `format` names what it is written as.
pub(in crate::web::api) fn text(format: Option<&str>) -> ObjectBuilder {
    let format = format.map(|name| match name {
        "date" => SchemaFormat::KnownFormat(KnownFormat::Date),
        "date-time" => SchemaFormat::KnownFormat(KnownFormat::DateTime),
        other => SchemaFormat::Custom(other.to_owned()),
    });
    ObjectBuilder::new().schema_type(Type::String).format(format)
}

/// A whole number.
pub(in crate::web::api) fn whole() -> ObjectBuilder {
    let format = Some(SchemaFormat::KnownFormat(KnownFormat::Int64));
    ObjectBuilder::new().schema_type(Type::Integer).format(format)
}

/// One of some words.
pub(in crate::web::api) fn one_of(words: &[&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied())).into()
}

/// The same, or null.
pub(in crate::web::api) fn nullable(shape: RefOr<Schema>) -> RefOr<Schema> {
    match shape {
        RefOr::T(Schema::Object(mut object)) if object.enum_values.is_none() => {
            if let SchemaType::Type(own) = object.schema_type {
                object.schema_type = SchemaType::from_iter([own, Type::Null]);
            }
            RefOr::T(Schema::Object(object))
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.schema_type = SchemaType::from_iter([Type::Array, Type::Null]);
            RefOr::T(Schema::Array(array))
        }
        other => {
            let null = ObjectBuilder::new().schema_type(Type::Null);
            AnyOfBuilder::new().item(other).item(null).into()
        }
    }
}

/// The same with a sentence about it.
pub(in crate::web::api) fn described(shape: RefOr<Schema>, sentence: &str) -> RefOr<Schema> {
    let told = Some(sentence.to_owned());
    match shape {
        RefOr::Ref(mut own) => {
            sentence.clone_into(&mut own.description);
            RefOr::Ref(own)
        }
        RefOr::T(Schema::Object(mut own)) => {
            own.description = told;
            RefOr::T(Schema::Object(own))
        }
        RefOr::T(Schema::Array(mut own)) => {
            own.description = told;
            RefOr::T(Schema::Array(own))
        }
        RefOr::T(Schema::AnyOf(mut own)) => {
            own.description = told;
            RefOr::T(Schema::AnyOf(own))
        }
        other => other,
    }
}

/// A reference to a named schema.
pub(in crate::web::api) fn named(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

/// One member of an object.
pub(in crate::web::api) struct Member {
    pub(in crate::web::api) name: &'static str,
    pub(in crate::web::api) docs: &'static [&'static str],
    pub(in crate::web::api) shape: RefOr<Schema>,
    pub(in crate::web::api) is_required: bool,
}

/// A whole object; one that is sent holds no other members.
pub(in crate::web::api) fn object(
    docs: &[&str],
    members: Vec<Member>,
    example: Value,
    is_sent: bool,
) -> RefOr<Schema> {
    let mut builder = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(sentence(docs)))
        .examples([example]);
    for member in members {
        builder = builder.property(member.name, described(member.shape, &sentence(member.docs)));
        if member.is_required {
            builder = builder.required(member.name);
        }
    }
    if is_sent {
        builder = builder.additional_properties(Some(
            utoipa::openapi::schema::AdditionalProperties::FreeForm(false),
        ));
    }
    builder.into()
}

/// Lines of documentation as one text.
fn sentence(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}
