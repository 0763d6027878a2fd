//! Values: text, numbers, days, instants, words, lists.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::domain::address::EmailAddress;

use super::{At, Named, Shape, Take, Words, Wrongs, schema};

/// The first and the last year of a day: others are slips of the finger.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Text of so many characters, as it was typed: whoever takes it cleans it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Text<const LEAST: usize, const MOST: usize>(
    pub(in crate::web::api) String,
);

impl<const LEAST: usize, const MOST: usize> Shape for Text<LEAST, MOST> {
    fn shape() -> RefOr<Schema> {
        let least = (LEAST > 0).then_some(LEAST);
        schema::text(None).min_length(least).max_length(Some(MOST)).into()
    }
}

impl<const LEAST: usize, const MOST: usize> Take for Text<LEAST, MOST> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let Some(text) = value.as_str() else {
            wrongs.add(at, "must be text");
            return None;
        };
        let n_chars = text.chars().count();
        if n_chars > MOST || n_chars < LEAST {
            let least = if LEAST > 0 { format!("{LEAST} to ") } else { "at most ".to_owned() };
            wrongs.add(at, format!("has {n_chars} characters; use {least}{MOST}"));
            return None;
        }
        if text.contains('\0') {
            wrongs.add(at, "must not hold the character U+0000");
            return None;
        }
        Some(Self(text.to_owned()))
    }
}

/// A whole number in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Whole<const LEAST: i64, const MOST: i64>(
    pub(in crate::web::api) i64,
);

impl<const LEAST: i64, const MOST: i64> Shape for Whole<LEAST, MOST> {
    fn shape() -> RefOr<Schema> {
        let number = |n: i64| utoipa::Number::Int(isize::try_from(n).unwrap_or_default());
        schema::whole().minimum(Some(number(LEAST))).maximum(Some(number(MOST))).into()
    }
}

impl<const LEAST: i64, const MOST: i64> Take for Whole<LEAST, MOST> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = whole(value).filter(|n| (LEAST..=MOST).contains(n));
        if found.is_none() {
            wrongs.add(at, format!("must be a whole number from {LEAST} to {MOST}"));
        }
        found.map(Self)
    }
}

/// A whole number, also where it is written with a point and nothing behind it.
pub(in crate::web::api) fn whole(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let of_float = || {
        let number = value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() <= EXACT)?;
        format!("{number:.0}").parse().ok()
    };
    value.as_i64().or_else(of_float)
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Day(pub(in crate::web::api) Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Shape for Day {
    fn shape() -> RefOr<Schema> {
        schema::text(Some("date")).into()
    }
}

impl Take for Day {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let text = value.as_str().filter(|text| text.len() == 10);
        let found = text.and_then(|text| text.parse::<Date>().ok());
        match found {
            Some(day) if YEARS.contains(&day.year()) => Some(Self(day)),
            Some(_) => {
                wrongs.add(at, format!("must be a day from {} to {}", YEARS.start(), YEARS.end()));
                None
            }
            None => {
                wrongs.add(at, "must be a day, as in 2026-11-30");
                None
            }
        }
    }
}

/// An instant. It is written in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Instant(pub(in crate::web::api) Timestamp);

impl Instant {
    /// From a row. What no calendar holds was written past the program.
    pub(in crate::web::api) fn of(milliseconds: i64) -> Self {
        Self(Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Shape for Instant {
    fn shape() -> RefOr<Schema> {
        schema::text(Some("date-time")).into()
    }
}

impl Take for Instant {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let is_near =
            |at: &Timestamp| YEARS.contains(&at.to_zoned_datetime(jiff::tz::TimeZone::UTC).year());
        let found = found.filter(is_near);
        if found.is_none() {
            let example = "must be an instant with its offset, as in 2026-11-30T06:00:00Z";
            wrongs.add(at, example);
        }
        found.map(Self)
    }
}

/// An address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Email(pub(in crate::web::api) EmailAddress);

impl Shape for Email {
    fn shape() -> RefOr<Schema> {
        schema::text(Some("email")).max_length(Some(254)).into()
    }
}

impl Take for Email {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        match EmailAddress::parse(value.as_str().unwrap_or_default().trim()) {
            Ok(email) => Some(Self(email)),
            Err(error) => {
                wrongs.add(at, error.to_string());
                None
            }
        }
    }
}

/// A word of one of the model's vocabularies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web::api) struct Word<T>(pub(in crate::web::api) T);

impl<T: Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T: Words> Shape for Word<T> {
    fn shape() -> RefOr<Schema> {
        schema::one_of(&T::words())
    }
}

impl<T: Words + FromStr> Take for Word<T> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = value.as_str().and_then(|text| text.parse().ok());
        if found.is_none() {
            wrongs.add(at, format!("must be one of: {}", T::words().join(", ")));
        }
        found.map(Self)
    }
}

impl<T: Words> Take for super::Code<T> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let found = value.as_str().filter(|text| T::words().contains(text));
        if found.is_none() {
            wrongs.add(at, format!("must be one of: {}", T::words().join(", ")));
        }
        found.map(Self::new)
    }
}

/// A list of so many entries at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Many<T, const MOST: usize>(pub(in crate::web::api) Vec<T>);

impl<T: Shape, const MOST: usize> Shape for Many<T, MOST> {
    fn shape() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::shape()).max_items(Some(MOST)).into()
    }

    fn name_parts(named: &mut Named) {
        T::name_parts(named);
    }
}

impl<T: Take, const MOST: usize> Take for Many<T, MOST> {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        let Some(list) = value.as_array().filter(|list| list.len() <= MOST) else {
            wrongs.add(at, format!("must be a list of at most {MOST} entries"));
            return None;
        };
        let all = list.iter().enumerate().map(|(n, one)| T::take(one, &at.child(n), wrongs));
        let all: Vec<Option<T>> = all.collect();
        all.into_iter().collect::<Option<Vec<T>>>().map(Self)
    }
}

/// An object whose members are not ours to know, such as the inputs of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web::api) struct Open(pub(in crate::web::api) Map<String, Value>);

impl Serialize for Open {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Shape for Open {
    fn shape() -> RefOr<Schema> {
        let any = Some(AdditionalProperties::FreeForm(true));
        ObjectBuilder::new().schema_type(Type::Object).additional_properties(any).into()
    }
}

impl Take for Open {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        if let Value::Object(map) = value {
            return Some(Self(map.clone()));
        }
        wrongs.add(at, "must be an object");
        None
    }
}

/// What may be left out, or be null, which is the same.
impl<T: Take> Take for Option<T> {
    const IS_REQUIRED: bool = false;

    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::take(value, at, wrongs).map(Some) }
    }

    fn absent(_: &At, _: &mut Wrongs) -> Option<Self> {
        Some(None)
    }
}

impl<T: Shape> Shape for Option<T> {
    fn shape() -> RefOr<Schema> {
        schema::nullable(T::shape())
    }

    fn name_parts(named: &mut Named) {
        T::name_parts(named);
    }
}

/// In a change: left out it stays, null takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Change<T>(pub(in crate::web::api) Option<Option<T>>);

impl<T: Shape> Shape for Change<T> {
    fn shape() -> RefOr<Schema> {
        schema::nullable(T::shape())
    }

    fn name_parts(named: &mut Named) {
        T::name_parts(named);
    }
}

impl<T: Take> Take for Change<T> {
    const IS_REQUIRED: bool = false;

    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        <Option<T> as Take>::take(value, at, wrongs).map(|own| Self(Some(own)))
    }

    fn absent(_: &At, _: &mut Wrongs) -> Option<Self> {
        Some(Self(None))
    }
}

/// In a change: left out it stays; it cannot be taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Given<T>(pub(in crate::web::api) Option<T>);

impl<T: Shape> Shape for Given<T> {
    fn shape() -> RefOr<Schema> {
        T::shape()
    }

    fn name_parts(named: &mut Named) {
        T::name_parts(named);
    }
}

impl<T: Take> Take for Given<T> {
    const IS_REQUIRED: bool = false;

    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        T::take(value, at, wrongs).map(|own| Self(Some(own)))
    }

    fn absent(_: &At, _: &mut Wrongs) -> Option<Self> {
        Some(Self(None))
    }
}

impl Shape for bool {
    fn shape() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).into()
    }
}

impl Take for bool {
    fn take(value: &Value, at: &At, wrongs: &mut Wrongs) -> Option<Self> {
        if value.as_bool().is_none() {
            wrongs.add(at, "must be true or false");
        }
        value.as_bool()
    }
}

impl Shape for String {
    fn shape() -> RefOr<Schema> {
        schema::text(None).into()
    }
}

impl Shape for i64 {
    fn shape() -> RefOr<Schema> {
        schema::whole().into()
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape() -> RefOr<Schema> {
        ArrayBuilder::new().items(T::shape()).into()
    }

    fn name_parts(named: &mut Named) {
        T::name_parts(named);
    }
}
