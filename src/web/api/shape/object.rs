//! The macros that declare bodies: one declaration is the struct, its schema, its example, and how it
//! is read or written.

/// Declares a body that programs get: every member is always there, perhaps as null.
///
/// `Name = {"an": "example"} { /// Its sentence. member: Kind, … }`
macro_rules! answer {
    ($(#[doc = $doc:literal])+ $name:ident = $example:tt {
        $( $(#[doc = $member_doc:literal])+ $member:ident : $kind:ty ),+ $(,)?
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, serde::Serialize)]
        pub(in crate::web::api) struct $name {
            $( $(#[doc = $member_doc])+ pub(in crate::web::api) $member: $kind ),+
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let members = vec![$( $crate::web::api::shape::schema::Member {
                    name: stringify!($member),
                    docs: &[$($member_doc),+],
                    shape: <$kind as $crate::web::api::shape::Shape>::shape(),
                    is_required: true,
                } ),+];
                let example = serde_json::json!($example);
                $crate::web::api::shape::schema::object(&[$($doc),+], members, example, false)
            }
        }

        $crate::web::api::shape::object::named!($name: $($kind),+);
    };
}

/// Declares a body that programs send: members are read by their kinds, others are refused.
macro_rules! request {
    ($(#[doc = $doc:literal])+ $name:ident = $example:tt {
        $( $(#[doc = $member_doc:literal])+ $member:ident : $kind:ty ),+ $(,)?
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        pub(in crate::web::api) struct $name {
            $( $(#[doc = $member_doc])+ pub(in crate::web::api) $member: $kind ),+
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let members = vec![$( $crate::web::api::shape::schema::Member {
                    name: stringify!($member),
                    docs: &[$($member_doc),+],
                    shape: <$kind as $crate::web::api::shape::Shape>::shape(),
                    is_required: <$kind as $crate::web::api::shape::Take>::IS_REQUIRED,
                } ),+];
                let example = serde_json::json!($example);
                $crate::web::api::shape::schema::object(&[$($doc),+], members, example, true)
            }
        }

        impl $crate::web::api::shape::Take for $name {
            fn take(
                value: &serde_json::Value,
                at: &$crate::web::api::shape::At,
                wrongs: &mut $crate::web::api::shape::Wrongs,
            ) -> Option<Self> {
                const MEMBERS: &[&str] = &[$(stringify!($member)),+];
                let map = $crate::web::api::shape::object::members(value, at, MEMBERS, wrongs)?;
                $( let $member = $crate::web::api::shape::object::member::<$kind>(
                    map, stringify!($member), at, wrongs,
                ); )+
                Some(Self { $( $member: $member? ),+ })
            }
        }

        $crate::web::api::shape::object::named!($name: $($kind),+);
    };
}

/// Makes of an object a schema that others refer to by its name.
macro_rules! named {
    ($name:ident : $($kind:ty),+) => {
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schemas(named: &mut $crate::web::api::shape::Named) {
                $( <$kind as $crate::web::api::shape::Shape>::name_parts(named); )+
            }
        }

        impl $crate::web::api::shape::Shape for $name {
            fn shape() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::web::api::shape::schema::named(stringify!($name))
            }

            fn name_parts(named: &mut $crate::web::api::shape::Named) {
                if named.iter().all(|(own, _)| own != stringify!($name)) {
                    named.push((stringify!($name).to_owned(), <Self as utoipa::PartialSchema>::schema()));
                    <Self as utoipa::ToSchema>::schemas(named);
                }
            }
        }
    };
}

pub(in crate::web::api) use {answer, named, request};

use serde_json::{Map, Value};

use super::{At, Take, Wrongs};

/// The members of an object; names that are not known are said to be that.
pub(in crate::web::api) fn members<'v>(
    value: &'v Value,
    at: &At,
    known: &[&str],
    wrongs: &mut Wrongs,
) -> Option<&'v Map<String, Value>> {
    let Some(map) = value.as_object() else {
        wrongs.add(at, "must be an object");
        return None;
    };
    for name in map.keys().filter(|name| !known.contains(&name.as_str())) {
        wrongs.add(&at.child(name), format!("is not known here; known are: {}", known.join(", ")));
    }
    Some(map)
}

/// One member.
pub(in crate::web::api) fn member<T: Take>(
    map: &Map<String, Value>,
    name: &'static str,
    at: &At,
    wrongs: &mut Wrongs,
) -> Option<T> {
    let at = at.child(name);
    match map.get(name) {
        Some(value) => T::take(value, &at, wrongs),
        None => T::absent(&at, wrongs),
    }
}
