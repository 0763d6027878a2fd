//! Lines short enough, and the same octets back.

use proptest::prelude::*;

use super::*;

fn encoded(text: &str) -> String {
    let mut out = Vec::new();
    encode(text, 0, &mut out);
    String::from_utf8(out).expect("ASCII")
}

/// Rules 1 to 5 backwards, for what `encode` may write.
fn decoded(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut octets = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'=' {
            let hex = std::str::from_utf8(&tail[..2]).expect("two digits");
            octets.push(u8::from_str_radix(hex, 16).expect("hexadecimal"));
            rest = &tail[2..];
        } else {
            octets.push(*first);
            rest = tail;
        }
    }
    octets
}

#[test]
fn what_could_be_changed_on_the_way_is_encoded() {
    for (text, wanted) in [
        ("a=b", "a=3Db"),
        ("é", "=C3=A9"),
        (".\n..\r\nx.", "=2E\r\n=2E.\r\nx."),
        ("From me\nfrom From", "=46rom me\r\nfrom From"),
        ("blank \ntab\t\r\nend ", "blank=20\r\ntab=09\r\nend=20"),
        ("a\rb\r\nc\nd", "a\r\nb\r\nc\r\nd"),
        ("", ""),
    ] {
        assert_eq!(encoded(text), wanted);
    }
}

#[test]
fn a_line_is_broken_softly_before_it_is_too_long() {
    let text = "x".repeat(100);
    assert_eq!(encoded(&text), format!("{}=\r\n{}", "x".repeat(75), "x".repeat(25)));
    let text = format!("{}é", "x".repeat(71));
    assert_eq!(encoded(&text), format!("{}=\r\n=C3=A9", "x".repeat(71)));
}

proptest! {
    #[test]
    fn it_decodes_to_the_text_with_crlf_and_no_line_is_over_76(
        text in "([ -~]{0,90}|[\\x00-\\x7f]{0,20}|\\PC{0,20}|\r\n|\n|\\.|From ){0,12}",
    ) {
        let encoded = encoded(&text);
        prop_assert!(encoded.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t' | b'\r' | b'\n')));
        for line in encoded.split("\r\n") {
            prop_assert!(line.len() <= LINE_MAX && !line.ends_with([' ', '\t']));
            prop_assert!(!line.starts_with('.') && !line.starts_with("From "));
        }
        let wanted = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
        prop_assert_eq!(decoded(&encoded), wanted.into_bytes());
    }
}
