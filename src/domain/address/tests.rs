//! What an e-mail address may be, and what must never get through.

use proptest::prelude::*;

use super::*;

#[test]
fn good_addresses_keep_the_local_part_and_fold_the_domain() {
    for (written, kept) in [
        ("anna@client.example", "anna@client.example"),
        ("Anna.Berg+week@Client.EXAMPLE", "Anna.Berg+week@client.example"),
        ("o'brien@client.example", "o'brien@client.example"),
        ("x@bücher.example", "x@xn--bcher-kva.example"),
        ("x@BÜCHER.example", "x@xn--bcher-kva.example"),
        ("jörg@client.example", "jörg@client.example"),
        ("a@b.c-d.example", "a@b.c-d.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ] {
        let address = EmailAddress::parse(written).expect(written);
        assert_eq!(address.as_str(), kept);
        assert_eq!(address.needs_smtputf8(), !kept.is_ascii());
        assert_eq!(format!("{}@{}", address.local_part(), address.domain()), kept);
    }
}

#[test]
fn bad_addresses_are_refused_for_a_reason_one_can_act_on() {
    use AddressError::{Character, Domain, Dots, Shape, TooLong};
    let long = format!("{}@client.example", "a".repeat(65));
    let longer = format!("a@{}.example", "b.".repeat(130));
    for (written, why) in [
        ("", Shape),
        ("anna", Shape),
        ("@client.example", Shape),
        ("anna@", Shape),
        ("a@b@c.example", Character('@')),
        ("a b@c.example", Character(' ')),
        (" a@c.example", Character(' ')),
        ("a@c.example\r\nBcc: x@y.example", Character('\r')),
        ("a@c.example\n", Character('\n')),
        ("a\0@c.example", Character('\0')),
        ("a@c.exa\u{202e}mple", Character('\u{202e}')),
        ("a\u{200b}@c.example", Character('\u{200b}')),
        ("Anna <a@c.example>", Character(' ')),
        ("<a@c.example>", Character('<')),
        ("\"a b\"@c.example", Character('"')),
        ("a,b@c.example", Character(',')),
        (".a@c.example", Dots),
        ("a.@c.example", Dots),
        ("a..b@c.example", Dots),
        (long.as_str(), TooLong),
        (longer.as_str(), Domain),
        ("a@localhost", Domain),
        ("a@127.0.0.1", Domain),
        ("a@[127.0.0.1]", Character('[')),
        ("a@-x.example", Domain),
        ("a@x_y.example", Domain),
        ("a@x..example", Domain),
        ("a@x.example.", Domain),
        ("a@xn--a.example", Domain),
    ] {
        assert_eq!(EmailAddress::parse(written), Err(why), "{written:?}");
    }
}

#[test]
fn logs_never_show_a_whole_address() {
    let address = EmailAddress::parse("jane.doe@client.example").expect("an address");
    assert_eq!(address.masked(), "j***@client.example");
    assert_eq!(format!("{address:?}"), "j***@client.example");
}

#[test]
fn one_person_is_found_in_any_case() {
    let key = |text| EmailAddress::parse(text).expect("an address").lookup_key();
    assert_eq!(key("Jane@Client.example"), key("jane@client.EXAMPLE"));
    assert_ne!(key("jane@client.example"), key("jane@other.example"));
}

#[test]
fn stored_addresses_are_checked_when_read_back() {
    let read = |json: &str| serde_json::from_str::<EmailAddress>(json);
    let address = read("\"a@client.example\"").expect("an address");
    assert_eq!(serde_json::to_string(&address).expect("json"), "\"a@client.example\"");
    assert!(read("\"a@b\\r\\nBcc: c@d.example\"").is_err());
}

/// A local part and a domain made of whatever may stand there, and of much that may not.
fn nearly_an_address() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Z0-9.!#+ \"<>\u{0}-\u{1f}é用]{0,20}@[a-zA-Z0-9.\\- _é用]{0,30}",
        "[a-z]{1,70}@([a-z]{1,64}\\.){1,5}[a-z]{2,8}",
    ]
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_safe_in_a_command_and_a_header(text in nearly_an_address()) {
        if let Ok(address) = EmailAddress::parse(&text) {
            let kept = address.as_str();
            prop_assert!(kept.len() <= 254);
            prop_assert!(address.local_part().len() <= 64);
            prop_assert!(kept.chars().all(|c| !c.is_control() && !c.is_whitespace()));
            prop_assert!(!kept.contains(['<', '>', '"', ',', ';', ':', '(', ')']));
            prop_assert_eq!(kept.matches('@').count(), 1);
            prop_assert!(address.domain().is_ascii());
            prop_assert!(address.domain().contains('.'));
            let again = EmailAddress::parse(kept);
            prop_assert_eq!(again.as_ref(), Ok(&address));
        }
    }

    #[test]
    fn ordinary_addresses_are_never_refused(
        local in "[a-zA-Z0-9+_-]{1,20}(\\.[a-zA-Z0-9+_-]{1,10}){0,3}",
        domain in "[a-z]([a-z0-9]{0,10}[a-z0-9])?(\\.[a-z]{1,10}){0,3}\\.(example|com|org)",
    ) {
        let address = format!("{local}@{domain}");
        prop_assert!(EmailAddress::parse(&address).is_ok(), "{}", address);
    }
}
