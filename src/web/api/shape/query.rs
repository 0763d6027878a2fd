//! What stands behind the question mark: a struct declares its parameters as a body does its members.

use serde_json::Value;
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{RefOr, Schema};

use super::{At, Code, Day, Email, Instant, Shape, Take, Text, Whole, Word, Words, Wrongs};

/// A value as a parameter holds it.
pub(in crate::web::api) trait Plain: Take {
    /// The same as a program would write it in JSON.
    fn value(text: &str) -> Value {
        Value::from(text)
    }
}

impl<const LEAST: usize, const MOST: usize> Plain for Text<LEAST, MOST> {}
impl Plain for Day {}
impl Plain for Instant {}
impl Plain for Email {}
impl<T: Words + std::str::FromStr> Plain for Word<T> {}
impl<T: Words> Plain for Code<T> {}

impl<const LEAST: i64, const MOST: i64> Plain for Whole<LEAST, MOST> {
    fn value(text: &str) -> Value {
        text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
    }
}

impl Plain for bool {
    fn value(text: &str) -> Value {
        text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from)
    }
}

/// Several values with commas between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Several<T>(pub(in crate::web::api) Vec<T>);

impl<T: Shape> Shape for Several<T> {
    fn shape() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::shape()).min_items(Some(1)).max_items(Some(20)).into()
    }
}

impl<T: Plain> Take for Several<T> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let parts = value.as_str().unwrap_or_default().split(',');
        let all: Vec<Option<T>> =
            parts.map(|part| T::take(&T::value(part.trim()), at, wrongs)).collect();
        if all.len() > 20 {
            wrongs.add(at, "names more than 20 values");
            return None;
        }
        all.into_iter().collect::<Option<Vec<T>>>().map(Self)
    }
}

impl<T: Plain> Plain for Several<T> {}

/// Parameters that were sent, each once.
#[derive(Debug, Default)]
pub(in crate::web::api) struct Sent(Vec<(String, String)>);

impl Sent {
    /// Reads what stands behind the question mark.
    pub(in crate::web::api) fn of(query: &str, known: &[&str], wrongs: &mut Wrongs) -> Self {
        let mut sent: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let at = At::Query(name.to_string());
            if !known.contains(&name.as_ref()) {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                wrongs.add(&at, format!("is not known here; known are: {known}"));
            } else if sent.iter().any(|(own, _)| *own == name) {
                wrongs.add(&at, "is given twice; several values stand in one, with commas between");
            } else {
                sent.push((name.into_owned(), value.into_owned()));
            }
        }
        Self(sent)
    }

    /// One parameter, if it is there.
    pub(in crate::web::api) fn get<T: Plain>(
        &self,
        name: &str,
        wrongs: &mut Wrongs,
    ) -> Option<Option<T>> {
        let found = self.0.iter().find(|(own, _)| own == name);
        let Some((_, text)) = found else { return Some(None) };
        T::take(&T::value(text), &At::Query(name.to_owned()), wrongs).map(Some)
    }
}

/// Parameters of an operation.
pub(in crate::web::api) trait Parameters: Sized {
    /// Their names.
    const NAMES: &'static [&'static str];

    /// Reads them.
    fn read(sent: &Sent, wrongs: &mut Wrongs) -> Option<Self>;
}

/// Declares parameters, all of which may be left out.
///
/// `Name { /// Its sentence. parameter: Kind, … }`
macro_rules! query {
    ($(#[doc = $doc:literal])+ $name:ident {
        $( $(#[doc = $member_doc:literal])+ $member:ident : $kind:ty ),+ $(,)?
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        pub(in crate::web::api) struct $name {
            $( $(#[doc = $member_doc])+ pub(in crate::web::api) $member: Option<$kind> ),+
        }

        impl $crate::web::api::shape::query::Parameters for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($member)),+];

            fn read(
                sent: &$crate::web::api::shape::query::Sent,
                wrongs: &mut $crate::web::api::shape::Wrongs,
            ) -> Option<Self> {
                $( let $member = sent.get::<$kind>(stringify!($member), wrongs); )+
                Some(Self { $( $member: $member? ),+ })
            }
        }

        impl utoipa::IntoParams for $name {
            fn into_params(
                _: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
            ) -> Vec<utoipa::openapi::path::Parameter> {
                vec![$( $crate::web::api::shape::query::parameter(
                    stringify!($member),
                    &[$($member_doc),+],
                    <$kind as $crate::web::api::shape::Shape>::shape(),
                ) ),+]
            }
        }
    };
}

pub(in crate::web::api) use query;

/// A parameter for the document.
pub(in crate::web::api) fn parameter(
    name: &str,
    docs: &[&str],
    shape: RefOr<Schema>,
) -> utoipa::openapi::path::Parameter {
    use utoipa::openapi::Required;
    use utoipa::openapi::path::{ParameterBuilder, ParameterIn, ParameterStyle};
    let is_list = matches!(shape, RefOr::T(Schema::Array(_)));
    let sentence = docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    let builder = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(sentence))
        .schema(Some(shape));
    if is_list {
        builder.style(Some(ParameterStyle::Form)).explode(Some(false)).build()
    } else {
        builder.build()
    }
}
