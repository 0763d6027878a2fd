//! Facts of every kind, plausible and hostile: long names, right-to-left text, no areas, 200 gaps,
//! amounts at both ends of the integer.

mod gaps;
mod implementation;
mod whole;

use std::fmt;

use jiff::Span;
use jiff::civil::Date;
use proptest::prelude::*;
use proptest::sample::select;

use crate::fixture::day;

pub use whole::facts;

/// Sets a part of something larger.
struct Change<T>(Box<dyn Fn(&mut T)>);

impl<T> Change<T> {
    fn by(change: impl Fn(&mut T) + 'static) -> Self {
        Self(Box::new(change))
    }

    fn make(&self, whole: &mut T) {
        (self.0)(whole);
    }
}

impl<T> fmt::Debug for Change<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change")
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec![
            "Price lists", "invoice exceptions", "SAP roles", "Close pack", "Month-end journal",
            "D. Ruiz", "Ana-Maria del Campo", "ERP cutover", "Order to cash rollout in Ohio",
        ]).prop_map(str::to_owned),
        1 => select(vec![
            "", " ", ".", "a b c d e f g h i j k l m n o p q r s t u v w x y z",
            "\u{202E}evil\u{202C}\r\nBcc: x@y.example", "قائمة الأسعار الرئيسية", "שלום עולם",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "<script>alert(1)</script>",
            "One. Two. Three. Four! Five? Six", "\u{0}\u{1F600}\u{FE0F}", "100% of \"everything\", Ltd.",
            "The back office", "ß", "ﬁrst", "İstanbul", "a\u{200B}\u{200B}",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z ]{0,120}",
    ]
}

fn money() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => 0..5_000_000_i64,
        1 => any::<i64>(),
        1 => select(vec![0, 1, -1, i64::MAX, i64::MIN, 99_949_999, 99_950_000]),
    ]
}

fn date() -> impl Strategy<Value = Date> {
    let from = |days: i64| day("2026-11-23").checked_add(Span::new().days(days)).unwrap();
    prop_oneof![
        6 => (-400..400_i64).prop_map(from),
        1 => select(vec![Date::MIN, Date::MAX, day("2026-11-23"), day("2026-11-24")]),
    ]
}

fn count() -> impl Strategy<Value = i64> {
    prop_oneof![5 => 0..60_i64, 1 => select(vec![-1, 0, 1, i64::MAX, i64::MIN])]
}
