//! Editions encoded once: what is cast from a mould is what would have been built.

use crate::letters::{
    VALUES, addressing, anna, assert_wire_format, cast, header_of, letter, one_click, parts_of,
    party,
};
use back_office_brief::domain::slots::{
    SLOT_ANSWER, SLOT_NAME, SLOT_STOP, SLOT_TREND, SLOT_WHY, SlotValues, fill_html, fill_text,
};
use back_office_brief::mail::message::Letter;
use back_office_brief::mail::mould::Mould;
use proptest::prelude::*;

fn filled(letter: &Letter, values: &SlotValues<'_>) -> Letter {
    Letter {
        text: fill_text(&letter.text, values),
        html: fill_html(&letter.html, values),
        ..letter.clone()
    }
}

#[test]
fn a_mould_survives_storage_and_damage_is_noticed() {
    let mould = Mould::of(&letter()).expect("a mould");
    let again = Mould::from_bytes(mould.as_bytes().to_vec()).expect("a mould");
    assert_eq!(again, mould);
    for damaged in [b"".as_slice(), b"Subject: x\r\n\r\nbody", b"X: y"] {
        assert!(Mould::from_bytes(damaged.to_vec()).is_err());
    }
    let text = String::from_utf8(mould.as_bytes().to_vec()).expect("ASCII");
    assert!(Mould::from_bytes(text.replace("={trend}", "={other}").into_bytes()).is_err());
}

#[test]
fn a_cast_has_the_headers_of_a_built_message() {
    for own in [anna(), one_click()] {
        let bytes = cast(&letter(), &own, &VALUES);
        assert_wire_format(&bytes);
        let built = filled(&letter(), &VALUES).build(&own).expect("a message");
        assert_eq!(header_of(&bytes), header_of(&built));
        assert_eq!(parts_of(&bytes), parts_of(&built));
        assert!(!String::from_utf8_lossy(&bytes).contains("slot--"));
    }
}

fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,90}",
        "\\PC{0,12}",
        Just("\n".to_owned()),
        Just("={stop}".to_owned()),
        Just(".".to_owned()),
        prop::sample::select(vec![SLOT_TREND, SLOT_WHY, SLOT_STOP, SLOT_ANSWER, SLOT_NAME])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "https://[a-z]{1,10}\\.example/[a-z0-9/=&?.-]{0,120}",
        "\\PC{0,40}",
        "[=. \t<>&\"'{}]{0,12}",
        "(\r\n|\n|[.= ]|--=_[a-z]{3}|From ){0,6}",
    ]
}

proptest! {
    #[test]
    fn a_cast_decodes_to_what_building_with_the_values_decodes_to(
        text in template(),
        html in template(),
        values in prop::collection::vec(value(), 6),
        name in any::<String>(),
    ) {
        let values = SlotValues {
            trend: &values[0], why: &values[1], stop: &values[2], copy: &values[3],
            answer: &values[4], name: &values[5],
        };
        let letter = Letter { text, html, ..letter() };
        let own = addressing(party("anna@client.example", &name));
        let bytes = cast(&letter, &own, &values);
        assert_wire_format(&bytes);
        let built = filled(&letter, &values).build(&own).expect("a message");
        prop_assert_eq!(header_of(&bytes), header_of(&built));
        prop_assert_eq!(parts_of(&bytes), parts_of(&built));
    }
}
